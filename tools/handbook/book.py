"""The handbook as one PDF, drawn by typst in the letters of our documents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import typst
from markdown_it.tree import SyntaxTreeNode as Node
from PIL import Image

from ita_xl import __version__
from ita_xl.report.pdf import fit, fonts
from tools.handbook import FOLDER, ROOT
from tools.handbook.chapters import Chapter, chapters, plain, read

Plain = dict[str, Any]
TARGET = ROOT / "build" / "คู่มือ.pdf"
_MOMENT = 1_659_312_000
"""As in all files that we make: equal content gives equal bytes."""
_TORN = 14
"""Lines of what is typed, and rows of a table, that may be parted by the end of a page."""
_WIDTH, _HEIGHT = 16.0, 11.4
"""Centimetres: between the margins, and of the tallest picture."""
_EVENED = 0.6
"""The power of its longest text by which a column is wide: without it a short one would have no room."""
_WHOLE, _SHORT = 34, 18
"""Letters of a word that no line's end parts: in a line to type, and in a sentence, if it has no Thai."""


def make(target: Path = TARGET) -> Path:
    """Draw all chapters into a file. Raises `typst.TypstError` where a letter or a picture is missing."""
    font = fonts.choose("")
    data = as_data(read(FOLDER / "README.md"), chapters()) | {"font": font.name, "scale": font.scale}
    compiler = typst.Compiler(
        input=Path(__file__).with_name("book.typ"),
        root=ROOT,
        font_paths=[fonts.folder()],
        ignore_system_fonts=font.bundled,
    )
    made = compiler.compile(
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=_MOMENT,
    )
    assert isinstance(made, bytes)
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(made)
    return target


def as_data(index: Chapter, told: Sequence[Chapter]) -> Plain:
    """All that the drawing asks for, but for the font. index: its title stands on the cover."""
    title, *lines = index.title.split(" สำหรับ")
    return {
        "title": title,
        "subtitle": [f"สำหรับ{line}" for line in lines],
        "imprint": [f"ita_xl รุ่น {__version__}"],
        "author": "ita_xl",
        "contents": "สารบัญ",
        "chapters": [_blocks(chapter.root.children, chapter.path) for chapter in told],
    }


def _blocks(nodes: Iterable[Node], path: Path) -> list[Plain]:
    kept = [node for node in nodes if node.type != "html_block"]
    return [_block(node, then, path) for node, then in zip(kept, [*kept[1:], None], strict=True)]


def _block(node: Node, then: Node | None, path: Path) -> Plain:
    match node.type:
        case "heading":
            level = int(node.tag[1])
            return {
                "kind": "heading",
                "level": level,
                "parts": _inline(node),
                "label": path.name if level == 1 else "",
            }
        case "paragraph":
            pictures = [one for one in node.walk() if one.type == "image"]
            if pictures:
                return _picture(node, pictures[0], path)
            sticky = then is not None and then.type in ("fence", "table", "bullet_list", "ordered_list")
            return {"kind": "paragraph", "parts": _inline(node), "sticky": sticky}
        case "fence":
            lines, typed = node.content.splitlines(), node.info.startswith("console")
            return {
                "kind": "typed" if typed else "printed",
                "lines": [_typed(line, latin=typed, alone=typed) for line in lines],
                "whole": len(lines) < _TORN,
                "answered": then is not None and then.type == "fence",
            }
        case "bullet_list" | "ordered_list":
            return {
                "kind": "dashes" if node.type == "bullet_list" else "numbered",
                "start": int(node.attrs.get("start", 1)),
                "items": [_blocks(item.children, path) for item in node.children],
            }
        case "blockquote":
            return {"kind": "note", "blocks": _blocks(node.children, path)}
        case "table":
            return _table(node)
    raise ValueError(f"{path.name}: the book cannot show {node.type}")


def _picture(node: Node, picture: Node, path: Path) -> Plain:
    """A picture and, in the same paragraph, what is said of it."""
    place = (path.parent / unquote(str(picture.attrs["src"]))).resolve()
    across, down = Image.open(place).size
    parts = [part for part in _inline(node) if part["kind"] != "picture"]
    return {
        "kind": "picture",
        "path": f"/{place.relative_to(ROOT).as_posix()}",
        "alt": plain(picture) or picture.content,
        "width": 100 * min(1, _HEIGHT * across / down / _WIDTH),
        "parts": parts[1:],
    }


def _table(node: Node) -> Plain:
    rows = [row.children for part in node.children for row in part.children]
    longest = [max(len(plain(row[at])) for row in rows) for at in range(len(rows[0]))]
    return {
        "kind": "table",
        "whole": len(rows) < _TORN,
        "widths": [length**_EVENED for length in longest],
        "header": [_inline(cell) for cell in rows[0]],
        "rows": [[{"parts": _inline(cell)} for cell in row] for row in rows[1:]],
    }


def _inline(node: Node) -> list[Plain]:
    """The parts of a line of text; each in the pieces between which it may break."""
    parts: list[Plain] = []
    for one in node.children[0].children if node.children else ():
        if one.type == "softbreak":
            parts.append({"kind": "text", "pieces": [" "]})
        elif one.type == "text":
            parts.append({"kind": "text", "pieces": fit.pieces(one.content)})
        elif one.type == "code_inline":
            parts.append({"kind": "code", "tokens": _typed(one.content, latin=one.content.isascii())})
        elif one.type == "strong":
            parts.append({"kind": "strong", "pieces": fit.pieces(plain(one))})
        elif one.type == "link":
            parts.append(_link(one))
        elif one.type == "image":
            parts.append({"kind": "picture", "pieces": []})
        elif one.type == "hardbreak":
            parts.append({"kind": "break", "pieces": []})
        else:
            raise ValueError(f"the book cannot show {one.type}: {plain(node)}")
    return parts


def _typed(line: str, *, latin: bool, alone: bool = False) -> list[Plain]:
    """The words of a line to type. latin: whether those without Thai stand in letters of one width. alone: whether
    the line stands in no sentence."""
    return [
        {
            "pieces": fit.pieces(word),
            "latin": latin and word.isascii(),
            "whole": len(word) <= (_WHOLE if alone else _SHORT if word.isascii() else 0),
        }
        for word in line.split(" ")
    ]


def _link(node: Node) -> Plain:
    """To another chapter; of what is not in the book only the words are shown."""
    target = unquote(str(node.attrs["href"]))
    chapter = any(target == one.name for one in FOLDER.glob("[0-9][0-9]-*.md"))
    return {
        "kind": "link" if chapter else "text",
        "pieces": fit.pieces(plain(node)),
        "chapter": target,
    }
