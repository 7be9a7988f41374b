"""A register's rows as an Excel workbook: the same rows, filters and scope as the list on the page."""

from __future__ import annotations

import tempfile
from typing import Any

from django.http import FileResponse, HttpRequest
from django.utils.text import slugify
from django.utils.translation import gettext as _

from aftercare.foundation import clock, spreadsheet
from aftercare.web.pages.cells import Shown
from aftercare.web.pages.registers import Register
from aftercare.web.policy import actor_of, page

# Kinds of columns on pages that the spreadsheet calls otherwise.
CELL_KINDS = {"moment": "instant", "number": "quantity", "bool": "text"}
# More rows than this are written by `aftercare export`, not in a request.
ROW_CAP = 50_000


def view(register: Register):
    """The download of a register, with the list's policy."""

    @page(register.permission)
    def download(request: HttpRequest) -> FileResponse:
        shown = Shown(actor_of(request), clock.now())
        rows = register.narrowed(shown.actor, request.GET)
        rows = rows.order_by(*register.column_order(request.GET.get("sort", "")), "pk")[:ROW_CAP]
        columns = [spreadsheet.Column(str(c.label), CELL_KINDS.get(c.kind, c.kind)) for c in register.columns]
        words = {True: _("是"), False: _("否")}
        values = ([_plain(c.value(row, shown), words) for c in register.columns] for row in rows.iterator(2000))
        file = tempfile.TemporaryFile()  # closed by the response
        spreadsheet.write_xlsx(file, columns, values, title=str(register.title), zone_name=shown.actor.zone)
        file.seek(0)
        name = f"{slugify(register.slug)}-{shown.now.astimezone(shown.tz):%Y%m%d-%H%M}.xlsx"
        return FileResponse(file, as_attachment=True, filename=name)

    return download


def _plain(value: Any, words: dict[bool, str]) -> Any:
    """Yes and no in the reader's words; everything else as it is."""
    return words[value] if isinstance(value, bool) else value
