"""Lines of a call register (来电登记簿) or of any record of repairs: contacts, units, orders, outcomes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.cases import queries as contacts
from aftercare.domain.catalog import actions as words
from aftercare.domain.people import actions as staff
from aftercare.domain.people import queries as people
from aftercare.flows import take_over
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken

NOON = dt.time(12)


class Importer:
    """Takes rows over, one call each; remembers the words it has looked up during the run."""

    kind = "cases"

    def __init__(self, *, branch_id: int, actor: Actor, at: dt.datetime) -> None:
        self.branch_id, self.actor, self.at = branch_id, actor, at
        self.zone = clock.zone(people.zone_of(branch_id))
        self._products: dict[tuple, Any] = {}
        self._types: dict[str, Any] = {}
        self._regions: dict[str, str] = {}

    def key_of(self, values: dict[str, Any]) -> str:
        """What tells this record from others when the file is read again; empty when the file gives no number."""
        number = str(values.get("external_id") or "").strip()
        return f"{values.get('prefix', '')}{number}"[:80] if number else ""

    def find_done(self, keys: Iterable[str]) -> set[str]:
        """Which of these records were taken over before; one statement."""
        return contacts.find_external_ids([key for key in keys if key])

    def forget(self) -> None:
        """Drop what was remembered: rows made in a batch that was rolled back are not there any more."""
        self._products.clear()
        self._types.clear()
        self._regions.clear()

    def take(self, values: dict[str, Any]) -> Any:
        """Take over one record; refuses with the reason when it makes no sense."""
        happened = self._moment(values.get("happened_at"))
        return take_over.take_over(
            self._request(values), is_done=self._is_done(values), happened_at=happened,
            findings=values.get("findings", ""), result=self._result(values), barrier=values.get("barrier", ""),
            engineer_name=values.get("engineer", ""), fee=values.get("fee"), actor=self.actor, at=self.at,
        )

    def _moment(self, local: dt.datetime | None) -> dt.datetime | None:
        if local is None:
            return None
        moment = local.replace(tzinfo=self.zone) if local.tzinfo is None else local
        if moment > self.at:
            raise RuleBroken(_("日期晚于今天：%(day)s") % {"day": f"{local:%Y-%m-%d}"}, code="future_time", field="happened_at")
        return moment.astimezone(clock.UTC)

    def _is_done(self, values: dict) -> bool:
        return bool(values.get("is_done") or values.get("result") or values.get("findings"))

    def _result(self, values: dict) -> str:
        return values.get("result", "") or "unknown"

    def _request(self, values: dict) -> dict[str, Any]:
        detail = values.get("detail", "")
        fault = values.get("fault", "")
        product = self._product(values)
        first_line = detail.strip().splitlines()[0] if detail.strip() else ""
        details = {k: values[k] for k in ("made_year", "sold_on", "place") if values.get(k)}
        return {
            "branch_id": self.branch_id, "channel": values.get("channel", "import"), "kind": values.get("kind", "repair"),
            "phone": values.get("phone", ""), "customer_name": values.get("customer_name", ""),
            "address": values.get("address", ""), "region_code": self._region(values.get("region", "")), "product": product, "serial": values.get("serial", ""),
            "asset_details": details, "fault": fault or None,
            "title": (fault or first_line or (product.name if product else "") or _("补录"))[:160], "detail": detail,
            "work_type": self._work_type(values.get("work_type", "")), "mode": values.get("mode", "on_site"),
            "external_id": self.key_of(values),
        }

    def _region(self, text: str) -> str:
        """Its code, or none where the name could be several: the address still says it."""
        if text and text not in self._regions:
            try:
                region, _made = staff.ensure_region(text, near=people.region_near(self.branch_id), actor=self.actor, at=self.at)
                self._regions[text] = region.code
            except RuleBroken:
                self._regions[text] = ""
        return self._regions.get(text, "")

    def _product(self, values: dict) -> Any:
        name = values.get("product", "") or values.get("category", "")
        if not name:
            return None
        key = (name, values.get("brand", ""), values.get("category", ""))
        if key not in self._products:
            product, _made = words.ensure_product(
                name, category_name=values.get("category", ""), brand=values.get("brand", ""), exact=True,
                actor=self.actor, at=self.at,
            )
            self._products[key] = product
        return self._products[key]

    def _work_type(self, name: str) -> Any:
        if not name:
            return None
        if name not in self._types:
            self._types[name] = words.ensure_work_type(name, actor=self.actor, at=self.at)[0]
        return self._types[name]
