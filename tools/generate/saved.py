"""Workbooks as office programs save them: the texts of all cells in one table, in each workbook another one."""

from __future__ import annotations

import re
from html import escape

from ita_xl.engines.package.archive import Archive

_TABLE = "xl/sharedStrings.xml"
_SPACE = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
_RELATION = (
    b'<Relationship Id="rIdS" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    b'sharedStrings" Target="sharedStrings.xml"/>'
)
_OVERRIDE = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    b'spreadsheetml.sharedStrings+xml"/>'
)
_INLINE = re.compile(rb'<c ([^>]*?) ?t="inlineStr"><is>(.*?)</is></c>', re.DOTALL)


def shared_strings(content: bytes) -> bytes:
    """Texts in the shared table instead of in their cells."""
    archive = Archive(content)
    table: dict[bytes, int] = {}

    def share(match: re.Match[bytes]) -> bytes:
        number = table.setdefault(match[2], len(table))
        return b'<c %s t="s"><v>%d</v></c>' % (match[1].strip(), number)

    for name in archive.names:
        if name.startswith("xl/worksheets/sheet"):
            archive.write(name, _INLINE.sub(share, archive.read(name)))
    archive.write(_TABLE, _SPACE + b"".join(b"<si>%s</si>" % text for text in table) + b"</sst>")
    for name, end, added in (
        ("xl/_rels/workbook.xml.rels", b"</Relationships>", _RELATION),
        ("[Content_Types].xml", b"</Types>", _OVERRIDE),
    ):
        archive.write(name, archive.read(name).replace(end, added + end))
    return archive.packed()


def own_table(content: bytes, text: str) -> bytes:
    """The same workbook with one more text in its shared table: no other has just this table."""
    archive = Archive(content)
    entry = f"<si><t>{escape(text)}</t></si>".encode()
    archive.write(_TABLE, archive.read(_TABLE).replace(b"</sst>", entry + b"</sst>"))
    return archive.packed()
