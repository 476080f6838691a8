"""A second opinion: LibreOffice opens what we make and computes the live result by the workbook's own formulas."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from ita_xl import jobs, pipeline
from ita_xl.case.outcome import Outcome
from ita_xl.data import profiles, say
from ita_xl.data.profiles import profile
from ita_xl.domain.numbers import show
from ita_xl.domain.tree import OPEN_DATA, Kind
from ita_xl.engines.by_openpyxl import OpenpyxlBook
from ita_xl.engines.package.engine import Package
from ita_xl.engines.port import Written
from ita_xl.layout import HOME, RECHECK, SCORES, SHEETS, STATED, labels
from ita_xl.layout.keys import ColumnKey, FieldKey
from ita_xl.layout.labels import meant_code
from ita_xl.new import new
from ita_xl.reading import score_file
from ita_xl.reading.scores import counts_items
from ita_xl.writing.setup import stated_codes
from tests import crafted
from tests.conftest import sure
from tests.memory_port import Memory
from tests.recomputed import differing as differing_results
from tests.recomputed import stored
from tests.test_scheme import fill_scores, rewrite_structure, scheme
from tools.parts import without_results as sheet_without_results
from tools.render import convert

pytestmark = pytest.mark.libreoffice

KEEP = "xlsx:Calc MS Excel 2007 XML"
"""LibreOffice's name for saving as what it was."""

PARTIAL = "code,2565\nIIT,91.354\nE1,90\nE2,91\nE3,92\nE4,93\nE5,94\n7,87.43\n8,85.04\n9.1,700/9\n9.2,700/8\n"
PARTIAL += "9.3,700/7\n9.4,400/4\n9.5,400/5\n10.1,800/8\nO42,0\nO43,100\n"
NEWER = "code,2567\nIIT,84\nEIT,90\nOIT,97.53\n"


class SchemePort(Memory):
    """Lets the helpers for workbooks in memory write into a real one."""

    def __init__(self, port: OpenpyxlBook) -> None:
        super().__init__()
        self.port = port

    def put(self, title: str, row: int, column: int, value: Any) -> None:
        self.port.write(title, row, column, [[value]])


def made_up() -> OpenpyxlBook:
    port = new(profiles.profile(2565), {"agency": "ทดสอบ"})
    rewrite_structure(SchemePort(port), scheme())
    scores = {"I1": 80, "E1": 90, "E2": 70} | {f"O{n}": 0 if n in (3, 30) else 100 for n in range(1, 38)}
    fill_scores(SchemePort(port), scores)
    return port


def from_csv(text: str, year: int, folder: Path) -> OpenpyxlBook:
    path = folder / "scores.csv"
    path.write_text(text, encoding="utf-8")
    entries, _ = score_file.read(path, profiles.profile(year).tree, year)
    return new(profiles.profile(year), {"agency": "ทดสอบ"}, entries)


def at_random(year: int, seed: int) -> OpenpyxlBook:
    """A workbook of a year with made-up figures: most questions, some published figures, right or wrong."""
    dice = random.Random(seed)
    tree = profile(year).tree
    entries = []
    for code, node in tree.nodes.items():
        if dice.random() < (0.98 if node.kind is Kind.QUESTION else 0.5):
            item = node.kind is Kind.QUESTION and tree.instrument_of(code) == OPEN_DATA
            score = dice.choice((0, 100)) if item else Fraction(dice.randint(5000, 10000), 100)
            entries.append(score_file.ScoreEntry(code, year, Fraction(score)))
    return new(profile(year), {"agency": "ทดสอบ"}, entries)


def decided(year: int, seed: int) -> OpenpyxlBook:
    """The same with a published figure in every row, some points too, and a person's decision between the two."""
    port, dice, block = at_random(year, seed), random.Random(seed), STATED.block("stated")
    tree = profile(year).tree
    for row, code in enumerate(stated_codes(tree), block.first_row):
        score = profile(year).levels[1].name if code == labels.LEVEL else dice.randint(5000, 10000) / 100
        typed: dict[ColumnKey, Written] = {"y0": score, "hold0": dice.choice([*labels.hold_choices(), None])}
        if code in tree and counts_items(tree, code) and tree.children(code):
            typed["p0"] = 100 * dice.randint(0, len(tree.children(code)))
        for key, value in typed.items():
            port.write(STATED.title, row, block.column_number(key), [[value]])
    return port


def without_results(content: bytes) -> bytes:
    """A workbook whose formulas hold no result, so that whoever opens it must compute."""

    def strip(name: str, part: bytes) -> bytes:
        if not name.startswith("xl/worksheets/sheet"):
            return part
        part = sheet_without_results(part)
        assert b"</f><v>" not in part
        return part

    return crafted.edited(content, strip)


Pairs = dict[str, tuple[Outcome, Workbook]]


Saved = dict[str, tuple[Outcome, Path]]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """Our result, and the workbook as we saved it, by name."""
    folder = tmp_path_factory.mktemp("before")
    made = {
        "partial": from_csv(PARTIAL, 2565, folder),
        "newer": from_csv(NEWER, 2567, folder),
        "scheme": made_up(),
        **{f"random {year}": at_random(year, seed=year) for year in RANDOM},
        **{f"decided {seed}": decided(2565, seed) for seed in DECIDED},
    }
    sample = Path(__file__).parent.parent / "samples"
    outcomes = {name: pipeline.run(port) for name, port in made.items()}
    for name, port in made.items():
        port.save(folder / f"{name}.xlsx")
    for name in SAMPLES:
        outcomes[name] = jobs.run(sample / f"{name}.xlsx", folder / f"{name}.xlsx")
    for name, title, cell, value in PLANTED:
        planted = OpenpyxlBook.open(sample / "reference-2565.xlsx")
        outcomes[name] = pipeline.run(planted)
        planted.book[title][cell] = value
        planted.save(folder / f"{name}.xlsx")
    return {name: (outcome, folder / f"{name}.xlsx") for name, outcome in outcomes.items()}


@pytest.fixture(scope="module")
def pairs(saved: Saved, tmp_path_factory: pytest.TempPathFactory) -> Pairs:
    """Our result, and the workbook as LibreOffice computed and saved it, by name."""
    bare, after = tmp_path_factory.mktemp("bare"), tmp_path_factory.mktemp("after")
    for _, path in saved.values():
        (bare / path.name).write_bytes(without_results(path.read_bytes()))
    files = convert([bare / path.name for _, path in saved.values()], after, KEEP)
    return {
        name: (outcome, openpyxl.load_workbook(path, data_only=True))
        for (name, (outcome, _)), path in zip(saved.items(), files, strict=True)
    }


SAMPLES = ("reference-2565", "unfilled-2565", "mistakes-2565")
RANDOM = (2563, 2565, 2567, 2569)
DECIDED = (6, 19, 22)
NAMES = [*SAMPLES[:2], "partial", "newer", "scheme", *(f"random {year}" for year in RANDOM)]
NAMES += [f"decided {seed}" for seed in DECIDED]
"""Workbooks in which the formulas can read everything that was typed."""

PLANTED = (
    ("wrong score", SCORES["IIT"].title, "G6", 50),
    ("wrong result", RECHECK.title, "N18", 97.45),
    ("error value", SCORES["IIT"].title, "G6", "#N/A"),
    ("published text", STATED.title, "E9", "๙๖.๑๓"),
)
"""What somebody changes after a run."""

EXTRA = [*(f"random {year}" for year in RANDOM), *(f"decided {seed}" for seed in DECIDED)]
EXTRA += [name for name, *_ in PLANTED]


@pytest.mark.parametrize("name", [*SAMPLES, "partial", "newer", "scheme", *EXTRA])
def test_each_stored_result_is_what_libreoffice_computes(name: str, saved: Saved, pairs: Pairs) -> None:
    ours, book = stored(saved[name][1].read_bytes()), pairs[name][1]
    theirs = {(title, at): book[title][at].value for title, at in ours}
    assert None not in ours.values() and len(ours) > 2500
    assert differing_results(ours, theirs) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_first_sheet_shows_total_and_level_by_plain_formulas(name: str, pairs: Pairs) -> None:
    outcome, book = pairs[name]
    home = book[HOME.title]
    wanted: dict[FieldKey, Fraction | None] = {
        "live_total": outcome.scores["total"].exact,
        "live_oit": outcome.scores["OIT"].exact,
    }
    for key, value in wanted.items():
        shown = home[HOME.field(key).cell].value
        assert (show(Fraction(str(shown))) if shown else None) == (show(value) if value is not None else None)
    assert (home[HOME.field("live_level").cell].value or "") == outcome.level_name


def test_the_first_sheet_counts_what_is_missing(pairs: Pairs) -> None:
    cell = HOME.field("live_missing").cell
    missing = {name: pairs[name][1][HOME.title][cell].value for name in NAMES}
    unknown = {
        name: sum(outcome.exact(c) is None for c in outcome.tree.codes(Kind.QUESTION))
        for name, (outcome, _) in pairs.items()
    }
    assert missing == {name: unknown[name] for name in NAMES}
    assert [missing[name] for name in NAMES[:5]] == [0, 88, 81, 59, 0]


def rechecked(book: Workbook) -> Iterator[tuple[str, dict[ColumnKey, Any]]]:
    """Every row of the recheck sheet as computed: the node's code and the cells by column key."""
    page = book[RECHECK.title]
    blocks = [RECHECK.block(key) for key in ("nodes", "program", "check")]
    for row in range(blocks[0].first_row, blocks[0].last_row + 1):
        cells = {c.key: page[block.address(c.key, row)].value for block in blocks for c in block.columns}
        if cells["code"]:
            yield meant_code(str(cells["code"])), cells


def told(book: Workbook, key: FieldKey) -> object:
    """A figure at the top of the recheck sheet."""
    return book[RECHECK.title][RECHECK.field(key).cell].value


@pytest.mark.parametrize("name", NAMES)
def test_the_formulas_agree_with_us_at_every_node(name: str, pairs: Pairs) -> None:
    outcome, book = pairs[name]
    seen = 0
    for code, cells in rechecked(book):
        ours, theirs = outcome.exact(code), cells["layer5"]
        if ours is None:
            assert theirs in (None, ""), code
            assert cells["difference"] in (None, ""), code
        else:
            assert abs(float(ours) - theirs) < 1e-9, code
            assert cells["program"] == pytest.approx(float(ours), rel=1e-14), code
            assert abs(cells["difference"]) < 1e-9, code
            seen += 1
    assert len(list(rechecked(book))) == len(outcome.tree.nodes)
    assert seen > 3 or name == "unfilled-2565"


@pytest.mark.parametrize("name", NAMES)
def test_the_recheck_sheet_says_that_both_agree(name: str, pairs: Pairs) -> None:
    _, book = pairs[name]
    known = name != "unfilled-2565"
    assert told(book, "verdict") == say("recheck.agree" if known else "recheck.waiting")
    assert told(book, "largest") == (0 if known else None)
    assert (told(book, "one_sided"), told(book, "unreadable")) == (0, 0)


@pytest.mark.parametrize("name", NAMES)
def test_every_sheet_survives_and_no_cell_holds_an_error(name: str, pairs: Pairs) -> None:
    _, book = pairs[name]
    assert book.sheetnames == [sheet.title for sheet in SHEETS]
    errors = [
        f"{page.title}!{cell.coordinate} {cell.value}"
        for page in book.worksheets
        for row in page.iter_rows()
        for cell in row
        if cell.data_type == "e"
    ]
    assert errors == []


def differing(book: Workbook) -> dict[str, float]:
    return {code: cells["difference"] for code, cells in rechecked(book) if cells["difference"]}


def test_a_score_that_was_changed_after_the_run_shows_in_every_node_above_it(pairs: Pairs) -> None:
    outcome, book = pairs["wrong score"]
    assert outcome.tree["I1"].parent == "1"
    found = differing(book)
    assert list(found) == ["total", "IIT", "1", "I1"]
    assert found["I1"] == pytest.approx(50 - float(sure(outcome.exact("I1"))), abs=1e-9)
    assert told(book, "largest") == pytest.approx(-found["I1"])
    assert told(book, "verdict") == say("recheck.differ")
    live = book[HOME.title][HOME.field("live_total").cell].value
    assert abs(outcome.as_json()["total"] - live) > 0.1


def test_a_planted_wrong_result_shows_in_its_own_row_alone(pairs: Pairs) -> None:
    _, book = pairs["wrong result"]
    assert differing(book) == {"7": pytest.approx(-0.006)}
    assert told(book, "largest") == pytest.approx(0.006)
    assert told(book, "verdict") == say("recheck.differ")


def test_an_error_among_the_scores_leaves_all_other_formulas_alone(pairs: Pairs) -> None:
    _, book = pairs["error value"]
    rows = dict(rechecked(book))
    assert (rows["I1"]["note"], rows["I1"]["difference"]) == (say("recheck.unreadable"), None)
    assert set(differing(book)) <= {"1", "IIT", "total"}
    assert told(book, "unreadable") == 1


def test_a_published_figure_that_is_text_is_shown_too(pairs: Pairs) -> None:
    _, book = pairs["published text"]
    noted = {code: cells["typed"] for code, cells in rechecked(book) if cells["note"]}
    assert (noted, told(book, "unreadable")) == ({"1": "๙๖.๑๓"}, 1)
    assert differing(book) == {}, "all its questions are known"


def test_cells_that_the_formulas_cannot_read_are_shown_and_counted(pairs: Pairs) -> None:
    outcome, book = pairs["mistakes-2565"]
    rows = dict(rechecked(book))
    notes = {code: cells["note"] for code, cells in rows.items() if cells["note"]}
    assert {code: rows[code]["typed"] for code, note in notes.items() if note == say("recheck.unreadable")} == {
        "I2": "๘๘.๔๓",
        "I3": "94,68",
        "I7": " 90.65 ",
        "I21": "ดี",
    }
    assert told(book, "unreadable") == 4
    assert [code for code, note in notes.items() if note == say("recheck.nowhere")] == ["I13", "I15", "O34", "O42"]
    assert [code for code, note in notes.items() if note == say("recheck.impossible")] == ["I22"]
    assert len(notes) == 4 + 4 + 1
    missed = {code for code, note in notes.items() if note != say("recheck.impossible")}
    above = {node.code for code in missed for node in outcome.tree.up(code)}
    for code, cells in rows.items():
        if code not in above and outcome.exact(code) is not None:
            assert abs(cells["difference"]) < 1e-9, code


def test_results_that_a_program_stored_before_the_run_do_not_stand_beside_new_ones(
    samples: Path, tmp_path: Path
) -> None:
    (saved,) = convert([samples / "reference-2565.xlsx"], tmp_path, KEEP)
    port = Package(saved.read_bytes(), saved.name)
    port.write(SCORES["IIT"].title, 6, 7, [[50]])
    outcome = pipeline.run(port)
    port.save(tmp_path / "run.xlsx")
    (tmp_path / "again").mkdir()
    (again,) = convert([tmp_path / "run.xlsx"], tmp_path / "again", KEEP)
    book = openpyxl.load_workbook(again, data_only=True)
    assert told(book, "verdict") == say("recheck.agree")
    assert dict(rechecked(book))["total"]["layer5"] == pytest.approx(float(sure(outcome.exact("total"))))


def test_all_sheets_print(samples: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.xlsx"
    jobs.run(samples / "reference-2565.xlsx", output)
    (document,) = convert([output], tmp_path)
    pages = re.findall(rb"/Type\s*/Page\b(?!s)", document.read_bytes())
    assert len(pages) >= len(SHEETS) - 1
