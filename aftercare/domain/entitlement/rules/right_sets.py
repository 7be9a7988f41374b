"""From a set of legal texts as it is kept in a file to rules for the categories a company has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

# What a rule of a set may say of itself; the rest comes from the goods and the set it stands in.
_OWN = ("name", "article", "kind", "remedies", "starts", "days", "months", "repairs", "limit_days", "is_put_off", "is_fallback",
        "proofs", "exclusions", "note")


def spread(one: Mapping[str, Any], categories: Mapping[str, int]) -> tuple[list[dict[str, Any]], list[str]]:
    """The rules of a set for the categories named (name to id), and the goods of the text that no category here stands for.

    A rule of the whole unit takes the goods' months, one for `main` parts their own; what needs main parts is left out for
    goods that have none. Goods without names are the text's own scope: everything.
    """
    rows, left = [], []
    for goods in one["goods"]:
        names = goods.get("categories")
        targets = [None] if names is None else sorted({categories[name] for name in names if name in categories})
        if not targets:
            left.append(goods["name"])
        rows += [row for target in targets for row in _rows(one, goods, target)]
    return rows, left


def _rows(one: Mapping[str, Any], goods: Mapping[str, Any], category_id: int | None) -> Iterable[dict[str, Any]]:
    for rule in one["rules"]:
        is_main = rule.get("period") == "main"
        if is_main and not goods.get("main_months"):
            continue
        row = {name: rule[name] for name in _OWN if name in rule}
        if "period" in rule:
            row["months"] = goods["main_months"] if is_main else goods["months"]
        if is_main:
            row["components"] = list(goods["components"])
        if "refund_less" in rule["remedies"]:
            row["day_rate"] = goods.get("day_rate")
        if goods.get("starts"):
            row["starts"] = goods["starts"]
        title = f"{goods['name']}：{rule['name']}" if goods.get("name") else rule["name"]
        yield row | {
            "name": title, "law": one["law"], "category_id": category_id, "valid_from": goods.get("valid_from", one["valid_from"]),
            "note": " ".join(filter(None, (rule.get("note"), goods.get("note"), one.get("note")))),
            "key": f"{one['key']}:{goods.get('key') or goods['name']}:{rule['key']}:{category_id or 'all'}",
        }


def category_names(sets: Iterable[Mapping[str, Any]]) -> list[str]:
    """Every category name that the sets look for."""
    return sorted({name for one in sets for goods in one["goods"] for name in goods.get("categories") or ()})
