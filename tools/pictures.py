"""Pictures for the README, pages of the sample's result: python -m tools.pictures (needs LibreOffice, pdftoppm)"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from ita_xl import jobs
from ita_xl.layout import MEASURES, SUMMARY
from tools.render import convert

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "pictures"
SHOWN = (SUMMARY, MEASURES)
_DOTS = 75


def page_of(document: Path, words: str) -> int:
    """The first page of a document that holds some words."""
    text = subprocess.run(["pdftotext", "-layout", str(document), "-"], check=True, capture_output=True, timeout=60)
    pages = text.stdout.decode().split("\f")
    return next(number for number, page in enumerate(pages, 1) if words in page)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        result = Path(scratch) / "result.xlsx"
        jobs.run(ROOT / "samples" / "reference-2565.xlsx", result)
        (document,) = convert([result], Path(scratch))
        for sheet, words in zip(SHOWN, ("คะแนนรายเครื่องมือ", "วิธีการดำเนินการ"), strict=True):
            page = str(page_of(document, words))
            command = ["pdftoppm", "-r", str(_DOTS), "-f", page, "-l", page, "-singlefile", "-png"]
            subprocess.run([*command, str(document), str(FOLDER / sheet.key)], check=True, timeout=60)


if __name__ == "__main__":
    main()
