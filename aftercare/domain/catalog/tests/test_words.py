"""Type-to-create: words become entries, once, and are offered next time."""

import threading

import pytest
from django.db import connection

from aftercare.domain.catalog import actions, queries
from aftercare.domain.catalog.models import Category, Code, Product, WorkType
from aftercare.domain.journal.models import Fact
from aftercare.domain.parties.tests.company import AT, at_branch, found_company
from aftercare.foundation.access import Actor
from aftercare.foundation.refusals import Invalid, NotAllowed, NotFound, RuleBroken, Stale


@pytest.fixture
def by_clerk(company):
    return {"actor": company.clerk, "at": AT}


@pytest.fixture
def editor(company):
    return {"actor": at_branch(company.here, "catalog.view", "catalog.edit", "catalog.add_word"), "at": AT}


@pytest.mark.django_db
@pytest.mark.both
def test_a_typed_product_is_made_with_its_category_and_known_next_time(by_clerk):
    product, made = actions.ensure_product("洗衣机 X5", category_name="洗衣机", brand="海尔", **by_clerk)
    assert made and product.is_new and product.category.name == "洗衣机" and product.category.code
    for typed in ("洗衣机x5", " 洗衣机  Ｘ５ "):
        same, made = actions.ensure_product(typed, category_name="别的", **by_clerk)
        assert (same, made) == (product, False)
    product.refresh_from_db()
    assert product.uses == 3 and not Category.objects.filter(name="别的").exists()
    assert set(Fact.objects.filter(name="WordAdded").values_list("kind", flat=True)) == {
        "catalog.product", "catalog.category"}


@pytest.mark.django_db
def test_two_brands_may_have_one_model_name(by_clerk):
    first, _m = actions.ensure_product("X5", brand="海尔", **by_clerk)
    other, made = actions.ensure_product("X5", brand="美的", **by_clerk)
    assert made and other != first
    assert actions.ensure_product("x5", brand="海 尔", **by_clerk) == (first, False)
    assert queries.find_product("X5") in (first, other)


@pytest.mark.django_db
def test_a_product_of_unknown_brand_answers_for_a_brand(by_clerk):
    plain, _m = actions.ensure_product("X6", **by_clerk)
    assert actions.ensure_product("X6", brand="海尔", **by_clerk) == (plain, False)


@pytest.mark.django_db
def test_aliases_and_model_codes_lead_to_the_entry(by_clerk, editor):
    product, _m = actions.ensure_product("滚筒洗衣机", code="WF-1000", **by_clerk)
    product = actions.edit_product(product, version=1, aliases=["大滚筒", "Drum 1"], **editor)
    for typed in ("wf-1000", "大滚筒", "DRUM  1"):
        assert actions.ensure_product(typed, **by_clerk) == (product, False)
    fault, _m = actions.ensure_code("fault", "不脱水", **by_clerk)
    actions.edit_code(fault, version=1, aliases=["甩不干"], **editor)
    assert actions.ensure_code("fault", "甩不干", **by_clerk) == (fault, False)
    assert actions.ensure_code("cause", "甩不干", **by_clerk)[1]


@pytest.mark.django_db
def test_each_dictionary_has_its_own_words(by_clerk):
    rows = {kind: actions.ensure_code(kind, "红", **by_clerk) for kind in Code.Kind.values}
    assert all(made for _row, made in rows.values()) and len({row.pk for row, _m in rows.values()}) == 6
    with pytest.raises(RuleBroken) as refused:
        actions.ensure_code("smell", "怪", **by_clerk)
    assert refused.value.code == "unknown_dictionary"


@pytest.mark.django_db
def test_work_types_are_found_by_name_and_code(by_clerk):
    made, fresh = actions.ensure_work_type("商近机 检查", code="SJJ", minutes=45, is_repair=False, **by_clerk)
    assert fresh and made.minutes == 45
    assert actions.ensure_work_type("商近机检查", **by_clerk) == (made, False)
    assert actions.ensure_work_type("SJJ", **by_clerk) == (made, False)
    numbered, _m = actions.ensure_work_type("清洗", **by_clerk)
    assert numbered.code.startswith("WT")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "   ", "长" * 300])
def test_an_empty_or_endless_word_is_refused(by_clerk, name):
    for ensure in (actions.ensure_category, actions.ensure_product, actions.ensure_work_type, actions.ensure_part):
        with pytest.raises(RuleBroken):
            ensure(name, **by_clerk)
    with pytest.raises(RuleBroken):
        actions.ensure_code("fault", name, **by_clerk)


@pytest.mark.django_db
def test_who_may_not_add_words_may_use_known_ones(company, by_clerk):
    known, _m = actions.ensure_code("fault", "不脱水", **by_clerk)
    assert actions.ensure_code("fault", "不脱水", actor=company.reader, at=AT) == (known, False)
    with pytest.raises(NotAllowed):
        actions.ensure_code("fault", "漏水", actor=company.reader, at=AT)


@pytest.mark.django_db
def test_an_editors_word_is_not_new_and_a_typed_one_can_be_confirmed(by_clerk, editor):
    assert not actions.ensure_code("fault", "漏水", **editor)[0].is_new
    typed, _m = actions.ensure_code("fault", "异响", **by_clerk)
    with pytest.raises(NotAllowed):
        actions.confirm_word(typed, **by_clerk)
    assert typed.is_new and not actions.confirm_word(typed, **editor).is_new


@pytest.mark.django_db
@pytest.mark.both
def test_suggestions_match_parts_initials_codes_and_aliases_most_used_first(company, by_clerk, editor):
    rare, _m = actions.ensure_code("fault", "不脱水", **by_clerk)
    often, _m = actions.ensure_code("fault", "不进水", **by_clerk)
    actions.edit_code(rare, version=1, aliases=["甩不干"], code="F01", **editor)
    actions.ensure_code("fault", "不进水", **by_clerk)

    def names(text, **values):
        return [row.name for row in queries.suggest("fault", text, company.clerk, **values)]

    assert names("") == names("水") == ["不进水", "不脱水"]
    assert names("BJ") == ["不进水"] and names("f01") == ["不脱水"] and names("甩") == ["不脱水"]
    assert names("水", limit=1) == ["不进水"] and names("没有") == []
    assert queries.suggest("fault", "水", Actor(kind="employee", id=1, name="路人")) == []


@pytest.mark.django_db
def test_suggestions_of_every_kind_take_one_statement(company, by_clerk, django_assert_num_queries):
    product, _m = actions.ensure_product("洗衣机", category_name="家电", brand="海尔", maker="海尔集团", **by_clerk)
    actions.ensure_part("水泵", code="SB-1", **by_clerk)
    actions.ensure_work_type("上门维修", **by_clerk)
    for kind in Code.Kind.values:
        actions.ensure_code(kind, "词", **by_clerk)
    asked = {"product": "xyj", "part": "sb", "category": "家", "work_type": "smwx", "brand": "海", "maker": "集团", "unit": ""}
    for kind in queries.KINDS:
        with django_assert_num_queries(1):
            assert queries.suggest(kind, asked.get(kind, "词"), company.clerk, category_id=product.category_id), kind
    (found,) = queries.suggest("product", "洗", company.clerk)
    assert found.hint == "海尔 · 家电"
    with pytest.raises(NotFound):
        queries.suggest("smell", "", company.clerk)


@pytest.mark.django_db
def test_entries_of_another_category_and_retired_ones_are_not_offered(company, by_clerk, editor):
    washer, _m = actions.ensure_category("洗衣机", **by_clerk)
    tv, _m = actions.ensure_category("电视", **by_clerk)
    fault, _m = actions.ensure_code("fault", "黑屏", category=tv, **by_clerk)
    assert queries.suggest("fault", "黑", company.clerk, category_id=washer.pk) == []
    assert queries.suggest("fault", "黑", company.clerk, category_id=tv.pk)
    actions.edit_code(fault, version=1, is_active=False, **editor)
    assert queries.suggest("fault", "黑", company.clerk) == []


@pytest.mark.django_db
def test_edits_refuse_taken_names_circles_old_versions_and_unknown_fields(by_clerk, editor):
    top, _m = actions.ensure_category("家电", **by_clerk)
    low, _m = actions.ensure_category("洗衣机", parent=top, **by_clerk)
    for values, wrong in (({"name": "洗衣机"}, RuleBroken), ({"parent_id": low.pk}, RuleBroken),
                          ({"parent_id": top.pk}, RuleBroken), ({"number": "1"}, Invalid)):
        with pytest.raises(wrong):
            actions.edit_category(top, version=1, **values, **editor)
    top = actions.edit_category(top, version=1, name="大家电", **editor)
    assert queries.find_category("大 家电") == top
    with pytest.raises(Stale):
        actions.edit_category(top, version=1, name="小家电", **editor)
    with pytest.raises(NotAllowed):
        actions.edit_category(top, version=2, name="小家电", **by_clerk)
    work_type, _m = actions.ensure_work_type("维修", **by_clerk)
    work_type = actions.edit_work_type(work_type, version=1, name="上门维修", minutes=90, **editor)
    assert queries.find_work_type("上门维修").minutes == 90


@pytest.mark.django_db
def test_uses_gathered_in_an_import_are_written_in_one_statement_each(by_clerk, django_assert_num_queries):
    rows = [actions.ensure_code("fault", name, **by_clerk)[0] for name in ("甲", "乙")]
    with django_assert_num_queries(5):
        with actions.gathered_uses():
            for _ in range(2):
                for name in ("甲", "乙"):
                    actions.ensure_code("fault", name, **by_clerk)
    assert [Code.objects.get(pk=row.pk).uses for row in rows] == [3, 3]


@pytest.mark.django_db(transaction=True)
@pytest.mark.both
def test_a_word_typed_by_many_at_once_is_made_once():
    company = found_company()
    barrier, answers = threading.Barrier(6), []

    def type_it():
        try:
            barrier.wait()
            product, made = actions.ensure_product("洗衣机 X5", category_name="洗衣机", actor=company.clerk, at=AT)
            fault, _m = actions.ensure_code("fault", "不脱水", actor=company.clerk, at=AT)
            work_type, _m = actions.ensure_work_type("上门", actor=company.clerk, at=AT)
            answers.append((product.pk, fault.pk, work_type.pk, made))
        except BaseException as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=type_it) for _ in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert [a for a in answers if isinstance(a, BaseException)] == []
    assert len({answer[:3] for answer in answers}) == 1 and sum(answer[3] for answer in answers) == 1
    assert [model.objects.count() for model in (Product, Category, Code, WorkType)] == [1, 1, 1, 1]
    assert 1 <= Product.objects.get().uses <= 6
