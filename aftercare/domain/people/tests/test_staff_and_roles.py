"""Employees, roles, and that nobody gives more than he has."""

import datetime as dt
from decimal import Decimal

import pytest

from aftercare.domain.journal.models import Fact
from aftercare.domain.people import actions, queries
from aftercare.domain.people.models import Grant, Role
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def do(company):
    return {"actor": company.system, "at": company.at}


def test_edit_keeps_before_and_after(company, do):
    me = company.hire("me")
    fresh = actions.edit_employee(me, version=1, grade="高级", wage_amount=Decimal("5000"), **do)
    assert (fresh.version, fresh.grade) == (2, "高级")
    fact = Fact.objects.get(verb="people.employee.revise")
    assert fact.changes == {"grade": ["", "高级"], "wage_amount": ["0.00", "5000.00"]}


def test_wage_needs_the_right_to_see_it(company):
    me = company.hire("me")
    chief = company.actor(company.hire("chief", role="chief"))
    with pytest.raises(NotAllowed):
        actions.edit_employee(me, version=1, wage_amount=Decimal(1), actor=chief, at=company.at)


def test_employee_is_not_moved_where_the_actor_may_not(company, do):
    me = company.hire("me")
    chief = company.actor(company.hire("chief", role="chief"))
    with pytest.raises(NotAllowed):
        actions.edit_employee(me, version=1, branch=company.south, actor=chief, at=company.at)
    team = actions.create_department(branch=company.north, name="维修部", **do)
    me = actions.edit_employee(me, version=1, department=team, **do)
    with pytest.raises(RuleBroken) as refusal:
        actions.edit_employee(me, version=2, branch=company.south, department=team, **do)
    assert refusal.value.code == "department_elsewhere"
    moved = actions.edit_employee(me, version=2, branch=company.south, **do)
    assert moved.department_id is None


@pytest.mark.parametrize(("field", "value", "code"), [
    ("number", "other", "already_exists"), ("name", "", "required"), ("is_active", False, "field_not_editable"),
    ("wage_amount", Decimal("-1"), "amount_too_small"),
])
def test_wrong_fields_are_refused(company, do, field, value, code):
    company.hire("other")
    me = company.hire("me")
    with pytest.raises(RuleBroken) as refusal:
        actions.edit_employee(me, version=1, **{field: value}, **do)
    assert refusal.value.code == code


def test_leaving_closes_sign_in_and_tokens(company, do):
    me = company.hire("me", role="all")
    account = actions.create_account(me, password="long-enough-88", **do)
    _token, raw = actions.make_token(me, name="脚本", scopes=["read"], **do)
    left = actions.leave(me, version=1, on=dt.date(2026, 3, 4), **do)
    account.refresh_from_db()
    assert not account.is_active
    assert queries.authenticate_token(raw, at=company.at) is None
    with pytest.raises(RuleBroken) as refusal:
        actions.leave(left, version=2, on=dt.date(2026, 3, 4), **do)
    assert refusal.value.code == "already_left"
    with pytest.raises(RuleBroken):
        actions.open_account(account, **do)
    back = actions.rejoin(left, version=2, **do)
    assert back.is_active and back.left_on is None
    with pytest.raises(RuleBroken) as refusal:
        actions.rejoin(back, version=3, **do)
    assert refusal.value.code == "still_active"
    assert actions.open_account(account, **do).is_active


def test_certificates_come_and_go(company, do):
    me = company.hire("me")
    with pytest.raises(RuleBroken) as refusal:
        actions.add_certificate(me, name="电工证", issued_on=dt.date(2026, 2, 1), expires_on=dt.date(2026, 1, 1), **do)
    assert refusal.value.code == "expires_before_issue"
    found = actions.add_certificate(me, name="电工证", expires_on=dt.date(2026, 4, 1), **do)
    assert list(queries.list_expiring_certificates(company.system, until=dt.date(2026, 4, 1))) == [found]
    assert list(queries.list_expiring_certificates(company.system, until=dt.date(2026, 3, 31))) == []
    actions.remove_certificate(found, **do)
    found.pk = 1
    with pytest.raises(NotFound):
        actions.remove_certificate(found, **do)


def test_nobody_grants_more_than_he_has(company):
    chief = company.actor(company.hire("chief", role="chief"))
    me = company.hire("me")
    for code, branch, allowed in [
        ("branch", company.north, True), ("below", company.north, True), ("own", company.north, True),
        ("all", company.north, False), ("admin", company.north, False), ("branch", company.south, False),
    ]:
        role = Role.objects.get(code=code)
        if allowed:
            actions.grant(me, role=role, branch=branch, actor=chief, at=company.at)
        else:
            with pytest.raises(NotAllowed):
                actions.grant(me, role=role, branch=branch, actor=chief, at=company.at)
    assert set(Grant.objects.filter(employee=me).values_list("role__code", flat=True)) == {"branch", "below", "own"}


def test_roles_are_changed_for_the_whole_company_only(company):
    chief = company.actor(company.hire("chief", role="chief"))
    role = Role.objects.get(code="chief")
    with pytest.raises(NotAllowed):
        actions.edit_role(role, version=1, permissions=["people.view_wage"], actor=chief, at=company.at)
    with pytest.raises(NotAllowed):
        actions.create_role(code="new", name="新", permissions=[], actor=chief, at=company.at)


@pytest.mark.parametrize(("fields", "code"), [
    ({"permissions": ["no.such"]}, "unknown_permission"), ({"reach": "moon"}, "unknown_reach"),
    ({"code": "x"}, "field_not_editable"),
])
def test_wrong_roles_are_refused(company, do, fields, code):
    with pytest.raises(RuleBroken) as refusal:
        actions.edit_role(Role.objects.get(code="chief"), version=1, **fields, **do)
    assert refusal.value.code == code


def test_last_administrator_stays(company, do):
    held = company.grant(company.hire("boss"), "admin", company.head)
    with pytest.raises(RuleBroken) as refusal:
        actions.revoke(held, **do)
    assert refusal.value.code == "last_administrator"
    role = Role.objects.get(code="admin")
    with pytest.raises(RuleBroken):
        actions.edit_role(role, version=1, permissions=[], **do)
    company.grant(company.hire("second"), "admin", company.head)
    actions.revoke(held, **do)
    with pytest.raises(NotFound):
        actions.revoke(held, **do)


def test_grants_are_listed_as_far_as_people_are_visible(company):
    company.hire("far", company.south, role="branch")
    chief = company.hire("chief", role="chief")
    assert [g.employee.number for g in queries.list_grants(company.actor(chief))] == ["chief"]
    assert queries.list_grants(company.system).count() == 2


def test_default_roles_are_seeded_once(company, do):
    assert actions.seed_roles(**do) == 11
    assert actions.seed_roles(**do) == 0
    assert Role.objects.get(code="administrator").permissions == ["*"]
    dispatcher = Role.objects.get(code="dispatcher")
    assert "people.view_employee" in dispatcher.permissions and "people.view_wage" not in dispatcher.permissions
    assert not any("*" in code for code in dispatcher.permissions)
