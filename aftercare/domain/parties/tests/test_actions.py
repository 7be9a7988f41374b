"""Every write of customers, and every refusal."""

from decimal import Decimal

import pytest

from aftercare.domain.journal.models import Fact
from aftercare.domain.parties import actions, queries
from aftercare.domain.parties.tests.company import AT, at_branch
from aftercare.foundation.refusals import Invalid, NotAllowed, NotFound, RuleBroken, Stale

pytestmark = pytest.mark.django_db


@pytest.fixture
def make(company):
    def make(name="张三", **values):
        given = {"branch_id": company.here.pk, "actor": company.clerk, "at": AT}
        return actions.create_customer(name=name, **given | values)

    return make


def test_a_customer_gets_number_telephone_region_and_a_fact(company, make):
    made = make(" 张  三 ", phone="＋86 138-0000-0001", region_code="310101", address="南京路1号", kind="company")
    assert (made.name, made.phone, made.region_id, made.kind_of) == ("张 三", "13800000001", company.region.pk, "company")
    assert made.number.startswith("C") and made.version == 1
    assert [row.digits for row in queries.list_phones(made)] == ["13800000001"]
    fact = Fact.objects.get(kind="parties.customer", object_id=made.pk)
    assert fact.name == "CustomerOpened" and fact.branch_id == company.here.pk


def test_opening_a_file_takes_few_statements(company, make, django_assert_max_num_queries):
    make("暖身")
    with django_assert_max_num_queries(9):
        make("李四", phone="13900000002", region_code="310101")


@pytest.mark.parametrize(("values", "code", "field"), [
    ({"name": "  "}, "name_missing", "name"),
    ({"name": "长" * 121}, "too_long", "name"),
    ({"phone": "不详"}, "bad_phone", "phone"),
    ({"kind": "ghost"}, "unknown_kind", "kind"),
    ({"region_code": "000000"}, "unknown_region", "region_code"),
    ({"region_id": 987654}, "unknown_region", "region_id"),
    ({"group_id": 987654}, "unknown_group", "group_id"),
    ({"address": "路" * 251}, "too_long", "address"),
    ({"credit_limit_amount": Decimal("-1")}, "amount_too_small", "credit_limit_amount"),
])
def test_a_wrong_input_is_refused(make, values, code, field):
    with pytest.raises(RuleBroken) as refused:
        make(**values)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_branch_that_is_not_there_is_refused(company, make):
    with pytest.raises(RuleBroken, match="机构"):
        make(branch_id=987654, actor=company.boss)


def test_who_may_not_edit_there_opens_nothing(company, make):
    for values in ({"actor": company.reader}, {"branch_id": company.there.pk}):
        with pytest.raises(NotAllowed):
            make(**values)


def test_an_edit_changes_names_search_and_keeps_before_and_after(company, make):
    made = make(phone="13800000001")
    edited = actions.edit_customer(made, version=1, name="王 五", phone="139 0000 0002", tags=["VIP"], kind="dealer",
                                   credit_limit_amount=Decimal("500"), actor=company.clerk, at=AT)
    assert (edited.name, edited.phone, edited.tags, edited.version) == ("王 五", "13900000002", ["VIP"], 2)
    assert edited.name_key == "王五" and edited.kind_of == "dealer" and made.name == "张三"
    assert queries.search("王 五", company.clerk) == [edited]
    assert {row.digits for row in queries.list_phones(edited)} == {"13800000001", "13900000002"}
    changes = Fact.objects.filter(kind="parties.customer").latest("id").changes
    assert changes["name"] == ["张三", "王 五"] and "search" not in changes and "name_key" not in changes


def test_an_old_version_and_an_unknown_field_are_refused(company, make):
    made = make()
    actions.edit_customer(made, version=1, note="甲", actor=company.clerk, at=AT)
    with pytest.raises(Stale):
        actions.edit_customer(made, version=1, note="乙", actor=company.clerk, at=AT)
    with pytest.raises(Invalid):
        actions.edit_customer(made, version=2, number="C9", actor=company.clerk, at=AT)
    with pytest.raises(RuleBroken, match="电话"):
        actions.edit_customer(made, version=2, phone="没有", actor=company.clerk, at=AT)


def test_a_refused_edit_leaves_no_telephone_behind(company, make):
    made = make()
    with pytest.raises(Stale):
        actions.edit_customer(made, version=9, phone="13900000002", actor=company.clerk, at=AT)
    assert not queries.list_phones(made).exists()


def test_a_customer_of_another_branch_is_not_there(company, make):
    made = make()
    with pytest.raises(NotFound):
        actions.edit_customer(made, version=1, note="x", actor=company.stranger, at=AT)
    with pytest.raises(NotAllowed):
        actions.edit_customer(made, version=1, note="x", actor=company.reader, at=AT)
    with pytest.raises(NotAllowed):
        actions.edit_customer(made, version=1, branch_id=company.there.pk, actor=company.clerk, at=AT)


def test_groups_go_one_level_without_a_circle(company, make):
    group, member = make("集团", kind="company"), make("分店", kind="store")
    member = actions.edit_customer(member, version=1, group_id=group.pk, actor=company.clerk, at=AT)
    assert member.group_id == group.pk
    for own in (group, member):
        with pytest.raises(RuleBroken):
            actions.edit_customer(group, version=1, group_id=own.pk, actor=company.clerk, at=AT)


def test_telephones_are_added_once_and_struck_out(company, make):
    made = make()
    made = actions.add_phone(made, phone="021-12345678转8", label="单位", actor=company.clerk, at=AT)
    assert made.phone == "02112345678转8"
    same = actions.add_phone(made, phone="（021）12345678-8", actor=company.clerk, at=AT)
    assert same.version == made.version and made.phones.count() == 1
    made = actions.add_phone(made, phone="13900000002", actor=company.clerk, at=AT)
    first = made.phones.order_by("id").first()
    made = actions.remove_phone(made, phone_id=first.pk, actor=company.clerk, at=AT)
    assert made.phone == "13900000002" and queries.find_by_phone("02112345678", company.clerk) == []
    with pytest.raises(NotFound):
        actions.remove_phone(made, phone_id=first.pk, actor=company.clerk, at=AT)
    with pytest.raises(RuleBroken):
        actions.add_phone(made, phone="x", actor=company.clerk, at=AT)


def test_addresses_are_added_found_and_struck_out(company, make):
    made = actions.add_address(make(), text="衡山路 8 号", label="公司", region_code="310101", actor=company.clerk, at=AT)
    assert (made.address, made.region_id) == ("衡山路 8 号", company.region.pk)
    made = actions.add_address(made, text="武康路9号", actor=company.clerk, at=AT)
    assert made.address == "衡山路 8 号" and queries.search("武康路", company.clerk) == [made]
    row = made.addresses.get(text="武康路9号")
    made = actions.remove_address(made, address_id=row.pk, actor=company.clerk, at=AT)
    assert queries.search("武康路", company.clerk) == []
    with pytest.raises(NotFound):
        actions.remove_address(made, address_id=row.pk, actor=company.clerk, at=AT)
    with pytest.raises(RuleBroken):
        actions.add_address(made, text=" ", actor=company.clerk, at=AT)


def test_a_persons_telephone_leads_to_his_company(company, make):
    made = actions.add_person(make("某某公司"), name="赵经理", role="采购", phone="13700000003",
                              actor=company.clerk, at=AT)
    assert queries.find_by_phone("13700000003", company.clerk) == [made]
    assert queries.search("赵经理", company.clerk) == [made]
    person = queries.list_persons(made).get()
    made = actions.remove_person(made, person_id=person.pk, actor=company.clerk, at=AT)
    assert not queries.list_persons(made).exists()
    with pytest.raises(NotFound):
        actions.remove_person(made, person_id=person.pk, actor=company.clerk, at=AT)


def test_consent_is_kept_with_time_and_channel(company, make):
    made = actions.set_consent(make(), given=True, channel="电话", actor=company.clerk, at=AT)
    assert (made.consent_at, made.consent_channel) == (AT, "电话")
    made = actions.set_consent(made, given=False, actor=company.clerk, at=AT)
    assert (made.consent_at, made.consent_channel) == (None, "")
    with pytest.raises(RuleBroken):
        actions.set_consent(made, given=True, actor=company.clerk, at=AT)


def test_who_looks_at_full_numbers_is_written_down(company, make):
    made = make(phone="13800000001", address="上海市黄浦区南京路1号")
    assert queries.shown_phone(made, company.clerk) == "138****0001"
    assert queries.shown_address(made, company.clerk) == "上海市黄浦区****"
    with pytest.raises(NotAllowed):
        actions.unmask(made, actor=company.clerk, at=AT)
    looker = at_branch(company.here, "parties.view_customer", "parties.unmask")
    assert actions.unmask(made, reason="回电", actor=looker, at=AT)["phone"] == "13800000001"
    assert queries.shown_phone(made, looker) == "13800000001"
    assert Fact.objects.filter(name="CustomerUnmasked", object_id=made.pk, note="回电").count() == 1


def test_the_remark_of_a_customer_is_kept_when_it_is_edited(company, make):
    customer = make(name="王五", note="先打电话")
    edited = actions.edit_customer(customer, version=1, note="晚上再打", actor=company.clerk, at=AT)
    assert edited.note == "晚上再打"
    edited.refresh_from_db()
    assert edited.note == "晚上再打"
    fact = Fact.objects.filter(kind="parties.customer").latest("id")
    assert fact.changes["note"] == ["先打电话", "晚上再打"] and fact.note == ""
