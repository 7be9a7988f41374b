"""Tags, filters and drawings of the design system."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.messages.storage.base import Message
from django.http import HttpResponse
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from aftercare.web import codes, drawing, toasts
from aftercare.web.templatetags import ui

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def draw(source, **context):
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("minutes", "state", "text"),
    [
        (-61, "late", "超时 1时01分"),
        (0, "soon", "剩 0时00分"),
        (239, "soon", "剩 3时59分"),
        (240, "ok", "剩 4时00分"),
        (1500, "ok", "剩 1天1时"),
    ],
)
def test_countdown_is_late_below_zero_and_warns_below_four_hours(minutes, state, text):
    html = draw("{% countdown due %}", due=NOW + timedelta(minutes=minutes), now=NOW)
    assert f'class="sla {state}"' in html and text in html


def test_countdown_without_deadline_is_a_dash():
    assert "—" in draw("{% countdown due %}", due=None)


def test_moment_is_told_in_the_zone_of_the_branch():
    assert ">11-22 12:00<" in draw("{% when at %}", at=NOW, zone="Asia/Shanghai")
    assert ">2026-11-21 20:00<" in draw('{% when at "long" "America/Los_Angeles" %}', at=NOW)
    assert ">2026-11-22<" in draw("{% when at %}", at=date(2026, 11, 22))


@pytest.mark.parametrize(
    ("value", "text"), [(Decimal("1234567.5"), "1,234,567.50"), (0, "0.00"), ("-1200", "-1,200.00")]
)
def test_money_groups_thousands(value, text):
    assert ui.money(value) == text


def test_money_without_decimals():
    assert ui.money(Decimal("4378.2"), 0) == "4,378"


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "是"), (False, "否"), (Decimal("12.5"), "12.50"), (0, "0"), (date(2026, 1, 2), "2026-01-02")],
)
def test_cell_shows_any_value(value, text):
    assert str(ui.cell(value)) == text


@pytest.mark.parametrize(
    ("name", "text"), [("林晓燕", "晓燕"), ("赵军", "赵军"), ("Ada Lovelace", "AL"), ("", ""), (None, "")]
)
def test_initial_of_chinese_and_latin_names(name, text):
    assert ui.initial(name) == text


def test_query_string_is_edited_and_loses_page_and_empty_values():
    request = RequestFactory().get("/?status=new&q=&page=3&after=77")
    assert draw("{% qs sort='due' status=None %}", request=request) == "?sort=due"


def test_pill_shows_unknown_tones_as_quiet_and_escapes():
    assert ui.pill("<b>", "pink") == '<span class="pill tone-mute">&lt;b&gt;</span>'


@pytest.mark.parametrize(("code", "tag"), [("zh-hans", "zh-Hans"), ("zh-hant", "zh-Hant"), ("en", "en")])
def test_language_of_the_page_is_told(code, tag):
    with translation.override(code):
        assert ui.html_lang() == tag


@pytest.mark.parametrize(
    ("part", "whole", "share"), [(1, 2, 50.0), (5, 2, 100.0), (-1, 2, 0.0), (1, 0, 0.0), (None, 3, 0.0), (1, None, 0.0)]
)
def test_per_cent_stays_between_nothing_and_all(part, whole, share):
    assert drawing.calculate_percent(part, whole) == share


@pytest.mark.parametrize("largest", [0, 1, 3, 7, 9, 77, 80, 81, 999, 12345])
def test_chart_scale_covers_the_largest_value_with_whole_steps(largest):
    ceiling = drawing.calculate_scale(largest)
    assert ceiling >= largest and ceiling > 0 and ceiling <= max(4, largest * 2 + 4)


def test_charts_survive_no_data():
    assert "<svg" in drawing.draw_bars([], ["新增"], "空")
    assert "<svg" in drawing.draw_spark([])
    assert "<svg" in drawing.draw_donut([], "空")


def test_bars_escape_their_labels():
    html = drawing.draw_bars([{"label": "<x>", "values": [3]}], ["<y>"], "<z>")
    assert "<x>" not in html and "<y>" not in html and "<z>" not in html


def test_barcode_patterns_are_a_true_table():
    assert len(codes.PATTERNS) == 107 == len(set(codes.PATTERNS))
    assert all(sum(map(int, pattern)) == 11 for pattern in codes.PATTERNS[:-1])
    assert all(sum(map(int, pattern[::2])) % 2 == 0 for pattern in codes.PATTERNS[:-1])


def test_barcode_has_start_checksum_and_stop():
    assert codes.calculate_code128("PJJ123C") == [104, 48, 42, 42, 17, 18, 19, 35, 55, 106]


def test_barcode_packs_digits():
    assert codes.calculate_code128("123456")[:4] == [105, 12, 34, 56]
    assert codes.calculate_code128("12345")[0] == 105
    assert len(codes.calculate_code128("WO261122001926")) < len("WO261122001926") + 2


def test_barcode_of_chinese_is_left_out():
    assert codes.draw_code128("空调") == ""


def test_codes_can_be_read_back():
    zxingcpp, image = pytest.importorskip("zxingcpp"), pytest.importorskip("PIL.Image")
    modules = [m for value in codes.calculate_code128("WO26-1122a") for m in codes.PATTERNS[value]]
    picture = image.new("L", (10 * 2 + sum(map(int, modules)), 40), 255)
    x = 10
    for place, width in enumerate("".join(codes.PATTERNS[v] for v in codes.calculate_code128("WO26-1122a"))):
        # The stop sign has seven parts, all others six; bars and spaces alternate throughout.
        if place % 2 == 0:
            picture.paste(0, (x, 0, x + int(width), 40))
        x += int(width)
    found = zxingcpp.read_barcodes(picture.resize((picture.width * 3, 120)))
    assert [code.text for code in found] == ["WO26-1122a"]


def test_toast_travels_in_an_ascii_header_beside_other_triggers():
    response = HttpResponse(headers={"HX-Trigger": '{"saved": 1}'})
    toasts.attach(response, "已派工", undo_url="/undo/")
    assert response["HX-Trigger"].isascii()
    assert '"saved"' in response["HX-Trigger"] and "/undo/" in response["HX-Trigger"]


def test_message_carries_its_undo():
    assert toasts.find_undo_url(Message(20, "已派工", extra_tags="undo=/board/undo/7/")) == "/board/undo/7/"
    assert toasts.find_undo_url(Message(20, "已派工")) == ""
