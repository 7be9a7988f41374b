"""三包: what a customer may ask for on a unit, and the rules behind it."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from ninja import Query
from pydantic import Field

from aftercare.api import calls
from aftercare.api.answers import Answer
from aftercare.api.fields import Amount, Day, Id, Number, Plain, Small, Text, Write
from aftercare.api.routes import Asking, Routes
from aftercare.api.rows import From, Made, Row, again, one_of, page_of
from aftercare.domain.assets import queries as assets
from aftercare.domain.catalog import queries as catalog
from aftercare.domain.entitlement import actions
from aftercare.domain.entitlement import queries as entitlement
from aftercare.domain.entitlement.rules import rights as rules
from aftercare.domain.people import queries as people
from aftercare.domain.work import queries as orders
from aftercare.flows import ask_rights, claim_rights
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import NotFound

routes = Routes("Rights")
Remedy = Literal["refund", "exchange", "refund_less", "repair"]
Kind = Literal["early", "period", "repeat", "slow_parts", "slow_repair", "distance"]
Proof = Literal["invoice", "card", "repair_record"]
Exclusion = Literal["misuse", "opened", "liquid", "force_majeure", "altered_proof", "serial_mismatch", "no_proof", "custom_made", "unsealed"]
Starts = Literal["sale", "invoice", "delivery", "installation", "registration", "production"]
RuleStatus = Literal["draft", "checked"]
Words = Annotated[list[Annotated[Plain, Field(min_length=1, max_length=40)]], Field(max_length=30)]
Rate = Annotated[Decimal, Field(max_digits=6, decimal_places=3, ge=0, le=100, description="Per cent of the price a day.")]


class Right(Row):
    """One thing that may be asked for: `yes`, `proof` (as soon as what is `missing` is shown) or `no`.

    `reasons` and `changes` are codes with what they speak of; `text` says both in the language asked for. `until` is the last
    day, both days counted in the branch's calendar. `is_checked` is false while nobody has compared the rule with its text.
    """

    remedy: Remedy
    status: Literal["yes", "proof", "no"]
    reasons: list[dict[str, Any]]
    missing: list[Proof]
    changes: list[dict[str, Any]]
    rule_id: int | None
    law: str
    article: str
    is_checked: bool
    starts_on: dt.date | None
    until: dt.date | None
    fee_amount: Decimal | None
    text: Annotated[str, Made(lambda right, actor: entitlement.right_sentence(right))]


class Rights(Row):
    """What may be asked for on that day."""

    on: dt.date
    rights: list[Right]


class RightRuleRow(Row):
    """A consumer-rights rule; `draft` means check before use."""

    id: int
    name: str
    status: RuleStatus
    law: str
    article: str
    kind: Annotated[Kind, From("kind_of")]
    category_id: int | None
    components: list[str]
    remedies: list[Remedy]
    starts: Starts
    months: int
    days: int
    repairs: int
    limit_days: int
    day_rate: Decimal | None
    is_put_off: bool
    is_fallback: bool
    proofs: list[Proof]
    exclusions: list[Exclusion]
    valid_from: dt.date
    valid_to: dt.date | None
    note: str
    checked_by: str
    checked_at: dt.datetime | None
    version: int


class RightsLoaded(Row):
    """What loading the sets did: how many rules are new, and for which goods there is no category."""

    made: int
    without_category: list[str]


class RightRulesAsked(Asking):
    """Filters of the rules."""

    status: RuleStatus | None = None
    kind: Kind | None = None
    category: Id | None = None
    valid_on: Day | None = None


class NewRightRule(Write):
    """A rule; without category it is for all."""

    name: Annotated[Plain, Field(min_length=1, max_length=120)]
    law: Annotated[Plain, Field(min_length=1, max_length=120)] = Field(examples=["部分商品修理更换退货责任规定"])
    article: Annotated[Plain, Field(max_length=60)] = ""
    kind: Kind
    category_id: Id | None = None
    components: Words = []
    remedies: list[Remedy]
    starts: Starts = "invoice"
    months: Small = 0
    days: Small = 0
    repairs: Small = 2
    limit_days: Small = 0
    day_rate: Rate | None = None
    is_put_off: bool = True
    is_fallback: bool = False
    proofs: list[Proof] = []
    exclusions: list[Exclusion] = []
    valid_from: Day
    valid_to: Day | None = None
    note: Text = ""


class RightRuleEdit(Write):
    """What may be changed; a rule that was checked has to be checked again."""

    name: Annotated[Plain, Field(min_length=1, max_length=120)] = None
    law: Annotated[Plain, Field(min_length=1, max_length=120)] = None
    article: Annotated[Plain, Field(max_length=60)] = None
    kind: Kind = None
    category_id: Id | None = None
    components: Words = None
    remedies: list[Remedy] = None
    starts: Starts = None
    months: Small = None
    days: Small = None
    repairs: Small = None
    limit_days: Small = None
    day_rate: Rate | None = None
    is_put_off: bool = None
    is_fallback: bool = None
    proofs: list[Proof] = None
    exclusions: list[Exclusion] = None
    valid_from: Day = None
    valid_to: Day | None = None
    note: Text = None


class RightReopening(Write):
    """Why the rule is to be checked again."""

    reason: Annotated[Plain, Field(min_length=1, max_length=200)]


class RightTrial(Write):
    """A made-up case for one rule: bought on `start`, asked about on `on`."""

    start: Day
    on: Day
    repaired: Annotated[int, Field(ge=0, le=20)] = 0
    in_repair: Annotated[int, Field(ge=0, le=999)] | None = None
    component: Annotated[Plain, Field(max_length=80)] = ""
    proofs: list[Proof] = []
    exclusions: list[Exclusion] = []
    is_distance: bool = False
    price: Amount | None = None


def told(answer: rules.Answer, actor: Actor) -> dict:
    """An answer of the rules as a row."""
    return {"on": answer.on, "rights": Right.many(answer.rights, actor)}


def _known(component: str, proofs: str, exclusions: str, is_distance: bool, price: Decimal | None) -> dict[str, Any]:
    return {"component": component, "proofs": _chosen(proofs, rules.PROOFS), "exclusions": _chosen(exclusions, rules.EXCLUSIONS),
            "is_distance": is_distance, "price": price}


def _chosen(text: str, known: tuple[str, ...]) -> frozenset[str]:
    return frozenset(text.split(",")) & set(known)


def _today(actor: Actor) -> dt.date:
    return clock.local_day(clock.now(), actor.zone)


Listed = Annotated[Plain, Field(max_length=200, description="Words joined by commas.")]
Part = Annotated[Plain, Field(max_length=80)]


@routes.read("/assets/{number}/rights", Rights)
def ask_rights_of_asset(request, number: Number, on: Day | None = None, fault: Id | None = None, component: Part = "",
                        proofs: Listed = "", exclusions: Listed = "", is_distance: bool = False, price: Amount | None = None):
    """What the customer may ask for on that unit under consumer law (default: today), explained."""
    actor = calls.caller(request)
    actor.require_anywhere("entitlement.view_right")
    asset = assets.get_asset(number, actor)
    return told(ask_rights.for_unit(asset, on=on or _today(actor), zone=actor.zone, fault_id=fault,
                                    **_known(component, proofs, exclusions, is_distance, price)), actor)


@routes.read("/work-orders/{number}/rights", Rights)
def ask_rights_of_order(request, number: Number, on: Day | None = None, component: Part = "", proofs: Listed = "",
                        exclusions: Listed = "", is_distance: bool = False, price: Amount | None = None):
    """What the customer may ask for on the unit of that order, for its fault."""
    actor = calls.caller(request)
    actor.require_anywhere("entitlement.view_right")
    order = orders.get_order(number, actor)
    answer = ask_rights.for_order(order, on=on or _today(actor), zone=actor.zone,
                                  **_known(component, proofs, exclusions, is_distance, price))
    if answer is None:
        raise NotFound(_("服务单没有设备"), kind="assets.asset", key=number)
    return told(answer, actor)


@routes.read("/portal/units/{token}/rights", Rights, auth=None)
def ask_rights_at_unit(request, token: Number):
    """What may be asked for today on the unit whose label carries the token; of its owner nothing is told. Needs no sign-in."""
    unit = assets.find_by_token(token)
    if unit is None:
        raise NotFound(_("没有找到设备"), kind="assets.asset")
    zone = people.zone_of(unit.branch_id)
    answer = ask_rights.for_unit(unit, on=clock.local_day(clock.now(), zone), zone=zone)
    return told(_without_numbers(answer), Actor.system("portal"))


def _without_numbers(answer: rules.Answer) -> rules.Answer:
    # The numbers of orders, perhaps of an owner before, are not for who reads the label.
    data = answer.as_data()
    for right in data["rights"]:
        for row in right["reasons"]:
            row["params"] = {k: ([] if k == "numbers" else "" if k == "number" else v) for k, v in row["params"].items()}
    return rules.Answer.from_data(data)


# --- rules ---------------------------------------------------------------------------------------------------------


def _rule(rule_id: int, actor: Actor):
    return one_of(RightRuleRow, entitlement.list_right_rules(actor), actor, pk=rule_id)


def _rule_answer(rule, actor: Actor) -> Answer:
    rule = again(RightRuleRow, rule)
    return Answer(RightRuleRow.of(rule, actor), version=rule.version)


def _fields(given: dict[str, Any], actor: Actor) -> dict[str, Any]:
    if "category_id" in given:
        category_id = given.pop("category_id")
        given["category"] = catalog.get_category(category_id, actor) if category_id else None
    return given


@routes.list("/right-rules", RightRuleRow)
def list_right_rules(request, asked: Query[RightRulesAsked]):
    """List the rules, old ones too."""
    actor = calls.caller(request)
    rows = calls.valid_on(entitlement.list_right_rules(actor), asked.valid_on)
    if asked.q:
        rows = rows.filter(name__icontains=asked.q)
    if asked.status:
        rows = rows.filter(status=asked.status)
    if asked.kind:
        rows = rows.filter(kind_of=asked.kind)
    if asked.category:
        rows = rows.filter(category_id=asked.category)
    return page_of(RightRuleRow, rows, actor, order=("-id",), asked=asked)


@routes.create("/right-rules", RightRuleRow)
def create_right_rule(request, body: NewRightRule):
    """Write a rule down; it is a draft until somebody has checked it."""
    actor = calls.caller(request)
    rule = actions.create_right_rule(actor=actor, at=calls.moment(request, body.at), **_fields(body.model_dump(exclude={"at"}), actor))
    return calls.created(_rule_answer(rule, actor), "right-rules", rule.pk)


@routes.act("/right-rules/load", RightsLoaded)
def load_right_sets(request, body: Write):
    """Load the sets of legal texts that come with the product for the categories there are; repeating it adds only what is missing."""
    actor = calls.caller(request)
    made, left = claim_rights.load_sets(actor=actor, at=calls.moment(request, body.at))
    return {"made": len(made), "without_category": left}


@routes.read("/right-rules/{rule_id}", RightRuleRow)
def get_right_rule(request, rule_id: Id):
    """One rule."""
    actor = calls.caller(request)
    return _rule_answer(_rule(rule_id, actor), actor)


@routes.edit("/right-rules/{rule_id}", RightRuleRow)
def edit_right_rule(request, rule_id: Id, body: RightRuleEdit):
    """Change a rule."""
    actor = calls.caller(request)
    rule = _rule(rule_id, actor)
    given = _fields(calls.edits(body), actor)
    if "kind" in given:
        given["kind_of"] = given.pop("kind")
    rule = actions.edit_right_rule(rule, version=calls.version_edited(request), actor=actor,
                                   at=calls.moment(request, body.at), **given)
    return _rule_answer(rule, actor)


@routes.act("/right-rules/{rule_id}/check_rule", RightRuleRow, match=True)
def check_right_rule(request, rule_id: Id, body: Write):
    """The caller compared the rule with its text and answers for it."""
    actor = calls.caller(request)
    rule = actions.check_rule(_rule(rule_id, actor), version=calls.version_seen(request), actor=actor, at=calls.moment(request, body.at))
    return _rule_answer(rule, actor)


@routes.act("/right-rules/{rule_id}/reopen_rule", RightRuleRow, match=True)
def reopen_right_rule(request, rule_id: Id, body: RightReopening):
    """The rule is to be checked again."""
    actor = calls.caller(request)
    rule = actions.reopen_rule(_rule(rule_id, actor), reason=body.reason, version=calls.version_seen(request), actor=actor,
                               at=calls.moment(request, body.at))
    return _rule_answer(rule, actor)


@routes.act("/right-rules/{rule_id}/try", Rights)
def try_right_rule(request, rule_id: Id, body: RightTrial):
    """What this rule alone says about a made-up case; nothing is written."""
    actor = calls.caller(request)
    rule = entitlement.get_right_rule(rule_id, actor)
    return told(entitlement.try_right_rule(rule, **body.model_dump(exclude={"at"})), actor)
