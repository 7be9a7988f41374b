"""What a customer may ask for: a table for managers, walkers of days, and explanations that cannot contradict."""

import csv
import datetime as dt
import itertools
from decimal import Decimal as D
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.domain.entitlement import queries
from aftercare.domain.entitlement.rules import Unit, add_months, right_sets, rights

DAY = dt.date
TABLE = Path(__file__).with_name("data") / "rights_table.csv"
CATEGORIES = {"空调": 1, "手机": 2, "净水器": 3, "电视机": 4}
STATUS = {"可以": rights.YES, "补凭证": rights.PROOF, "不可以": rights.NO}
REMEDY = {"退货": "refund", "换货": "exchange", "退货扣折旧": "refund_less", "免费修理": "repair"}
PROOF = {"发票": "invoice", "三包凭证": "card"}
FOUND = {"使用不当": "misuse", "拆动": "opened", "序列号不符": "serial_mismatch", "定作": "custom_made"}


def lines_of(sets=None, categories=None) -> list[rights.RuleLine]:
    rows = [row for one in sets or queries.right_sets() for row in right_sets.spread(one, categories or CATEGORIES)[0]]
    return [line_of(number, row) for number, row in enumerate(rows, start=1)]


def line_of(number: int, row: dict) -> rights.RuleLine:
    given = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items() if k in rights.RuleLine.__dataclass_fields__}
    rate = row.get("day_rate")
    return rights.RuleLine(id=number, **given | {"valid_from": DAY.fromisoformat(row["valid_from"]), "day_rate": D(rate) if rate else None})


LINES = lines_of()


def span(text: str, number: int, fault: str) -> rights.Repair:
    covered = not text.startswith("收费")
    starts, ends = text.removeprefix("收费").split("~")
    return rights.Repair(f"WO{number}", DAY.fromisoformat(starts), DAY.fromisoformat(ends), fault, fault, covered)


def situation(row: dict) -> rights.Situation:
    repairs = [span(text, n, "不制冷") for n, text in enumerate(row["同一故障修理"].split(), start=1)]
    if row["送修未好"]:
        repairs.append(rights.Repair("WO9", DAY.fromisoformat(row["送修未好"].removeprefix("缺件")), None, row["故障"], row["故障"],
                                     waits_for_parts=row["送修未好"].startswith("缺件"), is_current=True))
    sold = DAY.fromisoformat(row["开票日"])
    return rights.Situation(
        unit=Unit(categories=(CATEGORIES[row["商品"]],), serial="S1", sold_on=sold, invoiced_on=sold, delivered_on=sold),
        on=DAY.fromisoformat(row["提出日"]), fault=row["故障"], repairs=tuple(repairs), is_distance=row["远程"] == "是",
        proofs=frozenset(PROOF[word] for word in row["出示凭证"].split()), exclusions=frozenset(FOUND[w] for w in row["认定"].split()),
    )


ROWS = list(csv.DictReader(TABLE.open(encoding="utf-8", newline="")))


@pytest.mark.parametrize("row", ROWS, ids=[row["例"] for row in ROWS])
def test_the_table_a_manager_reads(row):
    answer = rights.ask(LINES, situation(row))
    assert {name: answer.right(remedy).status for name, remedy in REMEDY.items()} == {name: STATUS[row[name]] for name in REMEDY}
    if row["截止"]:
        name, day = row["截止"].split()
        assert answer.right(REMEDY[name]).until == DAY.fromisoformat(day)


SOLD = DAY(2026, 3, 1)


def ask(on: DAY, *, sold=SOLD, category=1, **known):
    unit = Unit(categories=(category,), serial="S1", **{"sold_on": sold, "invoiced_on": sold, "delivered_on": sold} | known.pop("unit", {}))
    return rights.ask(LINES, rights.Situation(unit=unit, on=on, **{"proofs": frozenset({"invoice", "card"})} | known))


def test_the_depreciation_leaves_days_in_repair_out():
    twice = (rights.Repair("A", DAY(2026, 1, 10), DAY(2026, 1, 19), "f"), rights.Repair("B", DAY(2026, 2, 1), DAY(2026, 2, 5), "f"))
    right = ask(DAY(2026, 3, 1), sold=DAY(2025, 12, 1), category=2, fault="f", repairs=twice, price=D("2000.00")).right("refund_less")
    # 90 days since the sale, 15 of them in repair, half a per cent a day.
    assert (right.status, right.fee_amount) == (rights.YES, D("750.00"))
    assert right.reasons[-1] == rights.reason("depreciation", rate="0.5", days=75, fee="750.00")
    assert rights.depreciation(D("100.00"), D("0.5"), 900) == D("100.00") and rights.depreciation(None, D(1), 3) is None
    # The air conditioner's rate is not known: said, not guessed.
    assert rights.reason("rate_unknown") in ask(DAY(2026, 3, 1), sold=DAY(2025, 12, 1), fault="f", repairs=twice).right("refund_less").reasons


def test_main_parts_have_a_period_of_their_own():
    late = {"on": DAY(2027, 6, 1), "component": "压缩机总成"}
    assert ask(**late).right("repair").status == rights.YES and ask(**late).right("repair").until == DAY(2029, 3, 1)
    unknown = ask(DAY(2027, 6, 1)).right("repair")
    assert unknown.status == rights.NO and unknown.changes[0]["code"] == "if_part"


def test_a_start_that_is_missing_is_stood_in_for_or_asked_for():
    tv = ask(DAY(2026, 3, 5), category=4, unit={"installed_on": None})
    assert tv.right("refund").is_given and rights.reason("provisional_start") in tv.right("refund").reasons
    nothing = ask(DAY(2026, 3, 5), unit={"sold_on": None, "invoiced_on": None, "delivered_on": None}).right("repair")
    assert nothing.reasons == [rights.reason("no_start")] and nothing.changes == [rights.reason("show_day")]


def test_an_unknown_fault_tells_which_one_would_count():
    twice = tuple(rights.Repair(f"W{n}", DAY(2026, 3, 20 + n), DAY(2026, 3, 20 + n), "7", "不制冷") for n in (1, 2))
    right = ask(DAY(2026, 6, 1), repairs=twice).right("exchange")
    assert right.status == rights.NO
    assert right.changes == [rights.reason("if_same_fault", fault="不制冷", n=2, needed=2)]


def test_the_nearer_category_and_the_day_of_sale_decide():
    old, new, near = (
        rights.RuleLine(1, "旧", "甲法", "一", "early", ("refund",), category_id=9, days=7, valid_to=DAY(2026, 2, 28)),
        rights.RuleLine(2, "新", "甲法", "二", "early", ("refund",), category_id=9, days=10, valid_from=DAY(2026, 3, 1)),
        rights.RuleLine(3, "近", "乙法", "三", "early", ("refund",), category_id=5, days=3),
    )
    at = rights.Situation(unit=Unit(categories=(5, 9), sold_on=DAY(2026, 2, 28)), on=DAY(2026, 3, 2))
    assert rights.ask([old, new, near], at).right("refund").law == "乙法"
    assert rights.ask([old, new], at).right("refund").article == "一"
    later = rights.Situation(unit=Unit(categories=(5, 9), sold_on=DAY(2026, 3, 1)), on=DAY(2026, 3, 11))
    assert rights.ask([old, new], later).right("refund").status == rights.YES


# --- properties ----------------------------------------------------------------------------------------------------

DAYS = st.dates(DAY(2024, 1, 1), DAY(2027, 12, 31))


@st.composite
def repaired(draw):
    rows = []
    for number in range(draw(st.integers(0, 4))):
        starts = draw(DAYS)
        ends = starts + dt.timedelta(days=draw(st.integers(0, 40))) if draw(st.booleans()) else None
        rows.append(rights.Repair(f"W{number}", starts, ends, draw(st.sampled_from(["", "1", "2"])), "", draw(st.booleans()),
                                  draw(st.booleans()), draw(st.booleans())))
    return tuple(rows)


@given(start=DAYS, on=DAYS, repairs=repaired(), months=st.integers(0, 24), days=st.integers(0, 40))
def test_a_window_with_days_left_out_is_what_walking_day_by_day_finds(start, on, repairs, months, days):
    rule = rights.RuleLine(1, "r", "l", "", "period", ("repair",), starts="sale", months=months, days=days)
    at = rights.Situation(unit=Unit(sold_on=start), on=on, repairs=repairs)
    end, extra = rights.window(rule, start, at)
    last = add_months(start, months) + dt.timedelta(days=days)
    assert end - last == dt.timedelta(days=extra)
    # The walker: every covered repair that began while the rule ran stops the clock on each of its days, once.
    stopped, walked = set(), last
    for repair in sorted((r for r in repairs if r.is_covered), key=lambda r: (r.starts_on, r.ends_on or DAY.max)):
        if start <= repair.starts_on <= walked:
            day = repair.starts_on
            while day <= min(repair.ends_on or on, on):
                if day not in stopped:
                    stopped.add(day)
                    walked += dt.timedelta(days=1)
                day += dt.timedelta(days=1)
    assert end == walked


@given(
    sold=st.none() | DAYS, on=DAYS, repairs=repaired(), fault=st.sampled_from(["", "1", "2"]), category=st.sampled_from([1, 2, 3, 4, 99]),
    proofs=st.frozensets(st.sampled_from(rights.PROOFS)), exclusions=st.frozensets(st.sampled_from(rights.EXCLUSIONS), max_size=1),
    is_distance=st.booleans(), component=st.sampled_from(["", "压缩机"]),
)
def test_what_is_said_never_contradicts_what_is_decided(sold, on, repairs, fault, category, proofs, exclusions, is_distance, component):
    at = rights.Situation(Unit(categories=(category,), sold_on=sold), on, fault, component, repairs, proofs, exclusions, is_distance)
    answer = rights.ask(LINES, at)
    assert rights.Answer.from_data(answer.as_data()) == answer
    for right in answer.rights:
        codes = [row["code"] for row in right.reasons]
        text = queries.right_sentence(right)
        assert "%(" not in text and text.startswith({"yes": "可以", "proof": "出示凭证后可以", "no": "不能"}[right.status])
        if right.status != rights.NO:
            assert right.starts_on <= on <= right.until and "in_time" in codes and str(right.until) in text and right.law in text
            assert not {"too_late", "lost", "no_start", "not_yet"} & set(codes)
            assert bool(right.missing) == (right.status == rights.PROOF) and not set(right.missing) & at.shown
        elif "too_late" in codes:
            assert on > right.until
        assert (right.status == rights.NO) or not at.losses & set(next(r for r in LINES if r.id == right.rule_id).exclusions)


@given(sold=DAYS, days=st.integers(0, 800))
def test_waiting_without_repair_never_gives_more(sold, days):
    first, later = (ask(sold + dt.timedelta(days=n), sold=sold) for n in (days, days + 1))
    for before, after in zip(first.rights, later.rights, strict=True):
        assert rights._RANK[after.status] <= rights._RANK[before.status]


def test_every_set_can_be_reviewed():
    for one in queries.right_sets():
        rows, _left = right_sets.spread(one, dict(zip(right_sets.category_names([one]), itertools.count(1))))
        assert rows and len({row["key"] for row in rows}) == len(rows)
        for row in rows:
            assert row["law"] and set(row["remedies"]) <= set(rights.REMEDIES) and row["kind"] in rights.KINDS
            assert row.get("months", 0) + row.get("days", 0) > 0 and "使用前请核对" in row["note"]
            assert row["article"] or "未核实" in row["note"], "an article that is not known says so"


def test_a_refusal_names_the_text_that_concerns_the_purchase():
    late = DAY(2026, 3, 20)
    assert ask(late).right("refund").law == "部分商品修理更换退货责任规定"
    assert ask(late, is_distance=True).right("refund").law == "消费者权益保护法"
