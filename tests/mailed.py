"""A workbook that is to be sent, and messages read back, for the tests of mail."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path

import pytest

from ita_xl import jobs
from ita_xl.domain.findings import Unusable
from ita_xl.engines.by_openpyxl import OpenpyxlBook
from ita_xl.layout import HOME
from ita_xl.mail.addresses import Address
from ita_xl.mail.message import Attachment, Message

NAME = "อบจ พิษณุโลก ปี 2565.xlsx"


@pytest.fixture(name="book", scope="module")
def a_book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The sample after a run, with recipients on its first sheet."""
    path = tmp_path_factory.mktemp("mail") / NAME
    port = OpenpyxlBook.open(Path(__file__).parent.parent / "samples" / "reference-2565.xlsx")
    port.book[HOME.title][HOME.field("mail_to").cell] = "ท้องถิ่นจังหวัด <local@example.go.th>"
    port.book[HOME.title][HOME.field("mail_reply").cell] = "clerk@example.go.th"
    port.save(path)
    jobs.run(path)
    return path.read_bytes()


@pytest.fixture(name="file")
def a_file(book: bytes, tmp_path: Path) -> Path:
    path = tmp_path / NAME
    path.write_bytes(book)
    return path


def parsed(draft: bytes) -> EmailMessage:
    return message_from_bytes(draft, policy=policy.default)


def header(draft: bytes, name: str) -> str:
    """A header as programs with the older, plain decoder read it."""
    return str(make_header(decode_header(message_from_bytes(draft)[name])))


def body(draft: bytes) -> str:
    part = parsed(draft).get_body()
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def codes(error: pytest.ExceptionInfo[Unusable]) -> list[str]:
    return [finding.code for finding in error.value.findings]


B = Address("", "b@example.com", "b@example.com")


def message(**given: object) -> Message:
    to = (Address('สมชาย, (ใจดี) "ก"', "a@example.com", "a@example.com"),)
    usual: dict[str, object] = {"to": to, "cc": (), "reply_to": (), "subject": "เรื่อง", "body": "ข้อความ\n"}
    return Message(**{**usual, "attachments": (Attachment(NAME, bytes(range(256))),), **given})  # type: ignore[arg-type]
