"""What one version of the program takes, as JSON: run by `bench.table` in a process of its own, by its path, with
the version's checkout first on the path of modules. It asks that version only for what every version has.

    PYTHONPATH=CHECKOUT python bench/measured.py CHECKOUT [WORKBOOKS]
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from itertools import islice
from pathlib import Path

from ita_xl.batch.work import Task, convert, prepare
from tools import generate
from tools.generate import Mix

CASES = {
    "fresh": Mix(0.2, 0, 0, 0),
    "saved": Mix(0.2, 0, 0, 1),
    "run before": Mix(0.2, 0, 1, 0),
    "both": Mix(0.2, 0, 1, 1),
}
_ROUNDS = 4
_STARTS = 7


def tasks(mix: Mix, count: int) -> list[Task]:
    """Usable workbooks of one kind, as the batch gives them to its workers."""
    made = (one for one in generate.workbooks(4 * count, mix=mix) if not one.refused)
    usable = (Task(one.path, Path(one.path).name, one.content) for one in made if one.content)
    return list(islice(usable, count))


def each(given: list[Task]) -> float:
    """Milliseconds of the processor for one workbook: of each the least of several rounds, and their mean."""
    least = [float("inf")] * len(given)
    for _ in range(_ROUNDS):
        for place, task in enumerate(given):
            start = time.process_time()
            done = convert(task)
            least[place] = min(least[place], (time.process_time() - start) * 1000)
            assert done.made, done
    return statistics.mean(least)


def fresh(sample: Path, folder: Path) -> tuple[float, float]:
    """Milliseconds of the clock and of the processor for a process of its own, each the least of several."""
    walls, processor = [], []
    for number in range(_STARTS):
        out = folder / f"{number}.xlsx"
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        command = [sys.executable, "-m", "ita_xl", "run", str(sample), "-o", str(out)]
        subprocess.run(command, check=True, capture_output=True)
        walls.append((time.perf_counter() - start) * 1000)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        processor.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000)
    return min(walls), min(processor)


def main() -> None:
    root, count = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 8
    prepare(0)
    found: dict[str, float] = {name: each(tasks(mix, count)) for name, mix in CASES.items()}
    with tempfile.TemporaryDirectory() as scratch:
        folder, sample = Path(scratch), root / "samples" / "reference-2565.xlsx"
        found["process, clock"], found["process, processor"] = fresh(sample, folder)
        found["after a run, kB"] = (folder / "0.xlsx").stat().st_size / 1000
    with zipfile.ZipFile(root / "templates" / "ITA_template.xlsx") as template:
        found["template, MB"] = sum(part.file_size for part in template.infolist()) / 1e6
    print(json.dumps(found))


if __name__ == "__main__":
    main()
