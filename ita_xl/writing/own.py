"""The table of measures with a person's own rows among ours: what each row is, its key and its number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum, auto

from msgspec.structs import replace

from ita_xl.data import library
from ita_xl.domain.chain import codes_in
from ita_xl.domain.follow import alone, offices_in
from ita_xl.domain.merge import Last, mark_of
from ita_xl.domain.plan import PlannedMeasure, PlannedStep, StepKey, is_theme_number
from ita_xl.domain.rows import Cell, Origin, Owner, Row, new_key

_NOTHING_KNOWN = Last()


class Part(Enum):
    """What a row of the table of measures is."""

    THEME = auto()
    MEASURE = auto()
    STEP = auto()


def in_plan(rows: Sequence[Row], last: Last, digits: Callable[[str], str]) -> list[Row]:
    """The rows with a key for each that a person added, and the numbers that follow from their order. A number
    that a person typed into a row of their own stays. digits: how numbers are written."""
    keyed = list(_keyed(rows, last.others))
    return [_numbered(row, digits(number), last) for row, number in zip(keyed, _numbers(keyed, last), strict=True)]


def kept_by(rows: Iterable[Row]) -> Mapping[tuple[str, str], str]:
    """The marks of the numbers that we gave to a person's rows."""
    return {
        (row.key, "no"): mark_of(row.text("no"))
        for row in rows
        if row.own and row.key and row.cells["no"].whose is Owner.TOOL
    }


def measures_of(rows: Iterable[Row]) -> list[PlannedMeasure]:
    """The measures of the table as it stands, a person's own included. Where the row of an own measure names no
    codes, those of its text and of the steps below it are meant."""
    found: list[PlannedMeasure] = []
    for row in rows:
        match part_of(row):
            case Part.MEASURE:
                codes = "" if row.origin is Origin.RETIRED else row.text("codes")
                if row.own and not codes:
                    codes = ", ".join(_codes(row))
                found.append(PlannedMeasure(row.key, row.text("no"), row.text("measure"), codes, own=row.own))
            case Part.STEP if found and found[-1].own:
                named = dict.fromkeys([*filter(None, found[-1].codes.split(", ")), *_codes(row)])
                found[-1] = replace(found[-1], codes=", ".join(named))
    return [one for one in found if one.key]


def _codes(row: Row) -> list[str]:
    return list(codes_in(" ".join(row.text(column) for column in row.cells if column != "key")))


def _keyed(rows: Iterable[Row], given: Iterable[str]) -> Iterator[Row]:
    """The rows, each that a person added with a key. given: keys that were ever given."""
    rows = list(rows)
    taken = [*given, *(row.key for row in rows)]
    for row in rows:
        if row.own and not row.key and any(cell.content is not None for cell in row.cells.values()):
            key = new_key(taken)
            taken.append(key)
            row = replace(row, key=key, cells={**row.cells, "key": Cell(key)})
        yield row


def part_of(row: Row, last: Last = _NOTHING_KNOWN) -> Part:
    """What a row is. last: what is remembered of the table: a number that we gave says nothing."""
    if row.own:
        if not row.text("measure"):
            return Part.STEP
        given = (
            mark_of(row.text("no")) == last.marks.get((row.key, "no"), "-") or row.cells["no"].whose is Owner.TOOL
        )
        others = (column for column in row.cells if column not in ("no", "measure", "key"))
        alone = not any(row.text(column) for column in others)
        return Part.THEME if alone and not given and is_theme_number(row.text("no")) else Part.MEASURE
    if StepKey.of(row.key):
        return Part.STEP
    return Part.THEME if row.key in library.plan().themes else Part.MEASURE


def _numbers(rows: Iterable[Row], last: Last) -> Iterator[str]:
    """Themes 1, 2; their measures 1.1, 1.2; the steps of each (1), (2)."""
    theme = measure = step = 0
    for row in rows:
        match part_of(row, last):
            case Part.THEME:
                theme, measure, step = theme + 1, 0, 0
                yield f"{theme}"
            case Part.MEASURE:
                measure, step = measure + 1, 0
                yield f"{theme}.{measure}" if theme else f"{measure}"
            case Part.STEP:
                step += 1
                yield f"({step})"


def _numbered(row: Row, number: str, last: Last) -> Row:
    if row.own:
        typed = row.text("no")
        if not row.key or (typed and mark_of(typed) != last.marks.get((row.key, "no"))):
            return row
    return replace(row, cells={**row.cells, "no": Cell(number)})


def steps_of(rows: Iterable[Row], known: Sequence[str], otherwise: str) -> list[PlannedStep]:
    """The steps of the table as it stands, a person's own included; also a person's measure that says itself what
    is done. known: offices that there are for certain. otherwise: the office of steps for which neither they nor
    their measure name one."""
    listed = [row for row in rows if row.origin is not Origin.RETIRED]
    offices = [*known, *alone(row.text("responsible") for row in listed)]
    found: list[PlannedStep] = []
    measure: Row | None = None
    for row in listed:
        part = part_of(row)
        if part is Part.THEME:
            measure = None
            continue
        if part is Part.MEASURE:
            measure = row
        if not row.key or (part is Part.MEASURE and not (row.own and row.text("method"))):
            continue
        own = offices_in(row.text("responsible"), offices)
        above = offices_in(measure.text("responsible"), offices) if measure else []
        named = tuple(own or above)
        found.append(
            PlannedStep(
                row.key,
                _whole_number(measure, row),
                measure.key if measure else "",
                measure.text("measure") if measure else "",
                row.text("codes") or (measure.text("codes") if measure else ""),
                row.text("method") or row.text("measure"),
                named or (otherwise,),
                row.text("due"),
                row.text("report"),
                unnamed=not named,
            )
        )
    return found


def _whole_number(measure: Row | None, row: Row) -> str:
    """The number of a step with that of its measure: 1.2 (3)."""
    own, above = row.text("no"), measure.text("no") if measure else ""
    return own if measure is None or measure is row else f"{above} {own}".strip()
