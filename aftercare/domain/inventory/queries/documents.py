"""Stock documents, read."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aftercare.domain.inventory.models import Document, DocumentLine
from aftercare.foundation.access import Actor, visible
from aftercare.foundation.refusals import NotFound


def list_documents(actor: Actor) -> QuerySet[Document]:
    """The stock documents the actor may see."""
    return visible(Document, actor).select_related("branch", "from_place", "to_place")


def get_document(key: int | str, actor: Actor) -> Document:
    """The stock document of that id or number; refuses one that is not seen."""
    named = {"pk": key} if isinstance(key, int) else {"number": key}
    found = list_documents(actor).filter(**named).first()
    if found is None:
        raise NotFound(_("没有找到出入库单"), kind="inventory.document")
    return found


def lines_of(document: Document) -> list[DocumentLine]:
    """The lines of a stock document, in order."""
    return list(DocumentLine.objects.filter(document=document).select_related("part", "bin").order_by("position"))
