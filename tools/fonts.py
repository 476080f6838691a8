"""A free stand-in for TH Sarabun New with its measures: Laksaman, drawn from it, at two thirds of its size."""

from __future__ import annotations

import subprocess
from pathlib import Path

from fontTools.ttLib import TTFont

FAMILY = "TH Sarabun New"
_LIKE = "Laksaman"
_UNITS = 1515
"""Of its em; with Laksaman's own 1000 a letter would be half as large again."""
_FAMILY_NAMES, _FULL_NAMES, _POSTSCRIPT = (1, 16), (3, 4), 6
_TYPOGRAPHIC = 1 << 7
"""A font's wish to have closer lines, which LibreOffice heeds; Excel takes the lines of Windows in any case."""


def stand_ins(folder: Path) -> bool:
    """Put the stand-in's four styles into a folder. Returns whether Laksaman, their source, is installed."""
    listed = subprocess.run(["fc-list", _LIKE, "file"], capture_output=True, text=True, check=True, timeout=60)
    found = sorted({file for line in listed.stdout.split("\n") if (file := line.strip().rstrip(":"))})
    for file in found:
        _renamed(Path(file), folder)
    return bool(found)


def _renamed(source: Path, folder: Path) -> None:
    font = TTFont(source)
    font["head"].unitsPerEm = _UNITS
    font["OS/2"].fsSelection &= ~_TYPOGRAPHIC
    for record in font["name"].names:
        said = record.toUnicode()
        if record.nameID in _FAMILY_NAMES:
            record.string = FAMILY
        elif record.nameID in _FULL_NAMES:
            record.string = said.replace(_LIKE, FAMILY)
        elif record.nameID == _POSTSCRIPT:
            record.string = said.replace(_LIKE, FAMILY.replace(" ", ""))
    font.save(folder / source.name)
