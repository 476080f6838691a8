"""Has typst draw a document, and learns from it which letters the font lacks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.files import without_control_characters
from ita_xl.report.description import Document, mapped
from ita_xl.report.pdf import fonts
from ita_xl.report.pdf.content import as_data

if TYPE_CHECKING:
    from typst import Compiler, PDFStandard

_HERE = Path(__file__).parent
_STANDARDS: list[PDFStandard] = ["a-2a", "ua-1"]
_MOMENT = 1_659_312_000
"""1 August 2022, as in all files that we make: equal content gives equal bytes."""
_INSTEAD = "?"
_NAMED = 20


@dataclass(frozen=True, slots=True)
class Pdf:
    """content: the file. font: in which it is set. lacking: the letters that this font does not have, each once; a
    question mark stands in the place of each."""

    content: bytes
    font: str
    lacking: str = ""

    @property
    def findings(self) -> list[Finding]:
        """What a person should know of it."""
        if not self.lacking:
            return []
        named = [letter if letter.isprintable() else f"U+{ord(letter):04X}" for letter in self.lacking[:_NAMED]]
        letters = " ".join(named) + (" …" if len(self.lacking) > _NAMED else "")
        return [Finding(Code.LETTERS_LACKING, values={"font": self.font, "letters": letters})]


def to_pdf(document: Document, font: str = "") -> Pdf:
    """A document as PDF/A-2a and PDF/UA-1.

    font: nothing for the bundled Sarabun, "system" for the first official font that is installed, or the name of an
    installed one. Raises `Unusable` if there is no such font, or no typst.
    """
    try:
        import typst

        fonts.folder()
    except ImportError as error:
        raise Unusable(Finding(Code.PDF_NOT_POSSIBLE, values={"detail": error.name})) from error
    chosen = fonts.choose(font)
    compiler = _compiler(bundled=chosen.bundled)
    document = mapped(document, _printable)
    lacking: dict[str, None] = {}
    while True:
        try:
            return Pdf(_drawn(compiler, document, chosen), chosen.name, "".join(lacking))
        except typst.TypstError as error:
            strange = [letter for letter in _refused(compiler, error, chosen) if letter not in lacking]
            if not strange:
                raise
            lacking.update(dict.fromkeys(strange))
            instead = dict.fromkeys(map(ord, strange), _INSTEAD)
            document = mapped(document, partial(_translated, instead))


def _translated(letters: dict[int, str], text: str) -> str:
    return text.translate(letters)


def forget() -> None:
    """Have typst drop what it keeps of earlier documents, so that a process that makes many does not grow."""
    if _compiler.cache_info().currsize:
        for _ in range(_REMEMBERED + 1):
            _compiler(bundled=True).compile(input=b"", format="pdf")


_REMEMBERED = 10
"""Compilations after which typst drops what none of them used."""


@cache
def _compiler(*, bundled: bool) -> Compiler:
    """Looks for fonts once. Its root holds nothing but the drawing."""
    import typst

    return typst.Compiler(
        input=_HERE / "document.typ", root=_HERE, font_paths=[fonts.folder()], ignore_system_fonts=bundled
    )


def _drawn(compiler: Compiler, document: Document, font: fonts.Font) -> bytes:
    return _compiled(compiler, "document.typ", as_data(document) | {"font": font.name, "scale": font.scale})


def _compiled(compiler: Compiler, source: str, data: object) -> bytes:
    made = compiler.compile(
        input=_HERE / source,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=_STANDARDS,
        timestamp=_MOMENT,
    )
    assert isinstance(made, bytes)
    return made


_REFUSAL = re.compile(r'(?:the text|disallowed codepoint) `"((?:[^"\\]|\\.)+)"`')


def _refused(compiler: Compiler, error: Exception, font: fonts.Font) -> Iterable[str]:
    """The letters for which a document was refused. With a strange letter all that belong to it are named, even
    those that the font has: so each is tried alone."""
    named = dict.fromkeys("".join(map(_unescaped, _REFUSAL.findall(getattr(error, "diagnostic", "")))))
    return [letter for letter in named if not _stands_alone(compiler, letter, font)] or named


def _stands_alone(compiler: Compiler, letter: str, font: fonts.Font) -> bool:
    import typst

    try:
        _compiled(compiler, "letter.typ", {"letter": letter, "font": font.name})
    except typst.TypstError:
        return False
    return True


_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")
_SHORT = {"0": "\0", "n": "\n", "r": "\r", "t": "\t"}


def _unescaped(named: str) -> str:
    """What stands between the quotes of a message, as Rust prints it."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else _SHORT.get(found[2], found[2]), named)


_NEW_LINE = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_MARK = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")
"""Without ink: of a file's encoding, and of directions, which would show a text in another order than it has."""


def _printable(text: str) -> str:
    """A text without what is no letter: one kind of line end, a space for a tab, no control characters."""
    return _MARK.sub("", without_control_characters(_NEW_LINE.sub("\n", text).replace("\t", " ")))
