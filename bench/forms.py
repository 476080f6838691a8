"""Forms for the offices: processor time to make six for each of some generated workbooks, and to take them back,
beside that of the workbook's own run, all in one run.

python -m bench.forms [WORKBOOKS]
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from bench.documents import COUNTRY, workbooks
from ita_xl import pipeline
from ita_xl.domain.contents import shown
from ita_xl.engines.package.engine import Package
from ita_xl.forms import collect, split
from ita_xl.layout import FORM_SHEETS, MEASURES
from ita_xl.reading.places import standing_sheet

OFFICES = 6
_DAY = date(2023, 3, 31)


def with_offices(content: bytes) -> bytes:
    """A workbook with its steps in the hands of six offices."""
    port = Package(content, "x.xlsx")
    block = standing_sheet(port, MEASURES, MEASURES.title).block("measures")
    grid, at, number = port.read(MEASURES.title), block.column_number("responsible"), 0
    for row in range(block.first_row, block.last_row + 1):
        if shown(grid.at(row, block.column_number("due"))):
            port.write(MEASURES.title, row, at, [[f"กองที่ {number % OFFICES + 1}"]])
            number += 1
    pipeline.run(port)
    return port.to_bytes()


def answered(form: split.Form) -> bytes:
    """A form with an answer in every row."""
    port, block = Package(form.content, form.name), FORM_SHEETS[0].block("form")
    for row in range(block.first_row, block.first_row + form.steps):
        for key, value in (("status", "แล้วเสร็จ"), ("percent", 100), ("done", f"ดำเนินการแล้ว {row}")):
            column = next(c for c in block.columns if c.key == key)
            port.write(FORM_SHEETS[0].title, row, block.column_number(column.key), [[value]])
    return port.to_bytes()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    contents = [made for made in map(with_offices, workbooks(count)) if split.plan_of(Package(made, "x")).steps]
    seconds = {"run": 0.0, "split": 0.0, "collect": 0.0}
    forms = 0
    with tempfile.TemporaryDirectory() as scratch:
        for content in contents:
            start = time.process_time()
            pipeline.run(Package(content, "x"))
            seconds["run"] += time.process_time() - start
            start = time.process_time()
            made = list(split.forms(split.plan_of(Package(content, "x")), 2))
            seconds["split"] += time.process_time() - start
            forms += len(made)
            paths = [Path(scratch) / one.name for one in made]
            for path, one in zip(paths, made, strict=True):
                path.write_bytes(answered(one))
            start = time.process_time()
            port = Package(content, "x")
            collect.write(port, collect.beside(port, paths), _DAY)
            port.to_bytes()
            seconds["collect"] += time.process_time() - start
    number = len(contents)
    print(f"{number} generated workbooks, {forms} forms, processor time of a workbook:")
    for name, spent in seconds.items():
        each, ratio = spent / number, spent / seconds["run"]
        country = each * COUNTRY / 60
        print(
            f"  {name:<8}{each * 1000:7.0f} ms {ratio:6.2f} of a run   the country on one core {country:6.1f} min"
        )


if __name__ == "__main__":
    main()
