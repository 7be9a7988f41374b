"""How files look wherever they are shown: tiles, what may be done with them, the kinds that are usual there."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from aftercare.domain.files import queries as files
from aftercare.flows import attachments
from aftercare.foundation import filetypes
from aftercare.foundation.access import Actor

# What a picker offers; the server looks at the content, whatever the name says.
ACCEPT = ",".join(
    [*(one.media_type for one in filetypes.ALLOWED if one.is_picture), *(one.ending for one in filetypes.ALLOWED if not one.is_picture)]
)
_KINDS = dict(files.KIND_CHOICES)


def section(subject: Any, actor: Actor, *others: tuple[str, int], may_add: bool = True) -> dict:
    """Context `attached` of components/files.html for a document that the reader sees; `others` belong to it."""
    parent = attachments.PARENTS[subject.kind]
    key = subject.number_shown
    is_open = may_add and attachments.may_add(parent, subject, actor)
    return {
        "files": [tile(file) for file in attachments.list_of(subject, *others, actor=actor)],
        "upload_url": f"/files/of/{parent.noun}/{key}/" if is_open else "",
        "kinds": choices(parent.kinds),
        "accept": ACCEPT,
    }


def loose(actor: Actor, numbers: list[str], kinds: tuple[str, ...]) -> dict:
    """The same for a document that is still being written: its files lie with their uploader, named in hidden fields."""
    found = files.list_loose(actor, numbers) if numbers else []
    return {
        "files": [tile(file) | {"is_loose": True} for file in found], "upload_url": "/files/loose/",
        "kinds": choices(kinds), "accept": ACCEPT, "is_loose": True,
    }


def choices(kinds: tuple[str, ...]) -> list[tuple[str, str]]:
    """Kinds with their labels."""
    return [(kind, str(_KINDS[kind])) for kind in kinds]


def tile(file: Any) -> dict:
    """One tile."""
    return {
        "number": file.number,
        "name": file.name,
        "label": file.caption or file.name,
        "kind": "" if file.kind_of == "other" else file.get_kind_of_display(),
        "size": file.size,
        "url": f"/files/{file.number}/",
        "thumb": f"/files/{file.number}/thumb" if file.is_picture else "",
        "is_picture": file.is_picture,
    }


def told(subject: Any) -> str:
    """What is on file, in words for a printed receipt: `外观 2 张、铭牌 1 张`."""
    counts = files.count_by_kind(subject.kind, subject.pk)
    return _("、").join(_("%(kind)s %(n)s 份") % {"kind": label, "n": counts[kind]} for kind, label in files.KIND_CHOICES if kind in counts)


def origin(file: Any, actor: Actor) -> dict:
    """The document a file belongs to, as a link."""
    found = attachments.parent_of(file, actor)
    if found is None:
        return {"label": _("还没有归档"), "url": ""}
    parent, subject = found
    return {"label": f"{parent.label} {getattr(subject, 'code', '') or file.source_number}", "url": parent.page % subject.number_shown}
