"""A region that was typed: recognised, told apart by what is near, or made under the nearest known division."""

import datetime as dt

import pytest

from aftercare.domain.people import actions, queries
from aftercare.domain.people.models import Branch, Coverage, Region
from aftercare.foundation.access import EVERYWHERE, Actor
from aftercare.foundation.refusals import NotAllowed, RuleBroken

AT = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
CLERK = Actor(kind="employee", id=1, name="小李", reaches={"people.add_region": EVERYWHERE, "people.view_branch": EVERYWHERE})
BOSS = Actor.system("test")


@pytest.fixture(autouse=True)
def divisions(db):
    """Two cities of one province, one of another, with a district of the same name in two of them."""
    rows, made = {}, [
        ("310000", "上海市", 1, None), ("310115", "浦东新区", 3, "310000"), ("310104", "徐汇区", 3, "310000"),
        ("320000", "江苏省", 1, None), ("320100", "南京市", 2, "320000"), ("320106", "鼓楼区", 3, "320100"),
        ("350000", "福建省", 1, None), ("350100", "福州市", 2, "350000"), ("350102", "鼓楼区", 3, "350100"),
    ]  # fmt: skip
    for code, name, level, above in made:
        parent = rows.get(above)
        full = f"{parent.full_name if parent else ''}{name}"
        rows[code] = Region.objects.filter(code=code).first() or Region.objects.create(
            code=code, name=name, level=level, parent=parent, full_name=full, is_urban=True if level == 3 else None)
    branch = Branch.objects.create(number="B1", name="南京", kind_of="branch", path="/1/")
    Coverage.objects.create(region=rows["320106"], branch=branch)
    return branch


@pytest.mark.parametrize(
    "text, near, code",
    [("310115", "", "310115"), ("浦东新区", "", "310115"), ("浦东", "", "310115"), ("上海市 徐汇区", "", "310104"),
     ("鼓楼区", "320100", "320106"), ("鼓楼", "350000", "350102"), ("江苏省南京市鼓楼区", "", "320106")],
)  # fmt: skip
def test_a_known_division_is_recognised(text, near, code):
    region, made = actions.ensure_region(text, near=near, actor=CLERK, at=AT)
    assert (region.code, made) == (code, False)


@pytest.mark.parametrize(
    "text, near, above, name",
    [("上海市浦东新区张江镇", "", "310115", "张江镇"), ("浦东新区张江镇", "310000", "310115", "张江镇"), ("开发区", "320100", "320100", "开发区"),
     ("鼓楼区幕府山", "320100", "320106", "幕府山")],
)  # fmt: skip
def test_an_unknown_one_is_made_under_the_nearest_and_marked_new(text, near, above, name):
    region, made = actions.ensure_region(text, near=near, actor=CLERK, at=AT)
    assert made and region.is_new and (region.parent.code, region.name, region.code) == (above, name, f"{above}-1")
    assert actions.ensure_region(text, near=near, actor=CLERK, at=AT) == (region, False)
    other, _made = actions.ensure_region(f"{region.parent.full_name}另一镇", near=near, actor=BOSS, at=AT)
    assert other.code == f"{above}-2" and not other.is_new
    # It is found by what is above it, and whoever serves that serves it.
    assert region.pk in queries.region_ids(above) and above in queries.region_chain(region.code)


@pytest.mark.parametrize("text, near, code", [("鼓楼区", "", "region_ambiguous"), ("某地", "", "region_unknown"), ("鼓楼区", "310000", "region_ambiguous")])
def test_what_could_be_anywhere_is_refused(text, near, code):
    with pytest.raises(RuleBroken) as refused:
        actions.ensure_region(text, near=near, actor=CLERK, at=AT)
    assert refused.value.code == code


def test_only_who_may_edit_regions_confirms_one(divisions):
    assert queries.region_near(divisions.pk) == "320100"
    region, _made = actions.ensure_region("江北新区", near="320100", actor=CLERK, at=AT)
    assert list(queries.list_new_regions()) == [region]
    with pytest.raises(NotAllowed):
        actions.confirm_region(region, actor=CLERK, at=AT)
    assert not actions.confirm_region(region, actor=BOSS, at=AT).is_new
    with pytest.raises(NotAllowed):
        actions.ensure_region("新镇", near="320100", actor=Actor(kind="employee", id=2, name="无权"), at=AT)
