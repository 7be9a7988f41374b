import os

import pytest

from tests.access import table

# Every run asks a stranger to the house, one to the branch, and who sees his own rows only; `aftercare prove access --short`
# asks three trades more, without it the whole cast is asked.
ASKED = {
    "": ["nobody", "stranger", "engineer"], "trades": ["accountant", "keeper", "outlet"], "all": table.CAST,
}[os.environ.get("AFTERCARE_ACCESS", "")]
WRITES = bool(os.environ.get("AFTERCARE_WRITE_ACCESS"))


@pytest.mark.parametrize("name", ASKED)
def test_everybody_is_let_in_where_the_table_says(name, db):
    stage = table.play()
    answers = table.ask_all(stage, name)
    if WRITES:
        table.write_table(name, answers)
    expected = table.read_table()
    missing = sorted(set(answers) - set(expected))
    assert not missing, f"routes without a line in {table.FILE.name} (deny by default): {missing}"
    differing = {route: answer for route, answer in answers.items() if expected[route][name] != answer}
    assert not differing, f"{name} is answered otherwise than the table says: {differing}"


def test_no_line_speaks_of_a_route_that_is_gone():
    assert not sorted(set(table.read_table()) - set(table.list_routes()))
