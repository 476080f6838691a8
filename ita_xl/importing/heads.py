"""The heads of a table's columns: whose figures stand below them, of which year, and which of them are no
scores."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ita_xl.importing.subjects import Subject, Subjects, years_in

_SCORE = re.compile(r"คะแนน|ร้อยละ|score|ผลการประเมิน|ค่าที่ได้", re.IGNORECASE)
_OTHER = re.compile(
    r"น้ำหนัก|weight|จำนวน|ลำดับ|อันดับ|^ที่$|ผลต่าง|เพิ่ม|ลดลง|เต็ม|เป้าหมาย|ค่าเฉลี่ยของ|ประเทศ|ประเภท|rank|หมายเหตุ|max",
    re.IGNORECASE,
)
_LEVEL = re.compile(r"ระดับ|level|เกรด|grade", re.IGNORECASE)
_AGENCY = re.compile(r"หน่วยงาน|agency|อปท|ชื่อองค์กร", re.IGNORECASE)
_COMMENT = re.compile(r"ข้อเสนอแนะ")
_CODES = re.compile(r"รหัส|code|^ตัวชี้วัด(ที่|ย่อย)?$", re.IGNORECASE)
_RANKING = re.compile(r"ลำดับ|อันดับ|rank", re.IGNORECASE)
_LONGEST = 60


@dataclass
class Heads:
    """What is known of the columns of a table. years: by column, 0 of one that is no score. scores: columns of
    figures without a year. others: columns of figures that are no scores. subjects: of a table whose columns
    are nodes. level, agency: their columns. ranked: the first column only numbers the rows. coded: it holds
    codes. comments: the rows are comments. running: of lines that stand in no table."""

    years: dict[int, int] = field(default_factory=dict)
    scores: set[int] = field(default_factory=set)
    others: set[int] = field(default_factory=set)
    subjects: dict[int, Subject] = field(default_factory=dict)
    level: int | None = None
    agency: int | None = None
    ranked: bool = False
    coded: bool = False
    comments: bool = False
    running: bool = False

    def take(self, cells: Sequence[str], subjects: Subjects) -> None:
        """One more row of heads."""
        columns: dict[int, Subject] = {}
        if self.running:
            # the columns of a copied line are lost: its years belong to the last figures of the lines below
            slots = [one for cell in cells for one in years_in(cell) or ([0] if _OTHER.search(cell) else [])]
            first = next((at for at, year in enumerate(slots) if year), len(slots))
            self.years |= {at - len(slots): year for at, year in enumerate(slots) if at >= first}
        for at, cell in enumerate(cells):
            if not cell or len(cell) > _LONGEST:
                continue
            named = years_in(cell)
            self.coded = self.coded or (at == 0 and bool(_CODES.search(cell)))
            if _OTHER.search(cell):
                self.others.add(at)
                self.ranked = self.ranked or (at == 0 and bool(_RANKING.search(cell)))
            elif named and not self.running:
                self.years[at] = named[0]
            elif _AGENCY.search(cell) and self.agency is None and at < 6:
                self.agency = at
            elif _LEVEL.search(cell):
                self.level = at
            elif _SCORE.fullmatch(cell) or (_SCORE.search(cell) and not subjects.of_head(cell)):
                self.scores.add(at)
            elif subject := subjects.of_head(cell):
                columns[at] = subject
            self.comments = self.comments or bool(_COMMENT.search(cell))
        if len({subject.code for subject in columns.values()}) > 1:
            self.subjects |= columns

    def aligned(self, figures: Sequence[int], last: int) -> dict[int, int | None]:
        """The year of each column of figures in a row; None for that of the source. figures: their columns.
        last: the last column of the table in which there is a figure."""
        # Where cells of the heads are joined they have fewer columns: the years are those of the last ones.
        shift = max(0, last - max(self.years, default=last)) if not self.running else 0
        if not self.years:
            usable = [at for at in figures if at not in self.others]
            return dict.fromkeys([at for at in usable if at in self.scores] or usable[-1:])
        if self.running:
            ending = list(figures)[-len(self.years) :]
            placed = {at: self.years[place - len(ending)] for place, at in enumerate(ending)}
            return {at: year for at, year in placed.items() if year}
        return {at: self.years[at - shift] for at in figures if at - shift in self.years}


def is_head(cells: Sequence[str], figures: int) -> bool:
    """Whether a row heads columns: it speaks of scores or years, shortly, and has no figure. figures: how many it
    has besides years."""
    said = [cell for cell in cells if cell]
    if figures or not said or max(map(len, said)) > _LONGEST * 3:
        return False
    short = [cell for cell in said if len(cell) <= _LONGEST]
    return any(
        _SCORE.search(cell) or years_in(cell) or _COMMENT.search(cell) or _OTHER.search(cell) for cell in short
    )
