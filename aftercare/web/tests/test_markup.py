"""The quick ways of drawing say what the slow ones say."""

from decimal import Decimal

import pytest
from django.http import HttpRequest
from django.utils import html, safestring, translation
from django.utils.translation import gettext_lazy

from aftercare.web import markup, once, shells

VALUES = ["漏水", "<b>'\"&", safestring.mark_safe("<b>"), 3, None, Decimal("1.50"), gettext_lazy("未派"), ""]


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_escaping_is_djangos(value, language):
    with translation.override(language):
        ours = markup.conditional_escape(value)
        assert ours == html.conditional_escape(value) and isinstance(ours, safestring.SafeString)
        pattern = '<a href="{}">{name}</a>'
        ours = markup.format_html(pattern, value, name=value)
        assert ours == html.format_html(pattern, value, name=value) and isinstance(ours, safestring.SafeString)


def test_pieces_of_the_shell_escape_what_they_show():
    evil = "<i>&\""
    drawn = [
        shells.draw_sections([{"label": evil, "entries": [{"label": evil, "url": evil, "icon": "", "count": evil, "current": True}]}]),
        shells.draw_tabs([{"label": evil, "url": evil, "count": evil, "current": True}], "star"),
        shells.draw_options([(evil, evil)], evil),
        shells.draw_heads([{"label": evil, "sort_url": evil, "direction": "descending", "cls": evil}]),
    ]
    assert all("&lt;i&gt;&amp;&quot;" in piece and evil not in piece for piece in drawn)
    assert 'aria-current="page"' in drawn[0] and 'aria-current="page"' in drawn[1]
    assert " selected" in drawn[2] and 'aria-sort="descending"' in drawn[3] and "▼" in drawn[3]
    assert shells.draw_options([(1, "一"), (2, "二")], "2").count("selected") == 1
    assert shells.draw_options([("", "全部")], None).count("selected") == 0


def test_an_answer_is_kept_while_a_page_is_read_and_never_while_something_is_written():
    asked = []

    def look():
        asked.append(1)
        return len(asked)

    request = HttpRequest()
    for method, answers in (("GET", [1, 1]), ("GET", [2, 2]), ("POST", [3, 4])):
        request.method = method
        with once.during(request):
            assert [once.ask("key", look) for _ in range(2)] == answers
    assert [once.ask("key", look) for _ in range(2)] == [5, 6]
