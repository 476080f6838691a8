"""Pack the Thai of click's own words: the .po file that people edit becomes the .mo file that gettext reads."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).parent.parent / "ita_xl" / "data" / "locale" / "th" / "LC_MESSAGES" / "ita_xl.po"
FILE = SOURCE.with_suffix(".mo")


def packed() -> bytes:
    """The catalogue as gettext reads it; the same bytes as long as its source and Babel are the same.

    Raises `PoFileError` for a source that is no catalogue.
    """
    with SOURCE.open("rb") as source:
        catalogue = read_po(source, locale="th", abort_invalid=True)
    made = BytesIO()
    write_mo(made, catalogue)
    return made.getvalue()


if __name__ == "__main__":
    FILE.write_bytes(packed())
    print(FILE.name)
