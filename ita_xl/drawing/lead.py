"""What leads a clerk through the work: the state of every step and what comes next, as plain formulas.

Nothing here is volatile, and a step that is done begins with the same word, by which `next_step` and colours go.
"""

from __future__ import annotations

from collections.abc import Mapping

from ita_xl.data import library, say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Severity
from ita_xl.domain.tree import Kind
from ita_xl.drawing.formulas import TOLERANCE
from ita_xl.layout import FINDINGS, HOME, MEASURES, MEMORY, RECHECK, Sheet, labels
from ita_xl.layout.keys import BlockKey, ColumnKey, FieldKey


def formulas() -> Mapping[FieldKey, str]:
    """The formulas of the first sheet's steps, by the cell's key."""
    states: dict[FieldKey, str] = {
        "state_about": _about(),
        "state_scores": _scores(),
        "state_findings": _findings(),
        "state_texts": _texts(),
        "state_measures": _measures(),
        "state_signed": _signed(),
        "next_step": _next(),
    }
    return {key: f"=IFERROR({formula},{_said('unreadable')})" for key, formula in states.items()}


def done(cell: str) -> str:
    """Whether the state in a cell is that of a step that is done."""
    word = say("lead.done")
    return f'LEFT({cell},{len(word)})="{word}"'


def _said(key: str, **figures: str) -> str:
    """One of our phrases as a formula's text. figures: formulas in the place of its slots."""
    slots = {name: f'"&{formula}&"' for name, formula in figures.items()}
    return f'"{say(f"lead.{key}", **slots)}"'


def _own(key: FieldKey) -> str:
    return HOME.field(key).cell


def _held(sheet: Sheet, key: FieldKey) -> str:
    return sheet.ref(sheet.field(key).cell)


def _column(sheet: Sheet, block: BlockKey, key: ColumnKey) -> str:
    return sheet.ref(sheet.block(block).range(key))


def _filled(cell: str) -> str:
    return f"LEN({cell})>0"


def _each_filled(cells: str) -> str:
    """Of each of some cells whether it says anything; one with an error says nothing."""
    return f"ISNUMBER(1/LEN({cells}))"


def _each_general(cells: str) -> str:
    """Of each of some cells whether it names only what an office does: our word where none of the agency's fits."""
    general = ",".join(f'"{unit.name}"' for unit in library.plan().units.values() if unit.office_words)
    own = HOME.ref(HOME.block("offices").range("office"))
    return f"ISNUMBER(MATCH({cells},{{{general}}},0))*ISERROR(MATCH({cells},{own},0))"


def _named() -> str:
    """Whether the agency has a name: spaces are none."""
    return _filled(f"TRIM({_own('agency')})")


def _about() -> str:
    """Name and year are needed; what else helps is named."""

    def lacking(key: str, filled: str) -> str:
        return f'IF({filled},"",{_said(f"lacking_{key}")})'

    needed = lacking("agency", _named()) + "&" + lacking("year", _filled(_own("year")))
    offices = f"COUNTA({HOME.block('offices').range('office')})>0"
    helpful = "&".join(
        (
            lacking("type", _filled(_own("agency_type"))),
            lacking("province", _filled(_own("province"))),
            lacking("offices", offices),
        )
    )
    enough = f'{_said("done")}&IF(LEN({helpful})=0,""," ("&{_said("lacking")}&{helpful}&")")'
    return f"IF(LEN({needed})=0,{enough},{_said('lacking')}&{needed}&{helpful})"


def _scores() -> str:
    layer, score = (_column(RECHECK, "nodes", key) for key in ("layer", "layer5"))

    def all_of(kind: Kind) -> str:
        return f'COUNTIF({layer},"{labels.layer_name(kind)}")'

    indicator = labels.layer_name(Kind.INDICATOR)
    missing, total = _own("live_missing"), _own("live_total")
    counts = _said(
        "scores_counts",
        questions=f"({all_of(Kind.QUESTION)}-{missing})",
        of_questions=all_of(Kind.QUESTION),
        indicators=f'SUMPRODUCT(({layer}="{indicator}")*ISNUMBER({score}))',
        of_indicators=all_of(Kind.INDICATOR),
    )
    known = f"SUMPRODUCT(--ISNUMBER({score}))"
    partly = f"IF(ISNUMBER({total}),{_said('scores_total')},{_said('scores_partly')})"
    return f"IF({known}=0,{_said('scores_none')},IF({missing}=0,{_said('done')},{partly})&{counts})"


def _ran() -> str:
    return _filled(_held(FINDINGS, "count"))


def _errors() -> str:
    error = say(f"severities.{Severity.ERROR.value}")
    return f'COUNTIF({_column(FINDINGS, "findings", "severity")},"{error}")'


def _findings() -> str:
    count = _held(FINDINGS, "count")
    # What is said in brackets behind the numbers is of use only on the sheet itself.
    shown = f'" "&IFERROR(LEFT({count},FIND(" (",{count})-1),{count})'
    mended = f"IF({_changed()},{_said('changed')},{_said('done')}&{shown})"
    return f"IF({_ran()},IF({_errors()}>0,{_said('errors_left')}&{shown},{mended}),{_said('not_run')})"


def _changed() -> str:
    """Whether scores were changed since the last run: then formulas and program differ. Where they read a cell in
    different ways, a difference tells nothing."""
    notes, found = _column(RECHECK, "check", "note"), _column(FINDINGS, "findings", "finding")
    alike = f'SUMPRODUCT(--{_each_filled(notes)})=0,COUNTIF({found},"{Code.PERCENTAGE_READ}")=0'
    differ = f"OR(N({_held(RECHECK, 'largest')})>{TOLERANCE},{_held(RECHECK, 'one_sided')}>0)"
    return f"AND({alike},{differ})"


def _texts() -> str:
    edited, suggested = (_held(MEMORY, key) for key in ("edited", "suggested"))
    read = f'IF({_own("texts_read")}="{labels.yes_no(True)}",{_said("done")},{_said("texts_unread")})'
    counts = _said("texts_counts", edited=f"N({edited})", suggested=f"N({suggested})")
    return f"IF(N({suggested})=0,{_said('texts_none')},{read}&{counts})"


def _measures() -> str:
    """Every step of a measure has an office that does it and a date. A measure's own line is numbered 1.2 and says
    what it is for; a line that a person added is a step."""
    number, key, method, office, due = (
        _column(MEASURES, "measures", column) for column in ("no", "key", "method", "responsible", "due")
    )
    step = f'{_each_filled(method)}*((1-{_each_filled(key)})+ISERROR(FIND(".",{number}))>0)'
    both = f"{_each_filled(office)}*{_each_filled(due)}*(1-{_each_general(office)})"
    steps, complete = f"SUMPRODUCT({step})", f"SUMPRODUCT({step}*{both})"
    reached = f"IF({complete}={steps},{_said('done')},{_said('measures_partly')})"
    counts = _said("measures_counts", complete=complete, steps=steps)
    return f"IF({steps}=0,{_said('measures_none')},{reached}&{counts})"


def _signed() -> str:
    differing = _held(MEMORY, "differing")
    since = f"IF({_filled(differing)},{_said('differing', what=differing)},{_said('done')})"
    return f"IF({_filled(_own('signed_on'))},{since},{_said('unsigned')})"


def _next() -> str:
    """The first step that is not done. A total that is known, if only as it was published, is enough to go on."""
    about = f"AND({_named()},{_filled(_own('year'))})"
    findings = f"IF(AND({_ran()},{_errors()}>0),{_said('next_errors')},{_said('next_run')})"
    differing = _said("next_differing")
    path = [
        (about, _said("next_about")),
        (f"ISNUMBER({_own('live_total')})", _said("next_scores")),
        (done(_own("state_findings")), findings),
        (done(_own("state_texts")), _said("next_texts")),
        (done(_own("state_measures")), _said("next_measures")),
        (done(_own("state_signed")), f"IF({_filled(_held(MEMORY, 'differing'))},{differing},{_said('next_sign')})"),
    ]
    return (
        "".join(f"IF(NOT({reached}),{words}," for reached, words in path) + _said("next_nothing") + ")" * len(path)
    )
