"""VBA modules made from data: the bands of every year, the titles of the expert sheets, Thai texts as ASCII."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from ita_xl.addin.ovba import Module
from ita_xl.data import profiles, say
from ita_xl.domain.levels import Level
from ita_xl.domain.tree import INSTRUMENTS, TOTAL
from ita_xl.layout import SHEETS, Show

_HEAD = 'Attribute VB_Name = "{name}"\nOption Explicit\nOption Private Module\n'
_PIECE = 40
"""Characters of a text on one line: a line of VBA holds 1023, and one Thai letter takes up to 13."""

TEXTS = ("title", "help", "starting", "begun", "not_started", "no_workbook", "no_experts", "experts_refused")
"""Keys below `ribbon.say` of what VBA itself tells a clerk."""


def years() -> Module:
    """`ItaBands(year)`: the levels of every shipped year, best first."""
    return _module("ItaYears", _years_lines())


def texts() -> Module:
    """`ItaText(key)` and `ItaExpertTitles()`."""
    return _module("ItaTexts", [*_text_lines(), *_title_lines()])


def quoted(text: str) -> str:
    """A VBA expression for any text, in ASCII: "ITA " & ChrW(3652) & ChrW(3607)."""
    pieces = re.findall(r"[ -~]+|[^ -~]", text)
    return " & ".join(_piece(piece) for piece in pieces) or '""'


def _piece(piece: str) -> str:
    if piece.isascii() and piece.isprintable():
        doubled = piece.replace('"', '""')
        return f'"{doubled}"'
    if ord(piece) > 0xFFFF:
        raise ValueError(f"{piece!r} takes two characters in VBA")
    return f"ChrW({ord(piece)})"


def _module(name: str, lines: Iterable[str]) -> Module:
    return Module(name, _HEAD.format(name=name) + "".join(f"{line}\n" for line in lines))


def _years_lines() -> Iterator[str]:
    yield "' A band: its name, then the hundredths of a point that total, IIT, EIT and OIT must reach; -1: any."
    yield "Public Function ItaBands(ByVal fiscalYear As Variant) As Variant"
    yield "    Select Case fiscalYear"
    for levels, years in groupby(profiles.years(), lambda year: profiles.profile(year).levels):
        bands = [f"Array({_band(level)})" for level in levels]
        yield f"        Case {', '.join(map(str, years))}"
        yield "            ItaBands = Array( _"
        yield from (f"                {band}, _" for band in bands[:-1])
        yield f"                {bands[-1]})"
    yield "        Case Else"
    yield "            ItaBands = Empty"
    yield "    End Select"
    yield "End Function"


def _band(level: Level) -> str:
    asked = (level.needs.get(code) for code in (TOTAL, *INSTRUMENTS))
    hundredths = (-1 if least is None else int(least.scaleb(2)) for least in asked)
    return ", ".join([quoted(level.name), *map(str, hundredths)])


def _text_lines() -> Iterator[str]:
    yield "Public Function ItaText(ByVal key As String) As String"
    yield "    Dim words As String"
    yield "    Select Case key"
    buttons = {name: say(f"ribbon.{name}") for name in ("tab", "validate", "compute", "doctor_tip")}
    for key in TEXTS:
        text = say(f"ribbon.say.{key}", **buttons)
        yield f'        Case "{key}"'
        for start in range(0, len(text), _PIECE):
            yield f"            words = words & {quoted(text[start : start + _PIECE])}"
    yield "    End Select"
    yield "    ItaText = words"
    yield "End Function"


def _title_lines() -> Iterator[str]:
    titles = [quoted(sheet.title) for sheet in SHEETS if sheet.show is Show.EXPERT]
    yield ""
    yield "Public Function ItaExpertTitles() As Variant"
    yield "    ItaExpertTitles = Array( _"
    yield from (f"        {title}, _" for title in titles[:-1])
    yield f"        {titles[-1]})"
    yield "End Function"
