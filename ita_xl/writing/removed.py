"""The list of what we proposed and a person took out of the tables, and what is to come back of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from ita_xl.domain.findings import Unusable
from ita_xl.domain.rows import Row
from ita_xl.domain.thai import same_text
from ita_xl.layout import REMOVED, labels
from ita_xl.layout.keys import BlockKey, SheetKey
from ita_xl.reading.standing import Stands
from ita_xl.views.content import Values

_BLOCK = REMOVED.block("removed")
_NAMING = ("code", "no", "name", "measure", "issue", "question", "comment", "method")
"""The columns by which a row is known, of which the first two that say something are shown."""


class Removed(Struct):
    """wanted: the keys of the list whose rows are to come back. rows: of the list, as it will stand."""

    wanted: set[str] = field(default_factory=set)
    rows: list[Values] = field(default_factory=list)

    @classmethod
    def of(cls, stands: Stands, titles: Mapping[SheetKey, str]) -> Removed:
        """What a person chose in the list as it stands."""
        if (title := titles.get(REMOVED.key)) is None:
            return cls()
        try:
            sheet = stands.sheet(REMOVED, title)
        except Unusable:
            return cls()  # the run says so
        (word,) = labels.choice_list("bring_back")
        rows = stands.rows(sheet, sheet.block(_BLOCK.key), title)
        return cls({row.key for row in rows if same_text(row.text("bring_back"), word)})

    def back(self, sheet: SheetKey, block: BlockKey) -> set[str]:
        """The keys of a table's rows that are to come back."""
        prefix = _key(sheet, block, "")
        return {key.removeprefix(prefix) for key in self.wanted if key.startswith(prefix)}

    def add(
        self, sheet: SheetKey, block: BlockKey, title: str, gone: Sequence[str], proposed: Sequence[Row]
    ) -> None:
        """List the rows that would stand in a table if a person had not taken them out."""
        for row in proposed:
            if row.key in gone:
                line = " ".join(_words(row))
                self.rows.append({"sheet": title, "proposal": line, "key": _key(sheet, block, row.key)})


def _key(sheet: SheetKey, block: BlockKey, row: str) -> str:
    return f"{sheet}.{block}/{row}"


def _words(row: Row) -> Iterator[str]:
    said = [text.split("\n")[0] for column in _NAMING if (text := row.text(column))]
    yield from said[:2]
