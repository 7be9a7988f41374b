"""How a file's columns become the fields of a register: read from a mapping, or guessed by heading.

A mapping is JSON: `kind`, `name`, `title`, `columns` (field → rule), `constants` (field → value). A rule names the
`heads` it may stand under (compared without case, width and spaces), how to read it (`as`: text, date, instant, year,
amount, phone, serial), values that mean unknown (`unknown`), a translation of values (`map`), and `after`: keep only
what follows the last of that sign. `docs/how-to/import-a-register.md` shows one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from aftercare.foundation.refusals import Invalid
from aftercare.foundation.search import fold
from aftercare.foundation.tabular import parsing


@dataclass(frozen=True)
class Rule:
    """How one field is read from a row."""

    field: str
    heads: tuple[str, ...]
    reads: str = "text"
    unknown: frozenset[str] = frozenset()
    words: dict[str, str] = field(default_factory=dict)
    after: str = ""
    required: bool = False

    def under(self, head: str) -> Rule:
        """The same rule for a column of that heading."""
        return Rule(self.field, (head,), self.reads, self.unknown, self.words, self.after, self.required)


@dataclass(frozen=True)
class Mapping:
    """The rules of a file, and the constants that hold for all its rows."""

    kind: str
    name: str
    title: str
    rules: tuple[Rule, ...]
    constants: dict[str, Any]

    def bound(self, heads: list[str]) -> Mapping:
        """The same mapping with each rule bound to the heading that this file has; rules without one are dropped."""
        by_key = {key_of(head): head for head in heads}
        rules = []
        for rule in self.rules:
            head = next((by_key[key_of(h)] for h in rule.heads if key_of(h) in by_key), None)
            if head is not None:
                rules.append(rule.under(head))
            elif rule.required:
                raise Invalid(
                    {rule.field: _("文件里没有「%(head)s」这一列") % {"head": rule.heads[0]}}, code="column_missing"
                )
        return Mapping(self.kind, self.name, self.title, tuple(rules), self.constants)

    def read(self, cells: dict[str, Any]) -> dict[str, Any]:
        """The fields of one row; refuses with every field that can't be read named."""
        values, errors = dict(self.constants), {}
        for rule in self.rules:
            raw = parsing.as_text(cells.get(rule.heads[0]))
            if rule.after and rule.after in raw:
                raw = raw.rsplit(rule.after, 1)[1].strip()
            if not raw or raw in rule.unknown or raw.casefold() in rule.unknown:
                continue
            raw = rule.words.get(raw, rule.words.get(raw.casefold(), raw))
            try:
                values[rule.field] = parsing.READS[rule.reads](raw, cells.get(rule.heads[0]))
            except ValueError as error:
                errors[rule.field] = f"{rule.heads[0]}: {error}"
        if errors:
            raise Invalid(errors, " ".join(errors.values()), code="unreadable")
        return values

    def as_data(self) -> dict:
        """JSON form, to be stored with a job or shown on the page."""
        return {
            "kind": self.kind,
            "name": self.name,
            "title": self.title,
            "constants": self.constants,
            "columns": {
                r.field: {
                    "heads": list(r.heads),
                    "as": r.reads,
                    "unknown": sorted(r.unknown),
                    "map": r.words,
                    "after": r.after,
                    "required": r.required,
                }
                for r in self.rules
            },
        }


def key_of(head: str) -> str:
    """A heading as it is compared: folded, without spaces, brackets and colons."""
    return "".join(ch for ch in fold(str(head)) if ch.isalnum())


def from_data(data: dict) -> Mapping:
    """A mapping of its JSON form."""
    rules = tuple(
        Rule(
            name,
            tuple(r["heads"]),
            r.get("as", "text"),
            frozenset(r.get("unknown", ())),
            dict(r.get("map", {})),
            r.get("after", ""),
            bool(r.get("required")),
        )
        for name, r in data["columns"].items()
    )
    return Mapping(data["kind"], data.get("name", ""), data.get("title", ""), rules, dict(data.get("constants", {})))


def load(path: Path) -> Mapping:
    """A mapping from its JSON file."""
    return from_data(json.loads(path.read_text(encoding="utf-8")))


def guess(heads: list[str], known: Mapping) -> Mapping:
    """The columns of a file in any order, told by their headings with what a known mapping says of them.

    A heading fits when it is one of the known ones; what is left, when it contains one of them.
    """
    taken: dict[str, Rule] = {}
    free = [head for head in heads if head]
    for contains in (False, True):
        for rule in known.rules:
            if rule.field in taken:
                continue
            head = next((h for h in free if _fits(h, rule, contains)), None)
            if head is not None:
                free.remove(head)
                taken[rule.field] = rule.under(head)
    return Mapping(known.kind, "guessed", known.title, tuple(taken.values()), known.constants)


def chosen(heads: dict[str, str], known: Mapping) -> Mapping:
    """The mapping that a person chose: field → heading, read as the known mapping says."""
    rules = tuple(rule.under(heads[rule.field]) for rule in known.rules if heads.get(rule.field))
    return Mapping(known.kind, "chosen", known.title, rules, known.constants)


def _fits(head: str, rule: Rule, contains: bool) -> bool:
    key = key_of(head)
    names = [key_of(h) for h in rule.heads]
    return bool(key) and (any(len(n) > 1 and n in key for n in names) if contains else key in names)
