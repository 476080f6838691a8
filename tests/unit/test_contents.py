import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita_xl.domain.contents import CellError, Uncomputed, Value, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (" ๙๐ คะแนน ", " ๙๐ คะแนน "),
        (2566.0, "2566"),
        (2566, "2566"),
        (93.68, "93.68"),
        (0.1 + 0.2, "0.3"),
        (-0.0, "0"),
        (1234567890123.0, "1234567890123"),
        (True, "TRUE"),
        (False, "FALSE"),
        (dt.date(2023, 9, 30), "30 ก.ย. 2566"),
        (dt.datetime(2023, 9, 30), "30 ก.ย. 2566"),  # noqa: DTZ001
        (dt.datetime(2023, 9, 30, 8, 5), "30 ก.ย. 2566 8:05"),  # noqa: DTZ001
        (dt.time(8, 30), "8:30"),
        (dt.timedelta(hours=26, minutes=5), "26:05"),
        (dt.timedelta(minutes=-90), "-1:30"),
        (CellError("#N/A"), "#N/A"),
        (Uncomputed("=1+1"), "=1+1"),
        (float("inf"), "#NUM!"),
        (10**400, "#NUM!"),
    ],
)
def test_a_cell_is_shown_as_a_spreadsheet_shows_it(value: Value, text: str) -> None:
    assert shown(value) == text


def test_a_year_that_was_typed_as_a_buddhist_one_is_not_counted_on() -> None:
    assert shown(dt.date(2566, 9, 30)) == "30 ก.ย. 2566"


@given(
    st.one_of(st.floats(), st.integers(), st.booleans(), st.dates(), st.datetimes(), st.times(), st.timedeltas())
)
def test_nothing_of_python_is_shown(value: Value) -> None:
    text = shown(value)
    assert not text.endswith(".0")
    assert text.isupper() or not text.isascii() or text.lower() == text.upper()
