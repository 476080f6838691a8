"""How the cost of a workbook grows with its questions: 60, 120, and as many as the sheets have room for.

    python -m bench.growth

Each question has a score below the threshold, so that each becomes an issue with its texts and measures.
"""

from __future__ import annotations

from bench.measured import each
from ita_xl.batch.work import Task, prepare
from ita_xl.data import profiles
from ita_xl.domain.tree import INSTRUMENTS
from ita_xl.layout import HOME, MAX_QUESTIONS, SCORES, STRUCTURE
from ita_xl.layout.keys import ColumnKey
from ita_xl.new import new
from ita_xl.writing.setup import put

YEAR = 2565
_INDICATORS = dict(zip(INSTRUMENTS, ("1", "6", "9"), strict=True))
Line = dict[ColumnKey, str | int | None]


def nodes(questions: int) -> list[Line]:
    """A structure with one indicator in each instrument, and a third of the questions in each."""
    lines: list[Line] = [{"code": "รวม", "layer": "คะแนนรวม", "name": "คะแนนรวม"}]
    for instrument, indicator in _INDICATORS.items():
        lines.append({"code": instrument, "layer": "เครื่องมือ", "name": instrument, "parent": "รวม", "weight": 1})
        name = f"ตัวชี้วัด {indicator}"
        lines.append({"code": indicator, "layer": "ตัวชี้วัด", "name": name, "parent": instrument})
        lines += [
            {"code": f"{instrument[0]}{n}", "layer": "ข้อคำถาม", "name": f"ประเด็นที่ {n}", "parent": indicator}
            for n in range(1, questions // len(INSTRUMENTS) + 1)
        ]
    return lines


def workbook(questions: int) -> bytes:
    port = new(profiles.profile(YEAR), {"agency": "อบต. ตัวอย่าง"})
    block = STRUCTURE.block("nodes")
    lines = nodes(questions)
    keys = [column.key for column in block.columns]
    lines += [{} for _ in range(block.capacity - len(lines))]
    port.write(
        STRUCTURE.title, block.first_row, block.first_column, [[line.get(key) for key in keys] for line in lines]
    )
    for instrument, sheet in SCORES.items():
        table = sheet.block("scores")
        for n in range(1, MAX_QUESTIONS + 1):
            there = n <= questions // len(INSTRUMENTS)
            values: Line = {
                "code": f"{instrument[0]}{n}" if there else None,
                "topic": f"ประเด็นที่ {n}" if there else None,
                "indicator": _INDICATORS[instrument] if there else None,
                "y0": (0 if instrument == "OIT" else 60) if there else None,
            }
            for key, value in values.items():
                port.write(sheet.title, table.header_row + n, table.column_number(key), [[value]])
    put(port, HOME, "year", YEAR)
    return port.to_bytes()


def main() -> None:
    prepare(0)
    first = 0.0
    for questions in (60, 120, len(INSTRUMENTS) * MAX_QUESTIONS):
        content = workbook(questions)
        taken = each([Task("x.xlsx", "x.xlsx", content)])
        first = first or taken / questions
        share = taken / questions / first
        print(f"{questions:4} questions {taken:7.0f} ms of the processor, {share:5.2f} times as much per question")


if __name__ == "__main__":
    main()
