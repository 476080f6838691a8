"""A workbook carries the number of its form: older ones are brought to ours as a whole, newer ones are refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ita_xl import jobs, live_jobs, pipeline
from ita_xl.batch import work
from ita_xl.data import catalogue, profiles
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from ita_xl.engines.naming import sheet_name
from ita_xl.engines.package.engine import Package
from ita_xl.layout import FORM, FORM_NEEDS, HOME, MEASURES, MEMORY, OUTPUTS, SHEETS, Show
from ita_xl.new import new
from ita_xl.publishing.workbook import published
from ita_xl.reading.places import named_parts
from tests.conftest import Ita
from tests.fake_excel import model
from tests.live_desk import Opened, a_desk, a_home, an_opened, codes  # noqa: F401
from tests.worked_in import ENGINES, ran, run

HALF, UNFILLED = (Path(__file__).parent / "older" / f"{name}-0.1.0.xlsx" for name in ("half-filled", "unfilled"))


def form(content: bytes) -> tuple[object, object]:
    grid = Package(content, "x.xlsx").read(MEMORY.title)
    return grid.at(*MEMORY.field("form").at), grid.at(*MEMORY.field("needs").at)


def newer(content: bytes | None = None) -> bytes:
    """As a later program leaves it."""
    port = Package(content or ran(), "x.xlsx")
    port.write(MEMORY.title, *MEMORY.field("form").at, [[FORM + 1]])
    port.write(MEMORY.title, *MEMORY.field("needs").at, [["9.1.0"]])
    return port.to_bytes()


# ---- older ones ----


def test_a_new_workbook_is_of_our_form() -> None:
    assert form(new(profiles.profile(2565), {}).to_bytes()) == (FORM, FORM_NEEDS)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("older", [HALF, UNFILLED], ids=lambda path: path.stem)
def test_the_first_run_brings_an_older_workbook_to_our_form_as_a_whole(older: Path, engine: str) -> None:
    assert form(older.read_bytes()) == (None, None)
    made, outcome = run(older.read_bytes(), engine)
    assert (outcome.inputs.form, form(made)) == (1, (FORM, FORM_NEEDS))
    ours = [s for s in SHEETS if s.show is not Show.NEEDED or engine == "package"]  # others bring no sheet back
    parts = {name for sheet in OUTPUTS if sheet in ours for name in named_parts(sheet, "")}
    assert parts | {sheet_name(sheet) for sheet in ours} <= {*Package(made, "x.xlsx").names()}


def test_what_a_workbook_was_before_it_got_our_form_is_kept_for_good(tmp_path: Path) -> None:
    path = Path(shutil.copy(HALF, tmp_path / "ITA.xlsx"))
    jobs.run(path)
    for number in range(8):
        port = Package.open(path)
        port.write(HOME.title, *HOME.field("agency").at, [[f"เทศบาลที่ {number}"]])
        path.write_bytes(port.to_bytes())
        jobs.run(path)
    kept = sorted(one.name for one in tmp_path.glob("*backup*"))
    assert (kept[-1], len(kept)) == ("ITA.backup-form-1.xlsx", 7), "it counts beside the first and the last five"
    assert (tmp_path / "ITA.backup-form-1.xlsx").read_bytes() == HALF.read_bytes()


def test_an_older_workbook_that_is_put_back_and_run_again_loses_nothing(tmp_path: Path) -> None:
    path = Path(shutil.copy(HALF, tmp_path / "ITA.xlsx"))
    jobs.run(path)
    port = Package.open(HALF)
    port.write(HOME.title, *HOME.field("agency").at, [["เทศบาลอื่น"]])
    path.write_bytes(other := port.to_bytes())
    jobs.run(path)
    assert (tmp_path / "ITA.backup-form-1.xlsx").read_bytes() == HALF.read_bytes()
    assert (tmp_path / "ITA.backup-001.xlsx").read_bytes() == other


def test_a_run_that_cannot_write_everything_leaves_an_older_workbook_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "ITA.xlsx"
    port = Package.open(HALF)
    port.write(MEASURES.title, 6, 1, [[None] * 8])
    path.write_bytes(before := port.to_bytes())
    with pytest.raises(Unusable) as caught:
        jobs.run(path)
    assert {f.code for f in caught.value.findings} == {Code.TABLE_MOVED}
    assert [one.name for one in tmp_path.iterdir()] == ["ITA.xlsx"]
    assert path.read_bytes() == before


def test_a_workbook_without_a_usable_year_keeps_its_form() -> None:
    port = Package.open(HALF)
    port.write(HOME.title, *HOME.field("year").at, [["ปีนี้"]])
    assert form(run(port.to_bytes())[0]) == (None, None)


# ---- newer ones ----


@pytest.mark.parametrize("engine", ENGINES)
def test_a_newer_workbook_is_refused_with_the_version_that_it_needs(engine: str) -> None:
    port = ENGINES[engine](newer())
    for job in (pipeline.run, pipeline.check, pipeline.analyse):
        with pytest.raises(Unusable) as caught:
            job(port)
        (finding,) = caught.value.findings
        assert finding.code == Code.FORM_NEWER
        assert "9.1.0" in catalogue.hint(finding)
        assert "9.1.0" in catalogue.hint(finding, "en")


def test_no_command_writes_anything_of_a_newer_workbook(ita: Ita, tmp_path: Path) -> None:
    book, out = tmp_path / "ITA.xlsx", tmp_path / "out.xlsx"
    book.write_bytes(newer())
    for command in (
        ("check", book),
        ("run", book),
        ("run", book, "-o", out),
        ("run", book, "-o", out, "--engine", "openpyxl"),
        ("new", out, "--from", book),
        ("mail", book, "--to", "a@example.go.th"),
        ("mail", book, "--to", "a@example.go.th", "--published-only"),
    ):
        done = ita(*command)
        assert (done.code, "E119" in done.err) == (3, True), command
    assert [one.name for one in tmp_path.iterdir()] == ["ITA.xlsx"]
    assert book.read_bytes() == newer()


def test_the_published_copy_and_a_batch_refuse_a_newer_workbook() -> None:
    with pytest.raises(Unusable) as caught:
        published(newer(), "x.xlsx")
    assert {f.code for f in caught.value.findings} == {Code.FORM_NEWER}
    done = work.convert(work.Task("x.xlsx", "x.xlsx", newer()))
    assert ([f["code"] for f in done.record.findings], done.made) == ([Code.FORM_NEWER], None)


def test_a_result_of_a_newer_program_is_not_replaced(tmp_path: Path) -> None:
    path, out = tmp_path / "ITA.xlsx", tmp_path / "out.xlsx"
    path.write_bytes(ran())
    out.write_bytes(standing := newer(jobs.convert(ran(), "x.xlsx", seal=True)[1]))
    with pytest.raises(Unusable) as caught:
        jobs.run(path, out)
    assert {f.code for f in caught.value.findings} == {Code.FORM_NEWER}
    assert out.read_bytes() == standing


@pytest.mark.usefixtures("home")
def test_in_excel_a_newer_workbook_stays_as_it_is(opened: Opened) -> None:
    form_, needs = (MEMORY.field(key).cell for key in ("form", "needs"))
    opened.pages[MEMORY.title][form_], opened.pages[MEMORY.title][needs] = FORM + 1, "9.1.0"
    before = model(opened.book).content()
    for job in (live_jobs.compute, live_jobs.validate, live_jobs.next_year):
        said = job()
        assert (codes(said), "9.1.0" in said.text()) == ([Code.FORM_NEWER], True)
    assert not opened.copies()
    assert (
        Package(model(opened.book).content(), "").read(HOME.title).cells
        == Package(before, "").read(HOME.title).cells
    )


@pytest.mark.parametrize("said", ["สอง", None, True])
def test_a_form_that_is_no_number_is_taken_for_the_first(said: object) -> None:
    port = Package(ran(), "x.xlsx")
    port.write(MEMORY.title, *MEMORY.field("form").at, [[said]])  # type: ignore[list-item]
    made, outcome = run(port.to_bytes())
    assert (outcome.inputs.form, form(made)) == (1, (FORM, FORM_NEEDS))
