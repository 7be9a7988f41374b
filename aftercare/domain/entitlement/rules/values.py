"""What the warranty rules speak of, as plain values: units, terms, covers, jobs, decisions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from aftercare.domain.entitlement.rules.dates import add_months

PAID, CONTRACT, WARRANTY, ADMINISTRATIVE = "A", "B", "C", "D"
CLASSES = (PAID, CONTRACT, WARRANTY, ADMINISTRATIVE)
PAYERS = {PAID: "customer", CONTRACT: "contract", WARRANTY: "maker", ADMINISTRATIVE: "company"}
KINDS = ("parts", "labour", "travel")
# How one line of a job comes out.
VERDICTS = ("free", "paid", "contract", "claim", "goodwill")
_DAYS = {"sale": "sold_on", "invoice": "invoiced_on", "delivery": "delivered_on", "installation": "installed_on",
         "registration": "registered_on"}


@dataclass(frozen=True)
class Unit:
    """What is known of a unit: its kind, its days (unknown ones None), its papers, where it stands, its counter."""

    product_id: int | None = None
    categories: tuple[int, ...] = ()
    serial: str = ""
    invoice_serial: str = ""
    invoice_number: str = ""
    order_number: str = ""
    made_on: dt.date | None = None
    made_year: int | None = None
    sold_on: dt.date | None = None
    invoiced_on: dt.date | None = None
    delivered_on: dt.date | None = None
    installed_on: dt.date | None = None
    registered_on: dt.date | None = None
    # Codes of its region, narrowest first; and the newest reading of its counter with its day.
    regions: tuple[str, ...] = ()
    reading: int | None = None
    read_on: dt.date | None = None

    @property
    def has_sale(self) -> bool:
        """True when anything at all shows that the unit was sold."""
        return bool(self.sold_on or self.invoiced_on or self.invoice_number or self.order_number)

    @property
    def evidence(self) -> str:
        """The papers that show the sale."""
        return " / ".join(filter(None, (self.invoice_number, self.order_number)))

    def day_of(self, start: str, grace_months: int = 0) -> dt.date | None:
        """The day that a start rule asks for; production is pushed back by the months of grace.

        Of a year alone its last day is taken: doubt about the day is not the customer's.
        """
        if start != "production":
            return getattr(self, _DAYS[start])
        made_on = self.made_on or (dt.date(self.made_year, 12, 31) if self.made_year else None)
        return add_months(made_on, grace_months) if made_on else None


@dataclass(frozen=True)
class TermLine:
    """A warranty term as plain values."""

    id: int
    name: str
    product_id: int | None
    category_id: int | None
    component: str
    months: int
    days: int
    starts: str
    grace_months: int
    covers_parts: bool
    covers_labour: bool
    covers_travel: bool
    valid_from: dt.date
    valid_to: dt.date | None
    kind: str = "unit"
    region: str = ""
    promotion: str = ""
    starts_among: tuple[str, ...] = ()
    policy: str = "restart"
    parts_percent: int = 100
    labour_percent: int = 100
    travel_percent: int = 100
    borne_by: str = "maker"
    cycles: int = 0
    cycle_unit: str = ""
    excluded: frozenset[int] = frozenset()
    counts_repair_days: bool = True


@dataclass(frozen=True)
class Cover:
    """A span of cover for the unit (`component` empty) or one of its components; both days count.

    A maintenance contract is a cover of kind `contract` and class B whose `evidence` is the contract's number.
    """

    kind: str
    name: str
    component: str
    starts_on: dt.date
    ends_on: dt.date
    covers_parts: bool = True
    covers_labour: bool = True
    covers_travel: bool = True
    service_class: str = WARRANTY
    evidence: str = ""
    term_id: int | None = None
    started_by: str = ""
    is_provisional: bool = False
    is_reversed: bool = False
    extra_days: int = 0
    parts_percent: int = 100
    labour_percent: int = 100
    travel_percent: int = 100
    borne_by: str = "maker"
    cycles: int = 0
    cycle_unit: str = ""
    cycles_from: int = 0
    excluded: frozenset[int] = frozenset()
    counts_repair_days: bool = True

    def is_active(self, on: dt.date) -> bool:
        """True when the cover holds on that day."""
        return self.starts_on <= on <= self.ends_on

    def percent(self, kind: str) -> int:
        """How many per cent of such a line it bears; 0 for what it does not cover."""
        return getattr(self, f"{kind}_percent") if getattr(self, f"covers_{kind}") else 0

    @property
    def payer(self) -> str:
        """Who bears what it covers."""
        return self.borne_by if self.service_class == WARRANTY else PAYERS[self.service_class]

    @property
    def verdict(self) -> str:
        """How a line that it covers comes out."""
        if self.service_class == WARRANTY:
            return "claim" if self.borne_by == "supplier" else "free"
        return "contract" if self.service_class == CONTRACT else "goodwill"


@dataclass(frozen=True)
class Job:
    """What is to be done: fault and cause codes (id to name), and the earlier free repairs of the same fault."""

    codes: Mapping[int, str] = field(default_factory=dict)
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """How a kind of line comes out: who bears how many per cent by which cover; the customer pays the rest."""

    verdict: str
    payer: str
    percent: int
    term_name: str = ""
    starts_on: str = ""
    ends_on: str = ""

    @property
    def shares(self) -> tuple[tuple[str, int], ...]:
        """Payers with their per cents, which sum to 100."""
        parts = ((self.payer, self.percent), ("customer", 100 - self.percent))
        return tuple(part for part in parts if part[1]) if self.payer != "customer" else (("customer", 100),)

    def shares_data(self) -> list[dict[str, Any]]:
        """The shares as JSON values."""
        return [{"payer": payer, "percent": percent} for payer, percent in self.shares]


FOR_CUSTOMER = Line("paid", "customer", 0)


@dataclass(frozen=True)
class Decision:
    """Who pays, why, and until when. Free are only the kinds that are covered; see `is_free` for a part line.

    `lines` tells each kind by itself, `changes` what would make the answer another one.
    """

    service_class: str
    payer: str
    covers_parts: bool = False
    covers_labour: bool = False
    covers_travel: bool = False
    term_name: str = ""
    starts_on: dt.date | None = None
    ends_on: dt.date | None = None
    evidence: str = ""
    reasons: list[dict[str, Any]] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    on: dt.date | None = None
    # The contract that covers the unit on that day, whoever pays: id, number, name and its time limits.
    contract: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, dict[str, Any]] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)
    # Ids of fault and cause codes for which the covers that hold do not stand.
    excludes: list[int] = field(default_factory=list)

    @property
    def in_warranty(self) -> bool:
        """True for 保内: free in warranty."""
        return self.service_class == WARRANTY

    @property
    def payers(self) -> dict[str, str]:
        """Who pays for parts, labour and travel (of a shared line: who bears what the customer does not)."""
        return {kind: self.line(kind).payer for kind in KINDS}

    def line(self, kind: str, part_name: str = "") -> Line:
        """How a line of that kind comes out; a part by its component's cover where that is better for the customer."""
        found = self._line(kind)
        for row in self.components if part_name else ():
            if row["is_active"] and row[f"covers_{kind}"] and row["component"].casefold() in part_name.casefold():
                percent = row.get(f"{kind}_percent", 100)
                if percent > found.percent:
                    found = Line(row.get("verdict", "free"), row.get("payer", PAYERS[WARRANTY]), percent, row["term_name"],
                                 row["starts_on"], row["ends_on"])
        return found

    def _line(self, kind: str) -> Line:
        if self.lines:
            return Line(**self.lines[kind])
        # Kept with a document by an earlier version, or changed by a person: all or nothing by its class.
        if not getattr(self, f"covers_{kind}"):
            return FOR_CUSTOMER
        letter = self.service_class if self.service_class != PAID else WARRANTY
        verdict = {CONTRACT: "contract", ADMINISTRATIVE: "goodwill"}.get(letter, "free")
        return Line(verdict, PAYERS[letter], 100, self.term_name)

    def is_free(self, kind: str, part_name: str = "") -> bool:
        """Whether a line of that kind (parts, labour, travel) costs the customer nothing."""
        return self.line(kind, part_name).percent == 100

    def as_data(self) -> dict[str, Any]:
        """The decision as JSON values, to be kept with the document that it was made for."""
        data = asdict(self)
        for name in ("starts_on", "ends_on", "on"):
            data[name] = data[name].isoformat() if data[name] else None
        return data | {"payers": self.payers, "shares": {kind: self.line(kind).shares_data() for kind in KINDS}}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Decision:
        """The decision that `as_data` was taken of."""
        values = {name: value for name, value in data.items() if name in cls.__dataclass_fields__}
        for name in ("starts_on", "ends_on", "on"):
            values[name] = dt.date.fromisoformat(values[name]) if values.get(name) else None
        return cls(**values)
