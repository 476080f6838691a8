"""The journal of what offices answered, as the workbook keeps it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ita_xl.data import say
from ita_xl.domain.answers import ANSWERED, QUARTERS, Answer, State, Told
from ita_xl.domain.contents import shown
from ita_xl.domain.thai import parse_number, same_text
from ita_xl.engines.port import Grid
from ita_xl.layout import Sheet, labels


def answers_on(sheet: Sheet, grid: Grid) -> Iterator[tuple[int, Answer]]:
    """The answers from the top, each with the number of its row. What names no step or no quarter is none.

    sheet: with its parts where they stand.
    """
    block = sheet.block("answers")
    columns = {column.key: at for at, column in zip(block.numbers, block.columns, strict=True)}
    for row in range(block.first_row, block.last_row + 1):
        answer = _answer({key: shown(grid.at(row, at)) for key, at in columns.items()})
        if answer:
            yield row, answer


def _answer(said: Mapping[str, str]) -> Answer | None:
    quarter, counter = _number(said.get("quarter", "")), _number(said.get("counter", ""))
    if not said.get("key") or quarter not in QUARTERS:
        return None
    (word,) = labels.choice_list("use")
    state = next((s for s in State if same_text(said.get("state", ""), say(f"answers.states.{s}"))), State.USED)
    return Answer(
        said["key"],
        said.get("office", ""),
        quarter,
        Told(*(said.get(key, "") for key in ANSWERED)),
        no=said.get("no", ""),
        method=said.get("method", ""),
        form=said.get("form", ""),
        counter=counter or 1,
        file=said.get("file", ""),
        state=state,
        chosen=same_text(said.get("use", ""), word),
    )


def _number(text: str) -> int:
    typed = parse_number(text)
    return int(typed.value) if typed and typed.value is not None else 0
