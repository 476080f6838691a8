"""What a row, or the head of a column, is about: a question, a node of the structure, a year, the level."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from ita_xl.domain.naming import node_meant
from ita_xl.domain.thai import arabic_digits, folded, parse_code, parse_number, plain_dashes, tidy
from ita_xl.domain.tree import QUESTION_LETTERS, TOTAL, Kind, Tree
from ita_xl.reading.learning import possible_questions

_NAMED_YEAR = re.compile(
    r"(?<!\d)(25[5-9]\d)(?!\d)|(?:ปี(?:งบประมาณ)?|พ\.?\s?ศ\.?|FY)\s*([5-9]\d)(?![\d.])", re.IGNORECASE
)
_TWO_DIGITS = re.compile(r"[5-9]\d")
_CODED = re.compile(
    r"^(?:ข้อ(?:ที่|คำถาม(?:ที่)?)?\s*)?([IEOieo0|1l]\s?[-.]?\s?\d{1,3})(?!\d|\s*[-–,]\s*[IEO]?\s*\d)\s*[.:)]?\s*(.*)$",
    re.DOTALL,
)
_SCORED = re.compile(r"[+-]?\d+(?:\.\d+)?\s*คะแนน.*$", re.DOTALL)
_BARE = re.compile(r"^(\d{1,3})\s+(\D.*)$", re.DOTALL)
_LETTERED = re.compile(r"^(?:ข้อ(?:ที่|คำถาม(?:ที่)?)?\s*)?[IEOieo]")
_RANGE = re.compile(r"^([IEO])\s?-?\s?(\d{1,2})\s?[-–]\s?(?:[IEO]\s?)?(\d{1,2})$", re.IGNORECASE)
_INSTRUMENT = re.compile(r"\b(IIT|EIT|OIT)\b")
_NAMED_INSTRUMENTS = (
    ("IIT", "ผู้มีส่วนได้ส่วนเสียภายใน"),
    ("EIT", "ผู้มีส่วนได้ส่วนเสียภายนอก"),
    ("OIT", "เปิดเผยข้อมูลสาธารณะ"),
)
_TOTAL = re.compile(
    r"(?:ผล|ค่า)?(?:คะแนน)?(?:เฉลี่ย)?(?:ผล)?รวม(?:ทั้งหมด|เฉลี่ย|ทุกตัวชี้วัด)?(?:การประเมิน)?(?:ita)?"
    r"|(?:ผล|ค่า)?คะแนน(?:การประเมิน)?ita|total|ita"
)
"""As `folded` has it."""
_LONGEST_NAME = 75
_CODE = 5
"""A text that is no longer is a code, not a name."""


@dataclass(frozen=True, slots=True)
class Subject:
    """code: of a node or question. name: what stands beside a question's code. sure: the code stood there with its
    letter, or the node was named."""

    code: str
    name: str = ""
    sure: bool = True


class Subjects:
    """Knows the structure of one workbook. learning: also questions count that the structure does not know."""

    def __init__(self, tree: Tree, *, learning: bool) -> None:
        self.tree, self.learning = tree, learning

    @cached_property
    def _nodes(self) -> list[str]:
        return [*self.tree.codes(Kind.INDICATOR), *self.tree.codes(Kind.SUB_INDICATOR)]

    @cached_property
    def _questions(self) -> dict[str, set[str]]:
        """The codes that may stand for questions of each instrument."""
        known: dict[str, set[str]] = {}
        for instrument in QUESTION_LETTERS:
            codes = set(self.tree.questions(instrument)) if instrument in self.tree else set()
            if self.learning:
                codes |= set(possible_questions(instrument))
            known[instrument] = codes
        return known

    @cached_property
    def _ranges(self) -> dict[tuple[str, str], str]:
        """A node by the first and the last of its questions."""
        found: dict[tuple[str, str], str] = {}
        for code in reversed(self._nodes):
            questions = self.tree.below(code, Kind.QUESTION)
            if questions:
                found[questions[0], questions[-1]] = code
        return found

    def of_row(
        self, cells: tuple[str, ...], instrument: str, previous: str, *, ranked: bool = False, coded: bool = False
    ) -> Subject | None:
        """instrument: of the part of the source. previous: the question above. ranked: the first column only
        numbers the rows. coded: it holds codes, so that a number alone is that of an indicator."""
        texts = [cell for cell in cells[:4] if cell and not _is_figure(cell)]
        for at, cell in enumerate(texts):
            if found := self._lettered(cell):
                beside = next((text for text in texts[at + 1 :] if len(text) > _CODE), "")
                return replace(found, name=found.name or beside)
        for cell in texts:
            if found := self._node(cell, instrument):
                return found
        if ranged := self._ranged(cells):
            return ranged
        code = arabic_digits(cells[0]) if cells else ""
        if code in self._nodes and (coded or "." in code):
            return Subject(code)
        if not instrument or not cells:
            return None
        first = cells[0]
        if found := self._numbered(first, cells[1] if len(cells) > 1 else "", instrument, previous, ranked=ranked):
            return found
        return None

    def of_head(self, text: str) -> Subject | None:
        """What a column is about, where its head says so."""
        return self._lettered(text) or self._node(text, "")

    def _lettered(self, cell: str) -> Subject | None:
        """A question whose code stands there with its letter: "I13 ...", "ข้อ E 14", "O-34"."""
        if not _LETTERED.match(cell):
            return None
        found = _CODED.match(plain_dashes(arabic_digits(cell)))
        if not found:
            return None
        letter = found[1][0].upper()
        instrument = next((name for name, own in QUESTION_LETTERS.items() if own == letter), "")
        code = parse_code(found[1], self._questions.get(instrument, set()), letter).code
        return Subject(code, tidy(found[2])) if code else None

    def _node(self, cell: str, instrument: str) -> Subject | None:
        """A node that is named; a number alone names none."""
        text = tidy(re.sub(r"[+-]?\d+(?:\.\d+)?\s*คะแนน.*$", "", arabic_digits(cell), flags=re.DOTALL)).strip(
            " -–:()"
        )
        if not text or len(text) > _LONGEST_NAME or text.replace(".", "").isdigit():
            return None
        if _TOTAL.fullmatch(folded(text)):
            return Subject(TOTAL)
        for inside in filter(None, (self._inside(instrument), self._nodes)):
            if code := node_meant(text, self.tree, inside):
                return Subject(code)
        if code := self._part(text):
            return Subject(code)
        named = self.instrument(text)
        return Subject(named) if named and named in self.tree else None

    def _inside(self, instrument: str) -> list[str]:
        return [code for code in self._nodes if self.tree.instrument_of(code) == instrument]

    def _part(self, text: str) -> str | None:
        """A sub-indicator by a short form of its name: "เงินงบประมาณ" for การบริหารเงินงบประมาณ."""
        wanted = folded(text)
        parts = self.tree.codes(Kind.SUB_INDICATOR)
        found = [code for code in parts if len(wanted) >= 8 and wanted in folded(self.tree[code].name)]
        return found[0] if len(found) == 1 else None

    def _ranged(self, cells: tuple[str, ...]) -> Subject | None:
        for cell in cells[:5]:
            found = _RANGE.match(arabic_digits(plain_dashes(cell)))
            if found:
                letter = found[1].upper()
                code = self._ranges.get((f"{letter}{int(found[2])}", f"{letter}{int(found[3])}"))
                return Subject(code) if code else None
        return None

    def _numbered(self, first: str, second: str, instrument: str, previous: str, *, ranked: bool) -> Subject | None:
        """A question whose code lost its letter, inside the part of its instrument: "115 ...", "042"."""
        found = _CODED.match(arabic_digits(first)) or re.match(
            r"^(\d{1,3})\s+(\D.*)$", arabic_digits(first), re.DOTALL
        )
        bare = re.fullmatch(r"\d{1,3}", arabic_digits(first))
        if bare and (ranked or not second or _is_figure(second)):
            return None
        code, name = (bare[0], second) if bare else (found[1], found[2]) if found else ("", "")
        if not code or not name:
            return None
        typed = parse_code(code, self._questions[instrument], QUESTION_LETTERS[instrument], previous or None)
        return Subject(typed.code, tidy(name), sure=False) if typed.code else None

    def instrument(self, text: str) -> str:
        """The instrument that a text speaks of; empty for none, and for more than one."""
        found = set(_INSTRUMENT.findall(text))
        found |= {code for code, words in _NAMED_INSTRUMENTS if words in text.replace(" ", "")}
        return found.pop() if len(found) == 1 else ""


def years_in(text: str) -> list[int]:
    """The Buddhist years that a text names, in order; one of two digits needs a word before it."""
    found = _NAMED_YEAR.findall(arabic_digits(text))
    return [int(whole) if whole else 2500 + int(short) for whole, short in found]


def with_whole_years(cells: tuple[str, ...]) -> tuple[str, ...]:
    """The cells of a row, with years of two digits made whole: figures that are years one after the other."""
    short = [at for at, cell in enumerate(cells) if _TWO_DIGITS.fullmatch(arabic_digits(cell))]
    numbers = [int(arabic_digits(cells[at])) for at in short]
    figures = [at for at, cell in enumerate(cells) if _is_figure(cell)]
    steps = {second - first for first, second in pairwise(numbers)}
    if short != figures or steps not in ({1}, {-1}):
        return cells
    return tuple(f"25{arabic_digits(cell)}" if at in short else cell for at, cell in enumerate(cells))


def _is_figure(cell: str) -> bool:
    typed = parse_number(cell)
    return typed is not None and typed.value is not None
