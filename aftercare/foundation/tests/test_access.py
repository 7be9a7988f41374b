"""Deny by default; permissions reach branches, people or everywhere."""

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session

from aftercare.domain.settlement.models import Statement
from aftercare.foundation import access
from aftercare.foundation.access import EVERYWHERE, Actor, Reach
from aftercare.foundation.refusals import NotAllowed
from aftercare.foundation.tests.factories import SYSTEM, branch, holder, statement


def actor(scopes=None, **reaches):
    codes = {code.replace("__", "."): reach for code, reach in reaches.items()}
    return Actor("employee", 1, "x", reaches=codes, scopes=scopes)


def test_a_table_without_scope_is_seen_by_nobody():
    with pytest.raises(LookupError):
        access.visible(Session, SYSTEM)


def test_every_aggregate_has_a_scope_and_a_declared_permission():
    from aftercare.foundation.subjects import Subject

    missing = []
    for model in apps.get_models():
        if issubclass(model, Subject):
            try:
                if access.view_permission(model) not in access.PERMISSIONS:
                    missing.append(model._meta.label)
            except LookupError:
                missing.append(model._meta.label)
    assert missing == []


def test_nobody_may_anything_without_grants():
    nobody = Actor("employee", 1, "x")
    assert not nobody.may("a.b", branch_id=1) and not nobody.holds("a.b")
    with pytest.raises(NotAllowed):
        nobody.require("a.b", branch_id=1)
    with pytest.raises(NotAllowed):
        nobody.require_anywhere("a.b")


@pytest.mark.parametrize(
    ("reach", "branch_id", "people", "answer"),
    [
        (EVERYWHERE, None, (), True), (Reach(branches=frozenset({1})), 1, (), True),
        (Reach(branches=frozenset({1})), 2, (), False), (Reach(branches=frozenset({1})), None, (), False),
        (Reach(people=frozenset({7})), 1, (7,), True), (Reach(people=frozenset({7})), 1, (8, None), False),
        (Reach(), None, (None,), False),
    ],
)
def test_reach(reach, branch_id, people, answer):
    assert actor(a__b=reach).may("a.b", branch_id=branch_id, people=people) is answer


def test_reaches_add_up():
    both = Actor("employee", 1, "x", reaches={"a.b": Reach(branches=frozenset({1})), "*": Reach(people=frozenset({7}))})
    assert both.may("a.b", branch_id=1) and both.may("a.b", branch_id=2, people=[7]) and not both.may("a.b", branch_id=2)


@pytest.mark.parametrize(
    ("scopes", "code", "answer"),
    [
        (None, "a.edit", True), (frozenset(), "a.edit", False), (frozenset({"a.edit"}), "a.edit", True),
        (frozenset({"a.edit"}), "a.view_x", False), (frozenset({"read"}), "a.view_x", True),
        (frozenset({"read"}), "a.edit", False), (frozenset({"*"}), "a.edit", True),
    ],
)
def test_a_token_is_never_wider_than_its_scopes(scopes, code, answer):
    assert actor(scopes, **{"*": EVERYWHERE}).holds(code) is answer


@pytest.mark.django_db
def test_rows_of_branches_and_of_people():
    one, two = statement(branch("B1"), "1"), statement(branch("B2"), "2")
    see = "settlement.view_statement"

    def seen(who):
        return set(access.visible(Statement, who).values_list("pk", flat=True))

    assert seen(SYSTEM) == {one.pk, two.pk}
    assert seen(holder(see, branch_id=one.branch_id)) == {one.pk}
    assert seen(holder(see, people=[two.employee_id])) == {two.pk}
    assert seen(holder(see)) == seen(holder("other", branch_id=one.branch_id)) == set()
