"""Texts of ours that are written into the company's records."""

from collections.abc import Callable

from django.conf import settings
from django.utils import translation


def stored(say: Callable[[], str]) -> str:
    """What `say` answers in the company's language.

    A name on a bill or the reason of a recall is read by others, for years; it must not come in the language that the
    caller happens to have set on his screen. Refusals and pages stay in the reader's language.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return str(say())
