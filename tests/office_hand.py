"""A person at work in LibreOffice. Starts itself again under a Python that has LibreOffice's `uno` module."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent

Act = tuple[str, str, str, str]
"""What is done, on which sheet, to which cells, and a text: "type" into a cell; "insert" a row above one, "delete"
rows; "insert column" left of one; "move" a range to a cell; "sort" a range by its first column; "rename" a
sheet."""


def worked(content: bytes, acts: list[Act], folder: Path) -> bytes:
    """A workbook as LibreOffice saves it after such acts."""
    import pytest

    from bench.office import its_environment, python_with_uno

    python = python_with_uno()
    if not python:
        if os.environ.get("CI"):
            pytest.fail("no Python with uno: .ci/run must install it")
        pytest.skip("no Python with uno")
    before, after = folder / "before.xlsx", folder / "after.xlsx"
    before.write_bytes(content)
    asked = {"before": before.resolve().as_uri(), "after": after.resolve().as_uri(), "acts": acts}
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
    return after.read_bytes()


_COMMANDS = {"insert": "InsertRowsBefore", "delete": "DeleteRows", "insert column": "InsertColumnsBefore"}


def _work(asked: dict[str, Any]) -> None:
    from bench.office import hands, load, store

    with hands() as (opened, commands):
        book = load(opened, asked["before"])
        for act, title, cells, text in asked["acts"]:
            sheet = book.Sheets.getByName(title)
            area = sheet.getCellRangeByName(cells)
            match act:
                case "type":
                    area.setString(text)
                case "move":
                    sheet.moveRange(sheet.getCellRangeByName(text).getCellAddress(), area.getRangeAddress())
                case "sort":
                    area.sort(())
                case "rename":
                    sheet.setName(text)
                case _:
                    view = book.getCurrentController()
                    view.setActiveSheet(sheet)
                    view.select(area)
                    commands.executeDispatch(view.getFrame(), f".uno:{_COMMANDS[act]}", "", 0, ())
        store(book, asked["after"])
        book.close(True)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    _work(json.load(sys.stdin))
