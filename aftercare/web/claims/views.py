"""A claim's page, its file, the supplier's answers, and the comparison of claims with cost."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from aftercare.domain.entitlement import access, actions, queries
from aftercare.domain.entitlement.lifecycle import CLAIM
from aftercare.flows import claim_files
from aftercare.foundation import clock
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import Refusal, RuleBroken
from aftercare.web.claims import forms
from aftercare.web.claims.registers import ANSWER_TONES, TONES, address_of
from aftercare.web.pages import buttons, fields, spans, timelines
from aftercare.web.pages.edits import attach
from aftercare.web.pages.moves import MoveDoor
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page


def _reason(actor: Actor, row: Any) -> django_forms.Field:
    return django_forms.CharField(label=_("原因"), max_length=200, required=False)


MOVES = MoveDoor(
    slug="claim",
    lifecycle=CLAIM,
    load=queries.get_claim,
    address=address_of,
    # Answers have a page of their own.
    runs={"send": actions.send, "cancel": actions.cancel, "reimburse": actions.reimburse, "close": actions.close},
    asks={"reason": _reason, "amount": lambda actor, row: fields.money(_("赔付金额"), initial=row.accepted_amount)},
    more={"reimburse": ("reason",)},
)


@page(access.VIEW_CLAIM)
def show(request: HttpRequest, key: str) -> HttpResponse:
    """What is claimed, what the supplier answered, and what he paid."""
    actor = actor_of(request)
    claim = queries.get_claim(key, actor)
    may_keep = actor.may(access.KEEP_CLAIM, branch_id=claim.branch_id)
    moves = MOVES.buttons(claim, actor)
    lines = queries.lines_of_claim(claim)
    context = {
        "claim": claim, "title": claim.agreement.name, "number": claim.number, "list_label": _t("供应商索赔"), "list_url": "/claims/",
        "status": {"label": claim.get_status_display(), "tone": TONES[claim.status]}, "sub": claim.branch.name,
        "moves": [b for b in moves if not b["primary"]] + [b for b in moves if b["primary"]],
        "lines": [(line, ANSWER_TONES[line.answer]) for line in lines], "may_answer": may_keep and claim.status in ("sent", "answered")
        and any(not line.answer for line in lines), "may_change": may_keep and claim.status == "open",
        "difference": claim.accepted_amount - claim.cost_amount if claim.answered_at else None,
        "events": timelines.events("entitlement.supplierclaim", claim.pk, zone_name=actor.zone), "zone": actor.zone,
    }  # fmt: skip
    return render(request, "claims/claim.html", context)


@page(access.VIEW_CLAIM)
def workbook(request: HttpRequest, key: str) -> HttpResponse:
    """The file that goes to the supplier and comes back with his answers."""
    actor = actor_of(request)
    claim = queries.get_claim(key, actor)
    answer = HttpResponse(claim_files.write_workbook(claim, zone=actor.zone), content_type=claim_files.MEDIA_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{claim_files.name_of(claim)}"'
    return answer


@page(access.VIEW_CLAIM)
def as_json(request: HttpRequest, key: str) -> HttpResponse:
    """The same lines as JSON, for suppliers whose systems read it."""
    claim = queries.get_claim(key, actor_of(request))
    answer = JsonResponse(claim_files.as_data(claim), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{claim.number}.json"'
    return answer


@page(access.KEEP_CLAIM)
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """Write the supplier's answers down line by line, or read them from the file that he sent back."""
    actor = actor_of(request)
    claim = queries.get_claim(key, actor)
    form = forms.of_claim(claim, request.POST if request.method == "POST" else None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            return perform(request, f"claim.answer:{key}", _answerer(claim, form.answers()), done=_t("已登记答复"))
        except Refusal as refused:
            refusal = attach(form, refused)
    context = {
        "title": _t("登记答复"), "list_label": claim.number, "list_url": address_of(claim), "claim": claim, "form": form, "refusal": refusal,
        "rows": form.rows(),
    }
    return render(request, "claims/answer.html", context, status=422 if request.method == "POST" else 200)


def _answerer(claim: Any, answers: list[dict]):
    def act(*, actor: Actor, at: dt.datetime) -> str:
        actions.answer(claim, answers=answers, actor=actor, at=at)
        return address_of(claim)

    return act


@page(access.KEEP_CLAIM)
@require_POST
def answer_file(request: HttpRequest, key: str) -> HttpResponse:
    """Read the answers from the supplier's file; all are taken or none."""
    claim = queries.get_claim(key, actor_of(request))
    file = request.FILES.get("file")
    if file is None:
        raise RuleBroken(_t("请选择文件"), code="file_missing", field="file")
    if file.size > claim_files.MAX_BYTES:
        raise RuleBroken(_t("文件不能超过 3 MB"), code="file_too_large", field="file")
    content = file.read()

    def act(*, actor: Actor, at: dt.datetime) -> str:
        claim_files.take_answers(claim, file.name or "", content, actor=actor, at=at)
        return address_of(claim)

    return perform(request, f"claim.answer_file:{key}", act, done=_t("已登记答复"))


@page(access.VIEW_CLAIM)
def compare(request: HttpRequest) -> HttpResponse:
    """Claimed, accepted, reimbursed and cost, by supplier, product and month of the audit."""
    actor = actor_of(request)
    chosen = request.GET.get("span", "year")
    today = clock.local_day(clock.now(), actor.zone)
    span = spans.read(chosen) or (today.replace(month=1, day=1), today)
    rows = queries.list_claim_lines(actor).filter(audited_on__range=span)
    heads = (_t("供应商"), _t("产品"), _t("月份"))
    context = {
        "title": _t("索赔与成本对比"), "span": span, "chosen": chosen, "spans": spans.SPANS,
        "tables": list(zip(heads, queries.compare(rows).groups, strict=True)),
    }
    return render(request, "claims/compare.html", context)


def _take_off(key: str, line_id: int, *, actor: Actor, at: dt.datetime) -> str:
    claim = queries.get_claim(key, actor)
    actions.take_off(claim, line_id, actor=actor, at=at)
    return address_of(claim)


take_off = buttons.view(access.KEEP_CLAIM, "claim.take_off", _take_off, done=_("已去掉"))
