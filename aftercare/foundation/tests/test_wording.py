"""Stored texts are in the company's language, whoever writes them."""

from django.utils import translation
from django.utils.translation import gettext

from aftercare.foundation import wording


def test_stored_texts_ignore_the_language_of_the_caller():
    with translation.override("en"):
        assert wording.stored(lambda: gettext("人工费")) == "人工费"
        assert gettext("人工费") == "Labour charge"
