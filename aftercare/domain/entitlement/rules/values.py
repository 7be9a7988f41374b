"""What the warranty rules speak of, as plain values: units, terms, covers, decisions."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field
from typing import Any

from aftercare.domain.entitlement.rules.dates import add_months

PAID, CONTRACT, WARRANTY, ADMINISTRATIVE = "A", "B", "C", "D"
CLASSES = (PAID, CONTRACT, WARRANTY, ADMINISTRATIVE)
PAYERS = {PAID: "customer", CONTRACT: "contract", WARRANTY: "maker", ADMINISTRATIVE: "company"}
KINDS = ("parts", "labour", "travel")


@dataclass(frozen=True)
class Unit:
    """What is known of a unit: its kind, its days (unknown ones None), its papers."""

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
            return {"sale": self.sold_on, "invoice": self.invoiced_on, "delivery": self.delivered_on,
                    "installation": self.installed_on, "registration": self.registered_on}[start]
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


@dataclass(frozen=True)
class Cover:
    """A span of cover for the unit (`component` empty) or one of its components; both days count."""

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

    def is_active(self, on: dt.date) -> bool:
        """True when the cover holds on that day."""
        return self.starts_on <= on <= self.ends_on


@dataclass(frozen=True)
class Decision:
    """Who pays, why, and until when. Free are only the kinds that are covered; see `is_free` for a part line."""

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

    @property
    def in_warranty(self) -> bool:
        """True for 保内: free in warranty."""
        return self.service_class == WARRANTY

    @property
    def payers(self) -> dict[str, str]:
        """Who pays for parts, labour and travel."""
        free = PAYERS[self.service_class] if self.service_class != PAID else PAYERS[WARRANTY]
        return {kind: free if getattr(self, f"covers_{kind}") else PAYERS[PAID] for kind in KINDS}

    def is_free(self, kind: str, part_name: str = "") -> bool:
        """Whether a line of that kind (parts, labour, travel) is free; a part may be so by its component's cover."""
        if getattr(self, f"covers_{kind}"):
            return True
        return any(row["is_active"] and row[f"covers_{kind}"] for row in self.components
                   if part_name and row["component"].casefold() in part_name.casefold())

    def as_data(self) -> dict[str, Any]:
        """The decision as JSON values, to be kept with the document that it was made for."""
        data = asdict(self)
        for name in ("starts_on", "ends_on", "on"):
            data[name] = data[name].isoformat() if data[name] else None
        return data | {"payers": self.payers}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Decision:
        """The decision that `as_data` was taken of."""
        values = {name: value for name, value in data.items() if name in cls.__dataclass_fields__}
        for name in ("starts_on", "ends_on", "on"):
            values[name] = dt.date.fromisoformat(values[name]) if values.get(name) else None
        return cls(**values)
