"""Substring search: every row that holds the text is found, on both databases, and nothing breaks it."""

import datetime as dt

import pytest
from django.apps import apps
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aftercare.foundation import search

pytestmark = pytest.mark.both
AT = dt.datetime(2026, 3, 10, tzinfo=dt.UTC)
TEXTS = {
    "1": "海尔冰箱 漏水 13800138000", "2": "格力空调不制冷 SN-88A12345", "3": "Ｍａｙａ Washing-Machine ＤＢ２", "4": "小米𠮷野家 Ünïcode Straße",
    "5": "ABCabc 010-88886666",
}


@pytest.fixture
def customers(db):
    branch = apps.get_model("people.Branch").objects.create(number="B", name="B", kind_of="branch")
    model = apps.get_model("parties.Customer")
    model.objects.bulk_create(
        model(number=n, name=t, name_key=n, branch=branch, created_at=AT, search=search.grams(t)) for n, t in TEXTS.items()
    )
    return model.objects


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("漏水", "1"), ("冰箱", "1"), ("制冷", "2"), ("不制冷", "2"), ("138", "1"), ("0138000", "1"), ("88a1", "2"), ("12345", "2"),
        ("maya", "3"), ("ＭＡＹＡ", "3"), ("machine", "3"), ("hing", "3"), ("𠮷野", "4"), ("strasse", "4"), ("nïcode", "4"), ("漏水 13", "1"), ("8888", "5"),
        ("888", "5"), ("cab", "5"), ("漏水 138", "1"), ("冰箱 空调", ""), ("热水", ""), ("99999", ""), ("db2", "3"), ("\x00'\"&|!():*", ""),
        ("", ""), ("OR", ""), ("NEAR(漏水)", ""),
    ],
)
def test_substrings_are_found(customers, text, found):
    assert "".join(customers.filter(search__grams=text).order_by("number").values_list("number", flat=True)) == found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=24))
@example("½⅓㉠Ⅷ")
@example("\U00030000\U00030001漏")
@example("กำลังซ่อม")
@example("İstanbul ﬁ ß ǆ")
@example("١٢٣ ๓๔")
def test_whatever_is_stored_is_found_by_any_of_its_parts(customers, text):
    row = customers.get(number="5")
    text = text.replace("\x00", "")
    type(row).objects.filter(pk=row.pk).update(search=search.grams(text))
    for piece in {text, text[1:], text[:-1], text[2:7]}:
        matches = customers.filter(search__grams=piece).values_list("number", flat=True)
        if search.searchable(piece) and search.fold(piece) in search.fold(text):
            assert "5" in matches, (text, piece)


def test_short_texts_are_not_asked_for():
    assert search.searchable("漏水") and search.searchable("138") and not search.searchable("漏") and not search.searchable("13")
    assert not search.searchable("") and not search.searchable("!?")


def test_the_index_follows_edits_and_deletions(customers):
    customers.filter(number="1").update(search=search.grams("热水器"))
    assert customers.filter(search__grams="热水").count() == 1
    assert not customers.filter(search__grams="漏水").exists()
    customers.filter(number="2").delete()
    assert not customers.filter(search__grams="制冷").exists()
