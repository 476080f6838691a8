"""A day is understood however it is typed, and named as official papers name it."""

from __future__ import annotations

import datetime as dt

import pytest

from ita_xl.domain.days import as_official, in_words, parse_day

FIRST_OF_OCTOBER = dt.date(2022, 10, 1)


@pytest.mark.parametrize(
    "typed",
    [
        "1 ตุลาคม 2565",
        "๑ ตุลาคม พ.ศ. ๒๕๖๕",
        "วันที่ 1 เดือน ตุลาคม พ.ศ. 2565",
        "1 ต.ค. 65",
        "1 ต.ค. 2022",
        "01/10/2565",
        "1-10-2565",
        "1/10/65",
        "2022-10-01",
        "2022-10-01 00:00:00",
    ],
)
def test_a_day_is_understood(typed: str) -> None:
    assert parse_day(typed) == FIRST_OF_OCTOBER


@pytest.mark.parametrize(
    "typed", ["", "ตุลาคม 2565", "31 กุมภาพันธ์ 2565", "32/1/2565", "1/13/2565", "พรุ่งนี้", "1", "x" * 9999]
)
def test_what_is_no_day_is_none(typed: str) -> None:
    assert parse_day(typed) is None


def test_a_day_has_the_month_in_full_and_a_buddhist_year() -> None:
    assert in_words(FIRST_OF_OCTOBER) == "1 ตุลาคม 2565"
    assert as_official("1/10/2565", "พ.ศ. ") == "1 ตุลาคม พ.ศ. 2565"


def test_words_that_are_no_day_stay_as_typed() -> None:
    assert as_official("ภายในเดือนนี้") == "ภายในเดือนนี้"
