"""A second opinion: LibreOffice opens what we make and computes the live result by the workbook's own formulas."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook

from ita_xl import jobs, pipeline, scores_csv
from ita_xl.data import profiles
from ita_xl.domain.numbers import show
from ita_xl.new import new
from ita_xl.outcome import Outcome
from ita_xl.workbook.headless import Headless
from ita_xl.workbook.schema import HOME, RECHECK, SCORES, SHEETS
from tests.test_scheme import fill_scores, rewrite_structure, scheme
from tools.render import convert

pytestmark = pytest.mark.libreoffice

PARTIAL = "code,2565\nIIT,91.354\nE1,90\nE2,91\nE3,92\nE4,93\nE5,94\n7,87.43\n8,85.04\n9.1,700/9\n9.2,700/8\n"
PARTIAL += "9.3,700/7\n9.4,400/4\n9.5,400/5\n10.1,800/8\nO42,0\nO43,100\n"
NEWER = "code,2567\nIIT,84\nEIT,90\nOIT,97.53\n"


class SchemePort:
    """Lets the helpers for workbooks in memory write into a real one."""

    def __init__(self, port: Headless) -> None:
        self.port = port

    def put(self, title: str, row: int, column: int, value: object) -> None:
        self.port.write(title, row, column, [[value]])


def made_up() -> Headless:
    port = new(profiles.profile(2565), {"agency": "ทดสอบ"})
    rewrite_structure(SchemePort(port), scheme())
    scores = {"I1": 80, "E1": 90, "E2": 70} | {f"O{n}": 0 if n in (3, 30) else 100 for n in range(1, 38)}
    fill_scores(SchemePort(port), scores)
    return port


def from_csv(text: str, year: int, folder: Path) -> Headless:
    path = folder / "scores.csv"
    path.write_text(text, encoding="utf-8")
    entries, _ = scores_csv.read(path, profiles.profile(year).tree, year)
    return new(profiles.profile(year), {"agency": "ทดสอบ"}, entries)


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Outcome, Workbook]]:
    """Our result, and the workbook as LibreOffice computed and saved it, by name."""
    folder, after = tmp_path_factory.mktemp("before"), tmp_path_factory.mktemp("after")
    made = {
        "partial": from_csv(PARTIAL, 2565, folder),
        "newer": from_csv(NEWER, 2567, folder),
        "scheme": made_up(),
    }
    sample = Path(__file__).parent.parent / "samples"
    outcomes = {name: pipeline.run(port) for name, port in made.items()}
    for name, port in made.items():
        port.save(folder / f"{name}.xlsx")
    for name in ("reference-2565", "unfilled-2565"):
        outcomes[name] = jobs.run(sample / f"{name}.xlsx", folder / f"{name}.xlsx")
    planted = Headless.open(sample / "reference-2565.xlsx")
    outcomes["planted"] = pipeline.run(planted)
    planted.book[SCORES["IIT"].title]["G6"] = 50
    planted.save(folder / "planted.xlsx")
    files = convert([folder / f"{name}.xlsx" for name in outcomes], after, "xlsx:Calc MS Excel 2007 XML")
    return {
        name: (outcomes[name], openpyxl.load_workbook(path, data_only=True))
        for name, path in zip(outcomes, files, strict=True)
    }


NAMES = ["reference-2565", "unfilled-2565", "partial", "newer", "scheme"]


@pytest.mark.parametrize("name", NAMES)
def test_the_first_sheet_shows_total_and_level_by_plain_formulas(name: str, pairs) -> None:
    outcome, book = pairs[name]
    home = book[HOME.title]
    wanted = {key: outcome.scores[code].exact for key, code in (("live_total", "total"), ("live_oit", "OIT"))}
    for key, value in wanted.items():
        shown = home[HOME.field(key).cell].value
        assert (show(Fraction(str(shown))) if shown else None) == (show(value) if value is not None else None)
    assert (home[HOME.field("live_level").cell].value or "") == outcome.level_name


def test_the_first_sheet_counts_what_is_missing(pairs) -> None:
    cell = HOME.field("live_missing").cell
    missing = {name: pairs[name][1][HOME.title][cell].value for name in NAMES}
    assert missing == {"reference-2565": 0, "unfilled-2565": 88, "partial": 81, "newer": 59, "scheme": 0}


@pytest.mark.parametrize("name", NAMES)
def test_the_formulas_agree_with_us_at_every_node(name: str, pairs) -> None:
    outcome, book = pairs[name]
    block = RECHECK.block("nodes")
    page = book[RECHECK.title]
    seen = 0
    for row in range(block.first_row, block.last_row + 1):
        code = page[block.address("code", row)].value
        if not code:
            continue
        ours = outcome.scores["total" if code == "รวม" else str(code)].exact
        theirs = page[block.address("layer5", row)].value
        if ours is None:
            assert theirs in (None, "")
        else:
            assert abs(float(ours) - theirs) < 1e-9, code
            seen += 1
    assert seen > 3 or name == "unfilled-2565"


@pytest.mark.parametrize("name", NAMES)
def test_every_sheet_survives_and_no_cell_holds_an_error(name: str, pairs) -> None:
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


def test_a_planted_wrong_figure_is_noticed(pairs) -> None:
    outcome, book = pairs["planted"]
    live = book[HOME.title][HOME.field("live_total").cell].value
    assert isinstance(live, float)
    assert abs(outcome.as_json()["total"] - live) > 0.1


def test_all_sheets_print(samples: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.xlsx"
    jobs.run(samples / "reference-2565.xlsx", output)
    (document,) = convert([output], tmp_path)
    pages = re.findall(rb"/Type\s*/Page\b(?!s)", document.read_bytes())
    assert len(pages) >= len(SHEETS) - 1
