"""The side navigation: one arrangement for all roles, of which each sees what is open to him."""

import re
from collections import Counter

import pytest
from django.urls import resolve

from aftercare.foundation.access import Actor
from aftercare.web import navigation, shells


def shown(client, path="/"):
    """The groups of a page: {key: (does it stand open, its addresses)}."""
    html = client.get(path).content.decode()
    side = html[html.index('id="side"') : html.index("</nav>")]
    folds = re.findall(r'<details class="fold" data-fold="(\w+)"( open)?>(.*?)</details>', side, re.S)
    return {key: (bool(is_open), re.findall(r'class="nav" href="([^"]+)"', inside)) for key, is_open, inside in folds}


def test_every_entry_stands_in_one_group_and_leads_to_a_page():
    planned = [url for group in navigation.GROUPS for url in group.urls]
    assert all(resolve(url) for url in planned)
    assert [url for url, times in Counter(planned).items() if times > 1] == []
    everything = [entry.url for _group, entries in navigation.sections(Actor.system("test")) for entry in entries]
    assert everything == planned
    assert set(navigation.ON_TELEPHONES) <= set(planned)


def test_an_entry_without_a_place_is_refused_when_the_product_starts():
    with pytest.raises(LookupError, match="/nowhere/"):
        navigation.add(navigation.Entry("无处", "/nowhere/", "box"))


def test_no_two_entries_answer_the_same_key():
    jumps = [entry.jump for _group, entries in navigation.sections(Actor.system("test")) for entry in entries if entry.jump]
    assert len(jumps) == len(set(jumps)) and all(re.fullmatch("[a-z]", jump) for jump in jumps)


def test_no_group_is_longer_than_one_sees_at_a_glance():
    assert all(len(group.urls) <= 11 for group in navigation.GROUPS)


def test_a_short_navigation_does_not_fold():
    nav = [{"entries": [{"current": False}] * 9} for _group in range(2)]
    navigation._fold(nav, 18)
    assert [section["folds"] for section in nav] == [False, False]


@pytest.mark.django_db
def test_a_long_navigation_opens_the_first_groups_and_the_one_of_the_page(client, office):
    office.sign_in(client, office.admin)
    groups = shown(client, "/branches/")
    assert list(groups) == [group.key for group in navigation.GROUPS if group.key in groups]
    stands_open = [key for key, (is_open, _urls) in groups.items() if is_open]
    assert stands_open[0] == next(iter(groups)) and "company" in stands_open
    others = [len(groups[key][1]) for key in stands_open if key != "company" and len(groups[key][1]) > navigation.TINY]
    assert sum(others) <= max(navigation.OPEN, others[0])


@pytest.mark.django_db
def test_the_groups_of_ones_own_work_stand_open(client, office):
    for who, own, other in ((office.keeper, "stock", "buying"), (office.accountant, "money", "stock"), (office.clerk, "service", "money")):
        groups = shown(office.sign_in(client, who), "/")
        assert groups[own][0] and not groups.get(other, (False,))[0], own


@pytest.mark.django_db
def test_the_bar_of_telephones_leads_first_to_what_the_role_does_all_day(client, office):
    # The keeper of the office holds the standard role.
    html = office.sign_in(client, office.keeper).get("/stock/").content.decode()
    bar = html[html.index('class="tabbar') :]
    bar = bar[: bar.index("</nav>")]
    assert re.findall(r'href="(/[^"]*)"', bar) == ["/", "/picking/", "/scan/", "/stock/"]


@pytest.mark.django_db
def test_the_palette_finds_the_pages_of_a_group_by_its_name(client, office):
    office.sign_in(client, office.keeper)
    found = client.get("/palette/", {"q": "盘点与分析"}).content.decode()
    assert "/stocktakes/" in found and "/prices/" not in found


def test_a_group_that_is_drawn_without_its_heading_has_a_name_still():
    entry = {"label": "库存", "url": "/stock/", "icon": "box"}
    section = {"key": "stock", "label": "仓库 <甲>", "entries": [entry], "folds": True, "open": False}
    assert '<summary title="仓库 &lt;甲&gt;">' in shells.draw_sections([section])
