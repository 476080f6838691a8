"""The message that carries a workbook, and `ita-xl mail` that makes a draft of it."""

from __future__ import annotations

import subprocess
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from ita_xl import jobs
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.mail import addresses, letter
from ita_xl.mail.addresses import MOST_RECIPIENTS, Address, Typed
from ita_xl.mail.message import Attachment, Message
from ita_xl.mail.prepare import Prepared, Wishes, prepare
from ita_xl.workbook.headless import Headless
from ita_xl.workbook.schema import HOME, STATED
from tests.crafted import edited

NAME = "อบจ พิษณุโลก ปี 2565.xlsx"


@pytest.fixture(name="book", scope="module")
def a_book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The sample after a run, with recipients on its first sheet."""
    path = tmp_path_factory.mktemp("mail") / NAME
    port = Headless.open(Path(__file__).parent.parent / "samples" / "reference-2565.xlsx")
    for key, text in (("mail_to", "ท้องถิ่นจังหวัด <local@example.go.th>"), ("mail_reply", "clerk@example.go.th")):
        port.book[HOME.title][HOME.field(key).cell] = text
    port.save(path)
    jobs.run(path)
    return path.read_bytes()


@pytest.fixture(name="file")
def a_file(book: bytes, tmp_path: Path) -> Path:
    path = tmp_path / NAME
    path.write_bytes(book)
    return path


def parsed(draft: bytes) -> EmailMessage:
    return message_from_bytes(draft, policy=policy.default)  # type: ignore[return-value]


def header(draft: bytes, name: str) -> str:
    """A header as programs with the older, plain decoder read it."""
    return str(make_header(decode_header(message_from_bytes(draft)[name])))


def body(draft: bytes) -> str:
    part = parsed(draft).get_body()
    assert part is not None
    return part.get_content().replace("\r\n", "\n")


def codes(error: pytest.ExceptionInfo[Unusable]) -> list[str]:
    return [finding.code for finding in error.value.findings]


# ---- addresses ----


@pytest.mark.parametrize(
    ("typed", "wire"),
    [
        ("a@example.com", ["a@example.com"]),
        (" a@example.com ; b@example.com,\nc@example.com\r\n", ["a@example.com", "b@example.com", "c@example.com"]),
        ("สมชาย ใจดี <a@example.com>", ["a@example.com"]),
        ('"ใจดี, สมชาย" <a@example.com>, b@example.com', ["a@example.com", "b@example.com"]),
        ("a@example.com, A@EXAMPLE.com", ["a@example.com"]),
        ("a@หน่วยงาน.ไทย", ["a@xn--72c9ab8ayaw7cwk.xn--o3cw4h"]),
        ("", []),
        (" ,;\n", []),
    ],
)
def test_addresses_are_read_as_clerks_type_them(typed: str, wire: list[str]) -> None:
    findings: list[Finding] = []
    assert [address.wire for address in addresses.parse(Typed("ผู้รับ", typed), findings)] == wire
    assert findings == []


@pytest.mark.parametrize(
    "typed",
    [
        *("สมชาย", "a@b", "a@", "@example.com", "a b@example.com", "a..b@example.com", "<>", '"', "a@example.com>"),
        *("a@example.com\x00", "a@exam\tple.com", "สมชาย@example.com", "<a@example.com> b", "a@[127.0.0.1]"),
        "กองคลัง <a@example.com\x0bBcc: x@example.com>",
    ],
)
def test_what_is_no_address_is_named(typed: str) -> None:
    findings: list[Finding] = []
    assert addresses.parse(Typed("ผู้รับ", typed, HOME.title, "B18"), findings) == []
    assert [(f.code, f.sheet, f.cell) for f in findings] == [("E802", HOME.title, "B18")]


def test_a_new_line_in_a_name_begins_no_header() -> None:
    findings: list[Finding] = []
    found = addresses.parse(Typed("ผู้รับ", "กองคลัง\nBcc: x@example.com\n<a@example.com>"), findings)
    assert [a.wire for a in found] == ["a@example.com"]
    assert [f.values["value"] for f in findings] == ["กองคลัง", "Bcc: x@example.com"]
    assert addresses.one_line("a\r\nBcc: b\x00\x85\u2028c") == "a Bcc: b c"


# ---- the letter ----

KNOWN = {letter.slot(key): f"<{key}>" for key in letter.SLOTS}


def test_our_letter_says_all_that_is_known_and_leaves_out_the_rest(book: bytes) -> None:
    outcome = prepare(book, NAME).outcome
    known = letter.facts(outcome, [], [NAME], inside=True)
    findings: list[Finding] = []
    full = letter.compose(letter.template(), known, findings)
    for word in ("องค์การบริหารส่วนจังหวัดพิษณุโลก", "2565", "96.99", "AA", "8 ประเด็น", NAME, "จึงเรียนมาเพื่อโปรดพิจารณา"):
        assert word in full.subject + full.body
    bare = letter.compose(letter.template(), dict.fromkeys(known, ""), findings)
    assert findings == []
    assert bare.subject == "ขอส่งผลการวิเคราะห์การประเมินคุณธรรมและความโปร่งใส (ITA)"
    assert bare.body.split() == ["จึงเรียนมาเพื่อโปรดพิจารณา", "ขอแสดงความนับถือ"]


def test_what_leaves_the_agency_does_not_tell_how_many_findings_there_are(book: bytes) -> None:
    outside = letter.facts(prepare(book, NAME).outcome, [], [NAME], inside=False)
    assert not outside[letter.slot("errors")] and not outside[letter.slot("warnings")]


def test_the_agencys_own_letter_wins(file: Path, tmp_path: Path) -> None:
    own = tmp_path / "จดหมาย.txt"
    own.write_text("เรื่องของ{หน่วยงาน}\n\nได้ {คะแนนรวม} {{คะแนน}}\n{จังหวัด}", encoding="utf-8-sig")
    message = prepare(file.read_bytes(), NAME, Wishes(template=own)).message
    assert message.subject == "เรื่องขององค์การบริหารส่วนจังหวัดพิษณุโลก"
    assert message.body == "ได้ 96.99 {คะแนน}\nพิษณุโลก\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("เรื่อง\n{คะแนน}", "E805"),
        ("เรื่อง\n{ปี.__class__}", "E805"),
        ("เรื่อง\n{ปี[0]}", "E805"),
        ("เรื่อง\n{ปี!r}", "E805"),
        ("เรื่อง\n{ปี:>9999999}", "E805"),
        ("เรื่อง\n{}", "E805"),
        ("เรื่อง {คะแนน}", "E805"),
        ("เรื่อง\n{ปี", "E806"),
        ("เรื่อง\nปี}", "E806"),
        ("\n \n", "E807"),
        ("", "E807"),
    ],
)
def test_a_template_that_cannot_be_filled_is_explained(text: str, code: str) -> None:
    findings: list[Finding] = []
    letter.compose(text, KNOWN, findings)
    assert [finding.code for finding in findings] == [code]


def test_a_template_that_is_no_text_is_explained(tmp_path: Path) -> None:
    other = tmp_path / "x.txt"
    other.write_bytes("เรื่อง".encode("cp874"))
    for path, code in ((other, "E124"), (tmp_path / "none.txt", "E101"), (tmp_path, "E120")):
        with pytest.raises(Unusable) as error:
            letter.template(path)
        assert codes(error) == [code]


# ---- the message ----


B = Address("", "b@example.com", "b@example.com")


def message(**given: object) -> Message:
    to = (Address('สมชาย, (ใจดี) "ก"', "a@example.com", "a@example.com"),)
    usual: dict[str, object] = {"to": to, "cc": (), "reply_to": (), "subject": "เรื่อง", "body": "ข้อความ\n"}
    return Message(**{**usual, "attachments": (Attachment(NAME, bytes(range(256))),), **given})  # type: ignore[arg-type]


def test_a_draft_is_read_back_as_it_was_meant() -> None:
    long = "ขอส่งผลการวิเคราะห์" * 20
    draft = message(subject=long, body="เรียน\n\n.จุด\nFrom ต้นบรรทัด\n").draft()
    assert parsed(draft)["Subject"] == header(draft, "Subject") == long
    assert header(draft, "To") == 'สมชาย, (ใจดี) "ก" <a@example.com>'
    assert parsed(draft)["X-Unsent"] == "1"
    assert not {"Bcc", "From", "Date", "Message-ID"} & set(parsed(draft).keys())
    assert body(draft) == "เรียน\n\n.จุด\nFrom ต้นบรรทัด\n"
    (attached,) = parsed(draft).iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == (NAME, bytes(range(256)))
    assert attached.get_content_type() == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_a_draft_has_plain_lines_of_bearable_length() -> None:
    draft = message(subject="ก" * 500).draft()
    assert draft.isascii()
    assert draft.count(b"\n") == draft.count(b"\r\n") == draft.count(b"\r")
    assert max(len(line) for line in draft.split(b"\r\n") if b"=?" in line) <= 76
    assert max(map(len, draft.split(b"\r\n"))) < 100


@pytest.mark.ripmime
def test_another_program_reads_the_draft_too(book: bytes, tmp_path: Path) -> None:
    name = "อบจ พิษณุโลก ปี 2565 (ฉบับส่งจังหวัด).xlsx"  # longer than one line of a header takes
    made = prepare(book, name).message
    path, read = tmp_path / "draft.eml", tmp_path / "read"
    path.write_bytes(made.draft())
    read.mkdir()
    subprocess.run(["ripmime", "-i", path, "-d", read, "-e", "headers"], check=True, timeout=60)
    found = {part.name: part.read_bytes() for part in read.iterdir()}
    assert found.pop(name) == book
    assert f"Subject: {made.subject}" in found.pop("headers").decode().splitlines()
    (text,) = [part.decode() for part in found.values() if part]
    assert text.replace("\r\n", "\n").strip() == made.body.strip()


def test_the_name_of_the_attachment_is_said_for_older_programs_too() -> None:
    (attached,) = message_from_bytes(message().draft()).get_payload()[1:]  # the older, plain parser
    assert str(make_header(decode_header(attached.get_param("name")))) == NAME


@given(st.text(st.sampled_from("กานต์ุ้ abc.,;:<>@()[]\\'=?_"), max_size=80))
def test_any_name_of_a_recipient_comes_back(name: str) -> None:
    name = addresses.one_line(name)
    draft = message(to=(Address(name, "a@example.com", "a@example.com"), B)).draft()
    found = getaddresses([message_from_bytes(draft)["To"]])
    assert [email for _, email in found] == ["a@example.com", "b@example.com"]
    assert str(make_header(decode_header(found[0][0]))) == name


@pytest.mark.parametrize(
    "evil", ["x\r\nBcc: b@example.com", "x\nBcc: b@example.com", "x\x0bBcc: y", "x\u2028Bcc: y"]
)
def test_no_text_becomes_a_header_of_its_own(evil: str) -> None:
    to = (Address(evil, "a@example.com", "a@example.com"),)
    draft = message(subject=evil, to=to, attachments=(Attachment(f"{evil}.xlsx", b"x"),)).draft()
    assert sorted(parsed(draft).keys()) == ["Content-Type", "MIME-Version", "Subject", "To", "X-Unsent"]
    (attached,) = parsed(draft).iter_attachments()
    assert sorted(attached.keys()) == [
        *("Content-Disposition", "Content-Transfer-Encoding", "Content-Type", "MIME-Version")
    ]


def test_everybody_gets_it_once() -> None:
    a, b = (Address("", f"{x}@example.com", f"{x}@example.com") for x in "ab")
    assert {r.wire for r in message(to=(a, b), cc=(b,)).recipients} == {"a@example.com", "b@example.com"}


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
    assert "เรียน ผู้เกี่ยวข้อง" in said.body


def test_a_bad_address_on_the_first_sheet_is_named_with_its_cell(samples: Path, tmp_path: Path) -> None:
    port = Headless.open(samples / "reference-2565.xlsx")
    port.book[HOME.title][HOME.field("mail_cc").cell] = "นายอำเภอ"
    with pytest.raises(Unusable) as error:
        prepare(port.to_bytes(), NAME)
    assert [(f.code, f.sheet, f.cell) for f in error.value.findings] == [("E802", HOME.title, "B19")]


def test_a_workbook_that_was_run_goes_without_a_word(book: bytes) -> None:
    assert warned(prepare(book, NAME)) == []


def test_it_is_said_when_the_results_are_older_than_what_was_entered(book: bytes, tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_bytes(book)
    port = Headless.open(path)  # as any program saves it: nothing but the bytes differ
    assert warned(prepare(port.to_bytes(), NAME)) == []
    port.book[STATED.title]["E6"] = 96.5
    assert warned(prepare(port.to_bytes(), NAME)) == ["W809"]


def test_it_is_said_when_a_workbook_was_never_run(samples: Path) -> None:
    content = (samples / "reference-2565.xlsx").read_bytes()
    assert warned(prepare(content, NAME, Wishes(to="a@example.com"))) == ["W810"]
    with pytest.raises(Unusable) as error:
        prepare(content, NAME, Wishes(to="a@example.com", published_only=True))
    assert codes(error) == ["E814"]


def test_macros_are_never_attached_silently(book: bytes) -> None:
    def with_macros(name: str, part: bytes) -> bytes:
        return part.replace(
            b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
        )

    content = edited(book, with_macros)
    assert warned(prepare(content, "อบจ.xlsm")) == ["W811"]
    (attached,) = parsed(prepare(content, "อบจ.xlsm").message.draft()).iter_attachments()
    assert attached.get_content_type() == "application/vnd.ms-excel.sheet.macroenabled.12"
    copy = prepare(content, "อบจ.xlsm", Wishes(published_only=True))
    assert warned(copy) == []
    assert copy.message.attachments[0].name == "อบจ (ฉบับเผยแพร่).xlsx"


def test_findings_to_mend_hold_it_back_unless_wanted_all_the_same(samples: Path) -> None:
    content = (samples / "mistakes-2565.xlsx").read_bytes()
    with pytest.raises(Unusable) as error:
        prepare(content, NAME, Wishes(to="a@example.com"))
    assert codes(error)[0] == "E801" and "E202" in codes(error)
    made = prepare(content, NAME, Wishes(to="a@example.com", even_with_errors=True))
    assert "ต้องแก้ไข" in made.message.body


def test_a_message_that_is_too_large_or_to_too_many_is_refused(book: bytes) -> None:
    crowd = ",".join(f"a{number}@example.com" for number in range(500))
    with pytest.raises(Unusable) as error:
        prepare(book, NAME, Wishes(to=crowd, most=100_000))
    assert codes(error) == ["E803", "E812"]
    assert error.value.findings[0].values == {"number": 500, "most": MOST_RECIPIENTS}


# ---- the command ----


def test_the_draft_lies_beside_the_workbook_and_all_is_shown_before(ita, file: Path) -> None:
    done = ita("mail", file, "--yes", "--cc", "b@example.com")
    draft = file.with_suffix(".eml").read_bytes()
    assert (done.code, done.out) == (0, "")
    for word in ("local@example.go.th", "b@example.com", "clerk@example.go.th", NAME, "--published-only", "เรื่อง: "):
        assert word in done.err
    (attached,) = parsed(draft).iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == (NAME, file.read_bytes())


def test_an_existing_draft_stays_unless_told_otherwise(ita, file: Path, tmp_path: Path) -> None:
    other = tmp_path / "ร่าง.eml"
    other.write_text("mine")
    assert ita("mail", file, "--draft", other, "--yes").code == 2
    assert other.read_text() == "mine"
    assert ita("mail", file, "--draft", other, "--yes", "--force").code == 0
    assert parsed(other.read_bytes())["X-Unsent"] == "1"
    assert ita("mail", file, "--draft", tmp_path / "x.txt", "--yes").code == 2


def test_without_a_terminal_and_a_yes_nothing_is_written(ita, file: Path) -> None:
    done = ita("mail", file)
    assert done.code == 2
    assert "--yes" in done.err and not file.with_suffix(".eml").exists()


def test_a_dry_run_shows_all_and_writes_nothing(ita, file: Path) -> None:
    done = ita("mail", file, "--dry-run", "--published-only", "--lang", "en")
    assert done.code == 0
    assert "(ฉบับเผยแพร่).xlsx" in done.err and "--published-only" not in done.err
    assert [path.name for path in file.parent.iterdir()] == [NAME]


def test_json_is_one_document(ita, file: Path) -> None:
    found = ita("mail", file, "--yes", "--json").json
    assert found["to"] == ["ท้องถิ่นจังหวัด <local@example.go.th>"]
    assert found["attachments"] == [{"name": NAME, "bytes": file.stat().st_size}]
    assert found["draft"] == str(file.with_suffix(".eml")) and Path(found["draft"]).exists()
    assert found["bytes"] == Path(found["draft"]).stat().st_size


def test_files_that_cannot_be_sent_are_explained(ita, samples: Path, tmp_path: Path) -> None:
    Workbook().save(tmp_path / "อื่น.xlsx")
    for name, code, exits in (("อื่น.xlsx", "E110", 3), ("ไม่มี.xlsx", "E101", 3)):
        done = ita("mail", tmp_path / name, "--to", "a@example.com", "--yes")
        assert (done.code, code in done.err) == (exits, True)
    done = ita("mail", samples / "mistakes-2565.xlsx", "--draft", tmp_path / "x.eml", "--yes", "--json")
    assert (done.code, done.json["findings"][0]["code"]) == (1, "E801")
    assert list(tmp_path.glob("*.eml")) == []
