"""Every text for people exists in every language; a placeholder lost in translation would break a page."""

import re

import polib
import pytest

from aftercare.commands import _traditional, messages

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
_FORMS = {"en": {0, 1}, "zh_Hant": {0}}
each = pytest.mark.parametrize("language", messages.CATALOGUES)


def _read(language: str) -> list[polib.POEntry]:
    path = messages.path_of(language)
    return list(polib.pofile(str(path))) if path.exists() else []


def _forms_of(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_no_text_is_untranslated():
    missing = messages.find_missing()
    assert {language: len(texts) for language, texts in missing.items()} == dict.fromkeys(missing, 0), missing


@each
def test_placeholders_survive_translation(language):
    wrong = [
        entry.msgid
        for entry in _read(language)
        for text in _forms_of(entry)
        if text and sorted(_PLACEHOLDER.findall(entry.msgid)) != sorted(_PLACEHOLDER.findall(text))
    ]
    assert wrong == []


@each
def test_plurals_have_all_forms_of_their_language(language):
    wrong = [e.msgid for e in _read(language) if e.msgid_plural and set(e.msgstr_plural) != _FORMS[language]]
    assert wrong == []


@each
def test_line_breaks_and_empty_texts_survive_translation(language):
    """gettext refuses a translation that begins or ends with a line break where its text does not."""
    wrong = [
        entry.msgid
        for entry in _read(language)
        for text in _forms_of(entry)
        if text and (entry.msgid[:1] == "\n", entry.msgid[-1:] == "\n") != (text[:1] == "\n", text[-1:] == "\n")
    ]
    assert wrong == []


def test_english_holds_no_chinese():
    """But for languages, which are named in their own script."""
    own_names = {"简体中文", "繁體中文"}
    chinese = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
    found = [e.msgid for e in _read("en") if e.msgid not in own_names and any(map(chinese.search, _forms_of(e)))]
    assert found == []


def test_traditional_chinese_is_what_the_tables_draw():
    """A translation mended in the catalogue alone would be lost by the next run; mend `_traditional.py`."""
    draw = _traditional.make_converter()
    wrong = [e.msgid for e in _read("zh_Hant") if _forms_of(e) != [draw(e.msgid_plural or e.msgid)]]
    assert wrong == []


def test_traditional_tables_have_no_dead_words():
    """A word that OpenCC never gives, or that does not change, would only look like a rule."""
    from opencc import OpenCC

    forth, back = OpenCC("s2tw").convert, OpenCC("tw2s").convert
    dead = [word for word, right in _traditional.WORDS.items() if word == right or forth(back(word)) != word]
    assert set(dead) - {"衝銷"} == set()  # OpenCC gives it only after some words
