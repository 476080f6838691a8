"""What a chief executive expects of the plan: who signs and how, when a step is due, what it costs and reaches."""

from __future__ import annotations

import io
import re
import shutil
from pathlib import Path

import openpyxl
import pytest

from ita_xl import jobs, pipeline
from ita_xl.data import library, profiles, say
from ita_xl.domain.codes import Code
from ita_xl.domain.plan import LAST_MONTH, parse_due
from ita_xl.engines.package.engine import Package
from ita_xl.engines.port import Written
from ita_xl.engines.shipped import template_path
from ita_xl.layout import GUIDANCE, HOME, MEASURES, Block, Sheet, labels
from ita_xl.layout.heights import row_height
from ita_xl.layout.keys import ColumnKey, FieldKey
from ita_xl.mail import letter
from ita_xl.publishing.workbook import published
from ita_xl.reading.places import standing_sheet
from ita_xl.views.wordings import our_texts
from tests import crafted
from tests.conftest import sure
from tests.memory_port import Memory
from tests.test_libreoffice import KEEP, without_results
from tests.test_next_year import following
from tests.worked_in import ENGINES, Worked, ran, run
from tools.render import convert

OLDER = Path(__file__).parent / "older"
SAMPLES = Path(__file__).parent.parent / "samples"
ACTING = {"chief_title": "ปลัดเทศบาล", "chief_post": "นายกเทศมนตรีตำบลตัวอย่าง"}


def about(port: Memory, **fields: str) -> None:
    """Fill in the first sheet, which asks for the post."""
    post = HOME.field("chief_post")
    port.put(HOME.title, post.row, post.column - 1, say("home.labels.chief_post"))
    for field in HOME.fields:
        if field.key in fields:
            port.set(HOME, field.key, fields[field.key])


# ---- who stands in for the chief ----


@pytest.mark.parametrize("words", ["รักษาราชการแทน", "ปฏิบัติหน้าที่", "รักษาการในตำแหน่ง", "ทำการแทน"])
def test_who_stands_in_signs_with_an_own_position_and_below_it_the_post(port: Memory, words: str) -> None:
    about(port, **ACTING, chief_acting=words, chief_name="นายตัวอย่าง ใจดี")
    outcome = pipeline.run(port)
    assert port.text(MEASURES, "chief") == "(นายตัวอย่าง ใจดี)"
    assert port.text(MEASURES, "chief_title") == f"ปลัดเทศบาล\n{words}นายกเทศมนตรีตำบลตัวอย่าง"
    told = letter.facts(outcome, [], [], inside=True)[letter.slot("chief_title")]
    assert told == f"ปลัดเทศบาล {words}นายกเทศมนตรีตำบลตัวอย่าง"


def test_the_usual_words_for_standing_in_are_offered_and_others_are_not_refused() -> None:
    assert labels.choice_list("chief_acting")[1:] == ["รักษาราชการแทน", "ปฏิบัติหน้าที่", "รักษาการในตำแหน่ง"]
    accepts = HOME.field("chief_acting").accepts
    assert accepts is not None and not getattr(accepts, "only", True)


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"chief_title": "นายกเทศมนตรี"}, "นายกเทศมนตรี"),
        ({"chief_title": "นายกเทศมนตรี", "chief_acting": "ดำรงตำแหน่ง"}, "นายกเทศมนตรี"),
        ({"chief_title": "นายกเทศมนตรี", "chief_acting": "รักษาการ"}, "รักษาการนายกเทศมนตรี"),
        ({"chief_post": "นายกเทศมนตรี", "chief_acting": "รักษาราชการแทน"}, "รักษาราชการแทนนายกเทศมนตรี"),
        ({}, "ผู้บริหารสูงสุดของหน่วยงาน"),
    ],
    ids=["holds it", "says so", "only the post", "no own position", "nothing"],
)
def test_what_is_not_said_of_the_chief_is_not_shown(port: Memory, fields: dict[str, str], shown: str) -> None:
    about(port, **fields)
    pipeline.run(port)
    assert port.text(MEASURES, "chief_title") == shown


@pytest.mark.parametrize(
    ("fields", "complete"),
    [
        (ACTING | {"chief_acting": "รักษาราชการแทน"}, True),
        ({"chief_title": "นายกเทศมนตรี", "chief_acting": "ดำรงตำแหน่ง"}, True),
        ({"chief_title": "ปลัดเทศบาล", "chief_acting": "รักษาราชการแทน"}, False),
        (ACTING, False),
        ({"chief_post": "นายกเทศมนตรี", "chief_acting": "รักษาราชการแทน"}, False),
    ],
    ids=["all three", "holds the office", "without the post", "without the words", "without an own position"],
)
def test_standing_in_needs_position_words_and_post(port: Memory, fields: dict[str, str], complete: bool) -> None:
    about(port, **fields)
    found = [f.cell for f in pipeline.analyse(port).findings if f.code is Code.ACTING_INCOMPLETE]
    assert found == ([] if complete else [HOME.field("chief_post").cell])


def test_the_next_years_workbook_knows_who_stands_in(port: Memory) -> None:
    about(port, **ACTING, chief_acting="ปฏิบัติหน้าที่")
    after = following(port, 2566)
    keys: tuple[FieldKey, ...] = ("chief_title", "chief_acting", "chief_post")
    assert [after.text(HOME, key) for key in keys] == ["ปลัดเทศบาล", "ปฏิบัติหน้าที่", "นายกเทศมนตรีตำบลตัวอย่าง"]


def test_a_first_sheet_that_does_not_ask_for_the_post_is_read_as_before(tmp_path: Path) -> None:
    port = Package.open(Path(shutil.copy(OLDER / "half-filled-0.1.0.xlsx", tmp_path)))
    for key, text in {"chief_acting": "รักษาราชการแทน", "chief_post": "บันทึกของเจ้าหน้าที่"}.items():
        field = next(field for field in HOME.fields if field.key == key)
        port.write(HOME.title, field.row, field.column, [[text]])
    outcome = pipeline.analyse(port)
    shown = labels.chief_title(outcome.inputs.about, say("measures.no_title"))
    assert shown == "รักษาราชการแทนนายกองค์การบริหารส่วนจังหวัดพิษณุโลก"
    assert Code.ACTING_INCOMPLETE not in {f.code for f in outcome.findings}


# ---- who signs before the chief ----

ROUTED = "| at | position | person |\n| 1 | หัวหน้าสำนักปลัด | |\n| 2 | ปลัดเทศบาล | นางตัวอย่าง ใจงาม |"


def test_the_routing_has_names_and_positions_with_an_empty_line_above_and_leaves_the_rest_to_the_hand(
    port: Memory,
) -> None:
    port.fill_in(HOME, HOME.block("routing"), ROUTED)
    pipeline.run(port)
    head, deputy = port.rows(MEASURES, "routing")
    assert deputy == {"signatory": "\n(นางตัวอย่าง ใจงาม)\nปลัดเทศบาล", "signature": None, "date": None}
    empty, name, position = head["signatory"].split("\n")
    assert (empty, {*name}, position) == ("", {*"(.)"}, "หัวหน้าสำนักปลัด")
    assert port.text(MEASURES, "heading_routing") == "เสนอตามลำดับชั้น"


def routing_rows(port: Memory) -> set[int]:
    block = port.here(MEASURES).block("routing")
    return {block.header_row - 1, block.header_row}


def test_without_a_routing_its_heading_is_hidden(port: Memory) -> None:
    pipeline.run(port)
    assert routing_rows(port) <= port.hidden[MEASURES.title]
    port.fill_in(HOME, HOME.block("routing"), ROUTED)
    pipeline.run(port)
    assert routing_rows(port).isdisjoint(port.hidden[MEASURES.title])


def test_a_date_that_was_typed_beside_a_name_stays_and_dotted_lines_of_earlier_versions_go(port: Memory) -> None:
    port.fill_in(HOME, HOME.block("routing"), ROUTED)
    pipeline.run(port)
    block = port.here(MEASURES).block("routing")
    signature, date = (block.column_number(key) for key in ("signature", "date"))
    port.put(MEASURES.title, block.first_row, signature, "............\n(นางตัวอย่าง ใจงาม)")
    port.put(MEASURES.title, block.first_row, date, "........ / ........ / ........")
    port.put(MEASURES.title, block.first_row + 1, date, "12 / ต.ค. / 2565")
    pipeline.run(port)
    rows = port.rows(MEASURES, "routing")
    assert [(row["signature"], row["date"]) for row in rows] == [(None, None), (None, "12 / ต.ค. / 2565")]


def test_the_room_to_sign_is_left_in_the_workbook_and_not_in_its_copy_for_the_public(tmp_path: Path) -> None:
    path = Path(shutil.copy(SAMPLES / "reference-2565.xlsx", tmp_path))
    jobs.run(path)
    block = standing_sheet(Package.open(path), MEASURES, MEASURES.title).block("routing")
    inside, outside = (
        openpyxl.load_workbook(io.BytesIO(content))[MEASURES.title]
        for content in (path.read_bytes(), published(path.read_bytes(), path.name)[0])
    )
    signatory, heading = (block.first_row, block.column_number("signatory")), (block.header_row - 1, 4)
    assert str(inside.cell(*signatory).value).startswith("\n(..")
    assert (inside.row_dimensions[block.first_row].height or 0) >= row_height([("\n\n", 40.0)])
    assert inside.cell(*heading).value == "เสนอตามลำดับชั้น"
    assert (outside.cell(*signatory).value, outside.cell(*heading).value) == (None, None)


# ---- what is offered ----


def offered(content: bytes, sheet: Sheet, cell: str) -> list[object]:
    """What a cell's drop-down list offers, by the results that the workbook holds."""
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    rules = [r for r in book[sheet.title].data_validations.dataValidation if r.type == "list" and cell in r.sqref]
    (rule,) = rules
    assert not rule.showErrorMessage, "anything else may be typed"
    title, _, area = str(rule.formula1).rpartition("!")
    return [one.value for row in book[title.strip("'")][area.replace("$", "")] for one in row if one.value]


def places(content: bytes, column: ColumnKey) -> list[str]:
    """The cells of a column of the measures, from the first row to the spare ones."""
    block = standing_sheet(Package(content, "x.xlsx"), MEASURES, MEASURES.title).block("measures")
    return [block.address(column, row) for row in range(block.first_row, block.last_row + 1)]


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The reference workbook after a run, with the results of its formulas: with digits of either kind."""
    folder = tmp_path_factory.mktemp("before")
    field = HOME.field("thai_digits")
    for name, thai in {"arabic": False, "thai": True}.items():
        port = Package.open(SAMPLES / "reference-2565.xlsx")
        port.write(HOME.title, field.row, field.column, [[labels.yes_no(thai)]])
        content = sure(jobs.convert(port.to_bytes(), "x.xlsx")[1])
        (folder / f"{name}.xlsx").write_bytes(without_results(content))
    made = convert(sorted(folder.iterdir()), folder / "after", KEEP)
    return {path.stem: path.read_bytes() for path in made}


@pytest.mark.libreoffice
@pytest.mark.parametrize(
    ("digits", "first", "fourth", "last"),
    [
        ("arabic", "ตุลาคม 2565", "มกราคม 2566", "กันยายน 2566"),
        ("thai", "ตุลาคม ๒๕๖๕", "มกราคม ๒๕๖๖", "กันยายน ๒๕๖๖"),
    ],
)
def test_every_step_offers_the_months_of_the_plans_fiscal_year_in_the_digits_of_the_measures(
    digits: str, first: str, fourth: str, last: str, computed: dict[str, bytes]
) -> None:
    content = computed[digits]
    cells = places(content, "due")
    assert len(cells) > 20
    for cell in (cells[0], cells[len(cells) // 2], cells[-1]):
        months = offered(content, MEASURES, cell)
        assert (len(months), months[0], months[3], months[-1]) == (12, first, fourth, last)
    page = openpyxl.load_workbook(io.BytesIO(content))[MEASURES.title]
    assert {page[cell].value for cell in cells} - {None} <= {*months}, "what we propose is among them"


@pytest.mark.libreoffice
def test_every_step_offers_the_agencys_offices(computed: dict[str, bytes]) -> None:
    content = computed["arabic"]
    cells = places(content, "responsible")
    for cell in (cells[0], cells[-1]):
        assert offered(content, MEASURES, cell)[2] == "กองคลัง"


@pytest.mark.libreoffice
def test_the_agencys_own_date_is_offered_the_same_months(computed: dict[str, bytes]) -> None:
    cell = GUIDANCE.block("guidance").address("own_due", GUIDANCE.block("guidance").last_row)
    assert offered(computed["arabic"], GUIDANCE, cell)[0] == "ตุลาคม 2565"


# ---- when a step is due ----


def dues(port: Memory) -> dict[str, str]:
    """The dates of the steps, by their keys."""
    return {row["key"]: row["due"] for row in port.rows(MEASURES, "measures") if str(row["no"]).startswith("(")}


def test_steps_are_due_in_the_months_of_their_kind_within_the_plans_fiscal_year(port: Memory) -> None:
    pipeline.run(port)
    found = dues(port)
    assert (found["performance/I13/1"], found["performance/I13/2"]) == ("ธันวาคม 2565", "สิงหาคม 2566")
    meant = {key: sure(parse_due(due)) for key, due in found.items()}
    assert {due.fiscal_year for due in meant.values()} == {2566}
    for key, due in meant.items():
        _, question, number = key.split("/")
        assert due.month == library.entry(question).steps[int(number) - 1].month, key


def test_half_of_the_librarys_steps_and_more_are_due_before_the_last_month() -> None:
    months = [step.month for key in library.every_key() for step in library.entry(key).steps]
    assert {10, 11, 12, 1, 2, 3, 4} <= {*months}
    assert months.count(LAST_MONTH) < len(months) / 4


def test_a_step_of_a_general_text_is_due_in_the_month_of_what_the_text_is_for() -> None:
    tree = profiles.profile(2565).tree
    found = [sure(parse_due(step.due)).month for step in our_texts(tree, 2565, "3", "").steps]
    assert found == list(library.plan().general["indicator"])


def test_the_library_shows_the_month_of_each_step(port: Memory) -> None:
    row = next(row for row in port.rows(GUIDANCE, "guidance") if row["code"] == "I13")
    assert row["due"] == "1) ธันวาคม 2565\n2) สิงหาคม 2566"


def own(port: Memory, code: str, **texts: str) -> None:
    """The agency's own texts for a question."""
    block = GUIDANCE.block("guidance")
    page = port.pages[GUIDANCE.title]
    row = next(r for r in range(block.first_row, block.last_row + 1) if page.get((r, 1)) == code)
    for column in block.columns:
        if column.key in texts:
            port.put(GUIDANCE.title, row, block.column_number(column.key), texts[column.key])


def test_the_agencys_own_date_is_that_of_every_step(port: Memory) -> None:
    own(port, "I13", own_due="มิถุนายน 2566")
    pipeline.run(port)
    assert {due for key, due in dues(port).items() if "/I13/" in key} == {"มิถุนายน 2566"}


def test_own_steps_are_due_as_ours_in_their_places_and_further_ones_at_the_end(port: Memory) -> None:
    own(port, "I13", own_steps="ขั้นแรก\nขั้นที่สอง\nขั้นที่สาม")
    pipeline.run(port)
    found = [due for key, due in dues(port).items() if "/I13/" in key]
    assert found == ["ธันวาคม 2565", "สิงหาคม 2566", "กันยายน 2566"]


def test_a_date_that_a_person_typed_stays_and_the_others_follow_what_we_say_now(port: Memory) -> None:
    own(port, "I13", own_due="กันยายน 2566")
    pipeline.run(port)
    block = port.here(MEASURES).block("measures")
    page, keys = port.pages[MEASURES.title], block.column_number("key")
    at = next(r for r in range(block.first_row, block.last_row) if page.get((r, keys)) == "performance/I13/1")
    port.put(MEASURES.title, at, block.column_number("due"), "15 มกราคม 2566")
    own(port, "I13", own_due="")
    pipeline.run(port)
    assert [due for key, due in dues(port).items() if "/I13/" in key] == ["15 มกราคม 2566", "สิงหาคม 2566"]


# ---- what it costs and reaches ----

FOLDED: tuple[ColumnKey, ...] = ("budget", "success", "goal")
STEP = "performance/I13/1"


def measures_of(content: bytes) -> Block:
    return standing_sheet(Package(content, "x.xlsx"), MEASURES, MEASURES.title).block("measures")


def steps_of(content: bytes) -> dict[object, int]:
    """The rows of the measures by their keys."""
    block, grid = measures_of(content), Package(content, "x.xlsx").read(MEASURES.title)
    rows = range(block.first_row, block.last_row + 1)
    return {key: row for row in rows if (key := grid.at(row, block.column_number("key")))}


def letters(block: Block) -> list[str]:
    return [block.letter(key) for key in FOLDED]


def filled(content: bytes, **cells: Written) -> bytes:
    """A workbook in which a person filled in columns of a step."""
    port, block, at = Package(content, "x.xlsx"), measures_of(content), steps_of(content)[STEP]
    for column in block.columns:
        if column.key in cells:
            port.write(MEASURES.title, at, block.column_number(column.key), [[cells[column.key]]])
    return port.to_bytes()


def unfolded(content: bytes) -> bytes:
    """A workbook of which a person unfolded the columns, as a spreadsheet program does."""
    parts = crafted.members(content)
    part = Package(content, "x.xlsx")._book.parts[MEASURES.title]
    columns = re.compile(rb'<col [^>]*outlineLevel="1"[^>]*>')
    parts[part] = columns.sub(lambda found: found[0].replace(b'hidden="1"', b""), parts[part])
    parts[part] = parts[part].replace(b' collapsed="1"', b"")
    return crafted.packed(parts)


def looks_of(content: bytes) -> list[tuple[bool, int | None]]:
    """Of the three columns, whether each is hidden, and how deep it is folded, as the sheet has it as well."""
    page = openpyxl.load_workbook(io.BytesIO(content))[MEASURES.title]
    dimensions = [page.column_dimensions[at] for at in letters(MEASURES.block("measures"))]
    assert {one.outlineLevel or None for one in dimensions} == {page.sheet_format.outlineLevelCol}
    return [(bool(one.hidden), one.outlineLevel) for one in dimensions]


def test_budget_indicator_and_target_are_folded_away_and_a_note_outside_of_what_is_printed_says_where() -> None:
    content = template_path().read_bytes()
    assert looks_of(content) == [(True, 1)] * 3
    page = openpyxl.load_workbook(io.BytesIO(content))[MEASURES.title]
    block = MEASURES.block("measures")
    assert [page[f"{at}{block.header_row}"].value for at in letters(block)] == [
        say(f"headings.{key}") for key in FOLDED
    ]
    note = MEASURES.field("folded")
    assert page[note.cell].value == say("measures.folded")
    assert note.column > MEASURES.printed == block.column_number("goal")


@pytest.mark.parametrize("engine", ENGINES)
def test_what_a_person_fills_in_there_goes_with_its_row_and_the_columns_stay_as_they_are(engine: str) -> None:
    content = filled(ran(), budget=25000, success="ร้อยละของบุคลากรที่เข้าใจคำสั่ง", goal="ร้อยละ 90")
    content = unfolded(content)
    result, _ = run(Worked(content).scored(O1=0.0), engine)
    before, after = steps_of(content), steps_of(result)
    assert before[STEP] < after[STEP], "the row moves"
    grid, block = Package(result, "x.xlsx").read(MEASURES.title), measures_of(result)
    assert [grid.at(after[STEP], block.column_number(key)) for key in FOLDED] == [
        25000,
        "ร้อยละของบุคลากรที่เข้าใจคำสั่ง",
        "ร้อยละ 90",
    ]
    assert {grid.at(row, block.column_number("budget")) for key, row in after.items() if key != STEP} == {None}
    assert looks_of(result) == [(False, 1)] * 3
    assert run(result)[0] == result or engine != "package"


def test_a_step_with_a_budget_stays_when_it_is_no_longer_proposed() -> None:
    result, outcome = run(Worked(filled(ran(), budget=25000)).scored(I13=100.0))
    assert STEP in {f.values["row"] for f in outcome.findings if f.code is Code.ROW_NOT_PROPOSED}
    assert 25000 in Package(result, "x.xlsx").read(MEASURES.title).cells.values()


@pytest.mark.parametrize(
    ("used", "shown"), [((), ()), (("budget",), ("budget",)), (FOLDED, FOLDED)], ids=["none", "one", "all"]
)
def test_the_published_copy_has_those_that_hold_something(used: tuple[str, ...], shown: tuple[str, ...]) -> None:
    content = unfolded(filled(ran(), **dict.fromkeys(used, "100")))
    copy, _ = published(content, "x.xlsx")
    page = openpyxl.load_workbook(io.BytesIO(copy))[MEASURES.title]
    block = MEASURES.block("measures")
    for key in FOLDED:
        at = block.letter(key)
        heading = page[f"{at}{block.header_row}"].value
        assert heading == (say(f"headings.{key}") if key in shown else None)
        assert page.column_dimensions[at].hidden == (key not in shown)
    assert [depth for _, depth in looks_of(copy)] == [0, 0, 0], "nothing is left to unfold"


def test_folded_away_they_are_not_published() -> None:
    copy, _ = published(filled(ran(), budget="100"), "x.xlsx")
    assert looks_of(copy) == [(True, 0)] * 3


def test_an_older_workbook_may_get_such_a_column_by_its_heading(tmp_path: Path) -> None:
    path = Path(shutil.copy(OLDER / "half-filled-0.1.0.xlsx", tmp_path))
    jobs.run(path)
    port = Package.open(path)
    block = measures_of(path.read_bytes())
    assert [column.key for column in block.columns][-2:] == ["report", "key"]
    row = steps_of(path.read_bytes())[STEP]
    port.write(MEASURES.title, block.header_row, 10, [[say("headings.budget")]])
    port.write(MEASURES.title, row, 10, [[5000]])
    result, _ = run(Worked(port.to_bytes()).scored(E3=60.0))
    after = measures_of(result)
    grid = Package(result, "x.xlsx").read(MEASURES.title)
    (kept,) = [at for at, value in grid.cells.items() if value == 5000]
    assert (grid.at(kept[0], after.column_number("key")), kept[1]) == (STEP, after.column_number("budget"))
