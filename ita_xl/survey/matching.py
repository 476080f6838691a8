"""Which question a column answers: by the code in its heading, or by its words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from ita_xl.data import say
from ita_xl.data.answers import Answers, Scale
from ita_xl.domain.thai import arabic_digits, folded, plain_dashes, tidy
from ita_xl.domain.tree import QUESTION_LETTERS, Tree
from ita_xl.layout.keys import SURVEY_SHEETS

Use = Literal["", "person", "time", "text"]
How = Literal["code", "wording", "mapping"]
USES: tuple[Use, ...] = ("", "person", "time", "text")

MINIMUM = 10
"""So many people must have answered a question before it is shown: of fewer, colleagues may guess who said what."""

_CODED = re.compile(
    r"^\W*(?:ข้อ\D{0,9}?)?([IE])\s?-?\s?0*(\d{1,2})(?![\d%])"
    r"(?:[._-](\d{1,2})(?!\d)|_?\[?SQ0*(\d+)\]?)?(.*)$",
    re.IGNORECASE | re.DOTALL,
)
_GRID = re.compile(r"^(.*?)\s*\[[^\[\]]*\]$", re.DOTALL)
"""A row of a grid: the question, and in brackets what it asks of it."""
_OTHER = re.compile(r"[\[_](?:comment|other)\]?$", re.IGNORECASE)
_LETTERS = 3
_ALIKE = 0.5
"""So much of a question's words must stand in a heading."""
_AHEAD = 0.08
"""By so much more than those of any other question."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A column. code: of its question; empty for none. use: what else it is for. part: which of the things that the
    question asks for. how: what told the question."""

    heading: str
    code: str = ""
    part: int = 1
    scale: str = ""
    reversed: bool = False
    use: Use = ""
    how: How | None = None


@dataclass(frozen=True)
class Matching:
    """How a file of answers is to be read. unknown: codes in headings that the year does not have. doubles: which
    answers of somebody count who answered more than once: "last", "first" or "all"."""

    year: int
    columns: list[Asked]
    scales: Mapping[str, Scale]
    minimum: int = MINIMUM
    doubles: str = "last"
    unknown: Sequence[str] = field(default_factory=tuple)

    @property
    def codes(self) -> list[str]:
        """The questions that were asked, in the order of the columns."""
        return list(dict.fromkeys(column.code for column in self.columns if column.code))

    def of(self, code: str) -> list[tuple[int, Asked]]:
        """The columns of a question, with their numbers."""
        return [(at, column) for at, column in enumerate(self.columns) if column.code == code]

    def used_as(self, use: Use) -> list[int]:
        return [at for at, column in enumerate(self.columns) if not column.code and column.use == use]


def questions_of(tree: Tree) -> list[str]:
    """Those that people are asked."""
    return [code for instrument in SURVEY_SHEETS if instrument in tree for code in tree.questions(instrument)]


def matched(headings: Sequence[str], tree: Tree, year: int, answers: Answers) -> Matching:
    """Each column with its question, if it has one."""
    known = questions_of(tree)
    found: list[Asked] = []
    unknown: list[str] = []
    for heading in headings:
        code = coded(heading)
        if code and code not in known:
            unknown.append(code)
        found.append(Asked(heading, code, how="code") if code in known else Asked(heading, use=_use(heading)))
    taken = {column.code for column in found}
    topics = {code: tree[code].name for code in known if code not in taken}
    loose = [column.heading for column in found if not column.code and column.use not in ("person", "time")]
    told = _by_words(loose, topics, {code[0] for code in taken if code})
    found = [
        replace(column, code=told[base], use="", how="wording")
        if not column.code and column.use not in ("person", "time") and (base := _question(column.heading)) in told
        else column
        for column in found
    ]
    return Matching(year, list(_told_apart(found, answers)), answers.scales, unknown=unknown)


def coded(heading: str) -> str:
    """The code with which a heading begins, whether the year has it or not; empty for none."""
    match = _CODED.match(plain_dashes(arabic_digits(heading)))
    return f"{match[1].upper()}{int(match[2])}" if match and not _OTHER.search(heading) else ""


def _told_apart(columns: Iterable[Asked], answers: Answers) -> Iterable[Asked]:
    """The columns of a question by their part, each with its scale."""
    parts: dict[str, int] = {}
    for column in columns:
        if not column.code:
            yield column
            continue
        match = _CODED.match(plain_dashes(arabic_digits(column.heading))) if column.how == "code" else None
        said = int(match[3] or match[4] or 0) if match else 0
        part = parts[column.code] = said or parts.get(column.code, 0) + 1
        scale = answers.scale_of(column.code)
        yield replace(column, part=part, scale=scale, reversed=answers.is_reversed(column.code, part))


def _use(heading: str) -> Use:
    plain = folded(heading)
    for use in ("person", "time", "text"):
        if any(folded(word) in plain for word in say(f"survey.words.{use}").split("|")):
            return use
    return ""


def _question(heading: str) -> str:
    """A heading without what a grid asks of the question."""
    match = _GRID.match(heading)
    return tidy(match[1] if match and match[1] else heading)


def _by_words(headings: Iterable[str], topics: Mapping[str, str], letters: Collection[str]) -> dict[str, str]:
    """The codes of questions by their headings. letters: of the instruments whose codes stand in other headings;
    where there are none, all questions are taken from the instrument that fits better, because both ask alike."""
    questions = list(dict.fromkeys(_question(heading) for heading in headings))
    inside = letters or set(QUESTION_LETTERS.values())
    found: dict[str, dict[str, tuple[float, str]]] = {}
    for letter in sorted(inside):
        own = {code: _pieces(topic) for code, topic in topics.items() if code.startswith(letter)}
        found[letter] = dict(_best(questions, own))
    if not found:
        return {}
    if letters:
        chosen = {heading: best for one in found.values() for heading, best in one.items()}
    else:
        chosen = max(found.values(), key=lambda one: sum(alike for alike, _ in one.values()))
    return {heading: code for heading, (_, code) in chosen.items()}


def _best(
    questions: Sequence[str], topics: Mapping[str, Collection[str]]
) -> Iterable[tuple[str, tuple[float, str]]]:
    """Each heading with the question that it fits clearly better than others; a question goes to the best one."""
    pairs: dict[str, tuple[float, str]] = {}
    for heading in questions:
        here = _pieces(heading)
        ranked = sorted(
            ((len({*topic} & here) / max(1, len(topic)), code) for code, topic in topics.items()), reverse=True
        )
        if ranked and ranked[0][0] >= _ALIKE and (len(ranked) < 2 or ranked[0][0] - ranked[1][0] >= _AHEAD):
            pairs[heading] = ranked[0]
    for heading, (alike, code) in pairs.items():
        if all(other[0] < alike for one, other in pairs.items() if other[1] == code and one != heading):
            yield heading, (alike, code)


def _pieces(text: str) -> set[str]:
    """Letters in threes: Thai has no spaces between words."""
    plain = folded(text)
    return {plain[at : at + _LETTERS] for at in range(len(plain) - _LETTERS + 1)}
