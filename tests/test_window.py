"""What the window's buttons do and say, without any window."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from functools import partial
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ita_xl import jobs
from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.layout import HOME, STATED, SUMMARY
from ita_xl.window import tasks
from ita_xl.window.looks import FONTS, chosen
from ita_xl.window.session import Asked, Event, Finished, Session
from ita_xl.window.tasks import SIMPLE, Done, Question, Task
from ita_xl.window.told import as_text, lines
from ita_xl.window.wrapping import wrapped
from tests import forms_at_hand
from tests.live_desk import a_home  # noqa: F401

pytestmark = pytest.mark.usefixtures("home")


def yes(question: Question) -> bool:
    return True


def no(question: Question) -> bool:
    return False


def agreed(asked: list[Question], question: Question) -> bool:
    asked.append(question)
    return True


def nobody(question: Question) -> bool:
    raise AssertionError(question)


def codes(done: Done) -> set[str]:
    return {finding.code for finding in done.findings}


@pytest.fixture(name="path")
def a_path(samples: Path, tmp_path: Path) -> Path:
    path = tmp_path / "อบจ. ปี 2565.xlsx"
    path.write_bytes((samples / "reference-2565.xlsx").read_bytes())
    return path


def copied(samples: Path) -> str:
    return (samples / "scores-2565.csv").read_text(encoding="utf-8-sig")


# ---- the jobs ----


def test_check_writes_nothing_and_says_what_the_command_says(path: Path) -> None:
    before = path.read_bytes()
    done = SIMPLE["validate"](path, nobody)
    assert path.read_bytes() == before
    assert done.findings == jobs.check(path).findings
    assert done.results == ()


def test_compute_writes_the_workbook_as_a_run_does_and_offers_to_open_it(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.xlsx"
    other.write_bytes(path.read_bytes())
    jobs.run(other)
    done = SIMPLE["compute"](path, nobody)
    assert path.read_bytes() == other.read_bytes()
    assert done.results == [path]
    assert openpyxl.load_workbook(path)[SUMMARY.title]["C8"].value == 96.99


def test_documents_draft_and_next_year_stand_beside_the_workbook(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    book[HOME.title][HOME.field("mail_to").cell] = "a@example.go.th"
    book.save(path)
    SIMPLE["compute"](path, nobody)
    made = [SIMPLE[job](path, nobody) for job in ("report", "draft_mail", "next_year")]
    results = [one for done in made for one in done.results]
    assert [one.suffix for one in results] == [".docx", ".pdf", ".eml", ".xlsx"]
    assert all(one.parent == path.parent and one.stat().st_size for one in results)
    message = message_from_bytes(results[2].read_bytes(), policy=policy.default)
    assert message["To"] == "a@example.go.th"
    assert {path.name, results[3].name} <= {one.name for one in path.parent.iterdir()}


def test_what_stands_there_already_is_never_replaced(path: Path) -> None:
    SIMPLE["next_year"](path, nobody)
    target = path.with_name("ITA-2566.xlsx")
    before = target.read_bytes()
    done = tasks.carried_out(lambda ask: SIMPLE["next_year"](path, ask), "next_year", nobody)
    assert codes(done) == {Code.FILE_EXISTS}
    assert target.read_bytes() == before


def test_a_new_workbook_is_the_one_to_go_on_with(tmp_path: Path) -> None:
    done = tasks.new(tmp_path / "ใหม่.xlsx", 2565, {"agency": "อบต.ทดสอบ", "province": ""})
    assert done.workbook == tmp_path / "ใหม่.xlsx" and done.results == [done.workbook]
    assert openpyxl.load_workbook(done.workbook)[HOME.title][HOME.field("agency").cell].value == "อบต.ทดสอบ"
    assert codes(tasks.new(tmp_path / "ร่าง.xlsx", 2569, {"agency": "ก"})) == {Code.YEAR_NOT_VERIFIED}
    with pytest.raises(Unusable) as refused:
        tasks.new(tmp_path / "ใหม่.xlsx", 2565, {"agency": "อื่น"})
    assert refused.value.findings[0].code == Code.FILE_EXISTS


@pytest.mark.parametrize(("day", "year"), [("2026-07-01", 2569), ("2026-11-28", 2569), ("2040-01-01", 2570)])
def test_a_new_workbook_is_offered_the_year_whose_result_is_out(day: str, year: int) -> None:
    assert tasks.year_of_results(dt.date.fromisoformat(day)) == year


# ---- import and forms: shown first ----


def test_an_import_shows_its_table_and_writes_only_what_was_agreed_to(samples: Path, tmp_path: Path) -> None:
    path = tmp_path / "เปล่า.xlsx"
    path.write_bytes((samples / "unfilled-2565.xlsx").read_bytes())
    before, asked = path.read_bytes(), list[Question]()

    def refusing(question: Question) -> bool:
        asked.append(question)
        return False

    done = tasks.import_copied(path, copied(samples), refusing)
    assert path.read_bytes() == before
    assert done.closing == say("imports.left_alone", file=path.name)
    assert len(asked[0].rows) > 100 and all(len(row) == len(asked[0].heads) for row in asked[0].rows)
    done = tasks.import_files(path, [samples / "scores-2565.csv"], yes)
    assert str(len(asked[0].rows)) in done.closing
    assert openpyxl.load_workbook(path)[STATED.title]["E6"].value == 96.99
    assert [one.read_bytes() for one in tmp_path.glob("*backup*")] == [before]
    assert tasks.import_copied(path, copied(samples), nobody).closing == say("imports.nothing_new")


def test_a_workbook_saved_while_the_question_stands_is_not_written_over(samples: Path, tmp_path: Path) -> None:
    path = tmp_path / "เปล่า.xlsx"
    path.write_bytes((samples / "unfilled-2565.xlsx").read_bytes())
    meanwhile = (samples / "mistakes-2565.xlsx").read_bytes()

    def saving(question: Question) -> bool:
        path.write_bytes(meanwhile)
        return True

    with pytest.raises(Unusable) as refused:
        tasks.import_copied(path, copied(samples), saving)
    assert refused.value.findings[0].code == Code.FILE_CHANGED_MEANWHILE
    assert path.read_bytes() == meanwhile


def test_an_empty_clipboard_is_said(path: Path) -> None:
    with pytest.raises(Unusable) as refused:
        tasks.import_copied(path, " \n", nobody)
    assert refused.value.findings[0].code == Code.CLIPBOARD_EMPTY


def test_forms_go_out_beside_the_workbook_and_come_back_from_there(tmp_path: Path) -> None:
    path = forms_at_hand.parent(tmp_path)
    with pytest.raises(Unusable) as refused:
        tasks.collect(path, [], nobody)
    assert refused.value.findings[0].code == Code.NO_FORM
    before = path.read_bytes()
    folder = SIMPLE["hand_out"](path, nobody).results[0]
    forms = sorted(folder.iterdir())
    assert folder.parent == tasks.forms_folder(path, 2566)
    assert len(forms) == len(forms_at_hand.SIX) and path.read_bytes() == before
    first = next(iter(forms_at_hand.rows(openpyxl.load_workbook(forms[0]).worksheets[0])))
    forms_at_hand.fill(forms[0], {first: {"status": "แล้วเสร็จ", "done": "ทำแล้ว"}})
    assert tasks.collect(path, [], no).closing == say("collect.left_alone", file=path.name)
    assert path.read_bytes() == before
    asked = list[Question]()
    done = tasks.collect(path, [], partial(agreed, asked))
    assert len(asked[0].rows) == 1 and done.outcome and done.results == [path]
    assert path.read_bytes() != before


# ---- what goes wrong ----


def test_a_workbook_open_in_excel_is_said_before_anybody_is_asked(path: Path, samples: Path) -> None:
    path.with_name(f"~${path.name}").write_bytes(b"\x05Somsri".ljust(165, b"\0"))
    for task in (
        lambda ask: SIMPLE["compute"](path, ask),
        lambda ask: tasks.import_copied(path, copied(samples), ask),
        lambda ask: tasks.collect(path, [], ask),
    ):
        assert codes(tasks.carried_out(task, "compute", nobody)) == {Code.FILE_OPEN_ELSEWHERE}
    assert Code.FILE_OPEN_READ_ANYWAY in codes(SIMPLE["validate"](path, nobody))


@pytest.mark.parametrize("job", SIMPLE)
def test_what_is_no_workbook_is_said_in_thai(job: str, tmp_path: Path) -> None:
    path = tmp_path / "ไม่ใช่.xlsx"
    path.write_text("no workbook")
    done = tasks.carried_out(lambda ask: SIMPLE[job](path, ask), job, nobody)
    assert codes(done) == {Code.FILE_NOT_XLSX}
    assert path.name in as_text(done)


def test_a_mistake_of_ours_is_a_sentence_and_its_traceback_is_in_the_log(home: Path) -> None:
    def wrong(ask: object) -> Done:
        raise ZeroDivisionError("nothing to divide by")

    done = tasks.carried_out(wrong, "compute", nobody)
    assert codes(done) == {Code.PROGRAM_FAILED_WORKBOOK_UNCHANGED}
    log = Path(str(done.findings[0].values["log"]))
    assert home in log.parents and "nothing to divide by" in log.read_text(encoding="utf-8")
    assert str(log) in as_text(done) and "Traceback" not in as_text(done)


# ---- what is shown ----


def test_findings_stand_below_their_severity_with_cell_and_advice(samples: Path, tmp_path: Path) -> None:
    path = tmp_path / "ผิด.xlsx"
    path.write_bytes((samples / "mistakes-2565.xlsx").read_bytes())
    done = SIMPLE["validate"](path, nobody)
    shown = list(lines(done))
    headings = [line.text for line in shown if line.kind in ("error", "warning", "note")]
    assert [heading.split()[0] for heading in headings] == ["ต้องแก้ไข", "ควรตรวจสอบ", "ข้อสังเกต"]
    at = next(n for n, line in enumerate(shown) if line.kind == "place" and "คะแนน IIT G26" in line.text)
    assert [line.kind for line in shown[at : at + 3]] == ["place", "message", "hint"]
    assert shown[0].kind == "headline" and shown[1].text == say("window.checked")


def test_nothing_found_is_said_too(path: Path) -> None:
    outcome = jobs.check(path)
    outcome.findings.clear()
    assert say("window.nothing_found") in as_text(Done([], outcome))


CLUSTERS = ("ก", "กำ", "น้ำ", "เก่า", "ไม่", "ที่", "รู้", "ศู", "แล้", "ผะ", "x", "1", " ", "ฯ")
MARKS = tuple("ัิีึืฺุู็่้๊๋์ํะาำ")


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # says more of the machine than of us
@given(st.lists(st.sampled_from(CLUSTERS), max_size=40), st.integers(4, 30))
def test_lines_are_as_wide_as_the_room_and_part_no_letter_from_its_marks(parts: list[str], room: int) -> None:
    text = " ".join("".join(parts).split())
    made = list(wrapped(text, room, len))
    assert "".join("".join(made).split()) == "".join(text.split())
    assert all(len(line) <= room for line in made)
    assert not any(line.startswith(MARKS) or line.endswith(("เ", "แ", "ไ")) for line in made)


def test_a_line_ends_at_a_space_where_one_is_near() -> None:
    assert list(wrapped("ตรวจข้อมูล แล้วประมวลผล", 14, len)) == ["ตรวจข้อมูล", "แล้วประมวลผล"]
    assert list(wrapped("กำกำกำ", 3, len)) == ["กำ", "กำ", "กำ"]


def test_the_official_font_comes_first_and_any_thai_font_before_none() -> None:
    assert chosen({"Tahoma", "TH Sarabun New", "Arial"}) == ("TH Sarabun New", 16)
    assert chosen({"Arial", "Garuda"})[0] == "Garuda"
    assert chosen({"Arial"})[0] not in FONTS


# ---- one task at a time ----


def events(session: Session, until: type[Event] = Finished) -> Iterator[Event]:
    while True:
        for event in session.pending():
            yield event
            if isinstance(event, until):
                return


def test_a_task_runs_in_a_thread_of_its_own_and_a_second_one_has_to_wait() -> None:
    session, go_on = Session(), threading.Event()

    def slow(ask: object) -> Done:
        go_on.wait(20)
        return Done(closing=threading.current_thread().name, workbook=Path("b.xlsx"))

    assert session.start("compute", slow)
    assert session.job == "compute" and not session.start("validate", slow)
    go_on.set()
    assert list(events(session)) == [Finished("compute", Done(closing="compute", workbook=Path("b.xlsx")))]
    assert session.job == "" and session.workbook == Path("b.xlsx")


@pytest.mark.parametrize("answer", [True, False])
def test_a_task_waits_for_the_answer_to_its_question(answer: bool) -> None:
    session, question = Session(), Question("a", "b")
    task: Task = lambda ask: Done(closing=str(ask(question)))  # noqa: E731
    session.start("import", task)
    assert list(events(session, Asked)) == [Asked(question)]
    session.answer(answer)
    assert list(events(session)) == [Finished("import", Done(closing=str(answer)))]


def test_what_a_task_refuses_is_an_answer_too() -> None:
    session = Session()

    def refusing(ask: object) -> Done:
        raise Unusable(Finding(Code.CLIPBOARD_EMPTY))

    session.start("import", refusing)
    assert list(events(session)) == [Finished("import", Done([Finding(Code.CLIPBOARD_EMPTY)]))]
