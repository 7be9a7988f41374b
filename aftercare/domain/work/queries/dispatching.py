"""What a dispatcher needs: the pool, engineers suggested with reasons, the board, an engineer's day."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from aftercare.domain.people import queries as people
from aftercare.domain.work import rules
from aftercare.domain.work.lifecycle import BEFORE_WORK, IN_WORK, Status
from aftercare.domain.work.models import Visit, WorkOrder
from aftercare.foundation import access, clock
from aftercare.foundation.access import Actor

_ACTIVE = BEFORE_WORK | IN_WORK | {Status.REWORK}
_LISTED = ("customer", "product", "asset", "engineer", "region", "branch", "outlet", "work_type")


def pool(actor: Actor, *, at: dt.datetime, branch_id: int | None = None, region_code: str = "") -> QuerySet[WorkOrder]:
    """Orders that wait for an engineer, first the ones left over or refused, then urgent, then by time limit.

    A slice is for the caller; `region_code` of a city or province takes all its districts.
    """
    today = clock.day_bounds(clock.local_day(at, actor.zone), actor.zone)[0]
    rows = access.visible(WorkOrder, actor).filter(status=Status.PENDING).select_related(*_LISTED)
    if branch_id:
        rows = rows.filter(branch_id=branch_id)
    if region_code:
        stem = region_code[:2] if region_code.endswith("0000") else region_code[:4] if region_code.endswith("00") else region_code
        rows = rows.filter(region__code__gte=stem, region__code__lt=f"{stem}~")
    left_over = Case(
        When(Q(created_at__lt=today) & Q(refusals__gt=0), then=Value(0)), When(created_at__lt=today, then=Value(1)),
        default=Value(2), output_field=IntegerField(),
    )
    unlimited = Case(When(due_at=None, then=Value(1)), default=Value(0), output_field=IntegerField())
    return rows.order_by(left_over, "-urgent", unlimited, "respond_due_at", "due_at", "id")


def _categories(order: WorkOrder) -> tuple[list[str], bool]:
    """Codes of the product's category and the one above it, and whether it needs a certificate."""
    category = order.category
    if category is None:
        return [], False
    above = category.parent if category.parent_id else None
    codes = [category.code, *([above.code] if above else [])]
    return codes, category.needs_certificate or bool(above and above.needs_certificate)


def _fitness(engineer, traits) -> rules.Fitness:
    return rules.Fitness(
        is_active=engineer.is_active, is_engineer=engineer.is_engineer, skills=traits.skills,
        certificates=traits.certificates, regions=frozenset(traits.regions),
    )


def find_unfit(order: WorkOrder, engineer, *, when: dt.datetime, zone: str) -> str | None:
    """Code of why that engineer can't be sent to the order on that day, or None. Statements: at most 5."""
    codes, needs = _categories(order)
    traits = people.engineer_traits([engineer.pk])[engineer.pk] if codes else people.EngineerTraits(engineer.pk)
    return rules.find_unfit(
        _fitness(engineer, traits), categories=codes, needs_certificate=needs, on=clock.local_day(when, zone)
    )


def suggest_engineers(order: WorkOrder, *, at: dt.datetime, actor: Actor, limit: int = 12) -> list[rules.Suggestion]:
    """Engineers for the order, best first, with reasons; those who can't be sent come last, with why.

    At most 6 statements when the order came from `get_order`.
    """
    when = order.planned_at or at
    engineers = list(people.list_engineers(branch_ids=[pk for pk in (order.branch_id, order.outlet_id) if pk]))
    ids = [engineer.pk for engineer in engineers]
    traits = people.engineer_traits(ids)
    start, end = clock.day_bounds(clock.local_day(when, actor.zone), actor.zone)
    loads, customers, units = Counter(), Counter(), Counter()
    # One pass over the engineers' active orders and the customer's past: load that day and who knows him.
    day = Q(planned_at__gte=start, planned_at__lt=end) | Q(planned_at=None, dispatched_at__gte=start, dispatched_at__lt=end)
    active = WorkOrder.objects.filter(engineer_id__in=ids, status__in=sorted(_ACTIVE)).filter(day).exclude(pk=order.pk)
    for engineer_id, count in active.order_by().values_list("engineer_id").annotate(n=Count("pk")):
        loads[engineer_id] = count
    if order.customer_id:
        past = WorkOrder.objects.filter(customer_id=order.customer_id, engineer_id__in=ids).exclude(pk=order.pk)
        for engineer_id, asset_id in past.order_by("-id").values_list("engineer_id", "asset_id")[:200]:
            customers[engineer_id] += 1
            units[engineer_id] += bool(asset_id and asset_id == order.asset_id)
    refused = _refused(order)
    codes, needs = _categories(order)
    regions = people.region_chain(order.region.code) if order.region_id else []
    found = []
    for engineer in engineers:
        fitness = _fitness(engineer, traits[engineer.pk])
        unfit = rules.find_unfit(fitness, categories=codes, needs_certificate=needs, on=clock.local_day(when, actor.zone))
        points, reasons = (-1000, ()) if unfit else rules.score(
            fitness, categories=codes, needs_certificate=needs, regions=regions, load=loads[engineer.pk],
            with_customer=customers[engineer.pk], with_asset=units[engineer.pk], refused_today=engineer.pk in refused,
        )
        found.append(rules.Suggestion(
            employee_id=engineer.pk, number=engineer.number, name=engineer.name, branch=engineer.branch.name,
            score=points, reasons=reasons, refused=unfit, load=loads[engineer.pk],
        ))
    return sorted(found, key=lambda s: (-s.score, s.load, s.number))[:limit]


def _refused(order: WorkOrder) -> set[int]:
    if not order.refusals:
        return set()
    return set(Visit.objects.filter(order_id=order.pk, reply="refused").values_list("engineer_id", flat=True))


def reason_sentence(code: str, params: dict) -> str:
    """A suggestion's reason or a refusal's code in the user's words."""
    texts = {
        "skill": _("有这个品类的技能"),
        "certificate": _("上岗证书有效期至 %(until)s"),
        "district": _("负责这个区域"),
        "other_district": _("负责别的区域"),
        "knows_unit": _("修过这台设备 %(times)s 次"),
        "knows_customer": _("去过这位客户 %(times)s 次"),
        "load": _("当日已有 %(orders)s 单"),
        "refused_before": _("拒过这张单"),
        "not_active": _("已离职或停用"),
        "not_engineer": _("不是工程师"),
        "no_skill": _("没有这个品类的技能"),
        "no_certificate": _("没有这个品类的上岗证书"),
        "certificate_expired": _("上岗证书在当日已过期"),
    }
    return texts.get(code, code) % params


def day_of_engineer(employee_id: int, *, day: dt.date, actor: Actor) -> list[WorkOrder]:
    """An engineer's list for a local day: what is planned for it, what is under way, and what has no time yet.

    Ordered by time; jobs finished that day come last.
    """
    start, end = clock.day_bounds(day, actor.zone)
    rows = access.visible(WorkOrder, actor).filter(engineer_id=employee_id).select_related(*_LISTED)
    still = Q(status__in=sorted(_ACTIVE)) & (Q(planned_at=None) | Q(planned_at__lt=end))
    done = Q(finished_at__gte=start, finished_at__lt=end)
    found = list(rows.filter(still | done).order_by("id")[:200])
    return sorted(found, key=lambda o: (o.status not in _ACTIVE, o.planned_at is None, o.planned_at or o.created_at, o.pk))


def board(branch_id: int, *, day: dt.date, actor: Actor) -> list[tuple[object, list[WorkOrder]]]:
    """The branch's engineers, each with his orders of that local day by time. Two statements."""
    start, end = clock.day_bounds(day, actor.zone)
    engineers = list(people.list_engineers(branch_ids=[branch_id]))
    own: dict[int, list[WorkOrder]] = {engineer.pk: [] for engineer in engineers}
    rows = access.visible(WorkOrder, actor).filter(engineer_id__in=list(own)).select_related(*_LISTED)
    planned = Q(planned_at__gte=start, planned_at__lt=end)
    unplanned = Q(planned_at=None, status__in=sorted(_ACTIVE), dispatched_at__lt=end)
    finished = Q(finished_at__gte=start, finished_at__lt=end)
    for order in rows.filter(planned | unplanned | finished).order_by("planned_at", "id")[:1000]:
        own[order.engineer_id].append(order)
    return [(engineer, own[engineer.pk]) for engineer in engineers]
