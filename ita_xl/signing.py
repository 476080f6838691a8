"""Signing a workbook: what was signed is kept inside it, so that whatever changes afterwards is named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from ita_xl import pipeline
from ita_xl.case.inputs import Inputs
from ita_xl.case.outcome import Outcome
from ita_xl.domain.codes import Code
from ita_xl.domain.days import in_words, parse_day
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.engines.port import Port
from ita_xl.layout import HOME
from ita_xl.layout.keys import FieldKey
from ita_xl.reading.workbook import read_inputs
from ita_xl.writing.blocks import write_field
from ita_xl.writing.signed import Act, signed

_DAY: FieldKey = "signed_on"
_PERSON: FieldKey = "chief_name"


def sign(port: Port, day: str, person: str, known: Iterable[Finding] = ()) -> Outcome:
    """Run a workbook and keep in it what is signed; the caller saves. day: as a person writes it. What is empty is
    what the first sheet says. known: as of `run`.

    Raises `Unusable` for a workbook with errors, one that is signed already, and where day or person is not known.
    """
    inputs = read_inputs(port)
    if then := signed(port, inputs.titles):
        raise Unusable(Finding(Code.SIGNED_ALREADY, values={"day": then.day, "person": then.person}))
    act = Act(True, _day(inputs, day), person or _said(inputs, _PERSON))
    _note_day(port, inputs, act.day)
    return pipeline.run(port, known, act)


def unsign(port: Port, today: dt.date, reason: str, known: Iterable[Finding] = ()) -> Outcome:
    """Run a workbook that no longer counts as signed; who signed it and why that was taken back stays in it.

    Raises `Unusable` for one that was not signed.
    """
    inputs = read_inputs(port)
    if signed(port, inputs.titles) is None:
        raise Unusable(Finding(Code.NOT_SIGNED))
    _note_day(port, inputs, "")
    return pipeline.run(port, known, Act(False, in_words(today), reason=reason))


def _day(inputs: Inputs, typed: str) -> str:
    """The day in words. Raises `Unusable` where there is none, or no such day."""
    text = typed or _said(inputs, _DAY)
    if (day := parse_day(text)) is None:
        sheet, cell = ("", "") if typed else _where(inputs, _DAY)
        raise Unusable(Finding(Code.DAY_UNUSABLE, sheet, cell, values={"value": text}))
    return in_words(day)


def _said(inputs: Inputs, key: FieldKey) -> str:
    """What the first sheet says. Raises `Unusable` where it says nothing."""
    if not (text := inputs.about.get(key, "")):
        sheet, cell = _where(inputs, key)
        raise Unusable(Finding(Code.SIGNATURE_INCOMPLETE, sheet, cell))
    return text


def _where(inputs: Inputs, key: FieldKey) -> tuple[str, str]:
    """Where the first sheet says it; nowhere for a form that does not ask for it."""
    return (inputs.titles[HOME.key], HOME.field(key).cell) if key in inputs.about else ("", "")


def _note_day(port: Port, inputs: Inputs, day: str) -> None:
    """The first sheet says when it was signed, unless it is of a form without that."""
    if _DAY in inputs.about and inputs.about[_DAY] != day:
        write_field(port, inputs.titles[HOME.key], HOME, HOME.field(_DAY), day)
