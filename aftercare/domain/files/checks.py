"""What `aftercare check` proves about files: what the rows speak of lies on the disk, unchanged, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterator

from aftercare.domain.files.models import StoredFile
from aftercare.foundation import blobs
from aftercare.foundation.checks import register_check

_TOLD = 20
# Longer than the nightly sweep leaves a blob that a broken-off upload left behind.
_LEFT_BEHIND = 3 * 24 * 3600.0


@register_check("files.bytes")
def check_bytes() -> list[str]:
    """Every file that is kept lies there with the sum that its row says."""
    problems = []
    for problem in _problems():
        problems.append(problem)
        if len(problems) == _TOLD:
            return [*problems, "and perhaps more"]
    return problems


def _problems() -> Iterator[str]:
    known = set()
    for number, sha256 in StoredFile.objects.filter(swept_at=None).values_list("number", "sha256").iterator(2000):
        known.add(number)
        found = blobs.digest(number)
        if found is None:
            yield f"file {number} is not on the disk"
        elif found != sha256:
            yield f"file {number} has changed on the disk: {found[:12]} instead of {sha256[:12]}"
    for number in blobs.list_names(older_than=_LEFT_BEHIND):
        if number not in known:
            yield f"file {number} lies on the disk but no row speaks of it (the nightly sweep takes it away)"
