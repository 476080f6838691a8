"""`ita-xl mail`: from a workbook to a draft of the message that carries it."""

from __future__ import annotations

import os
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from ita_xl.engines.by_openpyxl import OpenpyxlBook
from ita_xl.layout import HOME, STATED
from ita_xl.mail.addresses import MOST_RECIPIENTS
from ita_xl.mail.prepare import Prepared, Wishes, prepare
from tests.conftest import Ita
from tests.crafted import edited
from tests.mailed import NAME, a_book, a_file, codes, parsed  # noqa: F401

# ---- from a workbook ----


def warned(prepared: Prepared) -> list[str]:
    return [f.code for f in prepared.findings if f.code.startswith("W8")]


def test_recipients_come_from_the_first_sheet_unless_they_are_said(book: bytes) -> None:
    own = prepare(book, NAME).message
    assert [a.shown for a in own.to] == ["ท้องถิ่นจังหวัด <local@example.go.th>"]
    assert "เรียน ท้องถิ่นจังหวัด" in own.body
    assert ([a.shown for a in own.cc], [a.shown for a in own.reply_to]) == ([], ["clerk@example.go.th"])
    said = prepare(book, NAME, Wishes(to="a@example.com", cc="A@example.com, b@example.com", reply_to="")).message
    wires = [[address.wire for address in part] for part in (said.to, said.cc, said.reply_to)]
    assert wires == [["a@example.com"], ["b@example.com"], []]
    assert "เรียน ผู้รับผิดชอบการประเมิน" in said.body


def test_the_signed_document_goes_along_as_pdf_or_instead_of_the_workbook(book: bytes) -> None:
    both = prepare(book, NAME, Wishes(report="also")).message.attachments
    alone = prepare(book, NAME, Wishes(report="only")).message
    assert [Path(one.name).suffix for one in both] == [".xlsx", ".pdf"]
    assert [Path(one.name).suffix for one in alone.attachments] == [".pdf"]
    assert all(one.name in alone.body for one in alone.attachments)
    kinds = [part.get_content_type() for part in alone.built().iter_attachments()]
    assert kinds == ["application/pdf"]


@pytest.mark.parametrize("between", ["\n", "\r\n", ", ", " "], ids=repr)
def test_several_addresses_stand_in_one_cell_as_excel_and_clerks_part_them(samples: Path, between: str) -> None:
    port = OpenpyxlBook.open(samples / "reference-2565.xlsx")
    text = f"saraban@example.go.th{between}local@example.go.th"
    port.book[HOME.title][HOME.field("mail_to").cell] = text
    assert [a.wire for a in prepare(port.to_bytes(), NAME).message.to] == [
        "saraban@example.go.th",
        "local@example.go.th",
    ]


def test_a_workbook_whose_agency_shows_nothing_says_so_before_it_is_sent(samples: Path) -> None:
    port = OpenpyxlBook.open(samples / "reference-2565.xlsx")
    port.book[HOME.title][HOME.field("agency").cell] = "\u00a0"
    assert Code.AGENCY_MISSING in [finding.code for finding in prepare(port.to_bytes(), NAME).findings]


def test_a_bad_address_on_the_first_sheet_is_named_with_its_cell(samples: Path, tmp_path: Path) -> None:
    port = OpenpyxlBook.open(samples / "reference-2565.xlsx")
    port.book[HOME.title][HOME.field("mail_cc").cell] = "นายอำเภอ"
    with pytest.raises(Unusable) as error:
        prepare(port.to_bytes(), NAME)
    assert [(f.code, f.sheet, f.cell) for f in error.value.findings] == [(Code.ADDRESS_UNUSABLE, HOME.title, "B19")]


def test_a_workbook_that_was_run_goes_without_a_word(book: bytes) -> None:
    assert warned(prepare(book, NAME)) == []


def test_it_is_said_when_the_results_are_older_than_what_was_entered(book: bytes, tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_bytes(book)
    port = OpenpyxlBook.open(path)  # as any program saves it: nothing but the bytes differ
    assert warned(prepare(port.to_bytes(), NAME)) == []
    port.book[STATED.title]["C6"] = 88.5
    assert warned(prepare(port.to_bytes(), NAME)) == [Code.RESULTS_OUTDATED]


def test_it_is_said_when_a_workbook_was_never_run(samples: Path) -> None:
    content = (samples / "reference-2565.xlsx").read_bytes()
    assert warned(prepare(content, NAME, Wishes(to="a@example.com"))) == [Code.NEVER_RUN]
    with pytest.raises(Unusable) as error:
        prepare(content, NAME, Wishes(to="a@example.com", published_only=True))
    assert codes(error) == [Code.NOTHING_TO_PUBLISH]


def test_macros_are_never_attached_silently(book: bytes) -> None:
    def with_macros(name: str, part: bytes) -> bytes:
        return part.replace(
            b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
        )

    content = edited(book, with_macros)
    assert warned(prepare(content, "อบจ.xlsm")) == [Code.ATTACHMENT_WITH_MACROS]
    (attached,) = parsed(prepare(content, "อบจ.xlsm").message.draft()).iter_attachments()
    assert attached.get_content_type() == "application/vnd.ms-excel.sheet.macroenabled.12"
    copy = prepare(content, "อบจ.xlsm", Wishes(published_only=True))
    assert warned(copy) == []
    assert copy.message.attachments[0].name == "อบจ (ฉบับเผยแพร่).xlsx"


def test_the_published_copy_of_a_workbook_with_the_longest_name_can_be_saved_anywhere(book: bytes) -> None:
    name = "ก" * 82 + ".xlsx"
    (attachment,) = prepare(book, name, Wishes(published_only=True)).message.attachments
    assert len(attachment.name.encode()) <= 255
    assert attachment.name.startswith("ก" * 60) and attachment.name.endswith(".xlsx")


def test_findings_to_mend_hold_it_back_unless_wanted_all_the_same(samples: Path) -> None:
    content = (samples / "mistakes-2565.xlsx").read_bytes()
    with pytest.raises(Unusable) as error:
        prepare(content, NAME, Wishes(to="a@example.com"))
    assert codes(error)[0] == Code.MAIL_HELD_BACK and Code.NOT_A_NUMBER in codes(error)
    made = prepare(content, NAME, Wishes(to="a@example.com", even_with_errors=True))
    assert "ต้องแก้ไข" in made.message.body


def test_a_message_that_is_too_large_or_to_too_many_is_refused(book: bytes) -> None:
    crowd = ",".join(f"a{number}@example.com" for number in range(500))
    with pytest.raises(Unusable) as error:
        prepare(book, NAME, Wishes(to=crowd, most=100_000))
    assert codes(error) == [Code.TOO_MANY_RECIPIENTS, Code.MESSAGE_TOO_LARGE]
    assert error.value.findings[0].values == {"number": 500, "most": MOST_RECIPIENTS}


# ---- the command ----


def test_the_draft_lies_beside_the_workbook_and_all_is_shown_before(ita: Ita, file: Path) -> None:
    done = ita("mail", file, "--yes", "--cc", "b@example.com")
    draft = file.with_suffix(".eml").read_bytes()
    assert (done.code, done.out) == (0, "")
    for word in ("local@example.go.th", "b@example.com", "clerk@example.go.th", NAME, "--published-only", "เรื่อง: "):
        assert word in done.err
    (attached,) = parsed(draft).iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == (NAME, file.read_bytes())


def test_an_existing_draft_stays_unless_told_otherwise(ita: Ita, file: Path, tmp_path: Path) -> None:
    other = tmp_path / "ร่าง.eml"
    other.write_text("mine")
    assert ita("mail", file, "--draft", other, "--yes").code == 2
    assert other.read_text() == "mine"
    assert ita("mail", file, "--draft", other, "--yes", "--force").code == 0
    assert parsed(other.read_bytes())["X-Unsent"] == "1"
    assert ita("mail", file, "--draft", tmp_path / "x.txt", "--yes").code == 2


def test_without_a_terminal_and_a_yes_nothing_is_written(ita: Ita, file: Path) -> None:
    done = ita("mail", file)
    assert done.code == 2
    assert "--yes" in done.err and not file.with_suffix(".eml").exists()


@pytest.mark.parametrize(("answer", "code", "written"), [("n", 2, False), ("y", 0, True)])
def test_at_a_terminal_it_asks_first(file: Path, answer: str, code: int, written: bool) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    words = [sys.executable, "-m", "ita_xl", "mail", str(file)]
    done = subprocess.run(words, stdin=theirs, capture_output=True, timeout=60)
    os.close(ours)
    os.close(theirs)
    assert (done.returncode, file.with_suffix(".eml").exists()) == (code, written)
    said = done.stderr.decode()
    assert said.index("local@example.go.th") < said.index("[y = ใช่, N = ไม่ใช่]")


def test_a_dry_run_shows_all_and_writes_nothing(ita: Ita, file: Path) -> None:
    done = ita("mail", file, "--dry-run", "--published-only", "--lang", "en")
    assert done.code == 0
    assert "(ฉบับเผยแพร่).xlsx" in done.err and "--published-only" not in done.err
    assert [path.name for path in file.parent.iterdir()] == [NAME]


def test_a_workbook_that_is_open_elsewhere_is_sent_as_it_was_saved(ita: Ita, file: Path) -> None:
    file.with_name(f"~${NAME}").touch()
    done = ita("mail", file, "--yes")
    assert (done.code, Code.FILE_OPEN_READ_ANYWAY in done.err) == (0, True)


def test_json_is_one_document(ita: Ita, file: Path) -> None:
    found = ita("mail", file, "--yes", "--json").json
    assert found["to"] == ["ท้องถิ่นจังหวัด <local@example.go.th>"]
    assert found["attachments"] == [{"name": NAME, "bytes": file.stat().st_size}]
    assert found["draft"] == str(file.with_suffix(".eml")) and Path(found["draft"]).exists()
    assert found["bytes"] == Path(found["draft"]).stat().st_size


def test_files_that_cannot_be_sent_are_explained(ita: Ita, samples: Path, tmp_path: Path) -> None:
    Workbook().save(tmp_path / "อื่น.xlsx")
    for name, code, exits in (("อื่น.xlsx", Code.NOT_AN_ITA_WORKBOOK, 3), ("ไม่มี.xlsx", Code.FILE_MISSING, 3)):
        done = ita("mail", tmp_path / name, "--to", "a@example.com", "--yes")
        assert (done.code, code in done.err) == (exits, True)
    done = ita("mail", samples / "mistakes-2565.xlsx", "--draft", tmp_path / "x.eml", "--yes", "--json")
    assert (done.code, done.json["findings"][0]["code"]) == (1, Code.MAIL_HELD_BACK)
    assert list(tmp_path.glob("*.eml")) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
@pytest.mark.parametrize("name", ["ก\r\nBcc: x@example.com.xlsx", "ก\x1b[31m.xlsx", "ก\\ข.xlsx"])
def test_a_file_name_that_is_no_single_line_is_made_one(ita: Ita, book: bytes, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(book)
    out = tmp_path / "x.eml"
    done = ita("mail", tmp_path / name, "--draft", out, "--yes")
    assert done.code == 0 and "\x1b" not in done.err
    (attached,) = parsed(out.read_bytes()).iter_attachments()
    assert not {"\r", "\n", "\x1b", "\\"} & set(attached.get_filename() or "")
    assert "Bcc" not in parsed(out.read_bytes())


# ---- Outlook ----


class Item:
    """What Outlook keeps of a message that is being written."""

    def __init__(self) -> None:
        self.attached: list[tuple[str, bytes]] = []
        self.answers: list[str] = []
        self.shown: list[bool] = []
        self.To = self.CC = self.Subject = self.Body = ""
        self.ReplyRecipients = types.SimpleNamespace(Add=self.answers.append)
        self.Attachments = types.SimpleNamespace(Add=self._attach)

    def _attach(self, path: str) -> None:
        self.attached.append((Path(path).name, Path(path).read_bytes()))

    def Display(self, modal: bool) -> None:  # noqa: N802 (Outlook's name)
        self.shown.append(modal)


def outlook(monkeypatch: pytest.MonkeyPatch, dispatch: Callable[[str], object]) -> None:
    """A pywin32 on this machine, which knows only this."""
    client = types.ModuleType("win32com.client")
    client.Dispatch = dispatch  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "win32com", types.ModuleType("win32com"))
    monkeypatch.setitem(sys.modules, "win32com.client", client)


def test_outlook_shows_the_draft_and_does_not_send_it(
    ita: Ita, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, started = Item(), []

    def dispatch(name: str) -> types.SimpleNamespace:
        started.append(name)
        return types.SimpleNamespace(CreateItem=lambda kind: item)

    outlook(monkeypatch, dispatch)
    assert ita("mail", file, "--outlook", "--yes", "--cc", "b@example.com").code == 0
    assert started == ["Outlook.Application"]
    assert (item.To, item.CC, item.answers) == ("local@example.go.th", "b@example.com", ["clerk@example.go.th"])
    assert item.Subject.startswith("ขอส่งผลการวิเคราะห์") and "เรียน ท้องถิ่นจังหวัด\r\n" in item.Body
    assert (item.attached, item.shown) == ([(NAME, file.read_bytes())], [False])
    assert not file.with_suffix(".eml").exists()


def test_without_outlook_it_is_said(ita: Ita, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = ita("mail", file, "--outlook", "--yes")
    assert (done.code, Code.NO_OUTLOOK in done.err) == (4, True)

    def refuse(name: str) -> None:
        raise OSError("Invalid class string")

    outlook(monkeypatch, refuse)
    done = ita("mail", file, "--outlook", "--yes", "--json")
    assert (done.code, done.json["findings"][0]["code"]) == (4, Code.NO_OUTLOOK)
