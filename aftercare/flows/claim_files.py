"""Claims as files: the workbook that goes to the supplier, and the one that comes back with his answers."""

from __future__ import annotations

import datetime as dt
import io
import json
import tempfile
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from aftercare.domain.entitlement import actions as entitlement
from aftercare.domain.entitlement import queries as claims
from aftercare.foundation import spreadsheet
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import RuleBroken
from aftercare.foundation.tabular import reader

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_BYTES = 3 * 1024 * 1024
_ENDINGS = (".xlsx", ".csv", ".json")


def name_of(claim) -> str:
    """The file's name: the claim's number."""
    return f"{claim.number}.xlsx"


def _heads() -> dict[str, Any]:
    """The columns of the file, by what they hold; the last three are the supplier's to fill in."""
    return {
        "line": _("行号"), "order": _("服务单号"), "audited_on": _("审核日"), "product": _("产品"), "serial": _("序列号"), "fault": _("故障"),
        "kind": _("种类"), "name": _("名称"), "qty": _("数量"), "claimed": _("索赔金额"), "answer": _("答复"), "accepted": _("认可金额"),
        "reason": _("答复理由"),
    }  # fmt: skip


_KINDS = {"line": "integer", "audited_on": "date", "qty": "quantity", "claimed": "money", "accepted": "money"}


def write_workbook(claim, *, zone: str) -> bytes:
    """The claim's lines as a workbook, without what they cost us; answered lines with their answers."""
    heads = _heads()
    columns = [spreadsheet.Column(str(head), _KINDS.get(key, "text")) for key, head in heads.items()]
    file = io.BytesIO()
    spreadsheet.write_xlsx(file, columns, (_row(line) for line in claims.lines_of_claim(claim)), title=claim.number, zone_name=zone)
    return file.getvalue()


def _row(line) -> list:
    return [
        line.pk, line.source_number, line.audited_on, line.product.name if line.product_id else "", line.asset.serial if line.asset_id else "",
        line.fault, str(line.get_kind_of_display()), line.name, line.qty, line.claimed_amount,
        str(line.get_answer_display()) if line.answer else "", line.accepted_amount if line.answer else None, line.answer_reason,
    ]


def take_answers(claim, name: str, content: bytes, *, actor: Actor, at: dt.datetime):
    """Note the answers of the supplier's file: lines without an answer are passed over; all others are taken or none.

    Gives back the claim. Refuses a file of another kind (`bad_ending`), too large, or not readable (`bad_file`).
    """
    ending = Path(name.lower()).suffix
    if ending not in _ENDINGS:
        raise RuleBroken(_("请上传 xlsx、csv 或 json 文件"), code="bad_ending", field="file")
    if len(content) > MAX_BYTES:
        raise RuleBroken(_("文件不能超过 3 MB"), code="file_too_large", field="file")
    rows = _read_json(content) if ending == ".json" else _read_table(ending, content)
    return entitlement.answer(claim, answers=[row for row in map(_as_answer, rows) if row], actor=actor, at=at)


def _read_json(content: bytes) -> list[dict]:
    try:
        data = json.loads(content)
        rows = data.get("answers", data.get("lines")) if isinstance(data, dict) else data
        return [{"line": row.get("line", row.get("id")), **{k: row.get(k) for k in ("answer", "accepted", "reason")}} for row in rows]
    except (ValueError, TypeError, AttributeError):
        raise RuleBroken(_("文件内容读不出来"), code="bad_file", field="file") from None


def _read_table(ending: str, content: bytes) -> list[dict]:
    heads = {str(head): key for key, head in _heads().items()}
    with translation.override(settings.LANGUAGE_CODE):
        heads |= {str(head): key for key, head in _heads().items()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"answers{ending}"
        path.write_bytes(content)
        try:
            found = reader.read_heads(path)
            rows = list(reader.read_rows(path))
        except Exception:
            raise RuleBroken(_("文件内容读不出来"), code="bad_file", field="file") from None
    if not {"line", "answer"} <= {heads.get(head) for head in found}:
        raise RuleBroken(_("文件缺少「行号」或「答复」列"), code="bad_file", field="file")
    return [{heads[head]: value for head, value in row.cells.items() if head in heads} for row in rows]


def _answers() -> dict[str, str]:
    return {_("认可"): "accepted", _("部分认可"): "partly", _("拒绝"): "rejected"}


def _as_answer(row: dict) -> dict[str, Any] | None:
    said = str(row.get("answer") or "").strip()
    if not said:
        return None
    words = {"accepted": "accepted", "partly": "partly", "rejected": "rejected"} | _answers()
    with translation.override(settings.LANGUAGE_CODE):  # the supplier's copy may be in the company's language
        words |= _answers()
    try:
        line = int(Decimal(str(row.get("line")).strip()))
        accepted = str(row.get("accepted") if row.get("accepted") is not None else "").replace(",", "").strip()
        amount = Decimal(accepted) if accepted else None
    except (InvalidOperation, ValueError):
        raise RuleBroken(_("行号或金额不是数字：%(row)s") % {"row": row.get("line")}, code="bad_file", field="file") from None
    answer = words.get(said, said)
    if answer != "partly":
        amount = None  # the file shows what was claimed; only a part needs its amount
    return {"line": line, "answer": answer, "accepted": amount, "reason": str(row.get("reason") or "").strip()}


def as_data(claim) -> dict[str, Any]:
    """The claim as JSON values, without what it cost us."""
    keys = list(_heads())
    lines = [dict(zip(keys, _row(line), strict=True)) for line in claims.lines_of_claim(claim)]
    for line in lines:
        line.update({name: str(value) for name, value in line.items() if isinstance(value, Decimal | dt.date)})
    return {"claim": claim.number, "supplier": claim.agreement.name, "currency": claim.currency, "claimed": str(claim.claimed_amount),
            "lines": lines}
