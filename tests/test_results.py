"""Formulas hold their results, for those who do not compute; and they are those that a recalculation gives."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from html import escape, unescape
from math import nextafter
from pathlib import Path
from typing import Any

import formulon
import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from ita_xl import pipeline
from ita_xl.data import profiles
from ita_xl.domain.contents import CellError
from ita_xl.engines.by_openpyxl import OpenpyxlBook
from ita_xl.engines.formulas.pages import Page
from ita_xl.engines.formulas.ready import ready
from ita_xl.engines.formulas.values import Unknown, rounded
from ita_xl.engines.package.engine import Package
from ita_xl.engines.references import translated
from ita_xl.engines.shipped import template_path
from ita_xl.layout import HOME, RECHECK, SCORES, STATED
from ita_xl.layout.address import At, number
from ita_xl.new import new
from tests import crafted
from tests.conftest import SAMPLES
from tests.recomputed import by_formulon, differing, stored
from tools.parts import without_results

REFERENCE = (SAMPLES / "reference-2565.xlsx").read_bytes()
IIT = SCORES["IIT"].title
RECHECK_PART = "xl/worksheets/sheet29.xml"
MANY = 2800
"""Formulas of a workbook, at least."""
TOTAL, NEXT = (HOME.title, HOME.field("live_total").cell), (HOME.title, HOME.field("next_step").cell)


@cache
def ran(content: bytes = REFERENCE) -> bytes:
    port = Package(content, "x.xlsx")
    pipeline.run(port)
    return port.to_bytes()


def changed(content: bytes, change: Callable[[Workbook], object]) -> bytes:
    """A workbook as a program saves it that does not compute."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def typed(cell: str, value: Any, title: str = IIT) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        book[title][cell] = value

    return change


def lacking(content: bytes) -> list[object]:
    return [at for at, result in stored(content).items() if result is None]


@pytest.mark.parametrize("path", [template_path(), *sorted(SAMPLES.glob("*.xlsx"))], ids=lambda path: path.stem)
def test_every_formula_of_template_and_samples_holds_its_result_before_and_after_a_run(path: Path) -> None:
    content = path.read_bytes()
    assert lacking(content) == [] and len(stored(content)) > MANY
    assert lacking(ran(content)) == []


def test_a_new_workbook_shows_what_comes_next() -> None:
    content = new(profiles.profile(2569), {"agency": "อบต.ทดสอบ"}).to_bytes()
    assert lacking(content) == []
    assert "คะแนน" in str(stored(content)[NEXT]) and stored(content)[TOTAL] == ""


def test_both_engines_store_the_same() -> None:
    port = OpenpyxlBook(REFERENCE, "x.xlsx")
    pipeline.run(port)
    assert stored(port.to_bytes()) == stored(ran())
    assert stored(ran())[TOTAL] == 96.99


def test_excel_is_asked_to_compute_anew_all_the_same() -> None:
    for content in (ran(), REFERENCE, template_path().read_bytes()):
        assert b'fullCalcOnLoad="1"' in crafted.members(content)["xl/workbook.xml"]


def test_a_run_replaces_results_that_are_out_of_date_and_no_others() -> None:
    parts = crafted.members(ran())
    stale = parts | {RECHECK_PART: re.sub(rb"(</f>|<f [^>]*/>)<v>[^<]*</v>", rb"\1<v>7</v>", parts[RECHECK_PART])}
    assert stale[RECHECK_PART].count(b"<v>7</v>") > 2700
    assert stored(ran(crafted.packed(stale))) == stored(ran())
    assert crafted.members(ran(ran())) == parts


@pytest.mark.parametrize("change", [typed("G6", 50), typed("G7", None), typed("G8", "ดี"), typed("G9", "#N/A")])
def test_results_follow_a_changed_input_with_the_next_run(change: Callable[[Workbook], None]) -> None:
    after = ran(changed(ran(), change))
    assert stored(after) == stored(ran(changed(REFERENCE, change)))
    assert stored(after) != stored(ran())


def test_a_result_that_is_not_known_is_not_stored() -> None:
    after = stored(ran(changed(ran(), typed("G6", "=40+10"))))
    assert after[TOTAL] is None and after[NEXT] is None, "they depend on what nobody computed"
    nodes = RECHECK.block("nodes")
    rows = nodes.dressed_rows
    others = [after[RECHECK.title, nodes.address("typed", row)] for row in rows]
    assert others.count(None) == 1 and after[HOME.title, HOME.field("state_about").cell] is not None
    none = crafted.members(ran(changed(ran(), typed("G6", "=40+10"))))["xl/worksheets/sheet1.xml"]
    assert re.search(rb'<c r="E10" s="\d+"><f>[^<]*</f></c>', none), "neither a result nor its type"


def unshared(xml: bytes) -> bytes:
    """A sheet as programs write it that write each formula out, without results."""
    first: dict[bytes, tuple[str, At]] = {}

    def written(found: re.Match[bytes]) -> bytes:
        start, group, text = found[1], found[4], found[5]
        at = int(found[3]), number(found[2].decode())
        if text:
            first[group] = unescape(text.decode()), at
        formula = escape(translated(*first[group], at), quote=False)
        return start + b"<f>" + formula.encode() + b"</f>"

    return SHARED.sub(written, without_results(xml))


SHARED = re.compile(rb'(<c r="([A-Z]+)(\d+)"[^>]*>)<f t="shared"(?: ref="[^"]*")? si="(\d+)"(?:/>|>([^<]*)</f>)')


def naming_the_row_above(xml: bytes) -> bytes:
    """A sheet in which a shared formula names another row that goes along."""
    made = without_results(xml).replace(b">ROWS(A$8:A9)<", b">ROWS(A$8:A8)+1<")
    assert made != without_results(xml)
    return made


@pytest.mark.parametrize("written", [without_results, unshared, naming_the_row_above])
def test_results_are_the_same_however_a_program_writes_what_goes_down_a_column(
    written: Callable[[bytes], bytes],
) -> None:
    parts = crafted.members(ran())
    part = written(parts[RECHECK_PART])
    assert (part.count(b't="shared"') > 2500) is (written is not unshared) and part.count(b"<v>") < 200
    assert stored(ran(crafted.packed(parts | {RECHECK_PART: part}))) == stored(ran())


@pytest.mark.parametrize("name", ["reference-2565", "mistakes-2565"])
def test_formulon_computes_what_is_stored(name: str) -> None:
    content = ran((SAMPLES / f"{name}.xlsx").read_bytes())
    for profile, theirs in by_formulon(content):
        assert differing(stored(content), theirs) == [], profile


def odd(book: Workbook) -> None:
    """What people type that is no plain number or text."""
    for cell, value, title in (
        ("E9", "๙๖.๑๓", STATED.title),
        ("G6", datetime(2022, 8, 1), IIT),  # noqa: DTZ001 (openpyxl wants it naive)
        ("G7", True, IIT),
        ("A8", "i13", IIT),
        ("B14", "2565", HOME.title),
        ("A25", "", HOME.title),
    ):
        book[title][cell] = value


def test_formulon_computes_what_is_stored_for_odd_inputs() -> None:
    content = ran(changed(REFERENCE, odd))
    _, theirs = next(by_formulon(content))
    known = {at: result for at, result in stored(content).items() if result is not None}
    assert differing(known, theirs) == [] and len(known) > MANY - 10


# ---- single formulas ----

CELLS: dict[str, Any] = {
    "A1": 1.0, "A2": "ก", "A3": "", "A4": True, "A5": 2.5, "A6": "abc", "A8": "12", "A9": 97.445,
}  # fmt: skip
"""A7 stays empty."""

SURE = [
    *"""
IF(A7="",1,2) IF(A7=0,1,2) A7&"" A1&"x" A5&"" LEN(A5) LEN(A2) A1=A2 A2>A1 A4>A2 "A"="a" A6="ABC" -A1 --A4 A8+1
A1/0 A6+1 IFERROR(A6+1,"e") SUMPRODUCT(--(A1:A9=A2)) SUMPRODUCT((A1:A9=A2)*ISNUMBER(A1:A9)) SUMPRODUCT(A1:A9)
MATCH("ABC",A1:A9,0) MATCH(2.5,A1:A9,0) MATCH("x",A1:A9,0) INDEX(A1:A9,2) INDEX(A1:A9,99) COUNT(A1:A9) COUNTA(A1:A9)
MAX(A1:A9) MIN(A1:A9) MEDIAN(0,A5,100) MEDIAN(0,150,100) ROUND(A9,2) ROUND(2.345,2) ROUND(-2.5,0) ROUND(1.005,2)
N(A2) N(A4) N(A7) NOT(A4) AND(A1=1,A4) OR(A1=2,A4) ABS(-A5) LEFT(A6,2) MID(A6,2,5) MID(A6,9,1)
FIND("b",A6) ISERROR(FIND("z",A6)) ROWS(A1:A5) COUNTIF(A1:A9,"abc") 0.1+0.2-0.3 0.1+0.2=0.3 1E3+A1
SUMPRODUCT(ISNUMBER(1/LEN(A1:A9))*1) SUMPRODUCT(ISNUMBER(MATCH(A1:A9,{"ก","abc"},0))*1) HYPERLINK("#A1","ดู")
""".split(),
    *"""
IF(A6="","x",A6) IF(A3="",1,A3) IF(A7="",1,A7) IF(A7="",A7&"e",A7) IF(A1/0="",1,A1/0)
IFERROR(IF(A1/0="",1,A1/0),"e") A6<>"" A3<>"" A7<>"" ""<>A3 A1<>"" (A1/0)<>"" A4="true" A6<>"ABC" 1=TRUE A1&1
A1&TRUE INDEX(A1:A9,1)&INDEX(A1:A9,TRUE) MEDIAN(A1,A5) MEDIAN(3,1,2,9) AND(TRUE,A1)
COUNTIFS(A1:A9,"abc",A1:A9,"abc") SUMPRODUCT(ISNUMBER(1/LEN(A1:A9))*2)
SUMPRODUCT((1-ISNUMBER(A1:A9))*(ISNUMBER(A1:A9)+2)) SUMPRODUCT((0.3-A1:A1*0.3)*1) SUMPRODUCT((LEN(A1:A9)>1)*1)
SUMPRODUCT(--(A1:A9="ก"),A1:A9) SUMPRODUCT(ISERROR(FIND("b",A1:A9))*1) ROUND(3,1) ROUND(0,2)
SUMPRODUCT((A1:A1=TRUE)*1) SUMPRODUCT((A1:A1=1)*1) SUMPRODUCT((A4:A4=1)*1) 7-2-1 8/2/2 2+3*4-1 -2-3 (2+3)*4
1+1&2 1+1=2
""".split(),
    'TRIM("  a  b ")',
]


def page_of() -> Page:
    cells = {(int(at[1:]), 1): value for at, value in CELLS.items() if value != ""}
    return Page(cells, {}, lambda at: at == (3, 1), {})


@pytest.mark.parametrize("formula", SURE)
def test_a_formula_gives_what_formulon_makes_of_it(formula: str) -> None:
    computed = ready(formula)
    assert computed, "understood"
    ours = computed(page_of(), 20)
    with formulon.Workbook.create_default() as book:
        for at, value in CELLS.items():
            put: Any = {float: book.set_number, str: book.set_text, bool: book.set_bool}[type(value)]
            put(0, int(at[1:]) - 1, 0, value)
        book.set_formula(0, 19, 5, f"={formula}")
        book.recalc()
        theirs = book.get_value(0, 19, 5)
        if isinstance(ours, CellError):
            assert book.get_display_text(0, 19, 5)[0] == ours.text
        else:
            assert theirs.to_python() == (ours if ours is not None else 0)


@pytest.mark.parametrize(
    "formula",
    [
        *(
            "TODAY()",
            "SUM(A1:A2)",
            "A1:A2",
            "A:A",
            "'[1]x'!A1",
            "name",
            "A1%",
            "2^3",
            "IF(A1,1)",
            "MATCH(A2,A1:A9)",
        ),
        *('COUNTIF(A1:A9,"a*")', 'COUNTIF(A1:A9,">1")', 'MATCH("a*",A1:A9,0)', '"1/2"+1', '"๕"+1', "A1:A2+1"),
        *("AND(A1:A2)", "MAX(A2,1)", "A20:A1", "A1 A2", "IF(,1,2)", "B1#", "Table[x]", "ROUND(A1,-1)", 'A2<"ข"'),
    ],
)
def test_what_is_not_understood_or_not_sure_has_no_result(formula: str) -> None:
    computed = ready(formula)
    if computed:
        with pytest.raises(Unknown):
            computed(page_of(), 20)


def test_a_formula_that_needs_itself_has_no_result() -> None:
    page = Page(
        {}, {1: {1: ready("A2+1"), 2: ready("A1+1"), 3: ready("7+1"), 4: ready("A2")}}, lambda at: False, {}
    )
    for row in (1, 2, 4, 1):
        with pytest.raises(Unknown):
            page[1][row]
    assert page[1][3] == 8


def test_formulon_rounds_halves_as_we_do_whatever_floating_numbers_lost() -> None:
    halves = [whole / 200 for whole in range(10001, 19999, 98)]
    values = [near for half in halves for near in (half, nextafter(half, 0), nextafter(half, 999))]
    with formulon.Workbook.create_default() as book:
        for row, value in enumerate(values):
            book.set_number(0, row, 0, value)
            book.set_formula(0, row, 1, f"=ROUND(A{row + 1},2)")
        book.recalc()
        theirs = [book.get_value(0, row, 1).to_python() for row in range(len(values))]
    assert [rounded(value, 2) for value in values] == theirs
