"""What a run remembers is one thing, however it is spelt on the very hidden sheet."""

from __future__ import annotations

import pytest

from ita_xl.domain.merge import Last
from ita_xl.layout import MEMORY
from ita_xl.writing.memory import Memory, recall, remember
from tests.memory_port import Memory as Port

TITLES = {MEMORY.key: MEMORY.title}


def kept(memory: Memory) -> Memory:
    port = Port()
    port.pages[MEMORY.title] = {}
    remember(port, MEMORY.title, memory)
    return recall(port, TITLES)


def last(*rows: str, columns: int = 2) -> Last:
    marks = {(row, f"column{n}"): f"{hash((row, n)) & (2**64 - 1):016x}" for row in rows for n in range(columns)}
    return Last(marks, list(rows), ["gone"], ["own-1"])


@pytest.mark.parametrize(
    "row",
    ["I1", "2564 → 2565", "service/I1/2", "a:b c", "มี ช่องว่าง", "สอง\nบรรทัด", "มี\tแท็บ", " x "],
)
def test_marks_come_back_whatever_a_row_is_called(row: str) -> None:
    memory = Memory({("measures", "measures"): Last(last(row, "I2").marks, ["I2"], [], [])})
    assert kept(memory).lasts[("measures", "measures")].marks == memory.lasts[("measures", "measures")].marks


def test_a_table_of_any_size_fits_into_cells() -> None:
    rows = [f"{measure}/{question}/{step}" for measure in range(20) for question in range(20) for step in range(5)]
    memory = Memory({("measures", "measures"): last(*rows, columns=5)})
    port = Port()
    port.pages[MEMORY.title] = {}
    remember(port, MEMORY.title, memory)
    texts = [value for value in port.pages[MEMORY.title].values() if isinstance(value, str)]
    assert max(map(len, texts)) <= 32_767
    assert len(texts) < len(memory.lasts[("measures", "measures")].marks) / 50
    assert recall(port, TITLES) == memory


def test_a_line_for_each_mark_is_read_as_well() -> None:
    port = Port()
    port.pages[MEMORY.title] = {}
    lines = [
        ("issues", "issues", "", ".stood", "I1\nI2"),
        ("issues", "issues", "I1", "problem", "0123456789abcdef"),
    ]
    for row, line in enumerate(lines, MEMORY.block("memory").first_row):
        for column, text in enumerate(line, 1):
            if text:
                port.put(MEMORY.title, row, column, text)
    assert recall(port, TITLES).lasts == {
        ("issues", "issues"): Last({("I1", "problem"): "0123456789abcdef"}, ["I1", "I2"], [], [])
    }
    remember(port, MEMORY.title, recall(port, TITLES))
    assert recall(port, TITLES).last("issues", "issues").marks == {("I1", "problem"): "0123456789abcdef"}
