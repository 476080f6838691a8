from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita_xl.domain.thai import parse_code, parse_number, same_text, tidy

IIT = [f"I{n}" for n in range(1, 31)]
OIT = [f"O{n}" for n in range(1, 44)]


@pytest.mark.parametrize(
    ("typed", "value", "reading"),
    [
        ("๙๑.๑๕", "91.15", "thai digits"),
        ("91,15", "91.15", "comma"),
        (" 91.15 ", "91.15", "spaces"),
        ("\u00a091.15", "91.15", "spaces"),
        ("91.15%", "91.15", "percent"),
        ("91.15 คะแนน", "91.15", "unit"),
        ("๙๑,๑๕ คะแนน", "91.15", "unit"),
        ("ร้อยละ 91.15", "91.15", "unit"),
        ("91.15 เปอร์เซ็นต์", "91.15", "unit"),
        ("91.15 คะเเนน", "91.15", "unit"),
        ("ปีงบประมาณ พ.ศ. 2565", "2565", "unit"),
        ("\u202a91.15\u202c", "91.15", "spaces"),
        ("\u206891.15\u2069", "91.15", "spaces"),
        ("91.15", "91.15", "text"),
        ("-5", "-5", "text"),
    ],
)
def test_numbers_are_understood_as_people_type_them(typed: str, value: str, reading: str) -> None:
    found = parse_number(typed)
    assert found is not None
    assert found.value == Fraction(value)
    assert reading in found.readings


@pytest.mark.parametrize("typed", ["-", "–", "—", "\u2011", "...", "_"])
def test_a_dash_means_not_known(typed: str) -> None:
    found = parse_number(typed)
    assert found is not None
    assert found.value is None
    assert found.readings == ("dash",)


@pytest.mark.parametrize(
    "typed",
    ["ดี", "95..1", "1,234", "95 จาก 100 ข้อ", "คะแนน", "9.1.2", True, "O", "9e9", "1/2", "inf", float("nan")],
)
def test_what_is_no_number_is_not_made_one(typed: object) -> None:
    assert parse_number(typed) is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("I13", "I13"),
        ("ข้อ I13", "I13"),
        ("i13", "I13"),
        ("I 13", "I13"),
        ("I-13", "I13"),
        ("I.13", "I13"),
        ("115", "I15"),
        (115.0, "I15"),
        ("l13", "I13"),
        ("I๑๓", "I13"),
        ("I13.", "I13"),
        ("I\u201113", "I13"),
        ("I–13", "I13"),
        ("\u200eI13\u200f", "I13"),
        ("\u2066ข้อ I13\u2069", "I13"),
        ("20", "I20"),
    ],
)
def test_odd_codes_on_the_iit_sheet(typed: object, code: str) -> None:
    assert parse_code(typed, IIT, "I").code == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [("042", "O42"), (42, "O42"), ("O-34", "O34"), ("o42", "O42"), ("O42", "O42"), ("0 42", "O42"), ("๐๑", "O1")],
)
def test_odd_codes_on_the_oit_sheet(typed: object, code: str) -> None:
    assert parse_code(typed, OIT, "O").code == code


def test_a_one_for_the_letter_i_is_settled_by_the_row_above() -> None:
    assert parse_code("11", IIT, "I", None).code == "I1"
    assert parse_code("11", IIT, "I", "I10").code == "I11"
    unclear = parse_code("11", IIT, "I", "I20")
    assert unclear.code is None
    assert set(unclear.candidates) == {"I1", "I11"}


LONG = "1" * 5000


@pytest.mark.parametrize(
    "typed", ["E99", "I31", "รวม", "I", "", "1000", "I1I", LONG, f"I{LONG}", f"9.{LONG}", 1e300]
)
def test_an_unknown_code_stays_unknown(typed: str) -> None:
    assert parse_code(typed, IIT, "I").code is None


def test_sub_indicators_typed_as_numbers_are_recognised() -> None:
    assert parse_code(9.1, ["9", "9.1", "10.1"]).code == "9.1"
    assert parse_code(10.0, ["9", "10"]).code == "10"


def test_spellings_that_look_alike_are_the_same_text() -> None:
    assert same_text("การทํางาน", "การทำงาน")
    assert same_text("คะแนน  IIT", "คะแนน IIT")
    assert same_text("น\u0e4d\u0e49\u0e32", "น้ำ")
    assert same_text("เเผนงาน", "แผนงาน")
    assert same_text("\u202bเทศบาล\u202c", "เทศบาล")
    assert not same_text("คะแนน IIT", "คะแนน EIT")


@pytest.mark.parametrize("typed", [" ", "\u00a0", "\u200b", "\u200e \u200f", "\u3000", "\u2800", "\u3164"])
def test_what_shows_nothing_is_nothing(typed: str) -> None:
    assert tidy(typed) == ""


@given(st.text())
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.none()))
def test_no_input_makes_the_parsers_fail(raw: object) -> None:
    parse_number(raw)
    parse_code(raw, IIT, "I", "I3")
