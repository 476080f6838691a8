"""Reading a finished plan for next year's workbook: its measures as they stand, and what was reported of each."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec import Struct
from msgspec.structs import replace

from ita_xl.data import library
from ita_xl.domain.chain import codes_in
from ita_xl.domain.plan import is_theme_number
from ita_xl.domain.rows import is_own
from ita_xl.domain.thai import parse_code, same_text
from ita_xl.layout.keys import BlockKey, ColumnKey
from ita_xl.reading.page import Page, locate
from ita_xl.reading.plan import checked_text, split_codes

Texts = dict[ColumnKey, str]
"""What a row's cells say."""


class Planned(Struct, frozen=True):
    """A measure with a person's edits. key: the library's, or that which a run gave to one that a person added.
    achieved, result: what was reported of it."""

    key: str
    number: str
    name: str
    codes: tuple[str, ...]
    achieved: str = ""
    result: str = ""


def read_measures(plan: Page | None, reports: Page | None, known: Collection[str], year: int) -> list[Planned]:
    """The measures of a workbook in their order, each with its report.

    plan, reports: the sheets of measures and of results, None where a workbook lacks them. known: the codes
    of its structure.
    """
    reported = list(_measures(reports, "results", known, year)) if reports else []
    measures: list[Planned] = []
    for measure in _measures(plan, "measures", known, year) if plan else ():
        report = next((one for one in reported if _same(one, measure)), None)
        if report:
            reported.remove(report)
            # The name in the plan is the one that a person may edit; emptied there, it is that of the report.
            name, codes = measure.name or report.name, measure.codes or report.codes
            measure = replace(measure, name=name, codes=codes, achieved=report.achieved, result=report.result)
        if measure.name:
            measures.append(measure)
    return measures + [
        one for one in reported if one.name and (not (plan and one.key) or one.achieved or one.result)
    ]


def _same(report: Planned, measure: Planned) -> bool:
    if report.key or measure.key:
        return report.key == measure.key
    return same_text(report.name, measure.name)


def _measures(page: Page, block: BlockKey, known: Collection[str], year: int) -> Iterator[Planned]:
    """The rows of a table that are measures: neither themes nor steps. The steps that a person added below a
    measure of their own say which codes it is for, where its own row does not."""
    seen: set[str] = set()
    own: Planned | None = None
    for row in _rows(page, block, year):
        key = "" if row["key"] in seen else row["key"]
        seen.add(key)
        theirs = not key or is_own(key)
        if theirs and own and not row["measure"]:
            own = replace(own, codes=tuple(dict.fromkeys((*own.codes, *_codes(row, known)))))
            continue
        if own:
            yield own
            own = None
        if key in library.plan().measures:
            yield _planned(key, row, tuple(_listed(row, known)))
        elif theirs and row["measure"] and not _is_theme(row):
            own = _planned(key, row, tuple(_codes(row, known)))
    if own:
        yield own


def _rows(page: Page, key: BlockKey, year: int) -> Iterator[Texts]:
    block = page.sheet.block(key)
    table = locate(page, block, year)
    if table is None:
        return
    for row in range(table.header_row + 1, table.header_row + block.capacity + 1):
        texts = {column: checked_text(page, table.cell(column, row)) for column in table.columns}
        if any(texts.values()):
            yield texts


def _is_theme(row: Texts) -> bool:
    """A whole number and a name, and nothing else."""
    said = {column for column, text in row.items() if text}
    return said <= {"no", "measure", "key"} and is_theme_number(row["no"])


def _planned(key: str, row: Texts, codes: tuple[str, ...]) -> Planned:
    return Planned(key, row["no"], row["measure"], codes, row.get("achieved", ""), row.get("result", ""))


def _listed(row: Texts, known: Collection[str]) -> list[str]:
    """The codes in the column for them."""
    found = [parse_code(part, known).code for part in split_codes(row["codes"])]
    return [code for code in dict.fromkeys(found) if code]


def _codes(row: Texts, known: Collection[str]) -> list[str]:
    """A person's own row may name its codes anywhere."""
    return _listed(row, known) or [code for code in codes_in(" ".join(row.values())) if code in known]
