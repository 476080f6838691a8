"""Who sends a workbook, and what the file is called: the same country for every seed and year."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

from ita_xl.domain.thai import thai_digits

_STRIDE = 3571
"""The step through the country: the first few agencies already are of many types. Shares no divisor with 8,320."""

_PLACE_STRIDE = 1001
"""The same for places; shares no divisor with 36 heads times 48 tails."""

_DISTRICTS = 8
_LONGEST = 230
"""Bytes of a file name; what programs put before or after it must fit in as well."""


def data(name: str) -> dict[str, Any]:
    """A data file beside this module."""
    return tomllib.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))


def dice(*about: object) -> Random:
    """Chance that hangs on nothing but these words and numbers, the seed among them."""
    return Random(" ".join(map(str, about)))


@dataclass(frozen=True, slots=True)
class Agency:
    """number: from 0. short: as people call it, alone in its province as the name is. chief: the title."""

    number: int
    name: str
    short: str
    type: str
    district: str
    province: str
    chief: str


@cache
def _country() -> dict[str, Any]:
    return data("country.toml")


def agency(number: int) -> Agency:
    """The agency of a number from 0. Those up to 8,319 make a country, the further ones are subdistricts; no two
    have one name in one province, up to some 780,000."""
    types = _country()["types"]
    ends = list(accumulate(kind["count"] for kind in types))
    slot = number * _STRIDE % ends[-1] if number < ends[-1] else number
    which = next((i for i, end in enumerate(ends) if slot < end), len(types) - 1)
    within, kind = slot - (ends[which - 1] if which else 0), types[which]
    provinces = _country()["provinces"]
    nth, at = divmod(within, len(provinces))
    province = provinces[at]
    words = {"province": province, "place": _place(at, which, nth)}
    capital = _country()["capitals"].get(province, f"เมือง{province}")
    central = "{place}" not in kind["name"] or not nth % _DISTRICTS
    return Agency(
        number,
        kind["name"].format(**words),
        kind["short"].format(**words),
        kind["type"],
        capital if central else _place(at, len(types), nth % _DISTRICTS),
        province,
        kind["chief"].format(**words),
    )


def _place(province: int, group: int, nth: int) -> str:
    """The n-th place of a group (a type of agency, or the districts) in a province; no two are called the same."""
    places = _country()["places"]
    heads, tails, ends = places["heads"], places["tails"], places["ends"]
    mixed = (nth * _PLACE_STRIDE + province * 97 + group * 389) % (len(heads) * len(tails))
    tail, head = divmod(mixed, len(heads))
    return f"{heads[head]}{tails[tail]}{ends[nth // (len(heads) * len(tails)) % len(ends)]}"


def file_name(of: Agency, year: int, chance: Random, again: bool) -> str:
    """A path below the common folder, with slashes, that no other agency has. again: a further file of the same
    agency, for which the chance must be that of the first one."""
    names = _country()["files"]
    words = {"name": of.name, "short": of.short, "district": of.district, "province": of.province, "year": year}
    pattern = chance.choice(names["names"]).format(**words, thai_year=thai_digits(str(year)))
    *folders, name = pattern.split("/")
    stem, _, suffix = name.rpartition(".")
    end = f"{chance.choice(names['again']) if again else ''}.{suffix}"
    stem = stem.encode()[: _LONGEST - len(end.encode())].decode(errors="ignore")
    return "/".join([of.province, *folders, stem + end])
