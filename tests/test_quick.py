"""The quick way through a plainly written sheet says just what the careful way says, or leaves the sheet to it."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest

from ita_xl import jobs
from ita_xl.domain.contents import Value
from ita_xl.domain.findings import Unusable
from ita_xl.engines.package import engine, quick
from ita_xl.engines.package.engine import Package
from ita_xl.engines.port import Grid
from ita_xl.engines.shipped import template_path
from ita_xl.layout import SCORES
from tests import corpus, crafted
from tools.generate import saved

SAMPLE = (Path(__file__).parent.parent / "samples" / "reference-2565.xlsx").read_bytes()
PART = "xl/worksheets/sheet3.xml"
LOOK = crafted.style_of(SAMPLE, PART, "G6")
SCORE = b'<c r="G6" ' + LOOK + b' t="n"><v>93.68000000000001</v></c>'

PLAIN = [
    b'<c r="G6"><v>5</v></c>',
    b'<c r="G6"><v>-0.5E-3</v></c>',
    b'<c r="G6" t="n"><v>1e22</v></c>',
    b'<c r="G6" t="b"><v>1</v></c>',
    b'<c r="G6" t="str"><f>"a"</f><v>a &amp; b &lt;c&gt; &#3585;</v></c>',
    b'<c r="G6" t="str"><f>""</f><v></v></c>',
    b'<c r="G6"><f t="shared" si="9"/><v>7</v></c>',
    '<c r="G6" t="inlineStr"><is><t xml:space="preserve"> ก\nข </t></is></c>'.encode(),
    b'<c r="G6" t="inlineStr"><is><t></t></is></c>',
    b'<c r="G6" ' + LOOK + b"/>",
    b'<c r="G6"></c>',
]
ODD = [
    b'<c r="G6"><v>nan</v></c>',
    b'<c r="G6"><v>1_0</v></c>',
    b'<c r="G6"><v>1e999</v></c>',
    b'<c r="G6"><v>x</v></c>',
    b'<c r="G6"><v></v></c>',
    b'<c r="G6"><f>1+1</f></c>',
    b'<c r="G6"><f>1+1</f><v></v></c>',
    b'<c r="G6" t="b"><v>TRUE</v></c>',
    b'<c r="G6" t="e"><v>#N/A</v></c>',
    b'<c r="G6" t="d"><v>2022-08-01</v></c>',
    b'<c r="G6" t="s"><v>0</v></c>',
    b'<c t="n" r="G6"><v>5</v></c>',
    b'<c r="G6" cm="1"><v>5</v></c>',
    b"<c r='G6'><v>5</v></c>",
    b'<c r="G6"> <v>5</v> </c>',
    b'<c r="G6"><v xml:space="preserve">5</v></c>',
    b'<c r="G6" t="str"><v>a_x000D_b</v></c>',
    b'<c r="G6" t="str"><v>a\r\nb</v></c>',
    b'<c r="G6" t="str"><v>a<!-- c -->b</v></c>',
    b'<c r="G6" t="inlineStr"><is><r><t>a</t></r><r><rPr><color rgb="FF0000FF"/></rPr><t>b</t></r></is></c>',
    b'<c r="G6" t="inlineStr"><is><t>a</t><rPh sb="0" eb="1"><t>b</t></rPh></is></c>',
    b'<c r="ZZZ6"><v>5</v></c>',
    b'<c r="G06"><v>5</v></c>',
]


def with_cells(*cells: bytes) -> bytes:
    return crafted.patched(SAMPLE, PART, SCORE, b"".join(cells))


def both_ways(content: bytes) -> Iterator[tuple[Grid | None, Grid | None]]:
    """Every sheet the quick way (None where it is left to the careful one) and the careful way (None where that
    refuses it)."""
    package = Package(content, "x.xlsx")
    for title in package.sheets():
        part = package._part(package._book.parts[title])
        found = quick.cells(part, package._texts, package._dates)
        fast = package._looked(part, found[0], found[1]) if found else None
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(engine, "cells", lambda *_: None)
            try:
                careful = package._grid(title, part)
            except Unusable:
                careful = None
        yield fast, careful


def told(grid: Grid) -> tuple[object, ...]:
    """All that a grid says, values with their types: 1 is not True."""
    cells: dict[object, tuple[type, Value]] = {at: (type(value), value) for at, value in grid.cells.items()}
    return cells, grid.merged, grid.formulas, grid.percent, grid.heights, grid.widths


def assert_alike(content: bytes) -> int:
    """How many sheets went the quick way."""
    quickly = 0
    for fast, careful in both_ways(content):
        if fast is not None:
            assert careful is not None
            assert told(fast) == told(careful)
            quickly += 1
    return quickly


@pytest.mark.parametrize("cell", PLAIN, ids=lambda cell: cell.decode())
def test_a_plainly_written_cell_is_read_quickly_and_means_the_same(cell: bytes) -> None:
    sheets = len(Package(SAMPLE, "x.xlsx").sheets())
    assert assert_alike(with_cells(cell)) == sheets


@pytest.mark.parametrize("cell", ODD, ids=lambda cell: cell.decode())
def test_a_sheet_with_anything_else_is_left_to_the_careful_way(cell: bytes) -> None:
    sheets = len(Package(SAMPLE, "x.xlsx").sheets())
    assert assert_alike(with_cells(cell)) == sheets - 1


def test_numbers_that_may_be_dates_are_left_to_the_careful_way() -> None:
    book = openpyxl.load_workbook(io.BytesIO(SAMPLE))
    book[SCORES["IIT"].title]["G6"] = dt.datetime(2022, 8, 1)  # noqa: DTZ001 (openpyxl wants it naive)
    book[SCORES["EIT"].title]["G6"] = dt.time(8, 30)
    made = io.BytesIO()
    book.save(made)
    assert_alike(made.getvalue())
    left = [fast for fast, grid in both_ways(made.getvalue()) if grid and _dated(grid)]
    assert left == [None, None]


def _dated(grid: Grid) -> bool:
    return any(isinstance(value, dt.date | dt.time) for value in grid.cells.values())


def test_workbooks_of_other_programs_are_read_alike() -> None:
    assert_alike(corpus.written())


@pytest.mark.parametrize(
    "change",
    [
        crafted.commented,
        crafted.rich,
        crafted.prefixed,
        crafted.strict,
        crafted.without_references,
        crafted.single_quotes,
        crafted.streamed,
        crafted.zip64,
        saved.shared_strings,
        lambda content: saved.own_table(saved.shared_strings(content), "หนึ่งข้อความ"),
        lambda content: jobs.convert(content, "x.xlsx")[1],
    ],
)
def test_both_ways_agree_however_a_program_writes(change: Callable[[bytes], bytes]) -> None:
    assert_alike(change(SAMPLE))


def test_what_this_program_writes_is_read_quickly() -> None:
    made = jobs.convert(saved.shared_strings(SAMPLE), "x.xlsx")[1]
    for content in (template_path().read_bytes(), SAMPLE, made):
        assert assert_alike(content) == len(Package(content, "x.xlsx").sheets())


@pytest.mark.parametrize("seed", range(40))
def test_both_ways_agree_on_cells_written_in_any_order_and_number(seed: int) -> None:
    """A seed makes one sheet of odd and plain cells, some at one address, and some texts that look like markup."""
    dice = random.Random(seed)
    words = ["ก", "a&amp;b", "&lt;c r=&quot;A1&quot;&gt;", "  x", "_x0041_", "1", "๙๖.๑", "]]&gt;", "#N/A", ""]
    cells = []
    for _ in range(12):
        kind = dice.random()
        if kind < 0.5:
            cells.append(dice.choice(PLAIN))
        elif kind < 0.55:
            cells.append(dice.choice(ODD))
        else:
            text = dice.choice(words)
            cells.append(f'<c r="G6" t="inlineStr"><is><t>{text}</t></is></c>'.encode())
    letters = dice.sample("GHIJKLMNOPQR", 12) if seed % 2 else ["G"] * 12
    moved = [cell.replace(b'"G6"', f'"{letter}6"'.encode()) for cell, letter in zip(cells, letters, strict=True)]
    assert_alike(with_cells(*moved))
    assert SCORES["IIT"].title in Package(SAMPLE, "x.xlsx").sheets()
