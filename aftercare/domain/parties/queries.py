"""Every read of customers that others may use."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.parties import rules
from aftercare.domain.parties.access import UNMASK, VIEW
from aftercare.domain.parties.models import Address, Customer, Flag, Person, Phone, Supplier
from aftercare.foundation import access, plans, statements
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound
from aftercare.foundation.search import searchable

# A last-digits look-up with fewer digits than this would answer with half of the town.
SHORTEST_TAIL = 4


@dataclass(frozen=True)
class Found:
    """Answer of the desk's look-up: the customers and what they were found by (`phone`, `name`, `number`, ``)."""

    customers: list[Customer]
    by: str
    is_exact: bool = False


def list_customers(actor: Actor) -> QuerySet[Customer]:
    """The customers this actor may see, with their branch and region at hand."""
    return access.visible(Customer, actor).select_related("branch", "region")


def sees_all(actor: Actor) -> bool:
    """Whether no customer is hidden from this actor; no statement."""
    reach = actor.reach(VIEW)
    return actor.customer_id is None and reach is not None and reach.everywhere


def get_customer(number_or_id: str | int, actor: Actor) -> Customer:
    """The customer of that number (`C000017`) or id; refuses one that is not there or out of scope."""
    key = {"pk": number_or_id} if isinstance(number_or_id, int) else {"number": number_or_id}
    found = statements.find(_joined, where=access.scope(Customer, actor), **key)
    if found is None:
        raise NotFound(_("没有找到客户"), kind="parties.customer", key=str(number_or_id))
    return found


def _by_digits() -> QuerySet[Customer]:
    return Customer.objects.select_related("branch", "region").order_by("pk")


def _joined() -> QuerySet[Customer]:
    return Customer.objects.select_related("branch", "region")


def find_customers(ids: list[int] | set[int], actor: Actor) -> dict[int, Customer]:
    """Those customers by id, as far as the actor may see them; one statement."""
    return {customer.pk: customer for customer in list_customers(actor).filter(pk__in=list(ids))}


def find_by_phone(text: str, actor: Actor, limit: int = 8) -> list[Customer]:
    """Customers with exactly that telephone number, else those whose number begins or ends with those digits.

    At most two statements, both answered by an index.
    """
    return _by_phone(text, actor, limit)[0]


def find_same_phone(text: str, actor: Actor, *, but: int | None = None, limit: int = 5) -> list[Customer]:
    """Customers who have that very number: the hint that a file may be a duplicate. One statement."""
    telephone = rules.normalise_phone(text)
    if telephone is None:
        return []
    found = statements.read(_by_digits, where=access.scope(Customer, actor), phones__digits=telephone.digits)
    return [one for one in found if one.pk != but][:limit]


def search(text: str, actor: Actor, limit: int = 20) -> list[Customer]:
    """Customers whose name, number, telephone or address contains the text, newest first; one statement."""
    return list(searched(list_customers(actor), text).order_by("-created_at", "-id")[:limit])


def searched(rows: QuerySet[Customer], text: str) -> QuerySet[Customer]:
    """The rows narrowed to those that contain the text; a text too short for the index matches names' beginnings."""
    text = text.strip()
    if not text:
        return rows
    if searchable(text):
        return rows.filter(search__grams=text)
    return rows.filter(name_key__startswith=rules.name_key(text))


def identify(text: str, actor: Actor, limit: int = 8) -> Found:
    """Who may be calling, told by the shape of the text: digits are a telephone, `C…` a number, else a name.

    At most four statements. What looks like a telephone but is unknown is searched for as text, too.
    """
    shape = rules.shape_of(text)
    if not shape:
        return Found([], "")
    if shape == "number":
        rows = list(list_customers(actor).filter(number=text.strip().upper())[:1])
        return Found(rows, "number", bool(rows))
    if shape == "phone":
        rows, exact = _by_phone(text, actor, limit)
        if rows:
            return Found(rows, "phone", exact)
        return Found(search(text, actor, limit), "text")
    rows = list(list_customers(actor).filter(name_key=rules.name_key(text)).order_by("-created_at")[:limit])
    if rows:
        return Found(rows, "name", True)
    return Found(search(text, actor, limit), "name")


def _by_phone(text: str, actor: Actor, limit: int) -> tuple[list[Customer], bool]:
    telephone = rules.normalise_phone(text)
    rows = list_customers(actor)
    if telephone:
        exact = list(rows.filter(phones__digits=telephone.digits).order_by("-created_at", "-id")[:limit])
        if exact:
            return exact, True
    digits = rules.partial_digits(text)
    if len(digits) < 3:
        return [], False
    part = _begins("digits", digits)
    if len(digits) >= SHORTEST_TAIL:
        part |= _begins("tail", digits[::-1])
    owners = Phone.objects.filter(part).values("customer_id")
    return list(rows.filter(pk__in=owners).order_by("-created_at", "-id")[:limit]), False


def _begins(column: str, digits: str) -> Q:
    # A range, not LIKE: the plain index answers it on both databases, in any collation (letters follow digits).
    return Q(**{f"{column}__gte": digits, f"{column}__lt": digits + "z"})


def list_phones(customer: Customer) -> QuerySet[Phone]:
    """The customer's telephone numbers in the order they were noted."""
    return customer.phones.order_by("id")


def list_addresses(customer: Customer) -> QuerySet[Address]:
    """The customer's further addresses."""
    return customer.addresses.select_related("region").order_by("id")


def list_persons(customer: Customer) -> QuerySet[Person]:
    """Whom to speak to at the customer."""
    return customer.persons.order_by("id")


def flags_in_force(customer_id: int, on: dt.date) -> list[Flag]:
    """The warnings that stand on that day (branch's calendar), the gravest first; one statement."""
    return sorted(plans.rows(_flags_in_force, customer_id, on), key=lambda flag: list(Flag.Kind.values).index(flag.kind_of))


def _flags_in_force(customer_id: int, on: dt.date) -> QuerySet[Flag]:
    return Flag.objects.filter(Q(until_on=None) | Q(until_on__gte=on), customer_id=customer_id, lifted_at=None).order_by("id")


def list_flags(customer: Customer) -> QuerySet[Flag]:
    """Every warning that the customer ever had, newest first."""
    return customer.flags.order_by("-id")


def may_unmask(customer: Customer, actor: Actor) -> bool:
    """True when the actor may see this customer's full telephone numbers and addresses."""
    return actor.customer_id == customer.pk or actor.may(UNMASK, branch_id=customer.branch_id)


def shown_phone(customer: Customer, actor: Actor) -> str:
    """The customer's telephone, masked unless the actor may see it in full."""
    return customer.phone if may_unmask(customer, actor) else rules.mask_phone(customer.phone)


def shown_address(customer: Customer, actor: Actor) -> str:
    """The customer's address, masked unless the actor may see it in full."""
    return customer.address if may_unmask(customer, actor) else rules.mask_address(customer.address)


def list_suppliers(actor: Actor, *, active: bool | None = None) -> QuerySet[Supplier]:
    """The suppliers, for who may see them."""
    rows = access.visible(Supplier, actor)
    return rows if active is None else rows.filter(is_active=active)


def suggest_suppliers(text: str, actor: Actor, limit: int = 12) -> list[Supplier]:
    """Active suppliers whose name, number or contact holds the text, for a box that offers while one types."""
    return list(searched(list_suppliers(actor, active=True), text).order_by("name", "id")[:limit])


def find_supplier(text: str, actor: Actor) -> Supplier | None:
    """The supplier of exactly that number or name, however it is spaced; None where this actor sees none."""
    text = text.strip()
    wanted = Q(number=text.upper()) | Q(name_key=rules.name_key(text))
    return list_suppliers(actor).filter(wanted).order_by("id").first() if text else None


def get_supplier(key: str | int, actor: Actor) -> Supplier:
    """The supplier of that number (`V000001`) or id; refuses one that is not there."""
    found = list_suppliers(actor).filter(**({"pk": key} if isinstance(key, int) else {"number": key})).first()
    if found is None:
        raise NotFound(_("没有找到供应商"), kind="parties.supplier", key=str(key))
    return found
