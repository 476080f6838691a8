"""The Open XML package around the VBA project and the ribbon: one sheet with the settings, and nothing more."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.etree import ElementTree
from xml.sax.saxutils import escape

ADDIN = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
WORKBOOK = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
SETTINGS_CODE_NAME = "Settings"

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MICROSOFT = "http://schemas.microsoft.com/office"
_OURS = "application/vnd.openxmlformats-"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EPOCH = (1980, 1, 1, 0, 0, 0)
_SHEET = "xl/worksheets/sheet1.xml"


def package(kind: str, vba: bytes, ribbon: str, settings: Mapping[str, str]) -> bytes:
    """kind: ADDIN or WORKBOOK. settings: what differs from desk to desk. It stands in cells, so that the VBA
    project is the same for all and can be signed once."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _content_types(kind),
        "_rels/.rels": _relations(
            (f"{_OFFICE}/officeDocument", "xl/workbook.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            (f"{_MICROSOFT}/2007/relationships/ui/extensibility", "customUI/customUI14.xml"),
        ),
        "docProps/core.xml": _CORE,
        "xl/workbook.xml": _BOOK,
        "xl/_rels/workbook.xml.rels": _relations(
            (f"{_OFFICE}/worksheet", "worksheets/sheet1.xml"),
            (f"{_OFFICE}/styles", "styles.xml"),
            (f"{_MICROSOFT}/2006/relationships/vbaProject", "vbaProject.bin"),
        ),
        _SHEET: _settings_sheet(settings),
        "xl/styles.xml": _STYLES,
        "xl/vbaProject.bin": vba,
        "customUI/customUI14.xml": ribbon,
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        for name, content in parts.items():
            # Stored, not deflated: what deflate makes of it depends on the library that a Python was built with.
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o600 << 16
            opened.writestr(entry, content)
    return made.getvalue()


def settings_of(content: bytes) -> dict[str, str]:
    """The settings of a package that `package` made; empty for any other file."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            cells = ElementTree.fromstring(opened.read(_SHEET)).iter(f"{{{_MAIN}}}t")
            words = [cell.text or "" for cell in cells]
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError):
        return {}
    return dict(zip(words[::2], words[1::2], strict=False))


def _content_types(kind: str) -> str:
    defaults = {
        "rels": f"{_OURS}package.relationships+xml",
        "xml": "application/xml",
        "bin": "application/vnd.ms-office.vbaProject",
    }
    overrides = {
        "xl/workbook.xml": kind,
        _SHEET: f"{_OURS}officedocument.spreadsheetml.worksheet+xml",
        "xl/styles.xml": f"{_OURS}officedocument.spreadsheetml.styles+xml",
        "docProps/core.xml": f"{_OURS}package.core-properties+xml",
    }
    lines = [f'<Default Extension="{key}" ContentType="{value}"/>' for key, value in defaults.items()]
    lines += [f'<Override PartName="/{key}" ContentType="{value}"/>' for key, value in overrides.items()]
    return f'{_XML}<Types xmlns="{_PACKAGE}/content-types">{"".join(lines)}</Types>'


def _relations(*targets: tuple[str, str]) -> str:
    lines = (
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{"".join(lines)}</Relationships>'


def _settings_sheet(settings: Mapping[str, str]) -> str:
    rows = "".join(
        f'<row r="{row}">{_cell(f"A{row}", key)}{_cell(f"B{row}", value)}</row>'
        for row, (key, value) in enumerate(settings.items(), 1)
    )
    head = f'<worksheet xmlns="{_MAIN}"><sheetPr codeName="{SETTINGS_CODE_NAME}"/>'
    return f"{_XML}{head}<sheetData>{rows}</sheetData></worksheet>"


def _cell(address: str, text: str) -> str:
    return f'<c r="{address}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


_CORE = f"""{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" \
xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>ita_xl</dc:title></cp:coreProperties>"""

_BOOK = f"""{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><workbookPr codeName="ThisWorkbook"/>\
<sheets><sheet name="ita_xl" sheetId="1" r:id="rId1"/></sheets></workbook>"""

_STYLES = f"""{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font>\
</fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>\
</fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""
