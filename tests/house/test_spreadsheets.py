"""There is one spreadsheet writer (reliability rule 18)."""

from tests.house import tree

WRITER = "aftercare/foundation/spreadsheet.py"
# csv may be read anywhere; whoever makes a writer makes cells that nobody guards.
_WRITERS = ("csv.writer", "csv.DictWriter", "openpyxl", "xlsxwriter", "xlwt", "odf")


def test_nobody_else_writes_spreadsheets():
    found = [
        f"{tree.shown(path)}: {word}"
        for path in tree.list_modules()
        for word in _WRITERS
        if word in path.read_text("utf-8") and tree.shown(path) != WRITER
    ]
    assert found == []
