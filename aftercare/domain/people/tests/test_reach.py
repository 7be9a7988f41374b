"""From grants to reaches."""

from aftercare.domain.people import rules
from aftercare.foundation.access import Reach


def test_patterns_take_and_leave_out():
    known = ["work.view_order", "work.audit", "work.dispatch", "catalog.view_cost"]
    assert rules.expand_permissions(["work.*", "!work.audit"], known) == ["work.dispatch", "work.view_order"]
    assert rules.expand_permissions(["*.view_*", "!*.view_cost"], known) == ["work.view_order"]
    assert rules.expand_permissions(["*"], known) == ["*"]
    assert rules.expand_permissions(["later.verb"], known) == ["later.verb"]


def test_reaches_of_several_grants_are_joined():
    grants = [
        rules.Grantable(("a",), "own", 1),
        rules.Grantable(("a", "b"), "branch", 2),
        rules.Grantable(("b",), "below", 3),
        rules.Grantable(("c",), "team", 1),
        rules.Grantable(("d",), "all", 1),
    ]
    found = rules.calculate_reaches(grants, employee_id=7, team=frozenset({7, 8}), below={3: frozenset({3, 4})})
    assert found == {
        "a": Reach(branches=frozenset({2}), people=frozenset({7})),
        "b": Reach(branches=frozenset({2, 3, 4})),
        "c": Reach(people=frozenset({7, 8})),
        "d": Reach(everywhere=True),
    }
