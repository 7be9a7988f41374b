"""What clients of the crash proof write: goods received, parts sold at the counter, repairs in four calls."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from bench.prove._crash_calls import Story, Write


class Stories:
    """Stories in that company; each call of one tells it anew, about things that only it made."""

    def __init__(self, world: Any) -> None:
        from django.apps import apps

        self._model, self._world = apps.get_model, world

    def all(self) -> list[Callable[[], Story]]:
        """Every story."""
        return [self.receive, self.sell, self.repair]

    def receive(self) -> Story:
        """Goods that come into the store."""
        token = f"R-{uuid.uuid4().hex[:16]}"
        lines = [{"part_id": self._world.capacitor.pk, "qty": "3", "unit_cost": "4.00"}]
        yield Write("receive", "/stock/receive", {"place": self._world.depot.code, "lines": lines, "memo": token},
                    partial(self._received, token))

    def sell(self) -> Story:
        """A part sold at the counter: written, then handed out against cash."""
        token = f"S-{uuid.uuid4().hex[:16]}"
        lines = [{"part": self._world.capacitor.code, "qty": "2"}]
        sale = yield Write("sell", "/sales", {"place": self._world.depot.code, "reference": token, "lines": lines},
                           lambda: self._model("orders.Sale").objects.filter(reference=token).count())
        number = sale["number"]
        yield Write("hand out", f"/sales/{number}/hand_out", {"amount": sale["amount"], "method": "cash"},
                    partial(self._done, number, "hand_out", moves=1, entries=True))

    def repair(self) -> Story:
        """A repair order: opened for a unit not known before, promised its parts, started, done with the parts used."""
        token = f"C-{uuid.uuid4().hex[:12]}".upper()
        opened = yield Write("create", "/repairs", {
            "customer": self._world.customer.number, "product": "变频空调一号", "serial": token, "fault": "不制冷", "branch": "B01",
            "lines": [{"part": "P-100", "qty": "1"}, {"part": "P-200", "qty": "2"}],
        }, lambda: self._model("work.WorkOrder").objects.filter(asset__serial=token).count())
        number = opened["order"]["number"]
        path = f"/repairs/{number}"
        yield Write("confirm", f"{path}/confirm", {"engineer": "E004"}, partial(self._done, number, "take"))
        yield Write("start", f"{path}/start", {}, partial(self._done, number, "start"))
        yield Write("done", f"{path}/done", {"findings": "更换压缩机和电容，试机正常"}, partial(self._done, number, "complete", moves=2))

    def _received(self, token: str) -> int:
        return self._model("inventory.StockMove").objects.filter(memo=token).count()

    def _done(self, number: str, move: str, *, moves: int = 0, entries: bool = False) -> int:
        """How often that move was made to that document; a half one, without its goods or money, counts as a hundred."""
        made = self._model("journal.Fact").objects.filter(number=number, verb__endswith=f".{move}").count()
        if moves and self._model("inventory.StockMove").objects.filter(source_number=number).count() != moves * made:
            return 100
        if entries and self._model("ledger.Entry").objects.filter(source_number=number).exists() != bool(made):
            return 100
        return made
