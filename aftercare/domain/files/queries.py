"""Every read of files that others may use.

Who sees the document sees its files: `list_of` and `find_file` answer without asking, so that only the register of parents
(flows.attachments) calls them, after it asked the parent.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet, Sum

from aftercare.domain.files.lifecycle import FILE, Status
from aftercare.domain.files.models import KindOf, StoredFile
from aftercare.foundation import access
from aftercare.foundation.access import Actor

FILE_FILTERS = ("status", "kind_of", "source_kind", "branch")
KIND_CHOICES = KindOf.choices
STATUS_CHOICES = Status.choices


def list_files(actor: Actor, **filters) -> QuerySet[StoredFile]:
    """The register of files: those of the branches reached; page by ("-id",). Filters: status, kind_of, source_kind, branch (id)."""
    rows = access.visible(StoredFile, actor).select_related("branch")
    for name, value in filters.items():
        if name not in FILE_FILTERS:
            raise LookupError(name)
        if value not in (None, ""):
            rows = rows.filter(**{"branch_id" if name == "branch" else name: value})
    return rows


def list_of(sources: Iterable[tuple[str, int]]) -> list[StoredFile]:
    """Files of those documents (kind, id), oldest first, without those that were removed. One statement."""
    wanted = Q(pk__in=[])
    for kind, pk in sources:
        wanted |= Q(source_kind=kind, source_id=pk)
    return list(StoredFile.objects.filter(wanted, status=Status.BOUND).order_by("id"))


def find_file(number: str) -> StoredFile | None:
    """The file of that number, removed or not."""
    return StoredFile.objects.filter(number=number).first()


def list_loose(actor: Actor, numbers: Iterable[str]) -> list[StoredFile]:
    """Of these numbers the files that this very person handed in and that belong to nothing yet, in the order given."""
    found = {f.number: f for f in StoredFile.objects.filter(who=who_is(actor), status=Status.LOOSE, number__in=list(numbers))}
    return [found[number] for number in dict.fromkeys(numbers) if number in found]


def find_portrait(kind: str, pk: int) -> StoredFile | None:
    """The newest portrait of that person."""
    rows = StoredFile.objects.filter(source_kind=kind, source_id=pk, status=Status.BOUND, kind_of=KindOf.PORTRAIT)
    return rows.order_by("-id").first()


def first_pictures(kind: str, ids: Iterable[int]) -> dict[int, str]:
    """The number of the oldest picture of each of these documents, one of its outside before others; one statement."""
    rows = StoredFile.objects.filter(source_kind=kind, source_id__in=list(ids), status=Status.BOUND, width__isnull=False)
    found: dict[int, tuple[bool, int, str]] = {}
    for pk, source_id, kind_of, number in rows.order_by("id").values_list("pk", "source_id", "kind_of", "number"):
        rank = (kind_of != KindOf.APPEARANCE, pk, number)
        found[source_id] = min(found.get(source_id, rank), rank)
    return {source_id: number for source_id, (_other, _pk, number) in found.items()}


def count_of(kind: str, pk: int) -> int:
    """How many files that document has."""
    return StoredFile.objects.filter(source_kind=kind, source_id=pk, status=Status.BOUND).count()


def count_by_kind(kind: str, pk: int) -> dict[str, int]:
    """How many files that document has of each kind."""
    rows = StoredFile.objects.filter(source_kind=kind, source_id=pk, status=Status.BOUND).order_by()
    return dict(rows.values_list("kind_of").annotate(n=Count("id")))


def total_bytes() -> int:
    """Bytes of all files that are kept."""
    return StoredFile.objects.filter(swept_at=None).aggregate(n=Sum("size"))["n"] or 0


def who_is(actor: Actor) -> str:
    """Whose key a key is: the same key of two callers are two intents."""
    return f"{actor.kind}:{actor.id}"[:40]


def open_moves(file: StoredFile, actor: Actor) -> list:
    """The moves this actor may make now."""
    return FILE.open_moves(file, actor)
