"""Any label as QR, Code 128 and words, on a roll or on a sheet of twenty-four.

A subject makes `Label` rows and answers `answer(request, labels, …)`; everything else (size, first free place on a sheet, counts) is
done here. One label inside another paper is `{% include "components/label.html" with label=label %}`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftercare.foundation.refusals import RuleBroken
from aftercare.web.codes import calculate_code128

# Size → (label, per sheet, how many modules a bar code may have before its bars are finer than a label printer's dots).
SIZES: dict[str, tuple[Any, int, int]] = {
    "40x30": (gettext_lazy("标签纸 40×30 毫米"), 1, 150),
    "60x40": (gettext_lazy("标签纸 60×40 毫米"), 1, 220),
    "a4": (gettext_lazy("A4 每张 3×8"), 24, 260),
}
MOST = 480


@dataclass(frozen=True)
class Label:
    """One label: `code` is what a scanner reads (unless `link` is to stand in the QR), `lines` are small print, `mark` a word on top."""

    title: str
    code: str
    lines: tuple[str, ...] = ()
    mark: str = ""
    link: str = ""
    # Printed under the bars instead of the code, where the code is for machines only.
    shown: str = ""

    @property
    def qr_text(self) -> str:
        """What stands in the QR code."""
        return self.link or self.code


@dataclass(frozen=True)
class Wanted:
    """A label and how often; `key` names its count on the page."""

    key: str
    label: Label
    count: int = 1


def has_bars(text: str, size: str) -> bool:
    """Whether a Code 128 of that text is coarse enough for the size."""
    try:
        values = calculate_code128(text)
    except ValueError:
        return False
    return len(values) * 11 + 2 <= SIZES[size][2]


def _size(request: HttpRequest) -> str:
    """The size asked for, else the one used last in this browser, else the house's."""
    asked = request.GET.get("size", "")
    if asked in SIZES:
        if request.session.get("label_size") != asked:
            request.session["label_size"] = asked
        return asked
    kept = request.session.get("label_size", settings.AFTERCARE_LABEL_SIZE)
    return kept if kept in SIZES else "40x30"


def _whole(text: str | None, default: int, most: int) -> int:
    return min(int(text), most) if text is not None and text.isdigit() else default


def answer(request: HttpRequest, wanted: Sequence[Wanted], *, title: str, back_url: str) -> HttpResponse:
    """The page of labels: a bar with size, counts and first free place, and the sheets below as they print."""
    size = _size(request)
    per_sheet = SIZES[size][1]
    counts = [(one, _whole(request.GET.get(f"n-{one.key}"), one.count, 999)) for one in wanted]
    total = sum(count for _one, count in counts)
    if total > MOST:
        raise RuleBroken(_("一次最多打印 %(most)s 张标签，现在是 %(n)s 张") % {"most": MOST, "n": total}, code="too_many_labels")
    skip = _whole(request.GET.get("skip"), 0, 23) if per_sheet > 1 else 0
    labels = [one.label for one, count in counts for _n in range(count)]
    context = {
        "title": title, "back_url": back_url, "size": size, "sizes": [(key, label) for key, (label, _n, _m) in SIZES.items()],
        "counts": counts, "skip": skip, "is_sheet": per_sheet > 1, "total": total, "pages": list(_pages(labels, size, skip)),
        "keep": [(name, value) for name in ("pk", "n", "receipt", "depot") for value in request.GET.getlist(name)],
    }  # fmt: skip
    return render(request, "labels/sheets.html", context)


def _pages(labels: list[Label], size: str, skip: int) -> Iterable[list[dict]]:
    places: list[dict | None] = [None] * skip + [{"label": label, "has_bars": has_bars(label.code, size)} for label in labels]
    per_sheet = SIZES[size][1]
    for start in range(0, len(places), per_sheet):
        yield places[start : start + per_sheet]
