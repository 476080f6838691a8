"""The document that a report stands in where an agency gives no template of its own."""

from __future__ import annotations

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.package import Package
from docx.parts.document import DocumentPart
from docx.parts.settings import SettingsPart
from docx.parts.styles import StylesPart
from lxml import etree

from ita_xl.report.docx import styles
from ita_xl.report.docx.elements import Element, el
from ita_xl.report.docx.pages import a4

_COLOURS = {
    "dk1": styles.INK,
    "lt1": "FFFFFF",
    "dk2": "1F3864",
    "lt2": styles.PALE_BLUE,
    "accent1": "2E75B6",
    "accent2": "A6A6A6",
    "accent3": "1E6B34",
    "accent4": "7F6000",
    "accent5": "9C0006",
    "accent6": styles.LINE,
    "hlink": "1F3864",
    "folHlink": styles.LINE,
}


def blank() -> DocumentPart:
    """A package with what Word asks of one: body, styles, settings, fonts and a theme."""
    package = Package()
    body = el("w:document", el("w:body", a4()))
    main = DocumentPart(PackURI("/word/document.xml"), CONTENT_TYPE.WML_DOCUMENT_MAIN, body, package)  # type: ignore[arg-type]  # lxml's own type
    package.relate_to(main, RELATIONSHIP_TYPE.OFFICE_DOCUMENT)
    sheet = StylesPart(PackURI("/word/styles.xml"), CONTENT_TYPE.WML_STYLES, styles.blank(), package)  # type: ignore[arg-type]
    settings = SettingsPart(PackURI("/word/settings.xml"), CONTENT_TYPE.WML_SETTINGS, _settings(), package)  # type: ignore[arg-type]
    main.relate_to(sheet, RELATIONSHIP_TYPE.STYLES)
    main.relate_to(settings, RELATIONSHIP_TYPE.SETTINGS)
    for name, kind, relation, content in (
        ("fontTable", CONTENT_TYPE.WML_FONT_TABLE, RELATIONSHIP_TYPE.FONT_TABLE, _fonts()),
        ("theme/theme1", CONTENT_TYPE.OFC_THEME, RELATIONSHIP_TYPE.THEME, _theme()),
    ):
        written = etree.tostring(content, xml_declaration=True, encoding="UTF-8", standalone=True)
        main.relate_to(Part(PackURI(f"/word/{name}.xml"), kind, written, package), relation)
    return main


def _settings() -> Element:
    word = "http://schemas.microsoft.com/office/word"
    return el(
        "w:settings",
        el("w:defaultTabStop", val=720),
        el("w:characterSpacingControl", val="doNotCompress"),
        el("w:compat", el("w:compatSetting", name="compatibilityMode", uri=word, val=15)),
        el("w:themeFontLang", val="en-US", bidi="th-TH"),
        el("w:decimalSymbol", val="."),
        el("w:listSeparator", val=","),
    )


def _fonts() -> Element:
    """The official font, and what may stand for it where it is missing."""
    kind = el("w:charset", val="00"), el("w:family", val="swiss"), el("w:pitch", val="variable")
    font = el("w:font", el("w:altName", val=styles.OLDER_FONT), *kind, name=styles.FONT)
    return el("w:fonts", font)


def _theme() -> Element:
    """What Word offers in its menus: our colours and the official font."""
    colours = [el(f"a:{name}", el("a:srgbClr", val=colour)) for name, colour in _COLOURS.items()]
    faces = [
        el(
            f"a:{kind}Font",
            el("a:latin", typeface=styles.FONT),
            el("a:ea", typeface=""),
            el("a:cs", typeface=styles.FONT),
        )
        for kind in ("major", "minor")
    ]

    def fill() -> Element:
        return el("a:solidFill", el("a:schemeClr", val="phClr"))

    effect = "a:effectStyle"
    looks = el(
        "a:fmtScheme",
        el("a:fillStyleLst", *(fill() for _ in range(3))),
        el("a:lnStyleLst", *(el("a:ln", fill(), w=6350) for _ in range(3))),
        el("a:effectStyleLst", *(el(effect, el("a:effectLst")) for _ in range(3))),
        el("a:bgFillStyleLst", *(fill() for _ in range(3))),
        name="ITA",
    )
    scheme = el("a:clrScheme", *colours, name="ITA"), el("a:fontScheme", *faces, name="ITA"), looks
    return el("a:theme", el("a:themeElements", *scheme), name="ITA")
