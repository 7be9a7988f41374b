"""Roles that exist when a version brings new permissions: the product's own get them, others are asked."""

import datetime as dt
import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps

from aftercare.domain.journal.models import Fact
from aftercare.domain.people import actions, queries, roles_default, rules
from aftercare.domain.people.models import Role
from aftercare.foundation.access import PERMISSIONS
from aftercare.foundation.refusals import NotAllowed, RuleBroken, Stale

AT = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db
MIGRATION = importlib.import_module("aftercare.domain.people.migrations.0003_roles_renewed")
# What came after the first companies were founded; the names stand here because existing companies lacked them.
LATER = (
    "cores.*", "custody.keep", "custody.lend", "custody.hold", "custody.set_rules", "custody.dispose", "inventory.*count*", "inventory.classify",
    "assets.undo_exchange", "entitlement.undo*", "entitlement.claim_right", "entitlement.sell*",
)  # fmt: skip


@pytest.fixture
def do(company):
    """Who does it, and when."""
    return {"actor": company.system, "at": AT}


def _later() -> set[str]:
    return set(rules.expand_permissions(LATER, PERMISSIONS)) & set(PERMISSIONS)


def _permissions(code: str) -> set[str]:
    return set(Role.objects.get(code=code).permissions)


@pytest.fixture
def old_company(do):
    """Founded before any of that existed, by a version that did not write down what a role was made from."""
    actions.seed_roles(**do)
    for role in Role.objects.exclude(code="administrator"):
        Role.objects.filter(pk=role.pk).update(permissions=sorted(set(role.permissions) - _later()))
    Role.objects.update(template="", known=[], offered=[])
    return do


def _bring_up_to_date(do):
    MIGRATION.know_templates(apps, SimpleNamespace())
    return actions.renew_roles(**do)


def test_untouched_roles_of_an_old_company_get_what_their_templates_got(old_company):
    granted = _bring_up_to_date(old_company)
    for code, now in queries.template_permissions().items():
        role = Role.objects.get(code=code)
        assert (set(role.permissions), role.offered, role.template) == (set(now), [], code)
    assert {"cores.receive", "custody.keep", "inventory.count"} <= set(granted["keeper"])
    assert {"cores.charge", "custody.hold"} <= set(granted["accountant"])
    assert "assets.undo_exchange" in granted["manager"] and "administrator" not in granted
    told = Fact.objects.get(kind="people.role", verb="people.role.renew", object_id=Role.objects.get(code="keeper").pk)
    assert told.actor_kind == "system" and set(told.changes["permissions"][1]) - set(told.changes["permissions"][0]) == set(granted["keeper"])
    assert actions.renew_roles(**old_company) == {}
    assert Fact.objects.filter(verb="people.role.renew").count() == len(granted)


def test_a_role_that_people_made_narrower_is_only_offered_it(old_company):
    keeper = Role.objects.get(code="keeper")
    narrower = [code for code in keeper.permissions if code != "inventory.move"]
    assert len(narrower) < len(keeper.permissions)
    actions.edit_role(keeper, version=keeper.version, permissions=narrower, **old_company)
    granted = _bring_up_to_date(old_company)
    keeper.refresh_from_db()
    assert "keeper" not in granted and set(keeper.permissions) == set(narrower)
    assert {"cores.receive", "custody.keep"} <= set(keeper.offered)
    # What people took away themselves is not new and is not offered.
    assert "inventory.move" not in keeper.offered and queries.count_offers(old_company["actor"]) == 1


def test_a_role_that_people_made_wider_still_follows_its_template(old_company):
    keeper = Role.objects.get(code="keeper")
    actions.edit_role(keeper, version=keeper.version, permissions=[*keeper.permissions, "people.edit_employee"], **old_company)
    _bring_up_to_date(old_company)
    assert _permissions("keeper") == set(queries.template_permissions()["keeper"]) | {"people.edit_employee"}


def test_a_role_of_ones_own_is_offered_what_is_new_in_its_rooms(old_company):
    actions.create_role(code="night", name="夜班", permissions=["custody.view_custody"], **old_company)
    Role.objects.filter(code="night").update(known=[])
    _bring_up_to_date(old_company)
    night = Role.objects.get(code="night")
    assert night.template == "" and set(night.permissions) == {"custody.view_custody"}
    assert "custody.keep" in night.offered and {code.split(".")[0] for code in night.offered} == {"custody"}


def test_a_role_with_a_templates_code_that_people_made_is_theirs(do):
    actions.create_role(code="keeper", name="自建", permissions=["custody.view_custody"], **do)
    Role.objects.update(known=[])
    assert _bring_up_to_date(do) == {} and Role.objects.get(code="keeper").template == ""


def test_offers_are_granted_or_declined_and_never_come_again(old_company):
    keeper = Role.objects.get(code="keeper")
    actions.edit_role(keeper, version=keeper.version, permissions=sorted(set(keeper.permissions) - {"inventory.move"}), **old_company)
    _bring_up_to_date(old_company)
    keeper.refresh_from_db()
    with pytest.raises(RuleBroken) as refused:
        actions.grant_offered(keeper, permissions=["people.edit_role"], version=keeper.version, **old_company)
    assert refused.value.code == "not_offered"
    after = actions.grant_offered(keeper, permissions=["cores.receive"], version=keeper.version, **old_company)
    assert "cores.receive" in after.permissions and "cores.receive" not in after.offered
    with pytest.raises(Stale):
        actions.decline_offered(keeper, version=keeper.version, **old_company)
    after = actions.decline_offered(after, version=after.version, **old_company)
    assert after.offered == [] and "cores.ship" not in after.permissions
    assert actions.renew_roles(**old_company) == {} and Role.objects.get(code="keeper").offered == []
    # Ticked in the form it leaves the list of offers, too.
    Role.objects.filter(code="keeper").update(offered=["cores.ship"])
    fresh = Role.objects.get(code="keeper")
    assert actions.edit_role(fresh, version=fresh.version, permissions=[*fresh.permissions, "cores.ship"], **old_company).offered == []


def test_only_who_edits_roles_everywhere_answers(company, do):
    role = actions.create_role(code="night", name="夜班", permissions=[], **do)
    Role.objects.filter(pk=role.pk).update(offered=["cores.ship"])
    role.refresh_from_db()
    chief = company.actor(company.hire("chief", role="chief"))
    for answer in (actions.grant_offered, actions.decline_offered):
        with pytest.raises(NotAllowed):
            answer(role, version=role.version, actor=chief, at=do["at"])


def test_a_new_default_role_is_made_for_a_founded_company_only(do, monkeypatch):
    assert actions.renew_roles(**do) == {} and not Role.objects.filter(code="keeper").exists()
    actions.seed_roles(**do)
    new = roles_default.DefaultRole("porter", "搬运工", "branch", ("custody.view*",))
    monkeypatch.setattr(roles_default, "DEFAULT_ROLES", (*roles_default.DEFAULT_ROLES, new))
    actions.renew_roles(**do)
    assert "custody.view_custody" in _permissions("porter")


def test_a_later_permission_reaches_a_company_of_today(do, monkeypatch):
    actions.seed_roles(**do)
    assert actions.renew_roles(**do) == {}
    monkeypatch.setitem(PERMISSIONS, "cores.weigh", "称旧件")
    assert actions.renew_roles(**do) == {"keeper": ("cores.weigh",), "manager": ("cores.weigh",)}
    # Taken away by people, it stays away.
    keeper = Role.objects.get(code="keeper")
    actions.edit_role(keeper, version=keeper.version, permissions=sorted(set(keeper.permissions) - {"cores.weigh"}), **do)
    assert actions.renew_roles(**do) == {} and "cores.weigh" not in _permissions("keeper")
