"""Every write of customers. A child row (telephone, address, person) is written under its customer's version."""

from __future__ import annotations

import copy
import datetime as dt

from django.utils.translation import gettext as _

from aftercare.domain.parties import facts, queries, rules
from aftercare.domain.parties.access import EDIT, EDIT_SUPPLIER, FLAG, UNMASK
from aftercare.domain.parties.models import Address, Customer, Flag, Person, Phone, Supplier
from aftercare.domain.people import queries as people
from aftercare.foundation import access, clock, money, numbering, statements
from aftercare.foundation.access import Actor
from aftercare.foundation.lifecycle import open_new, revise
from aftercare.foundation.recording import record_about
from aftercare.foundation.refusals import Invalid, NotFound, RuleBroken
from aftercare.foundation.search import grams
from aftercare.foundation.transactions import step

EDITABLE = frozenset({
    "name", "kind_of", "phone", "grade", "branch_id", "region_id", "address", "group_id",
    "credit_limit_amount", "credit_days", "tags", "note",
})

SUPPLIER_FIELDS = frozenset({
    "name", "contact", "phone", "address", "tax_number", "currency", "tax_percent", "lead_days", "payment_days", "is_active", "remark",
})


def create_supplier(*, name: str, actor: Actor, at: dt.datetime, **fields) -> Supplier:
    """Open a supplier's file with his terms (see SUPPLIER_FIELDS). Refuses a name that is there already (`supplier_exists`)."""
    values = _supplier_values({"name": name, **fields})
    supplier = Supplier(created_at=at, **values)
    _require_new_supplier(supplier.name_key)
    with step():
        supplier.number = numbering.take("V")
        supplier.search = _supplier_grams(supplier)
        return open_new(supplier, actor=actor, at=at, permission=EDIT_SUPPLIER,
                        fact=lambda row: facts.SupplierOpened(row.pk, row.number))


def edit_supplier(supplier: Supplier, *, version: int, actor: Actor, at: dt.datetime, **fields) -> Supplier:
    """Change a supplier's terms; what is ordered already keeps its own."""
    values = _supplier_values(fields)
    if "name_key" in values:
        _require_new_supplier(values["name_key"], but=supplier.pk)
    edited = copy.copy(supplier)
    for name, value in values.items():
        setattr(edited, name, value)
    return revise(supplier, actor=actor, at=at, permission=EDIT_SUPPLIER, version=version,
                  search=_supplier_grams(edited), **values)


def _supplier_values(fields: dict) -> dict:
    unknown = fields.keys() - SUPPLIER_FIELDS
    if unknown:
        raise Invalid({name: _("这一项不能修改") for name in sorted(unknown)}, code="unknown_field")
    values = {name: value.strip() if isinstance(value, str) else value for name, value in fields.items()}
    if "name" in values:
        values["name"] = _name(values["name"])
        values["name_key"] = rules.name_key(values["name"])
    if values.get("phone"):
        values["phone"] = _telephone(values["phone"]).shown
    if "currency" in values and not (len(values["currency"]) == 3 and values["currency"].isascii() and values["currency"].isupper()):
        raise RuleBroken(_("币种应为三个大写字母，例如 CNY"), code="bad_currency", field="currency")
    if "tax_percent" in values and not 0 <= values["tax_percent"] <= 100:
        raise RuleBroken(_("税率应在 0 到 100 之间"), code="out_of_range", field="tax_percent")
    return values


def _require_new_supplier(name_key: str, but: int | None = None) -> None:
    if Supplier.objects.filter(name_key=name_key).exclude(pk=but).exists():
        raise RuleBroken(_("已有这家供应商"), code="supplier_exists", field="name")


def _supplier_grams(supplier: Supplier) -> str:
    return grams(supplier.name, supplier.number, supplier.contact, supplier.address)


def create_customer(
    *, name: str, phone: str = "", kind: str = "person", branch_id: int, region_id: int | None = None,
    region_code: str = "", address: str = "", grade: str = "", note: str = "", group_id: int | None = None,
    tags: list[str] | None = None, credit_limit_amount=money.ZERO, credit_days: int = 0,
    actor: Actor, at: dt.datetime,
) -> Customer:
    """Open a customer file. Refuses an empty name, a telephone that cannot be one, an unknown region or group."""
    actor.require(EDIT, branch_id=branch_id)
    telephone = _telephone(phone) if phone.strip() else None
    region_id = _region(region_id, region_code)
    _require_branch(branch_id, actor)
    customer = Customer(
        kind_of=_kind(kind), name=_name(name), name_key=rules.name_key(name),
        phone=telephone.shown if telephone else "", grade=grade.strip(), branch_id=branch_id, region_id=region_id,
        address=_text("address", address), group_id=_group(group_id, actor), tags=list(tags or []), note=note.strip(),
        credit_limit_amount=money.require_amount(credit_limit_amount, field="credit_limit_amount"),
        credit_days=credit_days, created_at=at,
    )
    with step():
        customer.number = numbering.take("C")
        customer.search = _grams(customer, [telephone.digits] if telephone else [])
        open_new(customer, actor=actor, at=at, permission=EDIT,
                 fact=lambda row: facts.CustomerOpened(row.pk, row.number))
        if telephone:
            statements.insert(Phone(customer=customer, shown=telephone.shown, digits=telephone.digits, tail=telephone.tail))
    return customer


def edit_customer(customer: Customer, *, version: int, actor: Actor, at: dt.datetime, **fields) -> Customer:
    """Change named fields (see EDITABLE; `region_code` and `kind` are understood, too). Refuses an old version."""
    values = _cleaned(customer, fields, actor)
    with step():
        if values.get("phone"):
            _note_phone(customer, _telephone(values["phone"]), "")
        if values.keys() & {"name", "address", "phone"}:
            edited = copy.copy(customer)
            edited.name, edited.address = values.get("name", customer.name), values.get("address", customer.address)
            values |= {"name_key": rules.name_key(edited.name), "search": _regrams(edited)}
        return revise(customer, actor=actor, at=at, permission=EDIT, version=version, **values)


def add_phone(
    customer: Customer, *, phone: str, label: str = "", version: int | None = None, actor: Actor, at: dt.datetime
) -> Customer:
    """Note a further telephone; a known one is kept as it is. The first one becomes the customer's main number."""
    telephone = _telephone(phone)
    with step():
        if not _note_phone(customer, telephone, label):
            return customer
        values = {"search": _regrams(customer)}
        if not customer.phone:
            values["phone"] = telephone.shown
        return _revise(customer, actor, at, version, "add_phone",
                       facts.PhoneAdded(customer.pk, rules.mask_phone(telephone.shown), label), **values)


def remove_phone(
    customer: Customer, *, phone_id: int, version: int | None = None, actor: Actor, at: dt.datetime
) -> Customer:
    """Strike a telephone out; when it was the main one, the oldest of the others takes its place."""
    with step():
        row = customer.phones.filter(pk=phone_id).first()
        if row is None:
            raise NotFound(_("没有找到电话"), kind="parties.phone")
        row.delete()
        values = {"search": _regrams(customer)}
        if row.shown == customer.phone:
            following = customer.phones.order_by("id").first()
            values["phone"] = following.shown if following else ""
        return _revise(customer, actor, at, version, "remove_phone",
                       facts.PhoneRemoved(customer.pk, rules.mask_phone(row.shown)), **values)


def add_address(
    customer: Customer, *, text: str, label: str = "", region_id: int | None = None, region_code: str = "",
    version: int | None = None, actor: Actor, at: dt.datetime,
) -> Customer:
    """Note a further address (site). The first one becomes the main address when there is none."""
    text = _text("text", text, required=True)
    region_id = _region(region_id, region_code)
    with step():
        Address.objects.create(customer=customer, text=text, label=label.strip()[:20], region_id=region_id)
        values = {"search": _regrams(customer)}
        if not customer.address:
            values |= {"address": text, "region_id": region_id or customer.region_id}
        return _revise(customer, actor, at, version, "add_address",
                       facts.AddressAdded(customer.pk, rules.mask_address(text), label), **values)


def remove_address(
    customer: Customer, *, address_id: int, version: int | None = None, actor: Actor, at: dt.datetime
) -> Customer:
    """Strike a further address out; the main address stays as it is."""
    with step():
        row = customer.addresses.filter(pk=address_id).first()
        if row is None:
            raise NotFound(_("没有找到地址"), kind="parties.address")
        row.delete()
        return _revise(customer, actor, at, version, "remove_address", facts.AddressRemoved(customer.pk, rules.mask_address(row.text)),
                       search=_regrams(customer))


def add_person(
    customer: Customer, *, name: str, role: str = "", phone: str = "", version: int | None = None,
    actor: Actor, at: dt.datetime,
) -> Customer:
    """Note whom to speak to; his telephone leads to this customer when it rings."""
    name = _name(name)[:60]
    telephone = _telephone(phone) if phone.strip() else None
    shown = telephone.shown if telephone else ""
    with step():
        Person.objects.create(customer=customer, name=name, role=role.strip()[:40], phone=shown)
        if telephone:
            _note_phone(customer, telephone, name)
        return _revise(customer, actor, at, version, "add_person",
                       facts.PersonAdded(customer.pk, name, role, rules.mask_phone(shown)), search=_regrams(customer))


def remove_person(
    customer: Customer, *, person_id: int, version: int | None = None, actor: Actor, at: dt.datetime
) -> Customer:
    """Strike a person out; his telephone stays until it is struck out itself."""
    with step():
        row = customer.persons.filter(pk=person_id).first()
        if row is None:
            raise NotFound(_("没有找到联系人"), kind="parties.person")
        row.delete()
        return _revise(customer, actor, at, version, "remove_person", facts.PersonRemoved(customer.pk, row.name),
                       search=_regrams(customer))


def set_consent(
    customer: Customer, *, given: bool, channel: str = "", version: int | None = None, actor: Actor, at: dt.datetime
) -> Customer:
    """Keep that the customer agreed to be contacted (when, by which channel), or withdrew it."""
    if given and not channel.strip():
        raise RuleBroken(_("请填写同意的渠道"), code="channel_missing", field="channel")
    return _revise(customer, actor, at, version, "set_consent", facts.ConsentChanged(customer.pk, given, channel),
                   consent_at=at if given else None, consent_channel=channel.strip()[:20] if given else "")


def flag_customer(
    customer: Customer, *, kind: str, reason: str, until_on: dt.date | None = None, version: int | None = None, actor: Actor,
    at: dt.datetime,
) -> Customer:
    """Put a warning on a customer (block, abuse, watch), with a reason; `until_on` is its last day.

    Refuses without a reason, an unknown kind, a day that is past, and a second one of the same kind.
    """
    if kind not in Flag.Kind.values:
        raise RuleBroken(_("没有这种标记"), code="unknown_kind", field="kind")
    if not reason.strip():
        raise RuleBroken(_("请填写理由"), code="reason_missing", field="reason")
    today = clock.local_day(at, actor.zone)
    if until_on is not None and until_on < today:
        raise RuleBroken(_("到期日不能早于今天"), code="past_day", field="until_on")
    with step():
        fresh = revise(customer, actor=actor, at=at, permission=FLAG, version=version, verb="parties.customer.flag_customer",
                       because=reason, fact=facts.CustomerFlagged(customer.pk, kind, until_on))
        if any(flag.kind_of == kind for flag in queries.flags_in_force(customer.pk, today)):
            raise RuleBroken(_("已有同样的标记"), code="flagged_already", field="kind")
        Flag.objects.create(customer=customer, kind_of=kind, reason=reason.strip()[:200], until_on=until_on, made_at=at,
                            actor_name=actor.name[:80])
    return fresh


def lift_flag(
    customer: Customer, *, flag_id: int, reason: str, version: int | None = None, actor: Actor, at: dt.datetime
) -> Customer:
    """Take a warning off a customer, with a reason; it is kept in his file."""
    if not reason.strip():
        raise RuleBroken(_("请填写理由"), code="reason_missing", field="reason")
    flag = customer.flags.filter(pk=flag_id, lifted_at=None).first()
    if flag is None:
        raise NotFound(_("没有找到"), kind="parties.flag", key=str(flag_id))
    with step():
        fresh = revise(customer, actor=actor, at=at, permission=FLAG, version=version, verb="parties.customer.lift_flag",
                       because=reason, fact=facts.FlagLifted(customer.pk, flag.kind_of))
        customer.flags.filter(pk=flag_id, lifted_at=None).update(
            lifted_at=at, lifted_by=actor.name[:80], lift_reason=reason.strip()[:200]
        )
    return fresh


def unmask(customer: Customer, *, reason: str = "", actor: Actor, at: dt.datetime) -> dict:
    """The customer's telephones and addresses in full; that someone looked is kept in the journal."""
    if not access.visible(Customer, actor, UNMASK).filter(pk=customer.pk).exists():
        raise access.not_allowed(UNMASK)
    record_about(customer, verb="parties.customer.unmask", actor=actor, at=at, note=reason,
                 fact=facts.CustomerUnmasked(customer.pk, reason))
    return {
        "phone": customer.phone,
        "address": customer.address,
        "phones": [{"id": row.pk, "phone": row.shown, "label": row.label} for row in customer.phones.order_by("id")],
        "addresses": [{"id": row.pk, "text": row.text, "label": row.label}
                      for row in customer.addresses.order_by("id")],
        "persons": [{"id": row.pk, "name": row.name, "role": row.role, "phone": row.phone}
                    for row in customer.persons.order_by("id")],
    }


def _revise(customer, actor, at, version, verb, fact, **values) -> Customer:
    return revise(customer, actor=actor, at=at, permission=EDIT, version=version,
                  verb=f"parties.customer.{verb}", fact=fact, **values)


def _cleaned(customer: Customer, fields: dict, actor: Actor) -> dict:
    values = dict(fields)
    if "kind" in values:
        values["kind_of"] = values.pop("kind")
    if "region_code" in values:
        values["region_id"] = _region(None, values.pop("region_code"))
    elif "region_id" in values:
        values["region_id"] = _region(values["region_id"], "")
    unknown = values.keys() - EDITABLE
    if unknown:
        raise Invalid({name: _("这一项不能修改") for name in sorted(unknown)}, code="unknown_field")
    if "name" in values:
        values["name"] = _name(values["name"])
    if "kind_of" in values:
        _kind(values["kind_of"])
    if "address" in values:
        values["address"] = _text("address", values["address"])
    if "phone" in values:
        values["phone"] = _telephone(values["phone"]).shown if values["phone"].strip() else ""
    if "credit_limit_amount" in values:
        values["credit_limit_amount"] = money.require_amount(values["credit_limit_amount"], field="credit_limit_amount")
    if "group_id" in values:
        values["group_id"] = _group(values["group_id"], actor, customer.pk)
    if "branch_id" in values and values["branch_id"] != customer.branch_id:
        actor.require(EDIT, branch_id=values["branch_id"])
        _require_branch(values["branch_id"], actor)
    return values


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise RuleBroken(_("请填写客户名称"), code="name_missing", field="name")
    if len(name) > 120:
        raise RuleBroken(_("名称太长"), code="too_long", field="name")
    return name


def _text(field: str, text: str, *, required: bool = False) -> str:
    text = " ".join(text.split())
    if required and not text:
        raise RuleBroken(_("请填写地址"), code="address_missing", field=field)
    if len(text) > 250:
        raise RuleBroken(_("地址太长"), code="too_long", field=field)
    return text


def _kind(kind: str) -> str:
    if kind not in Customer.Kind.values:
        raise RuleBroken(_("没有这种客户类型"), code="unknown_kind", field="kind")
    return kind


def _telephone(text: str) -> rules.Telephone:
    telephone = rules.normalise_phone(text)
    if telephone is None:
        raise RuleBroken(_("电话号码不正确"), code="bad_phone", field="phone")
    return telephone


def _note_phone(customer: Customer, telephone: rules.Telephone, label: str) -> bool:
    _row, made = Phone.objects.get_or_create(
        customer=customer, digits=telephone.digits,
        defaults={"shown": telephone.shown, "tail": telephone.tail, "label": label.strip()[:20]},
    )
    return made


def _region(region_id: int | None, code: str) -> int | None:
    if region_id is None and not code:
        return None
    if region_id is not None:
        regions = Customer._meta.get_field("region").related_model._default_manager
        found = regions.filter(pk=region_id).values_list("pk", flat=True).first()
    else:
        region = people.find_region(code)
        found = region.pk if region else None
    if found is None:
        raise RuleBroken(_("没有这个区域"), code="unknown_region", field="region_code" if code else "region_id")
    return found


def _require_branch(branch_id: int, actor: Actor) -> None:
    if branch_id != actor.branch_id and not people.branch_ids_below(branch_id):
        raise RuleBroken(_("没有这个机构"), code="unknown_branch", field="branch_id")


def _group(group_id: int | None, actor: Actor, own: int | None = None) -> int | None:
    if group_id is None:
        return None
    group = access.visible(Customer, actor).filter(pk=group_id).values("pk", "group_id").first()
    if group is None:
        raise RuleBroken(_("没有找到所属集团"), code="unknown_group", field="group_id")
    if own is not None and own in (group["pk"], group["group_id"]):
        raise RuleBroken(_("集团不能属于自己"), code="group_circle", field="group_id")
    return group_id


def _grams(customer: Customer, digits: list[str], more: tuple[str, ...] = ()) -> str:
    return grams(customer.name, customer.number, customer.address, *digits, *more)


def _regrams(customer: Customer) -> str:
    """The search text of a customer from his rows as they are now; three statements."""
    return _grams(
        customer, list(customer.phones.values_list("digits", flat=True)),
        (*customer.addresses.values_list("text", flat=True), *customer.persons.values_list("name", flat=True)),
    )
