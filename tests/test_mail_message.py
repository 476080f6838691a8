"""The parts of the message that carries a workbook: addresses, letter, and the message itself."""

from __future__ import annotations

import subprocess
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import getaddresses
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.layout import HOME
from ita_xl.mail import addresses, letter
from ita_xl.mail.addresses import Address, Typed
from ita_xl.mail.message import Attachment
from ita_xl.mail.prepare import Wishes, prepare
from tests.mailed import NAME, B, a_book, a_file, body, codes, header, message, parsed  # noqa: F401

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
        ("a@example.com b@example.com", ["a@example.com", "b@example.com"]),
        ("\u202aa@example.com\u202c", ["a@example.com"]),
        ("กองคลัง <\u200ba@example.com\u200b>", ["a@example.com"]),
        ("it\u2011audit@example.com, it–plan@example.com", ["it-audit@example.com", "it-plan@example.com"]),
        ("\u00a0", []),
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
    assert [(f.code, f.sheet, f.cell) for f in findings] == [(Code.ADDRESS_UNUSABLE, HOME.title, "B18")]


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
        ("เรื่อง\n{คะแนน}", Code.LETTER_SLOT_UNKNOWN),
        ("เรื่อง\n{ปี.__class__}", Code.LETTER_SLOT_UNKNOWN),
        ("เรื่อง\n{ปี[0]}", Code.LETTER_SLOT_UNKNOWN),
        ("เรื่อง\n{ปี!r}", Code.LETTER_SLOT_UNKNOWN),
        ("เรื่อง\n{ปี:>9999999}", Code.LETTER_SLOT_UNKNOWN),
        ("เรื่อง\n{}", Code.LETTER_SLOT_UNKNOWN),
        ("เรื่อง {คะแนน}", Code.LETTER_SLOT_UNKNOWN),
        ("เรื่อง\n{ปี", Code.LETTER_BRACE),
        ("เรื่อง\nปี}", Code.LETTER_BRACE),
        ("\n \n", Code.LETTER_WITHOUT_SUBJECT),
        ("", Code.LETTER_WITHOUT_SUBJECT),
    ],
)
def test_a_template_that_cannot_be_filled_is_explained(text: str, code: str) -> None:
    findings: list[Finding] = []
    letter.compose(text, KNOWN, findings)
    assert [finding.code for finding in findings] == [code]


def test_a_template_that_is_no_text_is_explained(tmp_path: Path) -> None:
    other = tmp_path / "x.txt"
    other.write_bytes("เรื่อง".encode("cp874"))
    for path, code in (
        (other, Code.LETTER_NOT_UTF8),
        (tmp_path / "none.txt", Code.FILE_MISSING),
        (tmp_path, Code.FILE_IS_FOLDER),
    ):
        with pytest.raises(Unusable) as error:
            letter.template(path)
        assert codes(error) == [code]


# ---- the message ----


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
    *_, attached = message_from_bytes(message().draft()).walk()  # the older, plain parser
    assert str(make_header(decode_header(str(attached.get_param("name"))))) == NAME


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
