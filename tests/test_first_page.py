"""The first sheet leads: what comes next, how far each step has got, and where everything is."""

from __future__ import annotations

import io
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from ita_xl import jobs, pipeline
from ita_xl.data import say
from ita_xl.engines.package.engine import Package
from ita_xl.engines.port import Formula, Written
from ita_xl.engines.shipped import template_path
from ita_xl.layout import GUIDANCE, HOME, ISSUES, MEASURES, MEMORY, SCORES, SHEETS, Owner, Sheet, Show
from ita_xl.layout.address import area, cell
from ita_xl.layout.index import FIRST, GROUPS
from ita_xl.layout.keys import FieldKey
from ita_xl.layout.traits import Role
from ita_xl.reading.places import standing_sheet
from tests import crafted
from tests.conftest import sure
from tests.memory_port import Memory
from tests.recomputed import stored
from tests.test_libreoffice import KEEP, without_results
from tests.test_next_year import following
from tools.parts import without_results as without_results_of
from tools.render import convert

OLDER = Path(__file__).parent / "older"
SAMPLES = Path(__file__).parent.parent / "samples"
STEPS = [field.key for field in HOME.fields if field.role is Role.STATE]
RESPONSIBLE = MEASURES.block("measures").column_number("responsible")
DUE = MEASURES.block("measures").column_number("due")


# ---- what stands there ----


def test_every_sheet_is_linked_once_in_one_of_four_groups() -> None:
    linked = Counter(sheet.key for group in GROUPS for sheet in group.sheets)
    assert linked == {
        sheet.key: 1 for sheet in SHEETS if sheet is not HOME and sheet.show not in (Show.NEVER, Show.NEEDED)
    }
    assert [len(group.sheets) for group in GROUPS] == [5, 5, 5, 5]


def test_the_three_sheets_to_fill_first_are_linked_above_the_form() -> None:
    page = openpyxl.load_workbook(template_path())[HOME.title]
    links = {ref: page[ref].hyperlink.location for ref in FIRST}
    assert links == {ref: sheet.ref("A1") for ref, sheet in zip(FIRST, SCORES.values(), strict=True)}
    assert all(page[ref].row < HOME.field("agency").row for ref in FIRST)


def test_all_of_it_is_on_the_one_printed_page() -> None:
    page = openpyxl.load_workbook(template_path())[HOME.title]
    printed = sure(area(page.print_area.rpartition("!")[2].replace("$", "")))
    assert page.page_setup.fitToHeight == page.page_setup.fitToWidth == 1
    filled = [one for row in page.iter_rows() for one in row if one.value]
    assert max(one.row for one in filled) <= printed.bottom
    assert max(one.column for one in filled) <= printed.right


def test_the_form_stands_where_the_first_version_has_it() -> None:
    page = openpyxl.load_workbook(OLDER / "unfilled-0.1.0.xlsx")[HOME.title]
    later = ("texts_read", "signed_on")
    asked = [f for f in HOME.fields if f.owner is Owner.USER and not f.optional and f.key not in later]
    assert [page[f.label].value for f in asked] == [say(f"home.labels.{f.key}") for f in asked]
    assert [page.cell(b.header_row, b.first_column).value for b in HOME.blocks] == [
        say("home.offices.office"),
        say("home.routing.position"),
    ]


@pytest.mark.parametrize("name", ["half-filled-0.1.0", "unfilled-0.1.0"])
def test_a_run_writes_only_results_on_the_first_sheet_of_an_older_workbook(name: str, tmp_path: Path) -> None:
    path = Path(shutil.copy(OLDER / f"{name}.xlsx", tmp_path))
    part = Package.open(path)._book.parts[HOME.title]
    before = crafted.members(path.read_bytes())[part]
    jobs.run(path)
    assert without_results_of(crafted.members(path.read_bytes())[part]) == without_results_of(before)
    assert stored(path.read_bytes())[HOME.title, HOME.field("live_total").cell] is not None


# ---- units ----


def offers(sheet: Sheet) -> dict[str, str]:
    """What lists that refuse nothing offer, by the cells."""
    rules = openpyxl.load_workbook(template_path())[sheet.title].data_validations.dataValidation
    return {str(rule.sqref): rule.formula1 for rule in rules if rule.type == "list" and not rule.showErrorMessage}


def test_usual_offices_are_offered_where_the_agency_names_its_own() -> None:
    (offered,) = offers(HOME).values()
    assert list(offers(HOME)) == [HOME.block("offices").range("office", absolute=False)]
    assert "กองคลัง" in offered
    assert len(offered) <= 257, "Excel's limit for a list in a rule"


def test_the_agencys_own_offices_are_offered_where_a_responsible_one_is_asked_for() -> None:
    own = HOME.ref(HOME.block("offices").range("office"))
    asked = (
        (SCORES["OIT"], SCORES["OIT"].block("scores").range("office", absolute=False)),
        (MEASURES, MEASURES.block("measures").range("responsible", absolute=False)),
        (GUIDANCE, GUIDANCE.block("guidance").range("own_unit", absolute=False)),
    )
    for sheet, cells in asked:
        assert offers(sheet)[cells] == own


# ---- what a run adds ----


def counted(port: Memory) -> tuple[int, int]:
    """How many texts are suggested, and how many of them a person changed."""
    return int(port.text(MEMORY, "suggested")), int(port.text(MEMORY, "edited"))


def test_a_run_counts_the_texts_and_which_of_them_a_person_changed_or_cleared(port: Memory) -> None:
    pipeline.run(port)
    suggested, edited = counted(port)
    assert suggested > 100
    assert edited == 0
    block = ISSUES.block("issues")
    port.put(ISSUES.title, block.first_row, block.column_number("problem"), "บุคลากรขาดความเข้าใจ")
    port.put(ISSUES.title, block.first_row, block.column_number("in_place"), None)
    pipeline.run(port)
    assert counted(port) == (suggested, 2)


def test_next_years_workbook_is_neither_read_nor_signed(port: Memory) -> None:
    port.set(HOME, "texts_read", "ใช่")
    port.set(HOME, "signed_on", "30 กันยายน 2565")
    after = following(port, 2566)
    assert (after.text(HOME, "texts_read"), after.text(HOME, "signed_on")) == ("", "")
    assert after.text(HOME, "agency") == "อบจ.ตัวอย่าง"


# ---- the states, as LibreOffice computes them ----

Change = Callable[[Package], None]


def put(sheet: Sheet, place: str, value: Written) -> Change:
    row, column = sure(cell(place))
    return lambda port: port.write(sheet.title, row, column, [[value]])


def filled_in(**fields: Written) -> Change:
    def change(port: Package) -> None:
        for key, value in fields.items():
            field = next(f for f in HOME.fields if f.key == key)
            port.write(HOME.title, field.row, field.column, [[value]])

    return change


def first_step(port: Package, column: int, value: Written) -> None:
    """Put something into the first step of the measures."""
    block = MEASURES.block("measures")
    number = block.column_number("no")
    grid = port.read(MEASURES.title)
    row = next(r for r in range(block.first_row, 50) if str(grid.at(r, number)).startswith("("))
    port.write(MEASURES.title, row, column, [[value]])


def without_due(port: Package) -> None:
    first_step(port, DUE, None)


def without_own_office(port: Package) -> None:
    first_step(port, RESPONSIBLE, "หน่วยงานด้านการเงินและบัญชี")


def own_office_of_that_name(port: Package) -> None:
    without_own_office(port)
    block = HOME.block("offices")
    port.write(HOME.title, block.last_row, block.first_column, [["หน่วยงานด้านการเงินและบัญชี"]])


def own_step_without_office(port: Package) -> None:
    block = standing_sheet(port, MEASURES, MEASURES.title).block("measures")
    row = port.read(MEASURES.title).rows.intersection(range(block.first_row, block.last_row))
    port.write(MEASURES.title, max(row) + 1, block.column_number("method"), [["ตรวจสอบการใช้รถราชการทุกเดือน"]])


def error_in_due(port: Package) -> None:
    first_step(port, DUE, Formula("=NA()"))


READ = {"texts_read": "ใช่"}
SIGNED = {**READ, "signed_on": "30 กันยายน 2565"}

MADE: dict[str, tuple[str, bool, Change | None]] = {
    "new": ("unfilled", False, None),
    "space": ("unfilled", False, filled_in(agency=" ")),
    "named": ("unfilled", False, filled_in(agency="เทศบาลตำบลตัวอย่าง")),
    "one score": ("unfilled", False, put(SCORES["IIT"], "G6", 90)),
    "scored": ("reference", False, None),
    "run": ("reference", True, None),
    "mistakes": ("mistakes", True, None),
    "changed": ("reference", True, put(SCORES["IIT"], "G6", 50)),
    "read": ("reference", True, filled_in(**READ)),
    "no due": ("reference", True, without_due),
    "error in due": ("reference", True, error_in_due),
    "no own office": ("reference", True, without_own_office),
    "office of that name": ("reference", True, own_office_of_that_name),
    "own step": ("reference", True, own_step_without_office),
    "signed": ("reference", True, filled_in(**SIGNED)),
}
"""Workbooks by name: the sample, whether it is run, and what a person does then."""


def made(sample: str, run: bool, change: Change | None) -> bytes:
    content = (SAMPLES / f"{sample}-2565.xlsx").read_bytes()
    if run:
        content = sure(jobs.convert(content, "x.xlsx")[1])
    if change:
        port = Package(content, "x.xlsx")
        change(port)
        content = port.to_bytes()
    return content


States = dict[str, str]


def states_of(content: bytes) -> States:
    page = openpyxl.load_workbook(io.BytesIO(content), data_only=True)[HOME.title]
    return {field.key: page[field.cell].value for field in HOME.fields if field.role in (Role.STATE, Role.LEAD)}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, States]:
    folder, after = tmp_path_factory.mktemp("before"), tmp_path_factory.mktemp("after")
    for name, how in MADE.items():
        (folder / f"{name}.xlsx").write_bytes(without_results(made(*how)))
    files = convert([folder / f"{name}.xlsx" for name in MADE], after, KEEP)
    return {name: states_of(path.read_bytes()) for name, path in zip(MADE, files, strict=True)}


NEXT = {
    "new": "next_about",
    "space": "next_about",
    "named": "next_scores",
    "scored": "next_run",
    "mistakes": "next_errors",
    "run": "next_texts",
    "changed": "next_run",
    "read": "next_sign",
    "signed": "next_nothing",
}


@pytest.mark.libreoffice
@pytest.mark.parametrize("name", NEXT)
def test_the_next_step_is_the_first_that_is_not_done(name: str, told: dict[str, States]) -> None:
    assert told[name]["next_step"] == say(f"lead.{NEXT[name]}")


DONE: dict[str, set[FieldKey]] = {
    "new": set(),
    "named": {"state_about"},
    "scored": {"state_about", "state_scores"},
    "run": {"state_about", "state_scores", "state_findings", "state_measures"},
    "changed": {"state_about", "state_scores", "state_measures"},
    "no due": {"state_about", "state_scores", "state_findings"},
    "own step": {"state_about", "state_scores", "state_findings"},
    "signed": {"state_about", "state_scores", "state_findings", "state_texts", "state_measures", "state_signed"},
}


@pytest.mark.libreoffice
@pytest.mark.parametrize("name", DONE)
def test_the_steps_that_are_done_say_so(name: str, told: dict[str, States]) -> None:
    assert {key for key in STEPS if told[name][key].startswith(say("lead.done"))} == DONE[name]


@pytest.mark.libreoffice
def test_what_is_lacking_is_named(told: dict[str, States]) -> None:
    assert told["new"]["state_about"] == "ยังไม่ได้กรอก ชื่อหน่วยงาน ประเภท จังหวัด กอง/สำนัก"
    assert told["named"]["state_about"] == "เสร็จแล้ว (ยังไม่ได้กรอก ประเภท จังหวัด กอง/สำนัก)"
    assert told["scored"]["state_about"] == "เสร็จแล้ว"


@pytest.mark.libreoffice
def test_scores_are_counted_while_they_are_typed(told: dict[str, States]) -> None:
    assert told["named"]["state_scores"] == "ยังไม่มีคะแนน"
    assert told["one score"]["state_scores"] == "ยังไม่ครบ ข้อคำถาม 1 จาก 88 ข้อ ตัวชี้วัด 0 จาก 10"
    assert told["scored"]["state_scores"] == "เสร็จแล้ว ข้อคำถาม 88 จาก 88 ข้อ ตัวชี้วัด 10 จาก 10"


@pytest.mark.libreoffice
def test_errors_and_warnings_are_those_of_the_last_run(told: dict[str, States]) -> None:
    assert told["scored"]["state_findings"] == say("lead.not_run")
    assert told["run"]["state_findings"].startswith("เสร็จแล้ว ต้องแก้ไข 0 รายการ ควรตรวจสอบ 0 รายการ")
    assert told["mistakes"]["state_findings"].startswith("ยังไม่เสร็จ ต้องแก้ไข ")
    assert told["changed"]["state_findings"] == say("lead.changed")


@pytest.mark.libreoffice
def test_texts_count_as_read_only_when_a_person_says_so(told: dict[str, States]) -> None:
    assert told["scored"]["state_texts"] == say("lead.texts_none")
    counts = told["run"]["state_texts"].removeprefix("ยังไม่ได้ยืนยัน ")
    assert counts.startswith("ปรับแก้แล้ว 0 จาก ")
    assert told["read"]["state_texts"] == f"เสร็จแล้ว {counts}"


@pytest.mark.libreoffice
def test_a_step_without_a_date_or_an_office_is_counted_as_not_complete(told: dict[str, States]) -> None:
    assert told["run"]["state_measures"] == "เสร็จแล้ว ครบ 16 จาก 16 ขั้นตอนของมาตรการ"
    assert told["no due"]["state_measures"] == "ยังไม่ครบ ครบ 15 จาก 16 ขั้นตอนของมาตรการ"
    assert told["error in due"]["state_measures"] == told["no due"]["state_measures"]
    assert told["own step"]["state_measures"] == "ยังไม่ครบ ครบ 16 จาก 17 ขั้นตอนของมาตรการ"


@pytest.mark.libreoffice
def test_a_word_of_ours_for_an_office_that_the_agency_has_not_named_is_none_yet(told: dict[str, States]) -> None:
    assert told["no own office"]["state_measures"] == "ยังไม่ครบ ครบ 15 จาก 16 ขั้นตอนของมาตรการ"
    assert told["office of that name"]["state_measures"] == "เสร็จแล้ว ครบ 16 จาก 16 ขั้นตอนของมาตรการ"


@pytest.mark.libreoffice
def test_a_run_leaves_no_old_state_beside_new_results(samples: Path, tmp_path: Path) -> None:
    """LibreOffice computes only what has no stored result."""
    (saved,) = convert([samples / "reference-2565.xlsx"], tmp_path, KEEP)
    assert states_of(saved.read_bytes())["state_findings"] == say("lead.not_run")
    jobs.run(saved)
    (tmp_path / "again").mkdir()
    (again,) = convert([saved], tmp_path / "again", KEEP)
    assert states_of(again.read_bytes())["next_step"] == say("lead.next_texts")
