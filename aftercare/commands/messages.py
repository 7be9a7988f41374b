"""Collect the texts of pages and refusals into catalogues, and compile them. No gettext programs are needed.

The words in the code are simplified Chinese. English is written by people in its catalogue and kept from run to run;
traditional Chinese is drawn anew each time from the tables in `_traditional`, so a mended word holds for later texts too.
"""

import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from django.conf import settings

from aftercare.commands import CommandFailed

CATALOGUES = ("en", "zh_Hant")


def add_arguments(parser: ArgumentParser) -> None:
    """What to do beside collecting."""
    parser.add_argument("--check", action="store_true", help="change nothing; status 1 when a text is untranslated")
    parser.add_argument("--compile", action="store_true", help="only compile")


def run(options: Namespace) -> int:
    """Collect new texts, drop those gone, list the untranslated, draw the traditional Chinese, compile."""
    if options.compile:
        compile_stale(force=True)
        return 0
    if options.check:
        missing = find_missing()
        for language, texts in missing.items():
            for text in texts:
                print(f"{language}: {text}")
        return 1 if any(missing.values()) else 0
    from aftercare.commands import _extract

    found = _extract.collect(settings.PACKAGE_DIR)
    for language in CATALOGUES:
        new, gone = _merge(language, found)
        empty = _find_empty(language)
        print(f"{language}: {len(found)} texts, {new} new, {gone} gone, {len(empty)} untranslated")
        for msgid in empty:
            print(f"  {msgid}")
    compile_stale(force=True)
    return 0


def path_of(language: str) -> Path:
    """Where the catalogue of a language lies."""
    return settings.PACKAGE_DIR / "locale" / language / "LC_MESSAGES" / "django.po"


def find_missing() -> dict[str, list[str]]:
    """Per language the texts of the code that have no translation; what the test of the catalogues reads."""
    import polib

    from aftercare.commands import _extract

    found = _extract.collect(settings.PACKAGE_DIR)
    missing = {}
    for language in CATALOGUES:
        path = path_of(language)
        done = {(e.msgctxt, e.msgid) for e in polib.pofile(str(path)) if e.translated()} if path.exists() else set()
        missing[language] = [text.msgid for text in found if (text.context, text.msgid) not in done]
    return missing


def compile_stale(*, force: bool = False) -> None:
    """Compile the catalogues whose compiled form is missing or older."""
    for language in CATALOGUES:
        source = path_of(language)
        target = source.with_suffix(".mo")
        if not source.exists():
            continue
        if not force and target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        import polib

        try:
            part = target.with_suffix(f".{os.getpid()}.part")
            polib.pofile(str(source)).save_as_mofile(str(part))
            part.replace(target)
        except OSError as error:  # an installed package may lie in a folder that is not ours to write
            print(f"aftercare: {target} could not be written: {error}", file=sys.stderr)


def _merge(language: str, found) -> tuple[int, int]:
    import polib

    path = path_of(language)
    old = polib.pofile(str(path)) if path.exists() else []
    kept = {(entry.msgctxt, entry.msgid, entry.msgid_plural or None): entry for entry in old}
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "Plural-Forms": "nplurals=2; plural=(n != 1);" if language == "en" else "nplurals=1; plural=0;",
    }
    draft = _drafter(language)
    new = 0
    for text in found:
        entry = kept.pop((text.context, text.msgid, text.plural), None)
        if entry is None:
            new += 1
            entry = polib.POEntry(msgid=text.msgid, msgctxt=text.context, msgid_plural=text.plural or "")
            if text.plural:
                entry.msgstr_plural = {0: "", 1: ""} if language == "en" else {0: ""}
        if draft and text.plural:
            entry.msgstr_plural = {0: draft(text.plural)}
        elif draft:
            entry.msgstr = draft(text.msgid)
        entry.occurrences = []  # line numbers would change with every edit
        entry.obsolete = False
        entry.flags = ["python-format"] if "%(" in text.msgid else []
        catalogue.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    return new, len([entry for entry in kept.values() if not entry.obsolete])


def _drafter(language: str):
    """What writes the translations of a language anew each time; None where people write them."""
    if language != "zh_Hant":
        return None
    from aftercare.commands import _traditional

    try:
        return _traditional.make_converter()
    except ImportError as error:
        raise CommandFailed("drafting zh_Hant needs opencc-python-reimplemented (requirements/test.txt)") from error


def _find_empty(language: str) -> list[str]:
    import polib

    empty = [entry for entry in polib.pofile(str(path_of(language))) if not entry.translated()]
    return [f"{entry.msgid} [{entry.msgctxt}]" if entry.msgctxt else entry.msgid for entry in empty]
