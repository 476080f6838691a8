"""One workbook, warm, in one process: our engine against its floor, plain openpyxl and LibreOffice.

    python -m bench.engines [RUNS]

All ways are run in turn, again and again, and medians are compared, so a machine that grows slow is slow for all.
"""

from __future__ import annotations

import io
import shutil
import statistics
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import openpyxl

from ita_xl import pipeline
from ita_xl.domain.tree import Tree
from ita_xl.outcome import Outcome
from ita_xl.workbook import reader, views
from ita_xl.workbook.headless import Headless
from ita_xl.workbook.package.adapter import Package
from ita_xl.workbook.package.archive import Archive
from ita_xl.workbook.package.book import Book, parse_xml
from ita_xl.workbook.schema import INPUTS, MEMORY, OUTPUTS
from tools.render import convert

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
    port = Headless(content, "x.xlsx")
    pipeline.run(port)
    return port.to_bytes()


def measured(ways: dict[str, Callable[[], object]], runs: int) -> dict[str, float]:
    """Median milliseconds of each way, all of them in turn, after one warm-up."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(runs + 1):
        for name, work in ways.items():
            start = time.perf_counter()
            work()
            if number:
                times[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(values) for name, values in times.items()}


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    content = SAMPLE.read_bytes()
    made = ours(content)
    archive = Archive(made)
    parts = Book(archive).parts
    outputs = {parts[sheet.title]: archive.read(parts[sheet.title]) for sheet in (*OUTPUTS, MEMORY)}
    inputs = reader.read(Package(content, "x.xlsx"))
    assert inputs.tree is not None
    nodes = list(inputs.tree.nodes.values())

    def domain() -> None:
        pipeline.judge(Outcome(inputs), Tree(nodes))

    judged = Outcome(inputs)
    pipeline.judge(judged, Tree(nodes))
    ways: dict[str, Callable[[], object]] = {
        "ours, whole": lambda: ours(content),
        "  domain": domain,
        "  sentences and tables": lambda: views.contents(judged),
        "  read inputs": lambda: reader.read(Package(content, "x.xlsx")),
        "floor of reading and writing": lambda: floor(content, outputs),
        "  deflate the outputs alone": lambda: [zlib.compress(part, 6) for part in outputs.values()],
        "plain openpyxl": lambda: plain_openpyxl(content),
    }
    found = measured(ways, runs)
    for name, value in found.items():
        print(f"{name:32} {value:8.1f} ms")
    whole, io_part = (
        found["ours, whole"],
        found["ours, whole"] - found["  domain"] - found["  sentences and tables"],
    )
    print(f"reading and writing : floor      {io_part / found['floor of reading and writing']:8.2f}")
    print(f"plain openpyxl : ours            {found['plain openpyxl'] / whole:8.1f}")
    if shutil.which("soffice"):
        with tempfile.TemporaryDirectory() as folder:
            office = measured({"soffice": lambda: convert([SAMPLE], Path(folder), "xlsx")}, 2)["soffice"]
        print(f"{'LibreOffice, a process per file':32} {office:8.1f} ms")
        print(f"LibreOffice : ours               {office / whole:8.1f}")


if __name__ == "__main__":
    main()
