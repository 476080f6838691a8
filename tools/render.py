"""Show workbooks as pictures: python -m tools.render FILE.xlsx FOLDER (needs LibreOffice and pdftoppm)."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.fonts import stand_ins

_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{folder}</dir>
  <cachedir>{folder}/cache</cachedir>
</fontconfig>
"""


def convert(workbooks: list[Path], folder: Path, kind: str = "pdf") -> list[Path]:
    """Let LibreOffice open workbooks, recalculate and save them as another kind. Returns the new files."""
    with tempfile.TemporaryDirectory() as scratch:
        fonts = Path(scratch) / "fonts.conf"
        fonts.write_text(_FONTS.format(folder=scratch), encoding="utf-8")
        stand_ins(Path(scratch))
        profile = (Path(scratch) / "profile").as_uri()
        command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind]
        command += ["--outdir", str(folder), *map(str, workbooks)]
        environment = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
        subprocess.run(command, check=True, capture_output=True, env=environment, timeout=180)
    return [folder / f"{workbook.stem}.{kind.partition(':')[0]}" for workbook in workbooks]


def pictures(workbook: Path, folder: Path, dots: int = 80) -> list[Path]:
    """One PNG per printed page."""
    folder.mkdir(parents=True, exist_ok=True)
    (document,) = convert([workbook], folder)
    pages = folder / workbook.stem
    subprocess.run(["pdftoppm", "-r", str(dots), "-png", str(document), str(pages)], check=True, timeout=180)
    return sorted(folder.glob(f"{workbook.stem}-*.png"))


if __name__ == "__main__":
    for page in pictures(Path(sys.argv[1]), Path(sys.argv[2])):
        print(page)
