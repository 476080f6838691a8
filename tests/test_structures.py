"""A structure that one agency completed is handed to the next as a file."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from ita_xl import structures
from ita_xl.data import profiles
from ita_xl.domain.codes import Code
from ita_xl.domain.tree import Kind
from ita_xl.engines.package.engine import Package
from ita_xl.layout import SCORES, STRUCTURE, labels
from ita_xl.new import new
from ita_xl.reading.workbook import read_inputs
from tests.conftest import Ita
from tests.test_learning import EIT, IIT, OIT, run, workbook


@pytest.fixture
def completed(tmp_path: Path) -> Path:
    """A workbook of 2569 whose questions were typed on the score sheets."""
    path = tmp_path / "ก.xlsx"
    path.write_bytes(run(workbook(2569, {"IIT": IIT, "EIT": EIT, "OIT": OIT}))[1])
    return path


@pytest.mark.parametrize("year", profiles.years())
def test_what_is_saved_is_what_is_read_again(year: int, tmp_path: Path) -> None:
    shipped = profiles.profile(year)
    path = tmp_path / "s.toml"
    path.write_bytes(structures.saved(Package(new(shipped, {}).to_bytes(), "x.xlsx")))
    read = structures.opened(path)
    assert read.tree.nodes == shipped.tree.nodes
    assert (read.year, read.levels, read.continues) == (year, shipped.levels, shipped.continues)
    assert dict(read.guidance) == dict(shipped.guidance)
    assert not any(mark.verified for mark in read.marks.values())


def test_the_next_agency_starts_with_its_questions(completed: Path, tmp_path: Path, ita: Ita) -> None:
    assert ita("structure", "save", completed, "-o", tmp_path / "2569.toml").code == 0
    made = tmp_path / "ข.xlsx"
    assert ita("new", made, "--structure", tmp_path / "2569.toml", "--agency", "อบต. ข").code == 0
    sheet, block = openpyxl.load_workbook(made)[SCORES["IIT"].title], SCORES["IIT"].block("scores")
    rows = [[sheet.cell(block.first_row + n, at).value for at in (1, 2, 4)] for n in (0, 14)]
    assert rows == [["I1", "หัวข้อ 1", "1"], ["I15", "หัวข้อ 15", "5"]]
    tree = read_inputs(Package.open(made)).tree
    assert tree is not None and len(tree.codes(Kind.QUESTION)) == 50 and not tree.unplaced


def test_a_file_that_stands_there_is_not_written_over(completed: Path, tmp_path: Path, ita: Ita) -> None:
    out = tmp_path / "2569.toml"
    ita("structure", "save", completed, "-o", out)
    out.write_text(out.read_text(encoding="utf-8") + "# ของฉัน", encoding="utf-8")
    before = out.read_bytes()
    assert ita("structure", "save", completed, "-o", out).code == 2
    assert out.read_bytes() == before


def test_another_year_than_the_files_is_refused(completed: Path, tmp_path: Path, ita: Ita) -> None:
    ita("structure", "save", completed, "-o", tmp_path / "s.toml")
    assert ita("new", tmp_path / "x.xlsx", "--structure", tmp_path / "s.toml", "--year", 2568).code == 2
    assert not (tmp_path / "x.xlsx").exists()


BAD = {
    "no toml": "นี่ไม่ใช่ toml [",
    "empty": "",
    "no nodes": "year = 2569\nstatus = 'draft'\ncontinues = 'indicator'",
    "wrong kinds": "year = 'x'\nnodes = 3\nlevels = 'y'",
    "a list": "year = 2569\nstatus = 'draft'\ncontinues = 'none'\nnodes = [1, 2]",
}


@pytest.mark.parametrize("bad", BAD)
def test_a_damaged_file_says_what_is_wrong_and_nothing_is_made(bad: str, tmp_path: Path, ita: Ita) -> None:
    (tmp_path / "s.toml").write_text(BAD[bad], encoding="utf-8")
    said = ita("new", tmp_path / "x.xlsx", "--structure", tmp_path / "s.toml")
    assert said.code == 3 and "E190" in said.err
    assert not (tmp_path / "x.xlsx").exists()


# ---- a province sends it to all ----


def test_a_batch_gives_it_to_the_workbooks_of_its_year_and_leaves_the_others(
    completed: Path, tmp_path: Path, ita: Ita
) -> None:
    toml, inbox, out = tmp_path / "s.toml", tmp_path / "in", tmp_path / "out"
    ita("structure", "save", completed, "-o", toml)
    inbox.mkdir()
    for year in (2568, 2569):
        (inbox / f"{year}.xlsx").write_bytes(new(profiles.profile(year), {"agency": f"อบต. {year}"}).to_bytes())
    before = {path.name: path.read_bytes() for path in inbox.iterdir()}
    ita("batch", inbox, "-o", out, "--structure", toml, "--jobs", 1)
    assert {path.name: path.read_bytes() for path in inbox.iterdir()} == before
    tree = read_inputs(Package.open(out / "2569.xlsx")).tree
    assert tree is not None and len(tree.codes(Kind.QUESTION)) == 50
    sheet = openpyxl.load_workbook(out / "2569.xlsx")[SCORES["EIT"].title]
    assert [sheet.cell(6 + n, 1).value for n in range(9)] == [f"E{n}" for n in range(1, 10)]
    other = read_inputs(Package.open(out / "2568.xlsx")).tree
    assert other is not None and list(other.nodes) == list(profiles.profile(2568).tree.nodes)


def test_a_structure_that_an_agency_vouches_for_stays() -> None:
    book = new(profiles.profile(2569), {"agency": "อบต. ก"})
    book.book[STRUCTURE.title][STRUCTURE.field("confirmed").cell] = labels.yes_no(True)
    content = book.to_bytes()
    given = structures.saved(Package(workbook(2569, {"IIT": IIT}), "x.xlsx"))
    made, findings = structures.adopted(content, "x.xlsx", given)
    assert made == content and [finding.code for finding in findings] == [Code.STRUCTURE_KEPT]


def test_a_damaged_structure_stops_the_batch_before_it_begins(tmp_path: Path, ita: Ita) -> None:
    (tmp_path / "s.toml").write_text("x", encoding="utf-8")
    (tmp_path / "a.xlsx").write_bytes(new(profiles.profile(2569), {}).to_bytes())
    said = ita("batch", tmp_path / "a.xlsx", "-o", tmp_path / "out", "--structure", tmp_path / "s.toml")
    assert said.code == 3 and not list((tmp_path / "out").glob("*.xlsx"))
