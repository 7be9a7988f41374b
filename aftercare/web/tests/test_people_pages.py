"""The office keeps branches, people, roles, regions, calendars and tokens by pages."""

import datetime as dt
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aftercare.domain.catalog import actions as catalog
from aftercare.domain.journal import queries as journal
from aftercare.domain.people import queries
from aftercare.web.tests.office import SYSTEM, key

# page: most statements it may cost (who looks is the administrator)
PAGES = {
    "/branches/": 5, "/branches/B1/": 12, "/branches/new/": 5, "/departments/": 5, "/departments/new/": 5,
    "/employees/": 6, "/employees/E1/": 15, "/employees/E1/edit/": 6, "/employees/E1/skills/": 6,
    "/employees/E1/certificates/new/": 5, "/employees/E1/grant/": 6, "/employees/E1/account/": 5,
    "/employees/E1/badge/": 6, "/employees/E1/leave/": 5, "/roles/": 5, "/roles/clerk/": 8, "/roles/clerk/edit/": 4,
    "/roles/new/": 3, "/roles/table/": 4, "/regions/": 6, "/regions/310115/": 11, "/regions/310115/coverage/": 6,
    "/regions/310115/new/": 4, "/calendars/": 5, "/calendars/new/": 3, "/calendars/years/2026/": 5,
    "/calendars/years/new/": 3, "/calendars/days/new/": 3, "/tokens/": 4,
}  # fmt: skip


@pytest.fixture
def regions(office):
    """One district with what lies above it."""
    from aftercare.domain.people.models import Region

    above = None
    for level, code, name in ((1, "310000", "上海市"), (2, "310100", "市辖区"), (3, "310115", "浦东新区")):
        urban = True if level == 3 else None
        above = Region.objects.create(code=code, name=name, full_name=name, level=level, parent=above, is_urban=urban)
    return above


@pytest.mark.parametrize("address", PAGES)
def test_each_page_answers_within_its_statements(admin, regions, address):
    admin.get(address)
    with CaptureQueriesContext(connection) as statements:
        response = admin.get(address)
    assert response.status_code == 200
    assert len(statements) <= PAGES[address], f"{address}: {len(statements)}"


@pytest.mark.parametrize("address", PAGES)
def test_strangers_are_sent_to_sign_in(client, regions, address):
    response = client.get(address)
    assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/accounts/login/")


@pytest.mark.parametrize("address", [
    "/branches/new/", "/departments/new/", "/employees/new/", "/roles/", "/roles/table/", "/roles/new/",
    "/regions/310115/coverage/", "/calendars/new/", "/calendars/days/new/", "/employees/E1/grant/",
    "/employees/E1/account/",
])  # fmt: skip
def test_a_clerk_does_not_administer(office, client, regions, address):
    assert office.sign_in(client, office.clerk).get(address).status_code == 403


def test_an_engineer_sees_himself_and_no_wage(office, client):
    office.sign_in(client, office.engineer)
    assert client.get("/employees/E1/").status_code == 200
    assert client.get("/employees/A1/").status_code == 404
    assert "岗位工资" not in client.get("/employees/E1/").content.decode()


@pytest.mark.parametrize("slug", ["branches", "departments", "employees", "roles"])
def test_registers_are_exported(admin, slug):
    response = admin.get(f"/{slug}/export.xlsx")
    assert response.status_code == 200
    assert b"".join(response.streaming_content)[:2] == b"PK"


def test_a_new_employee_is_made_once_however_often_the_form_is_sent(admin, office):
    form = {"number": "E2", "name": "新人", "branch": office.branch.pk, **key()}
    first = admin.post("/employees/new/", form)
    again = admin.post("/employees/new/", form)
    assert [first.status_code, again.status_code] == [303, 303]
    assert first["Location"] == again["Location"] == "/employees/E2/"
    assert queries.list_employees(SYSTEM).filter(number="E2").count() == 1


def test_a_refusal_keeps_what_was_typed_and_stands_at_its_field(admin, office):
    response = admin.post("/employees/new/", {"number": "E1", "name": "同号", "branch": office.branch.pk, **key()})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="同号"' in page
    assert 'id="id_number_error"' in page


def test_an_old_version_of_an_edit_is_refused(admin, office):
    form = {
        "name": "浦东",
        "kind_of": "branch",
        "zone": "Asia/Shanghai",
        "is_active": "on",
        "parent": office.head.pk,
        "version": office.branch.version,
    }
    assert admin.post("/branches/B1/edit/", form | key()).status_code == 303
    assert admin.post("/branches/B1/edit/", form | {"name": "又改"} | key()).status_code == 422
    assert queries.get_branch("B1", SYSTEM).name == "浦东"


def test_the_form_carries_the_version_it_was_opened_with(admin, office):
    assert _inputs(admin.get("/employees/E1/edit/"))["version"] == str(office.engineer.version)
    assert _inputs(admin.get("/roles/clerk/edit/"))["version"]


def _inputs(response) -> dict:
    found = {}

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            values = dict(attrs)
            if tag == "input" and values.get("name"):
                found[values["name"]] = values.get("value", "")

    Reader().feed(response.content.decode())
    return found


def test_roles_are_given_and_taken_back_on_the_employees_page(admin, office):
    role = queries.list_roles(SYSTEM).get(code="clerk")
    admin.post("/employees/E1/grant/", {"role": role.pk, "branch": office.branch.pk, **key()})
    held = queries.list_grants(SYSTEM, employee_id=office.engineer.pk)
    assert {g.role.code for g in held} == {"engineer", "clerk"}
    grant = held.get(role=role)
    assert admin.post(f"/employees/E1/grants/{grant.pk}/revoke/", key()).status_code == 303
    assert {g.role.code for g in held.all()} == {"engineer"}
    assert admin.post(f"/employees/E1/grants/{grant.pk}/revoke/", key()).status_code == 404


def test_the_last_administrator_cannot_lose_his_role(admin, office):
    grant = queries.list_grants(SYSTEM, employee_id=office.admin.pk).get()
    assert admin.post(f"/employees/A1/grants/{grant.pk}/revoke/", key()).status_code == 422


def test_a_role_changes_by_its_boxes(admin):
    role = queries.list_roles(SYSTEM).get(code="caller")
    form = {"name": "回访", "reach": "below", "permissions": ["cases.view_contact"], "version": role.version, **key()}
    assert admin.post("/roles/caller/edit/", form)["Location"] == "/roles/caller/"
    assert queries.list_roles(SYSTEM).get(code="caller").permissions == ["cases.view_contact"]


def test_permissions_that_are_new_are_granted_or_declined_by_a_click(admin):
    from aftercare.domain.people.models import Role

    role = queries.list_roles(SYSTEM).get(code="caller")
    kept = sorted(set(role.permissions) - {"cases.register", "orders.view_notice"})
    Role.objects.filter(pk=role.pk).update(permissions=kept, offered=["cases.register", "orders.view_notice"])
    assert "查看客户通知" in admin.get("/roles/?tab=new").text and "本版本新增" in admin.get("/roles/caller/").text
    assert admin.post("/roles/caller/offers", {"answer": "grant", "permissions": "orders.view_notice", **key()}).status_code == 303
    assert admin.post("/roles/caller/offers", {"answer": "decline", "permissions": "cases.register", **key()}).status_code == 303
    fresh = queries.list_roles(SYSTEM).get(code="caller")
    assert fresh.permissions == sorted([*kept, "orders.view_notice"]) and fresh.offered == []
    assert admin.post("/roles/caller/offers", {"answer": "grant", "permissions": "cases.register", **key()}).status_code == 422


def test_a_weak_password_is_refused_and_a_good_one_resets(admin, office):
    assert admin.post("/employees/E1/account/", {"password": "12345", **key()}).status_code == 422
    assert admin.post("/employees/E1/account/", {"password": "quiet-lantern-42", **key()}).status_code == 303
    assert queries.find_account_by_login("E1").check_password("quiet-lantern-42")


def test_accounts_close_and_open(admin):
    admin.post("/employees/E1/account/close/", key())
    assert not queries.find_account_by_login("E1").is_active
    admin.post("/employees/E1/account/open/", key())
    assert queries.find_account_by_login("E1").is_active


def test_certificates_come_and_go(admin, office):
    catalog.ensure_category("空调", **office.make)
    admin.post("/employees/E1/certificates/new/", {"name": "电工证", "expires_on": "2030-01-01", **key()})
    held = office.engineer.certificates.get()
    assert held.expires_on == dt.date(2030, 1, 1)
    admin.post(f"/employees/E1/certificates/{held.pk}/remove/", key())
    assert not office.engineer.certificates.exists()


def test_skills_are_set_all_at_once(admin, office):
    category, _made = catalog.ensure_category("空调", **office.make)
    admin.post("/employees/E1/skills/", {"codes": [category.code, "*"], **key()})
    assert {s.category_code for s in office.engineer.skills.all()} == {category.code, ""}


def test_who_leaves_is_shown_as_gone(admin, office):
    version = office.engineer.version
    admin.post("/employees/E1/leave/", {"on": "2026-11-01", "version": version, **key()})
    assert not queries.get_employee("E1", SYSTEM).is_active
    admin.post("/employees/E1/rejoin/", key())
    assert queries.get_employee("E1", SYSTEM).is_active


def test_a_region_is_served_and_switched(admin, office, regions):
    admin.post("/regions/310115/coverage/", {"branch": office.branch.pk, "priority": 1, **key()})
    assert queries.branch_for_region("310115") == office.branch
    admin.post("/regions/310115/switch/", key())
    assert not queries.is_urban("310115")
    covered = queries.list_coverage(SYSTEM).get()
    admin.post(f"/regions/310115/coverage/{covered.pk}/remove/", key())
    assert queries.branch_for_region("310115") is None


def test_hours_are_written_as_people_write_them(admin):
    form = {"name": "门店", "zone": "Asia/Shanghai", "follows_official": "on", "day0": "8:30-12:00 13:00-17:30"}
    response = admin.post("/calendars/new/", form | key())
    row = queries.list_calendars(SYSTEM).get()
    assert response["Location"] == f"/calendars/{row.pk}/"
    assert [(h.starts, h.ends) for h in row.hours.all()] == [(510, 720), (780, 1050)]
    for wrong in ("ab", "12:00-8:00", "8:00-9:00 x"):
        assert admin.post("/calendars/new/", form | {"name": "别的", "day0": wrong} | key()).status_code == 422


def test_a_year_not_announced_says_so(admin):
    assert "尚未公布" in admin.get("/calendars/years/2031/").content.decode()
    admin.post("/calendars/years/new/", {"year": 2031, "is_announced": "on", "source": "通知", **key()})
    admin.post("/calendars/days/new/", {"date": "2031-10-01", "kind_of": "off", "name": "国庆节", **key()})
    page = admin.get("/calendars/years/2031/").content.decode()
    assert "尚未公布" not in page
    assert "国庆节" in page


def test_a_token_is_shown_once_and_is_nowhere_afterwards(admin, office):
    form = {"name": "商城", "days": 90, "wide": "read", **key()}
    made = admin.post("/tokens/", form)
    raw = (
        _inputs(made)[""]
        if "" in _inputs(made)
        else made.content.decode().split('class="mono" value="')[1].split('"')[0]
    )
    assert raw.startswith("aft_")
    assert made["Cache-Control"] == "no-store"
    again = admin.post("/tokens/", form)
    assert again.status_code == 303
    token = queries.list_tokens(SYSTEM).get()
    assert raw not in admin.get("/tokens/").content.decode()
    assert not [f for f in journal.list_facts(SYSTEM) if raw in str(f.changes)]
    admin.post(f"/tokens/{token.pk}/revoke/", key())
    assert queries.authenticate_token(raw, at=dt.datetime.now(dt.UTC)) is None


def test_a_token_needs_a_scope(admin):
    assert admin.post("/tokens/", {"name": "商城", "days": 90, "wide": "", **key()}).status_code == 422


def test_an_action_without_a_key_is_refused(admin):
    assert admin.post("/employees/E1/account/close/").status_code == 422
    assert queries.find_account_by_login("E1").is_active
