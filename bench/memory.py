"""Memory over many workbooks in one process: python -m bench.memory [WORKBOOKS]"""

from __future__ import annotations

import sys
from pathlib import Path

from ita_xl import pipeline
from ita_xl.engines.package.engine import Package

SAMPLE = Path(__file__).parent.parent / "samples" / "reference-2565.xlsx"
_FIRST = 50


def resident() -> float:
    """Resident memory of this process in MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    content = SAMPLE.read_bytes()
    start = 0.0
    for number in range(1, count + 1):
        port = Package(content, "x.xlsx")
        pipeline.run(port)
        port.to_bytes()
        if number == _FIRST:
            start = resident()
        if number in (_FIRST, 200, 500, 1000, 2000) or number == count:
            print(f"after {number:5} workbooks  {resident():6.1f} MB")
    print(f"growth since the {_FIRST}th          {resident() - start:6.1f} MB")


if __name__ == "__main__":
    main()
