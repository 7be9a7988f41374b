"""A company that nobody can sign in to yet: the operator's address makes it once, and nobody else can."""

import pytest

from aftercare.domain.journal import queries as journal
from aftercare.domain.people import queries as people
from aftercare.foundation.access import Actor
from aftercare.web.sign_in import first_start

pytestmark = pytest.mark.django_db
TOLD = {"company": "晴川服务", "name": "沈明远", "number": "1001", "password": "harbour-lamp-71", "again": "harbour-lamp-71"}


def _address() -> str:
    return first_start.address("")


def test_the_operators_address_makes_the_company_and_its_administrator(client):
    assert "初始化地址" in client.get("/accounts/login/").content.decode()
    assert client.get(_address()).status_code == 200
    answer = client.post(_address(), TOLD)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/")
    assert client.post("/accounts/login/", {"login": "1001", "password": TOLD["password"]})["Location"] == "/"
    assert client.get("/roles/").status_code == 200
    actor = people.actor_for(people.get_employee("1001", Actor.system("test")))
    assert actor.reach("people.edit_role").everywhere
    assert people.get_branch("HQ", actor).name == "晴川服务"
    facts = journal.list_facts(Actor.system("test")).filter(kind="people.employee")
    assert "people.employee.grant" in set(facts.values_list("verb", flat=True))


def test_nobody_without_the_code_comes_first(client):
    for path in (first_start.PATH, f"{first_start.PATH}?code=", f"{first_start.PATH}?code=0123456789abcdef0123"):
        assert client.get(path).status_code == 404
        assert client.post(path, TOLD).status_code == 404
    assert not people.is_founded()


def test_it_is_made_once(client):
    address = _address()
    client.post(address, TOLD)
    assert client.get(address).status_code == 404
    assert client.post(address, TOLD | {"number": "1002"}).status_code == 404
    assert first_start.address("http://127.0.0.1:8000/") == ""


@pytest.mark.parametrize(
    ("change", "field"),
    [({"company": " "}, "company"), ({"number": ""}, "number"), ({"again": "harbour-lamp-72"}, "again"),
     ({"password": "short", "again": "short"}, "password")],
)
def test_what_is_wrong_is_named_and_nothing_is_made(client, change, field):
    answer = client.post(_address(), TOLD | change)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "沈明远" in answer.content.decode()
    assert not people.is_founded() and not people.list_branches(Actor.system("test")).exists()
