"""Run a workbook's VBA in LibreOffice. Starts itself again under a Python that has LibreOffice's `uno` module."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
WITHOUT_ASKING = 4  # MacroExecutionMode.ALWAYS_EXECUTE_NO_WARN


Row = tuple[list[Any], list[str]]
"""Values from column A on, None for blank, and formulas, in which {row} is the row's number."""


def run(book: Path, rows: list[Row], function: str, sheets: list[str]) -> Any:
    """What became of it, see `_answer`. The function is called once without sheets of these titles, then twice
    with them, hidden at first."""
    import pytest

    from bench.office import its_environment, python_with_uno

    python = python_with_uno()
    if not python:
        if os.environ.get("CI"):
            pytest.fail("no Python with uno: .ci/run must install it")
        pytest.skip("no Python with uno")
    asked = {"book": book.resolve().as_uri(), "rows": rows, "function": function, "sheets": sheets}
    done = subprocess.run(
        [python, __file__],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**its_environment(), "PYTHONIOENCODING": "utf-8"},
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    """libraries: their modules by name. results: per row, per formula, the number or text that the cell shows.
    called: what each call of the function returned, and which of the sheets were visible then."""
    from bench.office import desktop, load

    with desktop() as opened:
        book = load(opened, asked["book"], MacroExecutionMode=WITHOUT_ASKING)
        libraries = book.BasicLibraries
        found = {name: sorted(libraries.getByName(name).ElementNames) for name in libraries.ElementNames}
        results = _computed(book, asked["rows"])
        called = _called(book, asked["function"], asked["sheets"])
        book.close(True)
    return {"libraries": found, "results": results, "called": called}


def _computed(book: Any, rows: list[Row]) -> list[list[object]]:
    sheet = book.Sheets.getByIndex(0)
    first = 10  # below the settings
    left = max(len(values) for values, _ in rows)
    values = [[*given, *[None] * (left - len(given))] for given, _ in rows]
    area = sheet.getCellRangeByPosition(0, first, left - 1, first + len(rows) - 1)
    area.setDataArray(tuple(tuple("" if value is None else value for value in row) for row in values))
    width = max(len(formulas) for _, formulas in rows)
    area = sheet.getCellRangeByPosition(left, first, left + width - 1, first + len(rows) - 1)
    area.setFormulaArray(
        tuple(tuple(f.format(row=number) for f in formulas) for number, (_, formulas) in enumerate(rows, first + 1))
    )
    book.calculateAll()
    return [list(row) for row in area.getDataArray()]


def _called(book: Any, function: str, titles: list[str]) -> list[list[object]]:
    address = f"vnd.sun.star.script:{function}?language=Basic&location=document"
    script = book.getScriptProvider().getScript(address)

    def call() -> list[object]:
        answer = script.invoke((), (), ())[0]
        return [answer, [sheet.Name for sheet in book.Sheets if sheet.IsVisible and sheet.Name in titles]]

    calls = [call()]
    for title in titles:
        book.Sheets.insertNewByName(title, book.Sheets.Count)
        book.Sheets.getByName(title).IsVisible = False
    return [*calls, call(), call()]


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    print(json.dumps(_answer(json.load(sys.stdin)), ensure_ascii=False))
