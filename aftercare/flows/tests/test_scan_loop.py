"""The loop of a scanner without a database: every wrong scan is refused and leaves what was scanned as it was."""

import datetime as dt
from decimal import Decimal as D

import pytest

from aftercare.flows import scan_loop as loop
from aftercare.flows.scan_codes import read_gs1
from aftercare.flows.scan_state import Job, Spot, State, Want
from aftercare.flows.scanning import Scanned
from aftercare.foundation.refusals import NotFound, RuleBroken

KNOWN = {
    "A-1": Scanned("catalog.part", 1, "A-1", "电容", ""), "BOX": Scanned("catalog.part", 1, "A-1", "电容", "", "盒", D(5)),
    "S-1": Scanned("catalog.part", 2, "S-1", "主板", ""), "X-1": Scanned("catalog.part", 9, "X-1", "别的", ""),
    "BIN1": Scanned("inventory.place", 11, "BIN1", "一号", ""), "BIN2": Scanned("inventory.place", 12, "BIN2", "二号", ""),
    "DEP": Scanned("inventory.place", 10, "DEP", "库", ""), "BIN9": Scanned("inventory.place", 19, "BIN9", "九号", ""), "SN1": Scanned("inventory.serial", 2, "SN1", "主板", ""),
    "SN2": Scanned("inventory.serial", 2, "SN2", "主板", ""), "WO9": Scanned("work.workorder", 5, "WO9", "别的单", ""),
}
SPOTS = {11: Spot(11, "BIN1", "一号", True), 12: Spot(12, "BIN2", "二号", True), 10: Spot(10, "DEP", "库", False)}
PICK = Job("issue", "WO1", "x", "/", (
    Want("m1.0", 1, "A-1", "电容", D(2), spots={11: D(2)}), Want("m1.1", 1, "A-1", "电容", D(6), spots={12: D(6)}),
    Want("m2.0", 2, "S-1", "主板", D(1), lot="SN1", is_serial=True, spots={10: D(1)}),
), SPOTS, "take", is_promised=True)  # fmt: skip
BUY = Job("receive", "PO1", "x", "/", (
    Want("1", 1, "A-1", "电容", D(5), most=D(6)), Want("2", 2, "S-1", "主板", D(2), is_serial=True),
), is_arrival=True)  # fmt: skip


@pytest.mark.parametrize(("text", "told"), [
    ("(01)04006381333931(10)L7(17)261231", ("04006381333931", "L7", "", dt.date(2026, 12, 31))),
    ("]C1010400638133393117270200" + "10L-7\x1d21S9", ("04006381333931", "L-7", "S9", dt.date(2027, 2, 28))),
    ("0104006381333931" + "21SN42", ("04006381333931", "", "SN42", None)),
    ("0104006381333932" + "21SN42", None), ("0104006381333931", None), ("4006381333931", None), ("(01)04006381333931(17)261331", ("04006381333931", "", "", None)),
    ("01 rue de la Paix", None), ("]C199xx", None), ("", None),
])  # fmt: skip
def test_what_makers_print_is_read(text, told):
    found = read_gs1(text)
    assert (found and (found.gtin, found.lot, found.serial, found.expires_on)) == told


def test_article_numbers_are_looked_for_as_registers_write_them():
    assert read_gs1("(01)04006381333931").article_codes() == ["04006381333931", "4006381333931"]
    assert read_gs1("(01)00000096385074").article_codes()[-1] == "96385074"


def find(code):
    """What the codes of this test stand for."""
    if code not in KNOWN:
        raise NotFound("?", code="unknown_code")
    return KNOWN[code]


def scan(job, *codes, state=None):
    """The state after these scans, and what was said last."""
    state, said = state or State(), None
    for code in codes:
        state, said = loop.step(job, state, code, find)
    return state, said


def sums(job, state):
    """What was scanned of each line."""
    return {want.key: loop.picked(state, want) for want in job.wants}


def test_bin_part_and_quantity_fill_the_lines_of_the_bin():
    state, said = scan(PICK, "BIN1", "A-1", "A-1", "BIN2", "A-1", "6", "DEP", "sn1")
    assert sums(PICK, state) == {"m1.0": 2, "m1.1": 6, "m2.0": 1}
    assert said.text == "主板 1/1 SN1" and loop.missing(PICK, state) == []


def test_a_pack_counts_its_pieces_and_its_number_counts_packs():
    state, _said = scan(PICK, "BIN2", "BOX")
    assert sums(PICK, state)["m1.1"] == 5
    with pytest.raises(RuleBroken) as refused:
        loop.step(PICK, state, "2", find)
    assert refused.value.code == "more_than_wanted"


@pytest.mark.parametrize(("before", "wrong", "code"), [
    ((), "A-1", "place_first"), (("BIN1",), "X-1", "not_on_document"), (("BIN1",), "BIN9", "wrong_place"), (("BIN1",), "WO9", "not_for_this_job"),
    (("BIN1", "A-1", "A-1"), "A-1", "more_than_wanted"), (("BIN1", "A-1"), "3", "more_than_wanted"), (("BIN1",), "nonsense", "unknown_code"),
    (("BIN1",), "SN2", "wrong_lot"), (("SN1",), "SN1", "serial_twice"), (("SN1",), "2", "serial_is_single"), ((), "-", "nothing_to_undo"),
    ((), " ", "nothing_scanned"), ((), "5", "unknown_code"),
])  # fmt: skip
def test_a_wrong_scan_is_refused_and_told_apart(before, wrong, code):
    state, _said = scan(PICK, *before)
    with pytest.raises((RuleBroken, NotFound)) as refused:
        loop.step(PICK, state, wrong, find)
    assert refused.value.code == code


def test_a_part_is_not_taken_from_another_bin():
    one = Job("issue", "WO1", "x", "/", PICK.wants[:1], SPOTS, "take", is_promised=True)
    state, _said = scan(one, "BIN2")
    with pytest.raises(RuleBroken) as refused:
        loop.step(one, state, "A-1", find)
    assert refused.value.code == "wrong_place" and "一号" in str(refused.value)


def test_the_last_scan_is_taken_back_and_zero_does_the_same():
    state, _said = scan(PICK, "BIN1", "A-1", "A-1", "-")
    assert sums(PICK, state)["m1.0"] == 1
    state, _said = scan(PICK, "A-1", "CMD-UNDO", "0", state=state)
    assert state.picks == () and state.place == 11


def test_a_part_code_asks_for_the_serial_number():
    state, said = scan(PICK, "S-1")
    assert said.tone == "ask" and state.picks == ()


def test_new_serial_numbers_are_typed_after_their_part_each_once():
    state, said = scan(BUY, "S-1", "NEW1", "S-1", "NEW2")
    assert [one.lot for one in state.picks] == ["NEW1", "NEW2"] and said.text == "主板 2/2 NEW2"
    for codes, code in ((("S-1", "new1"), "serial_twice"), (("S-1", "NEW3"), "more_than_wanted"), (("SN1",), "known_already"), (("NEW4",), "unknown_code")):
        with pytest.raises((RuleBroken, NotFound)) as refused:
            scan(BUY, *codes, state=state)
        assert refused.value.code == code


def test_a_makers_code_brings_lot_serial_and_last_day_at_once():
    job = Job("receive", "PO1", "x", "/", (Want("1", 1, "A-1", "电容", D(5), is_lot=True), Want("2", 2, "S-1", "主板", D(2), is_serial=True)), is_arrival=True)
    known = {"LOT": Scanned("catalog.part", 1, "A-1", "电容", "", lot="L7", serial="x", expires_on=dt.date(2027, 1, 31)),
             "SER": Scanned("catalog.part", 2, "S-1", "主板", "", lot="x", serial="S9")}
    state, _said = loop.step(job, State(), "LOT", known.get)
    state, _said = loop.step(job, state, "4", known.get)
    state, _said = loop.step(job, state, "SER", known.get)
    assert [(one.lot, one.qty, one.expires) for one in state.picks] == [("L7", 4, "2027-01-31"), ("S9", 1, "")]
    assert State.read(state.told()) == state
    with pytest.raises(RuleBroken):
        loop.step(job, state, "SER", known.get)
    # What is handed out must be the lot that was promised.
    out = Job("take", "TR1", "x", "/", (Want("1", 1, "A-1", "电容", D(5), lot="L7"), Want("3", 1, "A-1", "电容", D(5), lot="L8")))
    state, _said = loop.step(out, State(), "LOT", known.get)
    assert [one.want for one in state.picks] == ["1"]


def test_tolerance_is_kept_and_beyond_it_only_knowingly():
    state, said = scan(BUY, "A-1", "6")
    assert said.text == "电容 6/5"
    with pytest.raises(RuleBroken):
        scan(BUY, "7", state=state)
    more, _said = scan(BUY, "A-1", "9", state=State(excess=True))
    assert sums(BUY, more)["1"] == 9
    wrong, said = scan(BUY, "X-1", "3", state=State(wrong=True))
    assert [(one.want, one.part_id, one.qty) for one in wrong.picks] == [("", 9, 3)]
    loop.require_whole(BUY, wrong)
    # Elsewhere the same wishes keep nothing.
    with pytest.raises(RuleBroken):
        scan(PICK, "BIN1", "X-1", state=State(wrong=True, excess=True))


def test_the_scan_after_the_mark_is_damaged_and_only_that_one():
    job = Job("take", "TR1", "x", "/", (Want("1", 1, "A-1", "电容", D(5)), Want("2", 2, "S-1", "主板", D(1), lot="SN1", is_serial=True)), bad="破损")
    state, said = scan(job, "A-1", "2", "!", "A-1", "CMD-BAD", "SN1")
    assert [(one.want, one.qty, one.bad) for one in state.picks] == [("1", 2, False), ("1", 1, True), ("2", 1, True)] and not state.bad
    assert "破损" in said.text and loop.picked(state, job.wants[0], bad=True) == 1 and loop.picked(state, job.wants[0]) == 3
    assert State.read(state.told()) == state
    # A quantity behind it is damaged too; told twice it is not; undone with the other commands.
    state, _said = scan(job, "!", "A-1", "2", state=State())
    assert [(one.qty, one.bad) for one in state.picks] == [(2, True)]
    assert not scan(job, "!", "!")[0].bad and not scan(job, "!", "-")[0].bad
    with pytest.raises(RuleBroken) as refused:
        scan(BUY, "!")
    assert refused.value.code == "no_bad_here"
    with pytest.raises(RuleBroken):
        loop.require_whole(BUY, State(picks=(loop.Pick("1", 1, D(1), bad=True),)))


def test_somebody_or_something_is_wanted_once_and_the_second_scan_takes_its_place():
    job = Job("give", "GJ1", "x", "/", (Want("who", 0, "", "领用人工牌", D(1), kinds=frozenset({"people.employee"})),))
    people = {"E1": Scanned("people.employee", 1, "E1", "王工", ""), "E2": Scanned("people.employee", 2, "E2", "李工", "")}
    state, _said = loop.step(job, State(), "E1", people.get)
    state, said = loop.step(job, state, "E2", people.get)
    assert [(one.lot, one.name) for one in state.picks] == [("E2", "李工")] and State.read(state.told()) == state and "李工" in said.text and loop.missing(job, state) == []
    loop.require_whole(job, state)
    for wrong in ("A-1", "WO9", "BIN1"):
        with pytest.raises((RuleBroken, NotFound)):
            loop.step(job, state, wrong, find)
    with pytest.raises(RuleBroken) as refused:
        loop.step(job, state, "3", find)
    assert refused.value.code == "serial_is_single"
    # Back it is only by its own code.
    back = Job("take-back", "GJ1", "x", "/", (Want("thing", 0, "GJ1", "万用表", D(1), lot="GJ1", kinds=frozenset({"custody.tool"})),))
    tools = {"GJ1": Scanned("custody.tool", 1, "GJ1", "万用表", ""), "GJ2": Scanned("custody.tool", 2, "GJ2", "钳子", "")}
    with pytest.raises(RuleBroken) as refused:
        loop.step(back, State(), "GJ2", tools.get)
    assert refused.value.code == "not_for_this_job"
    assert loop.missing(back, loop.step(back, State(), "gj1", tools.get)[0]) == []


def test_what_was_expected_is_told_in_words():
    told = [loop.expected(PICK, State()), loop.expected(PICK, scan(PICK, "BIN1")[0]), loop.expected(BUY, scan(BUY, "S-1")[0])]
    assert told == ["应扫货位 一号、二号，或 电容、主板", "应扫 电容、主板", "主板：请扫序列号"]
    put = Job("put-away", "D", "x", "/", PICK.wants, SPOTS, "put", needs_place=True)
    assert loop.expected(put, State()) == "请先扫要放到的货位"
    full = scan(PICK, "BIN1", "A-1", "2", "BIN2", "A-1", "6", "DEP", "SN1")[0]
    assert loop.expected(PICK, full) == "全部扫完，请提交"


def test_what_a_page_hands_back_is_read_again_and_forgeries_are_refused():
    state, _said = scan(PICK, "BIN1", "A-1", "2", "DEP", "SN1")
    assert State.read(state.told()) == state
    loop.require_whole(PICK, State.read(state.told()))
    told = state.told()
    for change, code in (({"qty": "3"}, "more_than_wanted"), ({"want": "m9.0"}, "scan_stale"), ({"place": 12}, "wrong_place"),
                         ({"part_id": 2}, "scan_stale"), ({"qty": "-1"}, "bad_state"), ({"qty": "NaN"}, "bad_state"), ({"qty": "x"}, "bad_state")):
        with pytest.raises(RuleBroken) as refused:
            loop.require_whole(PICK, State.read(told | {"picks": [told["picks"][0] | change]}))
        assert refused.value.code == code
    with pytest.raises(RuleBroken) as refused:
        loop.require_whole(PICK, State())
    assert refused.value.code == "nothing_picked"
