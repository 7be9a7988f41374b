"""Telephone numbers, names and masks on plain values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aftercare.domain.parties import rules


@pytest.mark.parametrize(("typed", "shown", "digits"), [
    ("13800000001", "13800000001", "13800000001"),
    ("138 0000 0001", "13800000001", "13800000001"),
    ("138-0000-0001", "13800000001", "13800000001"),
    ("１３８－００００－０００１", "13800000001", "13800000001"),
    ("+86 138-0000-0001", "13800000001", "13800000001"),
    ("＋86 13800000001", "13800000001", "13800000001"),
    ("0086-13800000001", "13800000001", "13800000001"),
    ("8613800000001", "13800000001", "13800000001"),
    ("(021) 1234 5678", "02112345678", "02112345678"),
    ("+86 21 12345678", "02112345678", "02112345678"),
    ("+86-755-1234567", "07551234567", "07551234567"),
    ("+86 400 123 4567", "4001234567", "4001234567"),
    ("021-12345678转801", "02112345678转801", "02112345678801"),
    ("021-12345678 分机 801", "02112345678转801", "02112345678801"),
    ("02112345678 ext.801", "02112345678转801", "02112345678801"),
    ("021-12345678-801", "02112345678转801", "02112345678801"),
    ("02112345678#8", "02112345678转8", "021123456788"),
    ("95588", "95588", "95588"),
    ("+1 212 555 0100", "0012125550100", "0012125550100"),
    ("86123456", "86123456", "86123456"),
])
def test_a_telephone_is_one_number_however_typed(typed, shown, digits):
    found = rules.normalise_phone(typed)
    assert (found.shown, found.digits) == (shown, digits)


def test_the_tail_is_the_main_number_reversed_without_extension():
    assert rules.normalise_phone("021-12345678转801").tail == "87654321120"


@pytest.mark.parametrize("typed", ["", " ", "1234", "没有", "张三 138", "a13800000001", "1" * 18, "----", "转801"])
def test_what_cannot_be_a_telephone_is_refused(typed):
    assert rules.normalise_phone(typed) is None


@given(st.text(max_size=40))
def test_any_text_has_an_answer(text):
    found = rules.normalise_phone(text)
    if found:
        assert found.digits.isascii() and found.digits.isdigit() and len(found.digits) <= 20
        again = rules.normalise_phone(found.shown)
        assert again is not None and again.main == found.main
    assert rules.shape_of(text) in {"", "phone", "number", "name"}
    rules.mask_phone(text), rules.mask_address(text), rules.mask_name(text)


@pytest.mark.parametrize(("text", "shape"), [
    ("13800000001", "phone"), ("1380", "phone"), ("０２１-123", "phone"), ("12", "name"), ("C000017", "number"),
    ("c000017", "number"), ("张三", "name"), ("CCB 银行", "name"), ("  ", ""), ("021-12345678转8", "phone"),
])
def test_the_shape_of_a_text_tells_what_to_look_for(text, shape):
    assert rules.shape_of(text) == shape


def test_names_are_compared_without_width_case_and_space():
    assert rules.name_key("Ａbc 公 司") == rules.name_key("ABC公司") == "abc公司"


@pytest.mark.parametrize(("number", "masked"), [
    ("13800000001", "138****0001"), ("02112345678", "021****5678"), ("02112345678转801", "021****5678转801"),
    ("12345678", "1***5678"), ("1234567", "***4567"), ("95588", "***88"), ("", ""),
])
def test_masked_telephones(number, masked):
    assert rules.mask_phone(number) == masked


@pytest.mark.parametrize(("text", "masked"), [
    ("上海市徐汇区漕溪路1号", "上海市徐汇区****"), ("江苏省苏州市吴中区木渎镇", "江苏省苏州市吴中区****"),
    ("浙江省嘉兴市海盐县武原镇1号", "浙江省嘉兴市海盐县****"), ("人民路1号", "人民路****"), ("", ""),
])
def test_masked_addresses(text, masked):
    assert rules.mask_address(text) == masked


def test_masked_names():
    assert rules.mask_name("张三丰") == "张**" and rules.mask_name("") == ""
