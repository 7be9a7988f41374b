"""The registers whose columns are known: mappings shipped as JSON, and what their fields are called."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftercare.domain.catalog import access as catalog
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.tabular import mapping
from aftercare.foundation.tabular.mapping import Mapping

FOLDER = Path(__file__).resolve().parent
# The mapping whose headings a file of that kind is guessed by.
KNOWN = {"cases": "call-register", "fittings": "bill-of-material"}
# What may be handed in, as the page offers it, with what each asks of who hands it in beside the right to import.
KINDS: dict[str, Any] = {"cases": gettext_lazy("来电登记簿"), "fittings": gettext_lazy("物料清单")}
NEEDS: dict[str, str] = {"fittings": catalog.EDIT}
# What the fields of a call register are called on the page that corrects a guess.
FIELDS: dict[str, Any] = {
    "external_id": gettext_lazy("登记号"), "happened_at": gettext_lazy("日期"), "customer_name": gettext_lazy("客户"),
    "phone": gettext_lazy("电话"), "address": gettext_lazy("地址"), "region": gettext_lazy("区域"), "serial": gettext_lazy("序列号"),
    "brand": gettext_lazy("品牌"), "category": gettext_lazy("品类"), "product": gettext_lazy("产品"),
    "sold_on": gettext_lazy("购买日期"), "fault": gettext_lazy("故障现象"), "detail": gettext_lazy("内容"),
    "findings": gettext_lazy("处理结果"), "engineer": gettext_lazy("工程师"), "work_type": gettext_lazy("工种"),
    "result": gettext_lazy("结果"), "fee": gettext_lazy("费用"), "made_year": gettext_lazy("生产年份"),
    "barrier": gettext_lazy("不能修复的原因"), "place": gettext_lazy("地点"),
    "position": gettext_lazy("位置"), "part_code": gettext_lazy("配件编码"), "part_name": gettext_lazy("配件"), "qty": gettext_lazy("数量"),
    "unit": gettext_lazy("单位"), "note": gettext_lazy("备注"),
}


def list_names() -> list[str]:
    """Names of the mappings that are shipped."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def load(name: str) -> Mapping:
    """A shipped mapping by name, or one from a JSON file by its path."""
    path = FOLDER / f"{name}.json" if name in list_names() else Path(name)
    if not path.is_file():
        raise NotFound(_("没有这个映射：%(name)s") % {"name": name}, code="no_mapping")
    return mapping.load(path)


def kinds_for(actor: Actor) -> dict[str, Any]:
    """What this actor may hand in, by kind."""
    return {kind: label for kind, label in KINDS.items() if kind not in NEEDS or actor.holds(NEEDS[kind])}


def known(kind: str) -> Mapping:
    """The mapping by which files of that kind are guessed."""
    if kind not in KNOWN:
        raise NotFound(_("不能导入这种登记：%(kind)s") % {"kind": kind}, code="unknown_kind")
    return load(KNOWN[kind])


def guess(heads: list[str], kind: str = "cases") -> Mapping:
    """The mapping of a file that nobody described, told by its headings."""
    return mapping.guess(heads, known(kind))
