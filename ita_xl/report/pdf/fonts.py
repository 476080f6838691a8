"""In which letters a PDF is set."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable

SYSTEM = "system"
"""Asks for the first official font that is installed."""

BUNDLED = "Sarabun"
_OFFICIAL = ("TH Sarabun New", "TH SarabunPSK", "TH SarabunIT๙", "TH Sarabun IT๙")
_SMALL = 0.66
"""What makes Sarabun as large as TH Sarabun New of the same size, to within two per cent of the width."""


@dataclass(frozen=True, slots=True)
class Font:
    """scale: by which the sizes said for TH Sarabun New are multiplied. bundled: nothing installed is looked at, so
    the bytes are the same on every machine."""

    name: str
    scale: float
    bundled: bool


def choose(wanted: str) -> Font:
    """wanted: nothing for the bundled font, `SYSTEM`, or the name of an installed one. Raises `Unusable` for a name
    that is not installed."""
    if wanted == SYSTEM:
        there = _installed()
        wanted = next((name for name in _OFFICIAL if name.casefold() in there), BUNDLED)
    if wanted.casefold() in ("", BUNDLED.casefold()):
        return Font(BUNDLED, _SMALL, bundled=True)
    if wanted.casefold() not in _installed():
        raise Unusable(Finding(Code.FONT_NOT_INSTALLED, values={"font": wanted}))
    return Font(wanted, 1 if _is_small(wanted) else _SMALL, bundled=False)


def folder() -> Path:
    """Where the bundled font lies. Raises `ImportError` if it is not installed."""
    return Path(str(files("fontpkg_sarabun").joinpath("files")))


@cache
def _installed() -> frozenset[str]:
    import typst

    there = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)
    return frozenset(name.casefold() for name in there.families())


def _is_small(name: str) -> bool:
    """Whether its letters are those of Thai offices, about two thirds as large as other fonts' of the same size."""
    return name.casefold().startswith("th ") or name.endswith((" New", "UPC"))
