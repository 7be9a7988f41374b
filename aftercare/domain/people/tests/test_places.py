"""Branches, regions and who serves them."""

import pytest

from aftercare.domain.people import actions, queries
from aftercare.domain.people.models import Branch, Coverage, Region
from aftercare.foundation.refusals import NotAllowed, NotFound, RuleBroken, Stale

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def do(company):
    return {"actor": company.system, "at": company.at}


def test_moving_a_branch_moves_its_subtree(company, do):
    actions.edit_branch(company.north, version=company.north.version, parent=company.south, **do)
    outlet = Branch.objects.get(number="N1")
    assert outlet.path == f"/{company.head.pk}/{company.south.pk}/{company.north.pk}/{outlet.pk}/"
    assert queries.branch_ids_below(company.south.pk) == {company.south.pk, company.north.pk, outlet.pk}


@pytest.mark.parametrize("parent", ["north", "outlet"])
def test_branch_is_not_put_under_itself(company, do, parent):
    with pytest.raises(RuleBroken) as refusal:
        actions.edit_branch(company.north, version=1, parent=getattr(company, parent), **do)
    assert refusal.value.code == "branch_circle"


def test_number_is_given_once(company, do):
    with pytest.raises(RuleBroken) as refusal:
        actions.create_branch(number="N", name="又一个", **do)
    assert (refusal.value.code, refusal.value.field) == ("already_exists", "number")


def test_old_version_is_refused(company, do):
    actions.edit_branch(company.north, version=1, name="新名", **do)
    with pytest.raises(Stale):
        actions.edit_branch(company.north, version=1, name="旧名", **do)


def test_branch_with_people_is_not_closed(company, do):
    company.hire("me", company.outlet)
    with pytest.raises(RuleBroken) as refusal:
        actions.edit_branch(company.outlet, version=1, is_active=False, **do)
    assert refusal.value.code == "branch_has_people"
    with pytest.raises(RuleBroken) as refusal:
        actions.edit_branch(company.north, version=1, is_active=False, **do)
    assert refusal.value.code == "branch_has_children"


def test_chief_makes_branches_below_only(company):
    chief = company.actor(company.hire("me", role="chief"))
    actions.create_branch(number="N9", name="新网点", parent=company.north, actor=chief, at=company.at)
    with pytest.raises(NotAllowed):
        actions.create_branch(number="S9", name="别处", parent=company.south, actor=chief, at=company.at)


@pytest.mark.parametrize(("field", "value", "code"), [
    ("zone", "Mars/Olympus", "unknown_zone"), ("name", " ", "required"), ("path", "/1/", "field_not_editable"),
])
def test_wrong_branch_fields_are_refused(company, do, field, value, code):
    with pytest.raises(RuleBroken) as refusal:
        actions.edit_branch(company.north, version=1, **{field: value}, **do)
    assert (refusal.value.code, refusal.value.field) == (code, field)


@pytest.fixture
def regions(company, do):
    assert actions.seed_regions(**do) > 3200
    return company


def test_seeding_again_keeps_what_people_changed(regions, do):
    county = queries.get_region("130121")
    actions.edit_region(county, version=1, is_urban=True, **do)
    assert actions.seed_regions(**do) == 0
    assert queries.is_urban("130121")
    assert not queries.is_urban("130123")


def test_urban_mark_of_wide_or_unknown_regions_is_the_default(regions):
    assert queries.is_urban("110000") is True
    assert queries.is_urban("110000", default=False) is False
    assert queries.is_urban("") is True
    assert queries.is_urban("999999", default=False) is False


def test_narrowest_coverage_comes_first(regions, do):
    province, city, district = (queries.get_region(code) for code in ("330000", "330100", "330113"))
    actions.set_coverage(region=province, branch=regions.head, **do)
    actions.set_coverage(region=city, branch=regions.south, priority=2, **do)
    actions.set_coverage(region=city, branch=regions.north, priority=1, **do)
    assert [b.number for b in queries.branches_for_region("330113")] == ["N", "S", "HQ"]
    actions.set_coverage(region=district, branch=regions.outlet, **do)
    assert queries.branch_for_region("330113").number == "N1"
    assert queries.branch_for_region("330110").number == "N"
    assert queries.branch_for_region("110101") is None


def test_coverage_is_set_once_and_removed_once(regions, do):
    region = queries.get_region("330113")
    engineer = regions.hire("me", is_engineer=True)
    for priority in (1, 5):
        found = actions.set_coverage(region=region, branch=regions.north, employee=engineer, priority=priority, **do)
    assert Coverage.objects.get().priority == 5
    actions.remove_coverage(found, **do)
    with pytest.raises(NotFound):
        actions.remove_coverage(found, **do)
    with pytest.raises(RuleBroken) as refusal:
        actions.set_coverage(region=region, branch=regions.south, employee=engineer, **do)
    assert refusal.value.code == "employee_elsewhere"


def test_company_adds_a_development_zone(regions, do):
    city = queries.get_region("330100")
    zone = actions.create_region(code="330171", name="某某开发区", parent=city, is_urban=False, **do)
    assert (zone.level, zone.full_name) == (3, "浙江省杭州市某某开发区")
    with pytest.raises(RuleBroken):
        actions.create_region(code="330171", name="又一个", parent=city, is_urban=False, **do)
    assert [r.code for r in queries.search_regions("开发区")] == ["330171"]
    assert Region.objects.get(code="330171").parent_id == city.pk
