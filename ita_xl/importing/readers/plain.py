"""Pasted text, .txt and .csv: in whatever encoding Thai programs write, with whatever parts the cells."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.thai import tidy
from ita_xl.importing.readers.vertical import upright
from ita_xl.importing.source import RUNNING, Row

_THAI = re.compile("[\u0e01-\u0e5b]")
_SEPARATORS = ("\t", ";", ",", "|")
_TAGS = re.compile(r"<[^<>]{1,300}>")
_YEAR = re.compile(r"(?:25|๒๕)[\d๐-๙]{2}")
_TAIL = re.compile(r"^(.*?\S)((?:\s+[+-]?[\d๐-๙][\d๐-๙.,]*(?:\s*คะแนน)?|\s+-)+)$")
"""A text, and the figures at its end, as a copied table has them where its columns are lost."""


def rows(content: bytes, name: str) -> list[Row]:
    """Raises `Unusable` for what is no text."""
    lines = decoded(content, name).splitlines()
    separator = _separator(lines)
    return upright(list(_rows(lines, separator)))


def decoded(content: bytes, name: str) -> str:
    """The text, in UTF-8, UTF-16 or the Thai code page of Windows. Raises `Unusable` for what is none of them."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if content[:200].count(b"\0") > len(content[:200]) // 4:
        return content.decode("utf-16-le", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp874")
    except UnicodeDecodeError:
        text = content.decode("tis-620", errors="replace")
    if "\0" in text or len(_THAI.findall(text)) < len(text) // 50:
        raise Unusable(Finding(Code.SOURCE_NOT_READABLE, values={"file": name}))
    return text


def _separator(lines: list[str]) -> str:
    """What parts the cells: the mark that most lines have equally often; empty for none."""
    for mark in _SEPARATORS:
        with_it = [line for line in lines if mark in line]
        if mark == "\t" and with_it:
            return mark
        if len(with_it) >= 3 and len(with_it) * 2 > sum(bool(line.strip()) for line in lines):
            return mark
    return ""


def _rows(lines: list[str], separator: str) -> Iterator[Row]:
    table, within = 0, False
    for number, line in enumerate(lines, 1):
        where = say("imports.line", number=number)
        plain = _TAGS.sub(" ", line)
        if separator and separator in plain:
            if not within:
                table += 1
            within = True
            yield Row(tuple(tidy(cell) for cell in _split(plain, separator)), where, table)
            continue
        within = False
        if tidy(plain):
            yield Row(cells_of(plain), where, RUNNING)


def _split(line: str, separator: str) -> list[str]:
    if separator == "\t":
        return line.split("\t")
    return next(csv.reader(io.StringIO(line), delimiter=separator), [])


def cells_of(line: str) -> tuple[str, ...]:
    """The cells of a line whose columns are lost: its text, and each figure at its end."""
    text = tidy(line)
    found = _TAIL.match(text)
    if not found or (len(found[2]) > len(text) * 0.8 and len(found[1]) > 40):
        return (text,)
    if all(_YEAR.fullmatch(figure) for figure in found[2].split()):
        return (text,)  # the head of a column, or a sentence that ends with its year
    figures = re.findall(r"[+-]?[\d๐-๙][\d๐-๙.,]*(?:\s*คะแนน)?|-(?=\s|$)", found[2])
    return (found[1], *(tidy(figure) for figure in figures))
