"""One workbook, warm, in one process: our engine against its floor, plain openpyxl and LibreOffice.

    python -m bench.engines [RUNS]

All ways are run in turn, again and again, and medians are compared, so a machine that grows slow is slow for all.
"""

from __future__ import annotations

import gc
import io
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import openpyxl
from isal import isal_zlib
from msgspec.structs import replace

from bench.office import Office, python_with_uno
from ita_xl import pipeline, views
from ita_xl.case.judging import judged
from ita_xl.domain.tree import Tree
from ita_xl.engines.by_openpyxl import OpenpyxlBook
from ita_xl.engines.package.archive import LEVEL, Archive
from ita_xl.engines.package.book import Book, parse_xml
from ita_xl.engines.package.engine import Package
from ita_xl.layout import INPUTS, WRITTEN
from ita_xl.reading.workbook import read_inputs

_TURN = 0.2
SAMPLE = Path(__file__).parent.parent / "samples" / "reference-2565.xlsx"


def ours(content: bytes) -> bytes:
    """Read, judge, write: what `run` does between reading the file and writing it."""
    port = Package(content, "x.xlsx")
    pipeline.run(port)
    return port.to_bytes()


def floor(content: bytes, outputs: dict[str, bytes]) -> bytes:
    """What nobody can save: open the package, parse the input sheets, deflate the outputs, copy the rest raw."""
    archive = Archive(content)
    book = Book(archive)
    for sheet in INPUTS:
        parse_xml(archive.read(book.parts[sheet.title]))
    for name, part in outputs.items():
        archive.write(name, part)
    return archive.packed()


def plain_openpyxl(content: bytes) -> bytes:
    """The usual way: load for values, load for writing, put the results into their cells, save."""
    openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    port = OpenpyxlBook(content, "x.xlsx")
    pipeline.run(port)
    return port.to_bytes()


def measured(ways: dict[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """Median milliseconds of each way. All are run in turn; in its turn a way is run for at least a fifth
    of a second after one warm-up, so that none pays for what another left in the caches."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(runs):
        for name, work in ways.items():
            work()
            gc.collect()
            until = time.perf_counter() + _TURN
            while (start := time.perf_counter()) < until:
                work()
                times[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(values) for name, values in times.items()}


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    content = SAMPLE.read_bytes()
    made = ours(content)
    archive = Archive(made)
    parts = Book(archive).parts
    outputs = {parts[sheet.title]: archive.read(parts[sheet.title]) for sheet in WRITTEN}
    inputs = read_inputs(Package(content, "x.xlsx"))
    assert inputs.tree is not None
    nodes = list(inputs.tree.nodes.values())

    def domain() -> None:
        judged(replace(inputs, tree=Tree(nodes)))

    outcome = judged(inputs)
    ways: dict[str, Callable[[], object]] = {
        "ours, whole": lambda: ours(content),
        "  domain": domain,
        "  sentences and tables": lambda: views.contents(outcome),
        "  read inputs": lambda: read_inputs(Package(content, "x.xlsx")),
        "floor of reading and writing": lambda: floor(content, outputs),
        "  deflate the outputs alone": lambda: [isal_zlib.compress(part, LEVEL) for part in outputs.values()],
        "plain openpyxl": lambda: plain_openpyxl(content),
    }
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        if python := shutil.which("soffice") and python_with_uno():
            office, target = opened.enter_context(Office(python)), Path(folder) / "x.xlsx"
            ways["LibreOffice, warm"] = lambda: office.recalculated(SAMPLE, target)
        found = measured(ways, runs)
    for name, value in found.items():
        print(f"{name:32} {value:8.1f} ms")
    whole, io_part = (
        found["ours, whole"],
        found["ours, whole"] - found["  domain"] - found["  sentences and tables"],
    )
    print(f"reading and writing : floor      {io_part / found['floor of reading and writing']:8.2f}")
    print(f"plain openpyxl : ours            {found['plain openpyxl'] / whole:8.1f}")
    if "LibreOffice, warm" in found:
        print(f"LibreOffice, warm : ours         {found['LibreOffice, warm'] / whole:8.1f}")


if __name__ == "__main__":
    main()
