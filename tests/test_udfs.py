"""The worksheet functions that xlwings' own add-in imports: they say what those of our add-in say."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
import xlwings as xw
from oletools.olevba import VBA_Parser

from ita_xl import live_jobs, udfs
from ita_xl.data import profiles
from ita_xl.layout import SCORES, STATED
from ita_xl.live_jobs import JOBS
from tests.live_desk import Opened, a_desk, an_opened  # noqa: F401
from tests.test_addin import NOT_KNOWN, ODD, WRONG, edges, expected
from tools import xlwings_example

FUNCTIONS = (udfs.ITA_LEVEL, udfs.ITA_GAP, udfs.ITA_SCORE, udfs.ITA_RANK, udfs.ITA_FINDINGS)
MACROS = [name for name in dir(udfs) if name.startswith("ITA_") and getattr(udfs, name) not in FUNCTIONS]
KINDS = {NOT_KNOWN: udfs.NotKnown, WRONG: udfs.Wrong}


def said(row: list[object]) -> tuple[object, object]:
    """Level and gap, or of what kind the error is."""

    def one(function: object) -> object:
        try:
            return function(*row)  # type: ignore[operator]
        except udfs.NotKnown:
            return NOT_KNOWN
        except udfs.Wrong:
            return WRONG

    return one(udfs.ITA_LEVEL), one(udfs.ITA_GAP)


def test_they_agree_with_the_rules_at_every_edge_of_every_year() -> None:
    assert [row for row in edges() if said(row) != expected(row)] == []


@pytest.mark.parametrize(("row", "error"), ODD, ids=str)
def test_what_is_no_score_or_no_year_is_an_error_and_never_a_level(row: list[object], error: str) -> None:
    assert said(row) == (error, error)


def test_an_error_tells_in_thai_what_is_wrong() -> None:
    with pytest.raises(udfs.Wrong, match="ดี"):
        udfs.ITA_LEVEL("ดี", 96, 96, 96, 2565)


def test_a_score_is_computed_from_the_ranges_of_codes_and_points() -> None:
    tree = profiles.profile(2565).tree
    questions = [[code] for code in tree.nodes if not tree.children(code)]
    full = [[100.0] for _ in questions]
    assert udfs.ITA_SCORE(questions, full, 2565) == 100
    assert udfs.ITA_SCORE([["I1"], ["i 2"]], [[90.0], [80.0]], 2565, "I1") == 90
    with pytest.raises(udfs.NotKnown):
        udfs.ITA_SCORE([["I1"]], [[90.0]], 2565)
    with pytest.raises(udfs.Wrong):
        udfs.ITA_SCORE([["I1"], ["I2"]], [[90.0]], 2565)


def test_ranks_spill_over_a_table_and_equal_scores_share_one() -> None:
    table = udfs.ITA_RANK([["I1", "I2", "I3", ""]], [[90.0, 70.0, 70.004, None]])
    assert table == [[1, "I2", 70.0], [1, "I3", 70.0], [2, "I1", 90.0]]
    assert udfs.ITA_RANK([["I1"], ["I2"]], [[90.0], [95.0]], True)[0] == [1, "I2", 95.0]


def test_findings_of_the_open_workbook_spill_over_a_table(opened: Opened) -> None:
    opened.pages[STATED.title]["E6"] = 150
    (row, *_) = udfs.ITA_FINDINGS(SimpleNamespace(sheet=opened.book.sheets[SCORES["IIT"].title]))
    assert row[0].startswith("E") and "150" in row[2] and row[1].startswith(STATED.title)


def test_there_is_a_macro_for_every_job_that_needs_nothing_but_the_workbook() -> None:
    assert len(MACROS) == len(JOBS) - 1, "what was copied is asked for by the ribbon only"


def test_the_example_has_a_macro_for_each_of_them_and_names_the_module(tmp_path: Path) -> None:
    path = tmp_path / "example.xlsm"
    path.write_bytes(xlwings_example.example())
    source = "".join(code for *_, code in VBA_Parser(str(path)).extract_macros())
    assert source.count("xlwings.xlam!RunPython") == len(MACROS)
    for call in re.findall(r"m\.(\w+)\(\)", source):
        assert callable(getattr(live_jobs, call))
    conf = {row[0]: row[1] for row in openpyxl.load_workbook(path)["xlwings.conf"].iter_rows(values_only=True)}
    assert conf["UDF Modules"] == udfs.__name__


@pytest.mark.skipif(sys.platform != "win32", reason="xlwings exposes functions on Windows only")
def test_xlwings_knows_them_with_their_thai_help() -> None:
    for function in FUNCTIONS:
        known = function.__xlfunc__  # type: ignore[attr-defined]
        assert any("ก" <= letter <= "๙" for letter in known["ret"]["doc"])
        assert all("Positional" not in one["doc"] for one in known["args"] if one["name"] != "caller")
    assert xw.__version__
