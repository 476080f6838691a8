"""The handbook's pictures: pages of the example as LibreOffice prints them, the window under Xvfb, a drawing.

Small on purpose: few colours, and no more dots than a printed line needs.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
import typst
from click.testing import CliRunner
from PIL import Image, ImageChops, ImageGrab

from ita_xl import cli
from ita_xl.report.pdf import fonts
from tools.handbook import PICTURES, story
from tools.handbook.chapters import Command, Hand, chapters
from tools.render import convert
from tools.windows import machine

_DOTS = 110
_COLOURS = 24
_MARGIN = 12
_WINDOW = (1000, 490)
"""Dots across and down; the screen is as large."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a file of the example: the first that holds these words. after: the number of the chapter after
    which the file stands as it is shown. down: the part of the page that is kept, from its top; its foot never is.
    """

    name: str
    after: int
    file: str
    words: str
    down: float = 0.89


PAGES = (
    Page("หน้าแรก", 2, story.BOOK, "ข้อมูลหน่วยงาน", 0.545),
    Page("สรุปผล", 2, story.BOOK, "คะแนนรายเครื่องมือ", 0.695),
    Page("ประเด็น", 2, story.BOOK, "สภาพปัญหาหรือสาเหตุ"),
    Page("มาตรการ", 4, story.BOOK, "วิธีการดำเนินการ"),
    Page("รายงาน", 5, "รายงานผลการประเมิน ITA 2565 องค์การบริหารส่วนตำบลตัวอย่าง.pdf", "คะแนน", 0.935),
    Page("แบบรายงาน", 6, f"{story.FORMS}/แบบรายงาน กองคลัง ปี 2566.xlsx", "ขั้นตอนที่ต้องดำเนินการ"),
    Page("ภาพรวม", 8, "ภาพรวมจังหวัด.xlsx", "ภาพรวมผลการประเมิน", 0.73),
)


def make() -> Iterator[Path]:
    """Tell the example and take every picture. Gives the files that were written."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "งาน ITA"
        folder.mkdir()
        story.begin(folder)
        for number, _ in enumerate(chapters(), 1):
            _tell(number, folder)
            wanted = [page for page in PAGES if page.after == number]
            for file in dict.fromkeys(page.file for page in wanted):
                document = _printed(folder / file)
                for page in (page for page in wanted if page.file == file):
                    yield _small(_shot(document, page), PICTURES / f"{page.name}.png")
            if number == 2:
                yield _small(_window(folder), PICTURES / "หน้าต่าง.png")
    yield _small(_drawn("year.typ"), PICTURES / "ตลอดปี.png")


def _tell(number: int, folder: Path) -> None:
    """Run a chapter's own commands that need neither Excel nor a mail server."""
    with chdir(folder):
        for step in chapters()[number - 1].steps():
            if isinstance(step, Hand) and step.name in story.HANDS:
                story.HANDS[step.name](folder)
            elif isinstance(step, Command) and step.words and not _elsewhere(step.words):
                CliRunner().invoke(cli.cli, step.words)


def _elsewhere(words: tuple[str, ...]) -> bool:
    return words[0] in ("window", "addin", "attach") or "--send" in words


def _printed(source: Path) -> bytes:
    """A file as PDF."""
    if source.suffix == ".pdf":
        return source.read_bytes()
    with tempfile.TemporaryDirectory() as scratch:
        (document,) = convert([source], Path(scratch))
        return document.read_bytes()


def _shot(document: bytes, page: Page) -> Image.Image:
    """Without the white around it."""
    with pdfium.PdfDocument(document) as pages:
        wanted = "".join(page.words.split())
        for one in pages:
            if wanted in "".join(one.get_textpage().get_text_bounded().split()):
                made = one.render(scale=_DOTS / 72).to_pil().convert("RGB")
                return _trimmed(made.crop((0, 0, made.width, int(made.height * page.down))))
    raise LookupError(f"{page.file}: no page with {page.words}")


def _trimmed(picture: Image.Image) -> Image.Image:
    white = Image.new("RGB", picture.size, "white")
    box = ImageChops.difference(picture, white).getbbox()
    assert box
    left, top, right, bottom = box
    return picture.crop(
        (
            max(left - _MARGIN, 0),
            max(top - _MARGIN, 0),
            min(right + _MARGIN, picture.width),
            min(bottom + _MARGIN, picture.height),
        )
    )


def _small(picture: Image.Image, target: Path) -> Path:
    """The same bytes for the same picture."""
    picture.quantize(_COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)
    return target


def _drawn(source: str) -> Image.Image:
    font = fonts.choose("")
    compiler = typst.Compiler(
        input=Path(__file__).with_name(source), font_paths=[fonts.folder()], ignore_system_fonts=font.bundled
    )
    made = compiler.compile(format="png", ppi=_DOTS * 1.5, sys_inputs={"font": font.name, "scale": str(font.scale)})
    assert isinstance(made, bytes)
    with tempfile.NamedTemporaryFile(suffix=".png") as scratch:
        Path(scratch.name).write_bytes(made)
        return Image.open(scratch.name).convert("RGB")


def _window(folder: Path) -> Image.Image:
    """The window after its button for checking was pressed."""
    with machine.screen("{}x{}x24".format(*_WINDOW)) as screen, chdir(folder.parent):
        os.environ["DISPLAY"] = screen
        import tkinter as tk

        from ita_xl.window.view import Window

        root = tk.Tk()
        root.geometry("{}x{}+0+0".format(*_WINDOW))
        window = Window(root)
        window.take([Path(folder.name) / story.BOOK])  # the folder's own place is no reader's
        window.buttons["validate"].invoke()
        _until(root, lambda: not window.session.job)
        root.geometry("{}x{}+0+0".format(*_WINDOW))
        for _ in range(20):
            root.update()
        shot = ImageGrab.grab(xdisplay=screen).convert("RGB")
        root.destroy()
        return _trimmed(shot)


def _until(root: object, done: Callable[[], bool]) -> None:
    while not done():
        root.update()  # type: ignore[attr-defined]
