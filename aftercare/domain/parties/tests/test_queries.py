"""Who is found by what, by whom, and in how many statements."""

import pytest

from aftercare.domain.parties import actions, queries
from aftercare.domain.parties.tests.company import AT, customer_actor
from aftercare.foundation.refusals import NotFound

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def known(company):
    make = {"branch_id": company.here.pk, "actor": company.clerk, "at": AT}
    zhang = actions.create_customer(name="张三丰", phone="13800000001", address="南京路1号", **make)
    zhang = actions.add_phone(zhang, phone="021-12345678转801", actor=company.clerk, at=AT)
    li = actions.create_customer(name="李四", phone="13800000002", **make)
    far = actions.create_customer(name="张三丰", phone="13800000001", branch_id=company.there.pk,
                                  actor=company.stranger, at=AT)
    company.zhang, company.li, company.far = zhang, li, far
    return company


@pytest.mark.parametrize(("text", "by", "exact", "names"), [
    ("13800000001", "phone", True, ["张三丰"]),
    ("+86 138 0000 0001", "phone", True, ["张三丰"]),
    ("1380000", "phone", False, ["李四", "张三丰"]),
    ("0002", "phone", False, ["李四"]),
    ("5678", "phone", False, ["张三丰"]),
    ("02112345678", "phone", False, ["张三丰"]),
    ("021-12345678转801", "phone", True, ["张三丰"]),
    ("张三丰", "name", True, ["张三丰"]),
    ("张 三丰", "name", True, ["张三丰"]),
    ("三丰", "name", False, ["张三丰"]),
    ("张", "name", False, ["张三丰"]),
    ("南京路", "name", False, ["张三丰"]),
    ("王五", "name", False, []),
    ("99999999", "text", False, []),
    ("", "", False, []),
])
def test_a_text_is_looked_for_by_its_shape(known, text, by, exact, names, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        found = queries.identify(text, known.clerk)
    assert (found.by, found.is_exact, [row.name for row in found.customers]) == (by, exact, names)


def test_a_number_is_looked_for_as_a_number(known):
    assert queries.identify(known.zhang.number.lower(), known.clerk) == queries.Found([known.zhang], "number", True)
    assert queries.identify(known.far.number, known.clerk).customers == []


def test_the_same_telephone_hints_at_a_double(known):
    assert queries.find_same_phone("138 0000 0001", known.clerk) == [known.zhang]
    assert queries.find_same_phone("13800000001", known.clerk, but=known.zhang.pk) == []
    assert len(queries.find_same_phone("13800000001", known.boss)) == 2
    assert queries.find_same_phone("不详", known.boss) == []


def test_rows_out_of_scope_are_not_there(known):
    assert queries.get_customer(known.zhang.number, known.clerk) == known.zhang
    assert queries.get_customer(known.zhang.pk, known.clerk) == known.zhang
    for key in (known.far.pk, known.far.number, 987654):
        with pytest.raises(NotFound):
            queries.get_customer(key, known.clerk)
    assert set(queries.find_customers([known.zhang.pk, known.far.pk], known.clerk)) == {known.zhang.pk}


def test_a_customer_sees_himself_alone(known):
    himself = customer_actor(known.li, "parties.view_customer")
    assert list(queries.list_customers(himself)) == [known.li]
    assert not queries.list_customers(customer_actor(known.li)).exists()
    assert queries.may_unmask(known.li, himself) and not queries.may_unmask(known.zhang, himself)


def test_a_list_takes_one_statement(known, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len([(row.branch.name, row.region) for row in queries.list_customers(known.boss)]) == 3


def test_a_short_text_narrows_by_the_beginning_of_the_name(known):
    assert [row.name for row in queries.searched(queries.list_customers(known.clerk), "李")] == ["李四"]
    assert queries.searched(queries.list_customers(known.clerk), " ").count() == 2
