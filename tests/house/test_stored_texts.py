"""What is written into the company's records is written in its language, not in that of whoever's screen it was."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2] / "aftercare"
# The fields that a record keeps for years; a form's label or a refusal has other names.
WRITTEN = re.compile(r"\b(?:reason|memo|note|because|remark)=_\(")


def test_no_verb_writes_a_text_of_ours_in_the_readers_language():
    files = [path for path in (*ROOT.glob("flows/**/*.py"), *ROOT.glob("domain/*/actions/*.py"), *ROOT.glob("domain/*/actions.py"))
             if "tests" not in path.parts]
    assert len(files) > 100
    assert [f"{path.relative_to(ROOT)}" for path in files if WRITTEN.search(path.read_text(encoding="utf-8"))] == []


def test_the_look_finds_what_it_is_for():
    assert WRITTEN.search('skip(visit, reason=_("合同暂停"))') and not WRITTEN.search('skip(visit, reason=stored(lambda: _("合同暂停")))')
