"""A run on a clerk's workbook loses nothing, whatever program wrote it."""

from __future__ import annotations

import csv
import io
import posixpath
import re
import shutil
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.workbook.workbook import Workbook
from openxml_audit import OpenXmlValidator, ValidationSeverity

from ita_xl import jobs
from ita_xl.case.outcome import Outcome
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from ita_xl.engines.package.archive import Archive
from ita_xl.engines.package.book import Book
from ita_xl.engines.package.engine import Package
from ita_xl.layout import FINDINGS, HOME, OUTPUTS, PUBLISHED, RESULTS, SCORES, SUMMARY, TRACKING, WRITTEN, Show
from ita_xl.publishing.workbook import published
from tests import corpus, crafted
from tests.conftest import sure
from tests.test_openxml import faults
from tools import parts
from tools.parts import State
from tools.render import convert

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*not supported and will be removed:UserWarning:openpyxl"),
    pytest.mark.filterwarnings("ignore:Unable to read chart:UserWarning:openpyxl"),
]
BY_LIBREOFFICE = [pytest.param(name, marks=pytest.mark.libreoffice) for name in corpus.SAVED]
GIVEN_UP = ("libreoffice", "by way of ods")
"""LibreOffice itself gives up formulas on sheets that are not there yet."""
INDEXES = {"[Content_Types].xml", "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"}


@dataclass(frozen=True)
class Run:
    """A workbook before and after a run in place, and where it lies."""

    name: str
    path: Path
    before: bytes
    after: bytes
    outcome: Outcome

    @cached_property
    def opened(self) -> Workbook:
        return openpyxl.load_workbook(io.BytesIO(self.after))


def ran(content: bytes, path: Path) -> Run:
    path.write_bytes(content)
    outcome = jobs.run(path)
    return Run(path.stem, path, content, path.read_bytes(), outcome)


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """The whole corpus, each workbook made and run once; without LibreOffice the part that needs none."""
    folder = tmp_path_factory.mktemp("corpus")
    books = {name: make() for name, make in corpus.MADE.items()}
    if shutil.which("soffice"):
        books |= corpus.saved_by_libreoffice(books["xlsxwriter"], tmp_path_factory.mktemp("libreoffice"))
    return {name: ran(content, folder / f"{name}.xlsx") for name, content in books.items()}


@pytest.fixture(params=[*corpus.MADE, *BY_LIBREOFFICE])
def run(request: pytest.FixtureRequest, runs: dict[str, Run]) -> Run:
    return runs[request.param]


@pytest.fixture(scope="session")
def sample() -> Outcome:
    return jobs.check(corpus.SAMPLE)


def ours(content: bytes) -> set[str]:
    """The parts of our output sheets."""
    titles = {sheet.title for sheet in WRITTEN}
    return {part for title, part in Book(Archive(content)).parts.items() if title in titles}


def test_every_part_that_is_not_ours_stays_byte_for_byte(run: Run) -> None:
    old, new = Archive(run.before), Archive(run.after)
    may_change = INDEXES | ours(run.after) | {name for name in new.names if name.startswith("xl/charts/")}
    kept = [name for name in old.names if name not in may_change and name != "xl/calcChain.xml"]
    assert len(kept) > 30
    home = Book(new).parts[HOME.title]
    # What hangs on rows of ours follows them: these come and go with the tables.
    hanging = parts.reached(Book(new), new, ours(run.after))
    for name in kept:
        if name != home or new.read(name) == old.read(name):
            same = (new.read(name), new.stream(name)) == (old.read(name), old.stream(name))
            moved = name in hanging and parts.wherever(new.read(name)) == parts.wherever(old.read(name))
            assert same or moved, name
    assert parts.first_sheet(new.read(home)) == parts.first_sheet(old.read(home)), (
        "only the steps are computed anew"
    )


def test_the_report_says_so(run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "before.xlsx").write_bytes(run.before)
    assert parts.main(tmp_path / "before.xlsx", run.path) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "same       xl/media/image1.png" in lines
    assert {line.split()[1] for line in lines if line.startswith(State.APPENDED)} <= INDEXES
    dropped = ["dropped    xl/calcChain.xml"] if run.name == "excel's parts" else []
    assert [line for line in lines if line.startswith(State.DROPPED)] == dropped


def test_all_that_refers_to_a_part_still_finds_it(run: Run) -> None:
    assert faults_of_references(run.before) == []
    assert faults_of_references(run.after) == []


def faults_of_references(content: bytes) -> list[str]:
    """Relations without their part, ids without their relation, and parts without a type of content."""
    held = crafted.members(content)
    types = etree.fromstring(held["[Content_Types].xml"])
    known = {entry.get("PartName") or entry.get("Extension", "").lower() for entry in types}
    faults = []
    for name, part in held.items():
        folder, base = posixpath.split(name)
        if name != "[Content_Types].xml" and not {f"/{name}", base.rpartition(".")[2].lower()} & known:
            faults.append(f"{name} has no type")
        relations = etree.fromstring(held.get(posixpath.join(folder, "_rels", f"{base}.rels"), b"<none/>"))
        if name.endswith(".xml"):
            wanted = {found.decode() for found in re.findall(rb'\br:\w+="([^"]+)"', part)}
            faults += [f"{name} knows no {rid}" for rid in wanted - {r.get("Id") for r in relations}]
        for relation in relations:
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
            if relation.get("TargetMode") != "External" and target not in held:
                faults.append(f"{name} refers to {target}")
    return faults


def test_no_part_that_a_run_writes_breaks_a_rule(runs: dict[str, Run]) -> None:
    """Of one workbook, as checking takes long: the one in which a run meets most."""
    errors = OpenXmlValidator().validate(runs["excel's parts"].path).errors
    # openpyxl, which drew our template, orders the children of <font> its own way.
    broken = [e for e in errors if e.severity is ValidationSeverity.ERROR and "/fonts[1]/font[" not in str(e.path)]
    assert [f"{e.part_uri} {e.path}: {e.description}" for e in broken] == []


def test_the_figures_are_those_of_the_sample(run: Run, sample: Outcome) -> None:
    found, wanted = run.outcome.as_json(), sample.as_json()
    assert found["total"] == 96.99
    of_a_run: dict[str, object] = {"findings": [], "measures": []}  # what is planned is known once it was run
    assert {**found, **of_a_run} == {**wanted, **of_a_run}
    assert {f.code for f in run.outcome.findings} <= {Code.SHEET_RESTORED, Code.DRAFT_NOT_CONFIRMED}


def test_it_opens_in_openpyxl(run: Run) -> None:
    assert run.opened[SUMMARY.title][SUMMARY.field("kpi_total").cell].value == 96.99
    assert [title for title in run.opened.sheetnames if title in corpus.OWN] == corpus.OWN
    assert run.opened[corpus.STORE].sheet_state in ("veryHidden", "hidden")


@pytest.mark.parametrize("name", [*corpus.MADE, *(p for p in BY_LIBREOFFICE if p.values[0] not in GIVEN_UP)])
def test_a_clerks_formulas_on_our_sheets_stay(name: str, runs: dict[str, Run]) -> None:
    page = runs[name].opened[corpus.WORK]
    kept = {cell: page[cell].value.replace("'", "") for cell in corpus.ON_OURS}
    assert kept == {cell: formula.replace("'", "") for cell, formula in corpus.ON_OURS.items()}


def test_further_runs_write_nothing(run: Run, tmp_path: Path) -> None:
    """Only where sheets came back the next run has to take the notes about it from the list of findings."""
    path = tmp_path / "x.xlsx"
    path.write_bytes(run.after)
    jobs.run(path)
    settled, stamp = path.read_bytes(), path.stat().st_mtime_ns
    states = parts.report(run.after, settled)
    changed = {name for name, state in states.items() if state is not State.SAME}
    came_back = any(f.code == Code.SHEET_RESTORED for f in run.outcome.findings)
    places = Package(settled, "x.xlsx")._book.parts
    # With a row less in that list, names and the first sheet name fewer of its rows.
    following = {places[HOME.title], "xl/workbook.xml"} if came_back else set()
    assert changed - following == ({places[FINDINGS.title]} if came_back else set())
    jobs.run(path)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (settled, stamp)


@pytest.mark.libreoffice
def test_all_open_in_libreoffice_with_the_same_figures(runs: dict[str, Run], tmp_path: Path) -> None:
    convert([run.path for run in runs.values()], tmp_path, corpus.EVERY_SHEET)

    def shown(run: Run, title: str, cell: str) -> float:
        with (tmp_path / f"{run.name}-{title}.csv").open(encoding="utf-8-sig", newline="") as lines:
            row, column = coordinate_to_tuple(cell)
            return round(float(list(csv.reader(lines))[row - 1][column - 1]), 2)

    for run in runs.values():
        assert {f"{run.name}-{title}.csv" for title in corpus.OWN} <= {path.name for path in tmp_path.iterdir()}
        assert shown(run, SUMMARY.title, SUMMARY.field("kpi_total").cell) == 96.99, run.name
        assert shown(run, HOME.title, HOME.field("live_total").cell) == 96.99, run.name
        if run.name not in GIVEN_UP:
            assert shown(run, corpus.WORK, "B1") == 96.99, run.name


HARMS: dict[str, tuple[str, bytes, bytes, State]] = {
    "a picture is lost": ("xl/media/image2.png", b"", b"", State.LOST),
    "a byte of a picture differs": ("xl/media/image1.png", b"IHDR", b"IHDr", State.CHANGED),
    "a sheet lost its shapes": ("xl/worksheets/sheet2.xml", b"<legacyDrawing ", b"<nothing ", State.CHANGED),
    "a part is there that nobody knows": ("xl/stray.xml", b"", b"<stray/>", State.ADDED),
    "a look is another one": ("xl/styles.xml", b'val="Angsana New"', b'val="Arial"', State.CHANGED),
    "looks are renumbered": ("xl/styles.xml", b'" xfId="0"/>', b'" xfId="0"/><xf xfId="0"/>', State.CHANGED),
    "a secret sheet is shown": ("xl/workbook.xml", b' state="veryHidden"', b"", State.CHANGED),
    "a name means other cells": ("xl/workbook.xml", b"$A$8</definedName>", b"$A$9</definedName>", State.CHANGED),
    "a type of content is lost": ("[Content_Types].xml", b'Extension="png"', b'Extension="gif"', State.CHANGED),
    "a relation is lost": ("xl/_rels/workbook.xml.rels", b"pivotCacheDefinition1", b"nothing", State.CHANGED),
    "a chart has other values": ("xl/charts/chart2.xml", b"<c:v>40</c:v>", b"<c:v>41</c:v>", State.CHANGED),
}


def test_packed_anew_without_a_loss_nothing_is_reported(runs: dict[str, Run]) -> None:
    run = runs["excel's parts"]
    assert not parts.BAD & set(parts.report(run.before, crafted.packed(crafted.members(run.after))).values())


@pytest.mark.parametrize("harm", HARMS)
def test_a_planted_loss_is_reported(
    harm: str, runs: dict[str, Run], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = runs["excel's parts"]
    name, old, new, state = HARMS[harm]
    held = crafted.members(run.after)
    assert old in held.get(name, b"")
    held[name] = held[name].replace(old, new, 1) if old else new
    if state is State.LOST:
        del held[name]
    (tmp_path / "before.xlsx").write_bytes(run.before)
    (tmp_path / "after.xlsx").write_bytes(crafted.packed(held))
    assert parts.main(tmp_path / "before.xlsx", tmp_path / "after.xlsx") == 1
    bad = [line for line in capsys.readouterr().out.splitlines() if line.startswith(tuple(parts.BAD))]
    assert bad == [f"{state:9}  {name}"]


def test_of_a_sheet_of_ours_only_rows_may_differ(tmp_path: Path) -> None:
    run = ran(corpus.SAMPLE.read_bytes(), tmp_path / "x.xlsx")
    part = Package(run.after, "x.xlsx")._book.parts[SUMMARY.title]
    assert parts.report(run.before, run.after)[part] is State.OURS
    held = crafted.members(run.after)
    harmed = crafted.packed(held | {part: held[part].replace(b'<pane ySplit="3"', b'<pane ySplit="4"')})
    assert parts.report(run.before, harmed)[part] is State.CHANGED


def test_long_zip_records_are_read_and_no_longer_needed(runs: dict[str, Run]) -> None:
    run = runs["zip64"]
    assert b"PK\6\6" in run.before
    assert b"PK\6\6" not in run.after
    with zipfile.ZipFile(run.path) as package:
        assert package.testzip() is None


def test_a_package_of_more_parts_than_fit_is_refused_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    held = crafted.members(corpus.SAMPLE.read_bytes()) | {f"xl/media/{n}.png": b"" for n in range(2**16)}
    path.write_bytes(crafted.packed(held, zipfile.ZIP_STORED))
    with pytest.raises(Unusable) as caught:
        jobs.run(path)
    assert [f.code for f in caught.value.findings] == [Code.FILE_DAMAGED]


def test_figures_by_formulas_on_other_files(sample: Outcome, tmp_path: Path) -> None:
    """A stored result counts; one that was never computed, or is an error, is a finding at its cell."""
    link, title = "='[คะแนนเดิม.xlsx]Sheet1'!A1", SCORES["IIT"].title
    results = {"G6": "", "G7": "#REF!", "G8": 94.68}
    content = corpus.written({(title, cell): (link, result) for cell, result in results.items()})
    run = ran(content, tmp_path / "x.xlsx")
    found = [(f.code, f.cell) for f in run.outcome.findings if f.sheet == title and f.code != Code.SHEET_RESTORED]
    assert found == [(Code.FORMULA_WITHOUT_RESULT, "G6"), (Code.CELL_HAS_ERROR, "G7")]
    assert next(f for f in run.outcome.findings if f.code == Code.FORMULA_WITHOUT_RESULT).values["value"] == link
    assert run.outcome.scores["I3"].shown == sample.scores["I3"].shown
    assert run.outcome.as_json()["total"] == 96.99
    assert not parts.BAD & set(parts.report(run.before, run.after).values())


def test_names_that_came_with_a_sheet_belong_to_it_beside_chart_sheets(run: Run) -> None:
    root = etree.fromstring(crafted.members(run.after)["xl/workbook.xml"])
    titles = [sheet.get("name") for sheet in root.iter("{*}sheet")]
    assert corpus.PLOT in titles
    named = [name for name in root.iter("{*}definedName") if name.get("name") == "_xlnm.Print_Area"]
    assert len(named) > len(OUTPUTS)
    for name in named:
        assert titles[int(name.get("localSheetId", ""))] == sure(name.text).rpartition("!")[0].strip("$'")


def test_names_follow_other_files_in_a_workbook_that_had_none(runs: dict[str, Run], tmp_path: Path) -> None:
    held, book = crafted.members(runs["excel's parts"].before), "xl/workbook.xml"
    held[book] = re.sub(rb"<definedNames>.*</definedNames>", b"", held[book])
    after = crafted.members(ran(crafted.packed(held), tmp_path / "x.xlsx").after)[book]
    order = [etree.QName(element).localname for element in etree.fromstring(after)]
    assert order.index("sheets") < order.index("externalReferences") < order.index("definedNames")
    assert order.index("definedNames") < order.index("calcPr")


def test_sheets_come_back_in_the_strict_variant_as_strict_ones(runs: dict[str, Run], tmp_path: Path) -> None:
    run = ran(crafted.strict(runs["xlsxwriter"].before), tmp_path / "x.xlsx")
    usual = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    assert [name for name, part in crafted.members(run.after).items() if usual in part] == []
    assert not parts.BAD & set(parts.report(run.before, run.after).values())
    assert jobs.check(run.path).as_json()["total"] == 96.99


def test_new_parts_have_names_of_their_own_whatever_the_case(runs: dict[str, Run], tmp_path: Path) -> None:
    held = crafted.members(runs["xlsxwriter"].before)
    last = sum(name.startswith("xl/worksheets/sheet") for name in held)
    old, new = f"sheet{last}.xml", f"Sheet{last + 1}.xml"
    renamed = {n.replace(old, new): part.replace(old.encode(), new.encode()) for n, part in held.items()}
    run = ran(crafted.packed(renamed), tmp_path / "x.xlsx")
    names = [name.casefold() for name in crafted.members(run.after)]
    assert len(set(names)) == len(names)


def test_a_chart_sheet_with_the_title_of_ours_keeps_it(runs: dict[str, Run], tmp_path: Path) -> None:
    old, new = f'name="{corpus.PLOT}"'.encode(), f'name="{SUMMARY.title}"'.encode()
    content = crafted.edited(runs["xlsxwriter"].before, lambda _, part: part.replace(old, new))
    run = ran(content, tmp_path / "x.xlsx")
    assert crafted.members(run.after)["xl/workbook.xml"].count(new) == 1
    assert [f.sheet for f in run.outcome.findings if f.code == Code.OUTPUT_SHEET_MISSING] == [SUMMARY.title]


def test_the_published_copy_holds_our_sheets_and_nothing_of_the_clerks_own(run: Run, tmp_path: Path) -> None:
    copy, findings = published(run.after, run.name)
    unfilled = [TRACKING.title, RESULTS.title]
    assert [(f.code, f.values["sheets"]) for f in findings] == [(Code.SHEETS_WITHOUT_CONTENT, ", ".join(unfilled))]
    was, now = Package(run.after, ""), Package(copy, "")
    needless = {*unfilled, *(sheet.title for sheet in PUBLISHED if sheet.show is Show.NEEDED)}
    assert now.sheets() == [sheet.title for sheet in PUBLISHED if sheet.title not in needless]
    parts = crafted.members(copy)
    text = "".join(part.decode("utf-8", "replace") for part in parts.values())
    assert not [title for title in was.sheets() if title not in now.sheets() and f"{title}'!" in text]
    own = "docProps/core.xml"  # what it is and whose, written anew
    assert not [name for name in parts if (name.startswith("docProps") and name != own) or "omment" in name]
    path = tmp_path / "copy.xlsx"
    path.write_bytes(copy)
    assert [f for f in faults(path) if "relationships/theme" not in f] == [], "LibreOffice writes no theme"
