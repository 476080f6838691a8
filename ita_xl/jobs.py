"""Whole jobs on files: what the command line, and later the batch, do with one workbook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ita_xl import files, pipeline
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.outcome import Outcome
from ita_xl.workbook import fidelity, reader, writer
from ita_xl.workbook.headless import Headless
from ita_xl.workbook.package.adapter import Package
from ita_xl.workbook.port import Port
from ita_xl.workbook.schema import INPUTS, Owner, Sheet

ENGINES: Mapping[str, type[Package] | type[Headless]] = {"package": Package, "openpyxl": Headless}
"""What may hold a workbook; the first is the default."""


def check(path: Path) -> Outcome:
    """Analyse a file without writing. Raises `Unusable`."""
    outcome = pipeline.analyse(Package.open(path))
    outcome.findings.extend(_open_elsewhere(path))
    return outcome


def run(path: Path, output: Path | None = None, engine: str = "package") -> Outcome:
    """Analyse a file and write the result into it, or into another one. Raises `Unusable`, and then
    writes nothing.

    Written in place, the old file is kept as a numbered backup beside it; a result that equals the file
    is not written at all. The engine openpyxl needs an output, and refuses what it would damage.
    """
    content = files.read_package(path)
    target = output or path
    if files.lock_file(target):
        raise Unusable(Finding("E109", values={"file": target.name}))
    port = ENGINES[engine](content, path.name)
    if isinstance(port, Headless):
        _refuse_damage(path, port, content)
    if output and output.exists():
        _refuse_overwriting(output, port)
    outcome = pipeline.run(port, _open_elsewhere(path))
    made = port.to_bytes()
    if output is None:
        if made == content:
            return outcome
        files.back_up(path, content)
    files.write_whole(target, made)
    return outcome


def _open_elsewhere(path: Path) -> list[Finding]:
    return [Finding("W109", values={"file": path.name})] if files.lock_file(path) else []


def _refuse_damage(path: Path, port: Headless, content: bytes) -> None:
    """openpyxl must not save what it would drop."""
    lost = fidelity.losses(content)
    titles, _ = reader.find_sheets(port)
    for sheet in INPUTS:
        if sheet.key in titles:
            grid = port.read(titles[sheet.key])
            lost.extend(fidelity.formulas_in_inputs(sheet, titles[sheet.key], grid))
    if lost:
        raise Unusable(Finding("E114", values={"file": path.name}), *lost)


def _refuse_overwriting(output: Path, source: Port) -> None:
    """An existing output may be replaced only if everything a person wrote in it is also in the source."""
    try:
        old = Package.open(output)
    except Unusable:
        raise Unusable(Finding("E113", values={"file": output.name})) from None
    titles, _ = reader.find_sheets(old)
    if "home" not in titles or "memory" not in titles:
        raise Unusable(Finding("E113", values={"file": output.name}))
    place = next(iter(_foreign_sheets(old, source)), None)
    place = place or next(writer.edited(old, titles), None) or next(iter(_other_inputs(old, source)), None)
    if place:
        raise Unusable(Finding("E111", values={"file": output.name, "in_sheet": place[0], "at": place[1]}))


def _foreign_sheets(old: Port, source: Port) -> list[tuple[str, str]]:
    there = set(source.sheets())
    return [(title, "A1") for title in old.sheets() if title not in there]


def _other_inputs(old: Port, source: Port) -> list[tuple[str, str]]:
    """Input cells of the old output that hold something else than the source does."""
    titles, _ = reader.find_sheets(source)
    places = []
    for sheet in INPUTS:
        title = titles.get(sheet.key)
        if title is None or title not in old.sheets():
            continue
        before, now = old.read(title), source.read(title)
        for cell, row, column in _input_cells(sheet):
            if before.at(row, column) is not None and before.at(row, column) != now.at(row, column):
                places.append((title, cell))
    return places


def _input_cells(sheet: Sheet) -> list[tuple[str, int, int]]:
    cells = [(f.cell, f.row, f.column) for f in sheet.fields if f.owner is Owner.USER]
    for block in sheet.blocks:
        cells += [
            (block.address(column.key, row), row, block.column_number(column.key))
            for row in range(block.first_row, block.last_row + 1)
            for column in block.owned(Owner.USER)
        ]
    return cells
