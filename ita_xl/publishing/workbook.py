"""A copy of a workbook with just the published sheets, as values: what they print, and nothing else of it.

The package is put together anew from parts that are taken over by kind: sheets, their charts and pictures, styles
and theme. What else a workbook may hold (authors, comments, other sheets, links, macros) has no way in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from lxml import etree

from ita_xl.domain.codes import Code
from ita_xl.domain.contents import shown
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.engines.package import charts
from ita_xl.engines.package.archive import Archive
from ita_xl.engines.package.book import Book, local, parse_xml, rels_of, serialised
from ita_xl.engines.package.engine import Package
from ita_xl.engines.package.plain import plain
from ita_xl.engines.spelling import spelt
from ita_xl.layout import HOME, PUBLISHED, Sheet
from ita_xl.layout.address import Area, sheet_and_areas
from ita_xl.publishing.content import leave_out
from ita_xl.publishing.drawings import Drawings
from ita_xl.publishing.sheet import chart_figures, drawn_area, keep_rules, look_hidden, reduce
from ita_xl.publishing.styles import without_entry_colour
from ita_xl.publishing.visible import Visible
from ita_xl.reading.form import form_of
from ita_xl.reading.places import as_it_stands
from ita_xl.reading.titles import find_sheets

_EMPTY = b"PK\5\6" + bytes(18)
"""A package without members."""

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CONTENT_TYPES = "[Content_Types].xml"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_USUAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_LOOKS = {
    "styles": ("xl/styles.xml", f"{_SPREADSHEET}.styles+xml"),
    "theme": ("xl/theme/theme1.xml", "application/vnd.openxmlformats-officedocument.theme+xml"),
}
_DEFAULTS = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
_PROPERTIES = "docProps/core.xml"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_CORE_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_DUBLIN = "http://purl.org/dc/elements/1.1/"
_SHEET_PART = "xl/worksheets/sheet{}.xml"
_OUR_NAMES = "ITA_"
_LONGEST_FORMULA = 8192
"""Characters that the file format allows."""


def published(content: bytes, name: str) -> tuple[bytes, list[Finding]]:
    """The copy, and findings: what of the published sheets it had to leave out, and E813 for each formula that has
    no result. name: of the workbook, for messages.

    A published sheet that a person has hidden stays out, and one without content. Raises `Unusable`, E814 where
    none is left.
    """
    port = Package(content, name)
    try:
        return _Copy(content, port).made()
    except (etree.XMLSyntaxError, LookupError, StopIteration, ValueError) as error:
        detail = str(error) or type(error).__name__
        raise Unusable(Finding(Code.FILE_DAMAGED, values={"file": name, "detail": detail})) from error


class _Copy:
    """One copy in the making. sheets: the published ones by their actual title."""

    def __init__(self, content: bytes, port: Package) -> None:
        self._port = port
        self._old, self._new = Archive(content), Archive(_EMPTY)
        self._new.write(_CONTENT_TYPES, b"")  # to be the first member, by which programs tell what a file is
        self._book = Book(self._old)
        titles, _ = find_sheets(port)
        form_of(port, titles)
        self.sheets: dict[str, Sheet] = {
            titles[sheet.key]: as_it_stands(port, sheet, titles[sheet.key])
            for sheet in PUBLISHED
            if sheet.key in titles and titles[sheet.key] not in self._book.hidden
        }
        home = titles.get(HOME.key, "")
        self._agency = shown(port.read(home).at(*HOME.field("agency").at)) if home else ""
        self._trees = {title: parse_xml(plain(self._old.read(self._book.parts[title]))) for title in self.sheets}
        relations = _STRICT if _STRICT.partition("/officeDocument")[0] in self._book.namespace else _USUAL
        self._sights: dict[str, Visible] = {}
        self._drawn = Drawings(self._book, self._old, self._new, self._sights, relations)
        self._texts = self._shared_texts()
        looks = self._book.around.get("styles")
        self._styles, self._entry_looks = without_entry_colour(self._old.read(looks)) if looks else (b"", set())

    def made(self) -> tuple[bytes, list[Finding]]:
        empty = [title for title, sheet in self.sheets.items() if not self._has_content(title, sheet)]
        if not self._sights:
            raise Unusable(Finding(Code.NOTHING_TO_PUBLISH))
        findings: list[Finding] = []
        constants = dict(self._constants())
        names = [_name(name, meant) for name, meant in constants.items()]
        for number, (title, sight) in enumerate(self._sights.items(), 1):
            self._take_sheet(number, sight, constants)
            findings += sight.findings
            repeated = sheet_and_areas(self._own_names(title).get("Print_Titles", ""))[1]
            names += _print_names(number - 1, title, {"Print_Titles": repeated, "Print_Area": sight.areas})
        if self._drawn.left_out:
            findings.append(Finding(Code.OBJECTS_LEFT_OUT, values={"items": self._drawn.left_out}))
        if empty:
            findings.append(Finding(Code.SHEETS_WITHOUT_CONTENT, values={"sheets": ", ".join(empty)}))
        self._put_around(names)
        charts.refresh(self._new, set(self._sights), Package(self._new.packed(), "").read, store=True)
        return self._new.packed(), findings

    def _has_content(self, title: str, sheet: Sheet) -> bool:
        """Whether a sheet comes along; what of it does is then in its sight."""
        areas = sheet_and_areas(self._own_names(title).get("Print_Area", ""))[1] or drawn_area(sheet)
        sight = Visible(title, self._port.read(title), areas, chart_figures(sheet))
        tree = self._trees[title]
        look_hidden(tree, sight)
        stays = leave_out(sheet, sight, self._drawn.objects(tree, self._book.parts[title]))
        if stays:
            self._sights[title] = sight
        return stays

    def _take_sheet(self, number: int, sight: Visible, constants: Mapping[str, str]) -> None:
        part, root = self._book.parts[sight.title], self._trees[sight.title]
        relations = self._drawn.take_over(root, part, sight)
        reduce(root, sight, self._texts, first=number == 1)
        keep_rules(
            root, [name.get("name", "") for name in self._book.defined_names()], constants, self._entry_looks
        )
        new = _SHEET_PART.format(number)
        self._drawn.relate(new, relations)
        etree.cleanup_namespaces(root)
        self._new.write(new, serialised(root))
        self._drawn.types[new] = f"{_SPREADSHEET}.worksheet+xml"

    def _shared_texts(self) -> list[etree._Element]:
        """The texts that cells of many sheets share, by number."""
        part = self._book.around.get("sharedStrings")
        root = parse_xml(self._old.read(part)) if part else ()
        return [text for text in root if isinstance(text.tag, str) and local(text) == "si"]

    def _own_names(self, title: str) -> dict[str, str]:
        """What a sheet's own names mean, such as Print_Area."""
        place = str(self._book.titles.index(title))
        names = [n for n in self._book.defined_names() if n.get("localSheetId") == place]
        return {n.get("name", "").removeprefix("_xlnm."): n.text or "" for n in names}

    def _constants(self) -> Iterator[tuple[str, str]]:
        """Our names with the values that they stand for, because the sheets that they point to stay behind."""
        for name in self._book.defined_names():
            title, areas = sheet_and_areas(name.text or "")
            if name.get("name", "").startswith(_OUR_NAMES) and title in self._book.parts:
                grid = self._port.read(title)
                values = [value for area in areas for _, value in grid.within(area)]
                told = [_literal(value) for value in values if isinstance(value, str | int | float)]
                meant = told[0] if len(told) == 1 else f"{{{';'.join(told)}}}"
                if told and len(meant) <= _LONGEST_FORMULA:
                    yield name.get("name", ""), meant

    def _put_around(self, names: list[str]) -> None:
        """The workbook's own part, styles and theme, and the package's indexes."""
        relations = [("worksheet", "/" + _SHEET_PART.format(n)) for n in range(1, len(self._sights) + 1)]
        for kind, (part, form) in _LOOKS.items():
            source = self._book.around.get(kind)
            if source and rels_of(source) not in self._old:  # a theme with pictures is not worth them
                self._new.write(part, self._styles if kind == "styles" else self._old.read(source))
                self._drawn.types[part] = form
                relations.append((kind, f"/{part}"))
        self._new.write("xl/workbook.xml", self._workbook(names))
        self._drawn.types["xl/workbook.xml"] = f"{_SPREADSHEET}.sheet.main+xml"
        self._drawn.relate("xl/workbook.xml", relations)
        self._new.write(_PROPERTIES, self._properties())
        self._drawn.types[_PROPERTIES] = "application/vnd.openxmlformats-package.core-properties+xml"
        self._drawn.relate("", [("officeDocument", "/xl/workbook.xml"), (_CORE_RELATION, f"/{_PROPERTIES}")])
        defaults = {**_DEFAULTS, **self._drawn.extensions}
        types = [f'<Default Extension="{ending}" ContentType="{form}"/>' for ending, form in defaults.items()]
        types += [f'<Override PartName="/{p}" ContentType="{form}"/>' for p, form in self._drawn.types.items()]
        self._new.write(_CONTENT_TYPES, f'{_HEAD}<Types xmlns="{_TYPES}">{"".join(types)}</Types>'.encode())

    def _properties(self) -> bytes:
        """What the copy is, and whose: in the words of its first sheet, without a person's name or a time."""
        title, sheet = next((title, sheet) for title, sheet in self.sheets.items() if title in self._sights)
        says = [shown(self._port.read(title).at(*sheet.field(key).at)) for key in ("title", "agency")]
        about = escape(" ".join(filter(None, says)), quote=False)
        return (
            f'{_HEAD}<cp:coreProperties xmlns:cp="{_CORE}" xmlns:dc="{_DUBLIN}">'
            f"<dc:title>{about}</dc:title><dc:creator>{escape(self._agency, quote=False)}</dc:creator>"
            "</cp:coreProperties>"
        ).encode()

    def _workbook(self, names: list[str]) -> bytes:
        since_1904 = ' date1904="1"' if self._book.since_1904 else ""
        sheets = [
            f'<sheet name="{escape(title)}" sheetId="{number}" r:id="rId{number}"/>'
            for number, title in enumerate(self._sights, 1)
        ]
        listed = f"<definedNames>{''.join(names)}</definedNames>" if names else ""
        spaces = f'xmlns="{self._book.namespace}" xmlns:r="{self._drawn.relations}"'
        text = (
            f"{_HEAD}<workbook {spaces}><workbookPr{since_1904}/>"
            f"<bookViews><workbookView/></bookViews><sheets>{''.join(sheets)}</sheets>{listed}</workbook>"
        )
        return text.encode()


def _literal(value: str | float) -> str:
    """A value as a formula holds it."""
    return '"' + spelt(value).replace('"', '""') + '"' if isinstance(value, str) else f"{value:.15g}"


def _print_names(place: int, title: str, parts: Mapping[str, list[Area]]) -> Iterator[str]:
    quoted = "'" + title.replace("'", "''") + "'!"
    for name, areas in parts.items():
        if areas:
            meant = ",".join(quoted + area.absolute() for area in areas)
            yield _name(f"_xlnm.{name}", meant, f' localSheetId="{place}"')


def _name(name: str, meant: str, scope: str = "") -> str:
    return f'<definedName name="{name}"{scope}>{escape(meant, quote=False)}</definedName>'
