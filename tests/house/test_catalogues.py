"""Every text for people exists in every language; a placeholder lost in translation would break a page."""

import re

import polib
import pytest

from aftercare.commands import messages

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def test_no_text_is_untranslated():
    missing = messages.find_missing()
    assert {language: len(texts) for language, texts in missing.items()} == dict.fromkeys(missing, 0), missing


@pytest.mark.parametrize("language", messages.CATALOGUES)
def test_placeholders_survive_translation(language):
    path = messages.path_of(language)
    entries = polib.pofile(str(path)) if path.exists() else []
    wrong = [
        entry.msgid
        for entry in entries
        if entry.msgstr and sorted(_PLACEHOLDER.findall(entry.msgid)) != sorted(_PLACEHOLDER.findall(entry.msgstr))
    ]
    assert wrong == []
