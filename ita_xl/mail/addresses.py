"""Addresses as clerks type them: one or several, with names or without."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding
from ita_xl.domain.thai import plain_dashes, tidy
from ita_xl.files import without_control_characters

MOST_RECIPIENTS = 50
"""To and Cc together: more than an agency's superiors and offices, less than a mailing list."""

_SEPARATED = re.compile(r'((?:"[^"\n]*"|<[^<>\n]*>|[^,;\r\n"<]|["<])+)')
_BARE = re.compile(r"[^@<>\"]+@[^@<>\"]+")
_NAMED = re.compile(r"(.*?)<([^<>]*)>", re.DOTALL)


@dataclass(frozen=True)
class Address:
    """name: of the person or office, may be empty. email: as people read it. wire: the same in ASCII, as it is
    sent, where the domain is in Thai."""

    name: str
    email: str
    wire: str

    @property
    def key(self) -> str:
        """What is the same for one mailbox however it is typed."""
        return self.wire.casefold()

    @property
    def shown(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email


@dataclass(frozen=True)
class Typed:
    """What somebody typed. field: key of the field. sheet and cell: where, if it stands in a workbook."""

    field: str
    text: str
    sheet: str = ""
    cell: str = ""


def parse(typed: Typed, findings: list[Finding]) -> list[Address]:
    """The addresses in a text, separated by comma, semicolon, new line, or by spaces where nothing but addresses
    stands between; a repeated one once. What is none becomes a finding E802."""
    found: dict[str, Address] = {}
    for part in _parts(typed.text):
        if address := _address(part, typed, findings):
            found.setdefault(address.key, address)
    return list(found.values())


def _parts(text: str) -> Iterator[str]:
    for part in filter(None, map(tidy, _SEPARATED.findall(text))):
        words = part.split()
        yield from words if all(_BARE.fullmatch(word) for word in words) else [part]


def _address(part: str, typed: Typed, findings: list[Finding]) -> Address | None:
    from email_validator import EmailNotValidError, validate_email  # only who sends needs it

    named = _NAMED.fullmatch(part)
    name, email = (named[1], named[2]) if named else ("", part)
    try:
        valid = validate_email(plain_dashes(email.strip()), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        values = {"value": part, "field": typed.field, "detail": str(error)}
        findings.append(Finding(Code.ADDRESS_UNUSABLE, typed.sheet, typed.cell, values=values))
        return None
    assert valid.ascii_email is not None  # follows from allow_smtputf8=False
    return Address(one_line(name.replace('"', " ")), valid.normalized, valid.ascii_email)


def too_many(recipients: Iterable[Address]) -> list[Finding]:
    number = len(list(recipients))
    return (
        [Finding(Code.TOO_MANY_RECIPIENTS, values={"number": number, "most": MOST_RECIPIENTS})]
        if number > MOST_RECIPIENTS
        else []
    )


def one_line(text: str) -> str:
    """Text for a header: without control characters and with single blanks, so that nothing in it can begin a
    header of its own."""
    return " ".join(without_control_characters(re.sub(r"[\x7f-\x9f\u2028\u2029\ud800-\udfff]", " ", text)).split())
