"""A dialog whose view has no page of its own keeps what was typed: its form is sent by htmx, and a refusal is told in it."""

import re
from pathlib import Path

import pytest

from aftercare.foundation.refusals import Invalid
from aftercare.web.work import document
from aftercare.web.work.views import _cleaned

TEMPLATES = Path(__file__).parents[1] / "templates"
FORMS = {
    "custody/holding.html": "/holdings/{{ number }}/sign", "quotes/sign.html": "/quotes/{{ quote.number }}/sign",
    "reports/engineer_day.html": "/reports/engineer-day/sign", "reports/director_day.html": "/reports/director-day/sign",
    "components/dialog.html": "{{ url }}",
}


def test_forms_that_have_no_page_to_come_back_to_are_sent_without_leaving_it():
    for name, url in FORMS.items():
        text = (TEMPLATES / name).read_text(encoding="utf-8")
        form = re.search(rf'<form[^>]*action="{re.escape(url)}".*?data-once>', text)
        assert form and f'hx-post="{url}" hx-swap="none"' in form[0], name


def test_the_dialogs_of_an_order_that_are_sent_so():
    text = (TEMPLATES / "work/order.html").read_text(encoding="utf-8")
    assert set(re.findall(r'id="(\w+)"[^%]*?stays=True', text)) == {"cover", "collect"}


def test_what_is_told_in_the_dialog_names_its_field():
    with pytest.raises(Invalid) as refused:
        _cleaned(document.CoverForm({"service_class": "A", "parts": "100"}))
    first = refused.value.field
    label = document.CoverForm.base_fields[first].label
    assert str(refused.value.message).startswith(f"{label}：") and len(str(refused.value.message)) > len(f"{label}：")
