"""The signed document: processor time for Word and for PDF over generated workbooks, beside LibreOffice converting
the same Word files, all in one run; memory of a process that makes many.

python -m bench.documents [WORKBOOKS]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ita_xl import pipeline
from ita_xl.domain.findings import Unusable
from ita_xl.engines.package.engine import Package
from ita_xl.report import official
from ita_xl.report.description import Document
from ita_xl.report.docx import to_docx
from ita_xl.report.pdf import forget, to_pdf
from ita_xl.report.source import source_of
from tools import generate

COUNTRY = 8320


def workbooks(count: int) -> list[bytes]:
    """Generated workbooks after a run, without those that cannot be used."""
    ran = []
    for made in generate.workbooks(count):
        try:
            port = Package(made.content or b"", made.path)
            usable = bool(pipeline.run(port).years)
        except Unusable:
            continue
        if usable:
            ran.append(port.to_bytes())
    return ran


def timed(work: Callable[[], object]) -> float:
    """Seconds of the processor."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    import resource  # not on Windows, where all else here can be used

    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        contents = workbooks(count)
        documents: list[Document] = []
        reading = timed(lambda: documents.extend(official.analysis(source_of(Package(c, "x"))) for c in contents))
        word: list[bytes] = []
        docx = timed(lambda: word.extend(map(to_docx, documents)))

        def draw() -> None:
            for document in documents:
                to_pdf(document)
                forget()

        pdf = timed(draw)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        files = [folder / f"{number}.docx" for number in range(len(word))]
        for path, content in zip(files, word, strict=True):
            path.write_bytes(content)
        start = time.perf_counter()
        command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
        command += ["--convert-to", "pdf", "--outdir", str(folder), *map(str, files)]
        office = None
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=600)
            office = time.perf_counter() - start
        except FileNotFoundError:
            pass
    number = len(documents)
    print(f"{number} generated workbooks, processor time each, warm:")
    for name, seconds in (("read and describe", reading), ("docx", docx), ("pdf", pdf)):
        each = seconds / number
        share = f"{each / (office / number):6.2f} of LibreOffice" if office else ""
        print(f"  {name:<20}{each * 1000:7.0f} ms  {share}  the country on one core {each * COUNTRY / 60:6.0f} min")
    if office:
        print(f"  LibreOffice docx->pdf{office / number * 1000:7.0f} ms (wall, all in one call)")
    print(f"  peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
