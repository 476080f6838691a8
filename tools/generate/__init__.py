"""Workbooks of many agencies as they would come in: for tests and benchmarks of the batch, not part of the package.

    python -m tools.generate FOLDER --count 8320 --seed 1

A workbook hangs on the seed and its number alone: number 17 is the same among 20 and among 8,320.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePosixPath

from ita_xl import files, pipeline
from ita_xl.data import profiles
from ita_xl.engines.package.engine import Package
from ita_xl.new import new
from tools.clerk import Clerk
from tools.generate.agencies import Agency, agency, dice, file_name
from tools.generate.damage import LOCK, SPOILED
from tools.generate.figures import result
from tools.generate.filled import SHAPES, edit, fill
from tools.generate.mistakes import Planted, plant
from tools.generate.saved import own_table, shared_strings

_SECOND, _SAME, _LOCKED, _EDITED = 0.02, 0.3, 0.005, 0.5
"""Shares: of files that are an agency's second one, and of these such with the bytes of the first; of workbooks
that are open; and of those that were run such that were edited afterwards."""


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares (0 to 1) of workbooks that differ from a plain one. mistakes: a clerk mistyped. damaged: it cannot be
    used. run: it was run once. saved: its texts stand in a table of its own, as office programs save them.

    In workbooks that were neither run nor saved so, sheets that nobody typed into are the same bytes in all.
    """

    mistakes: float = 0.2
    damaged: float = 0.01
    run: float = 0.0
    saved: float = 0.0


USUAL = Mix()


@dataclass(frozen=True, slots=True)
class Made:
    """A file and what is to be found in it.

    number: from 0. path: below the common folder, with slashes. content: None for a folder of that name. modified:
    seconds since 1970. again: path of the agency's first file, if this is its second. locked: a lock stands beside
    it. refused: code of the finding for which it cannot be used, damage: why in words; both empty for a usable one,
    which alone has a shape, mistakes and a run.
    """

    number: int
    path: str
    content: bytes | None
    modified: int
    agency: Agency
    year: int
    again: str = ""
    locked: bool = False
    shape: str = ""
    mistakes: tuple[Planted, ...] = ()
    run: bool = False
    refused: str = ""
    damage: str = ""


def workbooks(count: int, seed: int = 1, year: int = 2565, mix: Mix = USUAL) -> Iterator[Made]:
    """That many workbooks, each made when it is asked for. Raises `KeyError` for a year that does not ship."""
    return (make(number, seed, year, mix) for number in range(count))


def outline(number: int, seed: int = 1, year: int = 2565) -> Made:
    """Who sends the file of a number and what it is called, without making it."""
    second = _second(number, seed)
    sender = agency(number - 1 if second else number)
    named = [file_name(sender, year, dice(seed, sender.number, "name"), again) for again in (False, True)]
    return Made(
        number,
        named[second],
        None,
        _modified(year, seed, number),
        sender,
        year,
        again=named[False] if second else "",
        locked=dice(seed, number, "locked").random() < _LOCKED,
    )


def make(number: int, seed: int = 1, year: int = 2565, mix: Mix = USUAL) -> Made:
    """The workbook of a number from 0. Raises `KeyError` for a year that does not ship."""
    made = outline(number, seed, year)
    same = made.again and dice(seed, number, "same").random() < _SAME
    rolled = number - 1 if same else number
    usable = _filled(made, seed, rolled, mix)
    chance = dice(seed, rolled, "damage")
    if chance.random() >= mix.damaged:
        return usable
    kind = chance.choice(list(SPOILED))
    refused, spoil = SPOILED[kind]
    assert usable.content is not None
    return replace(made, content=spoil(usable.content, chance), refused=refused, damage=kind)


def write(folder: Path, made: Made) -> Path:
    """Put a file, or the folder in its place, where it belongs below a folder; with its lock if it has one."""
    path = folder / made.path
    path.parent.mkdir(parents=True, exist_ok=True)
    if made.content is None:
        path.mkdir(exist_ok=True)
    else:
        path.write_bytes(made.content)
        if made.locked:
            path.with_name(f"~${path.name}").write_bytes(LOCK)
    os.utime(path, (made.modified, made.modified))
    return path


def _filled(made: Made, seed: int, rolled: int, mix: Mix) -> Made:
    """With a filled workbook as its content. rolled: the number that decides what stands in it."""
    profile, sender = profiles.profile(made.year), made.agency

    def chance(share: float, what: str) -> bool:
        return dice(seed, rolled, what).random() < share

    shapes = dice(seed, rolled, "shape").choices(list(SHAPES), [share for share, _ in SHAPES.values()])
    years = [made.year - back for back in range(SHAPES[shapes[0]][1])]
    results = [result(seed, sender.number, year) for year in years if year in profiles.years()]
    saved, run = chance(mix.saved, "saved"), chance(mix.run, "run")
    port = Package(base(made.year, saved), PurePosixPath(made.path).name)
    clerk = Clerk(port, profile)
    fill(clerk, sender, results, shapes[0], dice(seed, rolled, "fill"))
    planted: tuple[Planted, ...] = ()
    if chance(mix.mistakes, "careless"):
        planted = plant(clerk, results[0], dice(seed, rolled, "mistakes"), questions=shapes[0] != "stated only")
    if run:
        pipeline.run(port)
        if chance(_EDITED, "edited"):
            edit(port, sender, dice(seed, rolled, "edits"))
    content = port.to_bytes()
    if saved:
        content = own_table(content, f"{sender.name} {rolled}")
    return replace(made, content=content, shape=shapes[0], mistakes=planted, run=run)


@cache
def base(year: int, saved: bool = False) -> bytes:
    """A year's workbook as `new` makes it, without an agency: filling it takes milliseconds, making it a second.
    saved: as in `Mix`."""
    made = files.reproducible(new(profiles.profile(year), {}).to_bytes())
    return shared_strings(made) if saved else made


def _second(number: int, seed: int) -> bool:
    """Whether a file is the second one of the agency before. Only odd numbers are, so that nobody sends a third."""
    return number % 2 == 1 and dice(seed, number, "second").random() < 2 * _SECOND


def _modified(year: int, seed: int, number: int) -> int:
    """Some time in the half year after the results came out."""
    out = dt.datetime(year - 543, 8, 1, tzinfo=dt.UTC)
    return int(out.timestamp()) + dice(seed, number, "modified").randrange(180 * 24 * 3600)
