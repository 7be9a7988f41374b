"""Files that a user handed in for a long job: kept under a random name until the job has read them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftercare.foundation.access import Actor, permission
from aftercare.foundation.refusals import NotFound, RuleBroken

IMPORT = permission("imports.run", gettext_lazy("导入登记簿"))
ENDINGS = (".csv", ".csv.gz", ".tsv", ".xlsx", ".xls", ".ods")
MAX_BYTES = 60 * 1024 * 1024
_TOKEN = re.compile(r"^\d+-[0-9a-f]{32}\.[a-z.]+$")


def keep(name: str, chunks: Iterable[bytes], *, size: int, actor: Actor) -> str:
    """Store an uploaded file; gives back the token by which only its owner finds it again."""
    actor.require_anywhere(IMPORT)
    ending = next((e for e in sorted(ENDINGS, key=len, reverse=True) if name.lower().endswith(e)), None)
    if ending is None:
        raise RuleBroken(_("请上传 CSV 或 Excel 文件"), code="bad_ending", field="file")
    if size > MAX_BYTES:
        raise RuleBroken(_("文件不能超过 60 MB"), code="file_too_large", field="file")
    token = f"{actor.employee_id or 0}-{secrets.token_hex(16)}{ending}"
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / token).open("wb") as file:
        for chunk in chunks:
            file.write(chunk)
    return token


def path_of(token: str, actor: Actor) -> Path:
    """Where the file of that token lies; not found for anybody but who handed it in."""
    path = _folder() / token
    if not _TOKEN.match(token) or not token.startswith(f"{actor.employee_id or 0}-") or not path.is_file():
        raise NotFound(_("没有找到上传的文件，请重新上传"))
    return path


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "uploads"
