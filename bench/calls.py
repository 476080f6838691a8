"""How often the jobs behind the buttons call Excel: each call crosses from one process to another.

    python -m bench.calls [WORKBOOK ...]

Counted below COM, on the stand-in of the tests, with xlwings' own engine for Windows: a property read or set, a
method, a step through a collection. Excel itself was not seen.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import xlwings

from ita_xl import live_jobs
from tests import com_boundary, fake_excel

SAMPLE = Path(__file__).parent.parent / "samples" / "reference-2565.xlsx"
JOBS = ("validate", "compute", "compute", "report", "import", "hand-out")
COPIED = "รหัส\tคะแนน ปี 2565\nI1\t93.68\nI2\t50.00"
_NAMED = 6
"""Kinds of calls that a line of the table names."""


@contextmanager
def opened(workbook: Path) -> Iterator[com_boundary.Desk]:
    """The stand-in with one open workbook, which the jobs of this process find in it."""
    desk = com_boundary.Desk()
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(xlwings.engines, "active", xlwings.Engine(impl=desk.engine)),
        patch.dict(sys.modules, {"xlwings._xlwindows": desk.module}),
        patch("pyperclip.paste", lambda: COPIED),
    ):
        path = Path(folder) / workbook.name
        path.write_bytes(workbook.read_bytes())
        fake_excel.book(path.read_bytes(), path.name, str(path), desk.start())
        yield desk


def counted(workbook: Path) -> Iterator[tuple[str, Counter[str]]]:
    """Each job of `JOBS`, in turn on one open workbook, and its calls by kind."""
    with opened(workbook) as desk:
        for job in JOBS:
            desk.calls.clear()
            del desk.apps.running[0].opened[1:]  # tables that a job before has opened
            said = live_jobs.attach(job)
            if said.outcome or said.closing:  # a computer without typst makes no document
                yield job, Counter(desk.calls)


def main() -> None:
    for workbook in [Path(word) for word in sys.argv[1:]] or [SAMPLE]:
        print(f"{workbook.name:20} {'calls':>7}  most of them")
        for job, calls in counted(workbook):
            most = ", ".join(f"{kind} {number}" for kind, number in calls.most_common(_NAMED))
            print(f"{job:20} {calls.total():7,}  {most}")


if __name__ == "__main__":
    main()
