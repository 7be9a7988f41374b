"""What happens to customers, in the past tense. Numbers and addresses are told masked: many may read the journal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class CustomerOpened:
    """A customer file was opened."""

    customer_id: int
    number: str


@dataclass(frozen=True)
class PhoneAdded:
    """A further telephone number was noted."""

    customer_id: int
    shown: str
    label: str


@dataclass(frozen=True)
class PhoneRemoved:
    """A telephone number was struck out."""

    customer_id: int
    shown: str


@dataclass(frozen=True)
class AddressAdded:
    """A further address was noted."""

    customer_id: int
    text: str
    label: str


@dataclass(frozen=True)
class AddressRemoved:
    """A further address was struck out."""

    customer_id: int
    text: str


@dataclass(frozen=True)
class PersonAdded:
    """Someone to speak to was noted."""

    customer_id: int
    name: str
    role: str
    phone: str


@dataclass(frozen=True)
class PersonRemoved:
    """Someone to speak to was struck out."""

    customer_id: int
    name: str


@dataclass(frozen=True)
class ConsentChanged:
    """The customer gave or withdrew his consent to be contacted."""

    customer_id: int
    given: bool
    channel: str


@dataclass(frozen=True)
class CustomerUnmasked:
    """Someone looked at the customer's full telephone numbers and addresses."""

    customer_id: int
    reason: str


@dataclass(frozen=True)
class SupplierOpened:
    """A supplier's file was opened."""

    supplier_id: int
    number: str


@dataclass(frozen=True)
class CustomerFlagged:
    """A warning was put on the customer."""

    customer_id: int
    flag: str
    until_on: dt.date | None


@dataclass(frozen=True)
class FlagLifted:
    """A warning was taken off the customer."""

    customer_id: int
    flag: str
