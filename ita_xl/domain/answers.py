"""What offices answered about the steps of a plan, and which of two answers holds.

An answer is about a step, an office and a quarter. It takes the place of an earlier one only if it is known to have
been made from it; otherwise both stay, and a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum, auto
from hashlib import blake2b
from typing import NamedTuple

from msgspec import Struct

from ita_xl.domain.thai import folded, parse_number, tidy

QUARTERS = (1, 2, 3, 4)
"""Of the fiscal year, which begins with October."""


class Status(StrEnum):
    """How far an office says that a step has got."""

    NOT_STARTED = auto()
    DOING = auto()
    DONE = auto()
    UNABLE = auto()


class State(StrEnum):
    """What an answer counts for."""

    USED = auto()
    REPLACED = auto()
    WAITING = auto()
    """differs from the one that is used, and a person is to decide"""
    UNUSED = auto()
    """a person decided for another one"""


class Fate(StrEnum):
    """What becomes of an answer that came back."""

    NEW = auto()
    REPLACES = auto()
    SAME = auto()
    OLDER = auto()
    """replaced already, or sent before the one that is used"""
    EMPTIED = auto()
    """the form says nothing where it did; what is known stays"""
    CONFLICT = auto()


Slot = tuple[str, str, int]
"""What an answer is about: the step's key, the office with its spelling evened out, the quarter."""


class Told(NamedTuple):
    """What an office wrote into the cells of a step, as it reads there."""

    status: str = ""
    percent: str = ""
    done: str = ""
    obstacle: str = ""
    link: str = ""
    person: str = ""
    day: str = ""

    @property
    def empty(self) -> bool:
        return not any(map(tidy, self))

    @property
    def digest(self) -> str:
        """A short mark of it; empty for nothing. Spaces do not count: programs change them."""
        said = "\x1f".join(map(tidy, self))
        return "" if self.empty else blake2b(said.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


NOTHING = Told()

ANSWERED = Told._fields
"""The cells of a step that an office fills in."""


class Answer(Struct, frozen=True):
    """An office's answer about a step. step: its key. no, method: its number and text as the form showed them.
    form, counter, file: the form that it came in. chosen: a person wants this one."""

    step: str
    office: str
    quarter: int
    told: Told = NOTHING
    no: str = ""
    method: str = ""
    form: str = ""
    counter: int = 1
    file: str = ""
    state: State = State.USED
    chosen: bool = False

    @property
    def slot(self) -> Slot:
        return self.step, folded(self.office), self.quarter

    @property
    def share(self) -> float | None:
        """How far the step has got, from 0 to 100; None where no such number was written."""
        typed = parse_number(self.told.percent)
        value = typed.value if typed else None
        return float(value) if value is not None and 0 <= value <= 100 else None


def by_slot(answers: Iterable[Answer]) -> dict[Slot, list[Answer]]:
    """The answers about the same, in the order in which they came."""
    found: dict[Slot, list[Answer]] = {}
    for answer in answers:
        found.setdefault(answer.slot, []).append(answer)
    return found


def used(known: Sequence[Answer]) -> Answer | None:
    """Of the answers about one thing the one that holds: the one that a person chose, else the one in use."""
    chosen = [one for one in known if one.chosen]
    if len(chosen) == 1:
        return chosen[0]
    standing = [one for one in known if one.state is State.USED] or [
        one for one in known if one.state is not State.WAITING
    ]
    return standing[-1] if standing else None


def undecided(known: Sequence[Answer]) -> list[Answer]:
    """Those among which a person is to choose; none where that is settled."""
    waiting = [one for one in known if one.state is State.WAITING]
    if not waiting or sum(one.chosen for one in known) == 1:
        return []
    return [*([one] if (one := used(known)) else []), *waiting]


def states(known: Sequence[Answer]) -> list[State]:
    """What each of the answers about one thing counts for, once a person's choice is heard."""
    one, open_ = used(known), {id(answer) for answer in undecided(known)}
    decided = sum(answer.chosen for answer in known) == 1

    def state(answer: Answer) -> State:
        if answer is one:
            return State.USED
        if id(answer) in open_:
            return State.WAITING
        if decided and answer.state is State.WAITING:
            return State.UNUSED
        return State.REPLACED if answer.state is State.USED else answer.state

    return [state(answer) for answer in known]


def fate(returned: Answer, known: Sequence[Answer], base: str) -> Fate:
    """What becomes of an answer. known: those about the same, as they came. base: the digest of the answer that
    stood in the form when it was handed out."""
    one = used(known)
    if returned.told.empty:
        # A blank copy of the form, with the number that the answer came with, says nothing about it.
        answered = base or any(
            earlier.form == returned.form and earlier.counter < returned.counter for earlier in known
        )
        return Fate.EMPTIED if one and answered else Fate.SAME
    if one is None:
        return Fate.NEW
    if returned.told.digest == one.told.digest:
        return Fate.SAME
    one_form = bool(returned.form) and one.form == returned.form
    if base == one.told.digest or (one_form and returned.counter > one.counter):
        return Fate.REPLACES  # also by what was said before: an office may take back what it said since
    if returned.told.digest in {earlier.told.digest for earlier in known}:
        return Fate.OLDER
    return Fate.OLDER if one_form and returned.counter < one.counter else Fate.CONFLICT


def furthest(told: Sequence[Answer]) -> Answer | None:
    """Of an office's answers on a step, in the order of the quarters, the one that says how far it has got: the
    latest with a status or a percentage, else the latest."""
    said = [one for one in told if tidy(one.told.status) or tidy(one.told.percent)] or told
    return said[-1] if said else None


def in_use(answers: Iterable[Answer]) -> Mapping[Slot, Answer]:
    """The answers that hold."""
    return {slot: one for slot, known in by_slot(answers).items() if (one := used(known))}
