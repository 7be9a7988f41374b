"""Hours as people write them (`08:30-12:00 13:00-17:30`) and as the calendar keeps them (minutes of the day)."""

import re

from django import forms
from django.utils.translation import gettext as _

_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~至]\s*(\d{1,2})[:：](\d{2})")


def parse_hours(text: str) -> list[tuple[int, int]]:
    """The intervals of a line in minutes; refuses a line that says anything else."""
    text = text.strip()
    if not text:
        return []
    if _SPAN.sub("", text).strip(" ,，、;；"):
        raise forms.ValidationError(_("请写成 08:30-12:00 13:00-17:30"), code="bad_hours")
    found = [(int(a) * 60 + int(b), int(c) * 60 + int(d)) for a, b, c, d in _SPAN.findall(text)]
    if any(start >= end or end > 1440 for start, end in found):
        raise forms.ValidationError(_("时段的结束要晚于开始"), code="bad_hours")
    return found


def show_hours(intervals) -> str:
    """The intervals as a line."""
    return "  ".join(f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in sorted(intervals))


class HoursField(forms.CharField):
    """One day's hours; empty means closed."""

    def clean(self, value):
        return parse_hours(super().clean(value))

    def prepare_value(self, value):
        return show_hours(value) if isinstance(value, list) else value
