"""A unit sold on: who sees it only through its new owner sees the cover, and nothing of what the former owner showed or paid."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import pytest

from aftercare.domain.assets import actions as assets
from aftercare.domain.assets import queries as units
from aftercare.domain.catalog import actions as catalog
from aftercare.domain.entitlement import actions
from aftercare.domain.entitlement import queries as entitlement
from aftercare.domain.files.models import StoredFile
from aftercare.domain.parties import actions as parties
from aftercare.domain.parties.tests import company as companies
from aftercare.domain.parties.tests.company import AT, TODAY, at_branch, customer_actor
from aftercare.flows import attachments
from aftercare.foundation.access import Actor, Reach
from aftercare.foundation.refusals import NotFound

pytestmark = pytest.mark.django_db
SEES = ("assets.view_asset", "entitlement.view", "parties.view_customer")
LATER = AT + dt.timedelta(hours=2)


def _file(unit, number, at):
    return StoredFile.objects.create(
        number=number, status="bound", name=f"{number}.pdf", media_type="application/pdf", size=1, sha256="0", given_sha256="0",
        source_kind="assets.asset", source_id=unit.pk, source_number=unit.number, uploaded_by="x", uploaded_at=at, who="x", key=number,
    )


@pytest.fixture
def sold_on(db):
    """A unit of 王前 (of the other branch) with a paid extension, a goodwill and a paper, sold on today to 李后 (of this one)."""
    company = companies.found_company()
    boss = {"actor": company.boss, "at": AT}
    product = catalog.ensure_product("空调一号", category_name="空调", brand="清风", **boss)[0]
    first = parties.create_customer(name="王前", phone="13900000001", branch_id=company.there.pk, **boss)
    second = parties.create_customer(name="李后", phone="13900000002", branch_id=company.here.pk, **boss)
    unit = assets.register_asset(product=product, serial="S-1", customer=first, branch_id=company.here.pk, sold_on=dt.date(2026, 3, 1),
                                 invoice_number="FP-OLD", **boss)
    term = actions.create_term(name="延保", months=12, kind="extension", price_amount=Decimal(299), valid_from=dt.date(2020, 1, 1), **boss)
    extension = actions.sell_extension(unit, term, sold_on=TODAY, evidence="YB-OLD", **boss)
    actions.grant_goodwill(unit, starts_on=TODAY, ends_on=TODAY, reason="王前投诉", **boss)
    _file(unit, "old", AT)
    later = {"actor": company.boss, "at": LATER}
    unit = assets.change_owner(unit, customer=second, on=TODAY, reason="二手", actor=company.boss, at=AT + dt.timedelta(hours=1))
    actions.register_cover(unit, name="新保", starts_on=TODAY, months=1, evidence="YB-NEW", **later)
    _file(unit, "new", LATER)
    return SimpleNamespace(company=company, unit=units.get_asset(unit.pk, company.boss), first=first, second=second, extension=extension, later=later)


def _viewers(it):
    return [customer_actor(it.second, *SEES), at_branch(it.company.here, *SEES)]


def _shown(it, actor):
    return {e.name: (e.shown_evidence, e.shown_price, e.is_former) for e in entitlement.list_entries(actor, it.unit.pk)}


@pytest.mark.both
def test_the_new_owner_and_his_branch_see_the_cover_without_the_former_owners_papers(sold_on):
    for viewer in _viewers(sold_on):
        rows = list(entitlement.list_entries(viewer, sold_on.unit.pk).order_by("id"))
        words = "".join(f"{row.shown_evidence}{row.shown_price}{row.shown_reason}" for row in rows)
        assert "YB-OLD" not in words and "299" not in words and "王前" not in words and "YB-NEW" in words
        assert [row.is_former for row in rows] == [True, True, False]
        assert rows[0].ends_on is not None and rows[0].kind_of == "extension"


def test_who_sees_the_former_owner_sees_his_papers(sold_on):
    branches = frozenset({sold_on.company.here.pk, sold_on.company.there.pk})
    both = Actor(kind="employee", id=8, name="两店", employee_id=8, reaches=dict.fromkeys(SEES, Reach(branches=branches)))
    for viewer in (sold_on.company.boss, both):
        assert _shown(sold_on, viewer)["延保"] == ("YB-OLD", Decimal("299.00"), False)


def test_a_line_with_another_end_does_not_bring_the_papers_to_light(sold_on):
    actions.set_end(sold_on.extension, ends_on=dt.date(2027, 6, 1), reason="补录", **sold_on.later)
    for viewer in _viewers(sold_on):
        for row in entitlement.list_entries(viewer, sold_on.unit.pk):
            assert row.shown_evidence in ("", "YB-NEW") and not row.shown_price


def test_files_owners_and_the_decision_are_cut_alike(sold_on):
    for viewer in _viewers(sold_on):
        unit = units.get_asset(sold_on.unit.pk, viewer)
        assert [f.number for f in attachments.list_of(unit, actor=viewer)] == ["new"]
        assert attachments.get_file("new", viewer)
        with pytest.raises(NotFound):
            attachments.get_file("old", viewer)
        assert [row.customer.name for row in units.list_owners_for(unit, viewer)] == ["李后"]
        assert units.hides_papers(unit, viewer)
        decision = entitlement.decide(asset_id=unit.pk, on=dt.date(2027, 3, 20))
        assert entitlement.without_papers(decision, unit, viewer).evidence != "YB-OLD"
    assert [f.number for f in attachments.list_of(sold_on.unit, actor=sold_on.company.boss)] == ["old", "new"]


def test_of_a_unit_that_never_changed_hands_nothing_is_hidden(sold_on):
    viewer = customer_actor(sold_on.second, *SEES)
    own = assets.register_asset(product=sold_on.unit.product, serial="S-2", customer=sold_on.second, branch_id=sold_on.company.here.pk,
                                sold_on=dt.date(2026, 3, 1), **sold_on.later)
    actions.register_cover(own, name="保", starts_on=TODAY, months=1, evidence="E", **sold_on.later)
    assert [e.shown_evidence for e in entitlement.list_entries(viewer, own.pk)] == ["E"]
    assert units.hidden_until(own, viewer) is None
