from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aftercare.domain.work import access as work
from aftercare.flows import long_jobs, registers, uploads
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import Refusal, RuleBroken
from aftercare.foundation.tabular import mapping, reader
from aftercare.web.pages.posting import perform
from aftercare.web.policy import actor_of, page

PREVIEW_ROWS = 20


@page(uploads.IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Hand a file in; below it one's own runs."""
    actor, refusal = actor_of(request), None
    kind = _kind(request, actor)
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None:
                raise RuleBroken(_("请选择文件"), code="required", field="file")
            token = uploads.keep(file.name, file.chunks(), size=file.size, actor=actor)
            reader.read_heads(uploads.path_of(token, actor))
            return redirect(f"/imports/files/{token}/?{urlencode({'name': file.name[:60], 'kind': kind})}")
        except Refusal as refused:
            refusal = refused
    labels = {"waiting": _("等待"), "running": _("执行中"), "done": _("完成"), "dead": _("失败停止")}
    jobs = [(job, labels.get(job.state, job.state)) for job in long_jobs.list_own(actor) if job.name == "import"]
    context = {"jobs": jobs, "refusal": refusal, "may_backfill": actor.holds(work.BACKFILL), "endings": ",".join(uploads.ENDINGS),
               "kind": kind, "kinds": list(registers.kinds_for(actor).items())}  # fmt: skip
    return render(request, "imports/start.html", context, status=422 if refusal else 200)


def _kind(request: HttpRequest, actor: Actor) -> str:
    """The kind of register that is handed in; the first that he may hand in where none is said."""
    offered = registers.kinds_for(actor)
    asked = request.POST.get("kind") or request.GET.get("kind", "")
    return asked if asked in offered else next(iter(offered))


@page(uploads.IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, token: str) -> HttpResponse:
    """Show how the columns were understood and the first rows as they will be taken; correct, try out, start."""
    actor = actor_of(request)
    path = uploads.path_of(token, actor)
    heads = reader.read_heads(path)
    kind = _kind(request, actor)
    known = registers.known(kind)
    data = request.POST or request.GET
    guess = registers.guess(heads, kind)
    columns = {rule.field: data.get(f"column-{rule.field}", "") for rule in known.rules}
    if not any(columns.values()):
        columns = {rule.field: rule.heads[0] for rule in guess.rules}
    chosen = mapping.chosen({field: head for field, head in columns.items() if head in heads}, known)
    if request.method == "POST":
        if not chosen.rules:
            raise RuleBroken(_("还没有对应任何一列，请先选列"), code="required", field="columns")
        return perform(request, f"import:{token}", _starter(request, path, chosen))
    context = {
        "token": token, "kind": kind, "name": request.GET.get("name", token), "heads": heads,
        "fields": [{"name": rule.field, "label": registers.FIELDS.get(rule.field, rule.field), "head": columns.get(rule.field, "")} for rule in known.rules],
        **_preview(path, chosen),
    }
    return render(request, "imports/check.html", context)


def _starter(request: HttpRequest, path: Path, chosen: mapping.Mapping):
    is_dry = request.POST.get("action") == "dry"

    def act(*, actor, at) -> str:
        params = {"path": str(path), "mapping": chosen.as_data(), "branch_id": actor.branch_id, "dry_run": is_dry}
        return f"/imports/jobs/{long_jobs.request('import', params, actor=actor, at=at)}/"

    return act


def _preview(path: Path, chosen: mapping.Mapping) -> dict[str, Any]:
    rows, fields = [], [rule.field for rule in chosen.rules]
    for row in islice(reader.read_rows(path), PREVIEW_ROWS):
        try:
            values = chosen.read(row.cells)
            rows.append({"number": row.number, "cells": [values.get(field, "") for field in fields], "problem": ""})
        except Refusal as refusal:
            rows.append({"number": row.number, "cells": [row.cells.get(r.heads[0], "") for r in chosen.rules], "problem": str(refusal)})
    return {"rows": rows, "labels": [registers.FIELDS.get(field, field) for field in fields], "bad": sum(bool(r["problem"]) for r in rows)}


@page(uploads.IMPORT)
def job(request: HttpRequest, key: int) -> HttpResponse:
    """How far a run is; asked again by htmx until it is done."""
    found = long_jobs.find(key, actor_of(request))
    context = {"job": found, "running": found.state in ("waiting", "running"), "result": found.result or {},
               "dry": found.params.get("dry_run")}
    part = request.headers.get("HX-Request")
    return render(request, "imports/_job.html" if part else "imports/job.html", context)


@page(uploads.IMPORT)
def errors(request: HttpRequest, key: int) -> HttpResponse:
    """The rows that were refused, with row number and reason, ready to be mended and handed in again."""
    path = long_jobs.result_path(key, actor_of(request))
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"import-{key}-errors.csv")


