"""Lines of bills of material: which part sits where in which product. A line that is there already is changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.catalog import actions as catalog
from aftercare.domain.catalog import queries as words
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken


class Importer:
    """Takes lines over, one call each; remembers the products it has looked up during the run."""

    kind = "fittings"

    def __init__(self, *, branch_id: int, actor: Actor, at: dt.datetime) -> None:
        self.actor, self.at = actor, at
        self._products: dict[tuple[str, str], Any] = {}

    def key_of(self, values: dict[str, Any]) -> str:
        """A line has no number of its own: reading a file again writes the same lines again."""
        return ""

    def find_done(self, keys: Iterable[str]) -> set[str]:
        """None is passed over."""
        return set()

    def forget(self) -> None:
        """Drop what was remembered: rows made in a batch that was rolled back are not there any more."""
        self._products.clear()

    def take(self, values: dict[str, Any]) -> Any:
        """Write one line; what is new in it becomes an entry, a part only with its name."""
        product, part = self._product(values), self._part(values)
        return catalog.set_fitting(
            product, part=part, position=values.get("position", ""), qty=values.get("qty", Decimal(1)), note=values.get("note", ""),
            actor=self.actor, at=self.at,
        )

    def _product(self, values: dict[str, Any]) -> Any:
        name = values.get("product", "").strip()
        if not name:
            raise RuleBroken(_("缺少产品"), code="product_missing", field="product")
        key = (name, values.get("brand", ""))
        if key not in self._products:
            self._products[key], _made = catalog.ensure_product(
                name, brand=key[1], category_name=values.get("category", ""), actor=self.actor, at=self.at)
        return self._products[key]

    def _part(self, values: dict[str, Any]) -> Any:
        code, name = values.get("part_code", "").strip(), values.get("part_name", "").strip()
        found = words.parts_by_code([code]).get(code) if code else None
        if found is not None:
            return found
        if not name:
            raise RuleBroken(_("没有配件「%(code)s」，新配件要写名称") % {"code": code}, code="part_missing", field="part_code")
        return catalog.ensure_part(name, code=code, unit=values.get("unit") or "个", actor=self.actor, at=self.at)[0]
