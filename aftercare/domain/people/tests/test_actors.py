"""From grants to what somebody sees and may do."""

import datetime as dt

import pytest

from aftercare.domain.people import actions, queries
from aftercare.domain.people.models import Department, Employee, Role
from aftercare.foundation.refusals import NotFound

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def _seen(actor):
    return set(queries.list_employees(actor).values_list("number", flat=True))


@pytest.mark.parametrize(
    ("reach", "seen"),
    [
        ("own", {"me"}),
        ("team", {"me", "mate"}),
        ("branch", {"me", "mate", "other"}),
        ("below", {"me", "mate", "other", "below"}),
        ("all", {"me", "mate", "other", "below", "far"}),
    ],
)
def test_reach_decides_who_is_seen(company, reach, seen):
    team = actions.create_department(branch=company.north, name="维修部", actor=company.system, at=company.at)
    me = company.hire("me", role=reach, department=team)
    company.hire("mate", department=team)
    company.hire("other")
    company.hire("below", company.outlet)
    company.hire("far", company.south)
    assert _seen(company.actor(me)) == seen


def test_nothing_is_allowed_that_no_role_grants(company):
    me = company.hire("me")
    actor = company.actor(me)
    assert _seen(actor) == set()
    assert list(queries.list_branches(actor)) == []
    with pytest.raises(NotFound):
        queries.get_employee("me", actor)


def test_own_branch_is_always_visible_to_who_sees_branches(company):
    actor = company.actor(company.hire("me", role="own"))
    assert [b.number for b in queries.list_branches(actor)] == ["N"]


def test_role_edit_acts_at_once(company):
    me = company.hire("me", role="branch")
    assert company.actor(me).holds("people.view_employee")
    role = Role.objects.get(code="branch")
    actions.edit_role(role, version=role.version, permissions=["people.view_branch"], actor=company.system, at=company.at)
    assert not company.actor(me).holds("people.view_employee")


def test_new_branch_is_reached_at_once(company):
    me = company.hire("me", role="below")
    assert company.outlet.pk in company.actor(me).reach("people.view_branch").branches
    new = actions.create_branch(number="N2", name="新网点", parent=company.north, actor=company.system, at=company.at)
    assert new.pk in company.actor(me).reach("people.view_branch").branches


def test_who_left_may_nothing(company):
    me = company.hire("me", role="all")
    actions.leave(me, version=me.version, on=dt.date(2026, 3, 4), actor=company.system, at=company.at)
    assert not company.actor(me).holds("people.view_employee")


def test_warm_actor_takes_one_statement(company, django_assert_num_queries):
    me = Employee.objects.select_related("branch").get(pk=company.hire("me", role="below").pk)
    with django_assert_num_queries(3):  # mark, grants with roles, tree
        queries.actor_for(me)
    with django_assert_num_queries(1):
        queries.actor_for(me)


def test_traits_of_many_engineers_take_three_statements(company, django_assert_num_queries):
    actions.seed_regions(actor=company.system, at=company.at)
    district = queries.get_region("110105")
    people = [company.hire(f"e{i}", is_engineer=True) for i in range(5)]
    do = {"actor": company.system, "at": company.at}
    actions.set_skills(people[0], category_codes=["AC", "TV"], **do)
    actions.set_skills(people[1], category_codes=[""], **do)
    actions.add_certificate(people[0], name="制冷证", category_code="AC", expires_on=dt.date(2026, 5, 1), **do)
    actions.set_coverage(region=queries.get_region("110100"), branch=company.north, employee=people[0], **do)
    with django_assert_num_queries(3):
        traits = queries.engineer_traits([e.pk for e in people])
    first, second, third = (traits[e.pk] for e in people[:3])
    assert first.has_skill("AC") and not first.has_skill("PC") and second.has_skill("PC") and not third.has_skill("AC")
    assert first.has_certificate("AC", dt.date(2026, 5, 1)) and not first.has_certificate("AC", dt.date(2026, 5, 2))
    assert first.serves(district.code) and not second.serves(district.code)


def test_departments_are_those_of_the_branch(company):
    south = actions.create_department(branch=company.south, name="维修部", actor=company.system, at=company.at)
    actor = company.actor(company.hire("me", role="branch"))
    assert list(queries.list_departments(actor)) == []
    assert list(queries.list_departments(company.system)) == [south]
    assert Department.objects.count() == 1
