"""A document as a Word file, drawn anew or into an agency's own template."""

from __future__ import annotations

import datetime as dt
import io

from docx.opc.part import XmlPart
from docx.parts.document import DocumentPart

from ita_xl.files import reproducible, without_control_characters
from ita_xl.report.description import Document, mapped
from ita_xl.report.docx import parts
from ita_xl.report.docx import template as templates
from ita_xl.report.docx.blank import blank
from ita_xl.report.docx.body import Body
from ita_xl.report.docx.elements import tag
from ita_xl.report.docx.numbering import Numbering
from ita_xl.report.docx.pages import Pages
from ita_xl.report.docx.styles import Styles

_LONGEST = 255
"""Letters that a property of a document may have."""

_MOMENT = dt.datetime(2022, 8, 1, tzinfo=dt.UTC)
"""When every document was made, so that equal content gives equal bytes."""


def to_docx(document: Document, template: bytes | None = None) -> bytes:
    """The bytes of a .docx file; equal ones for equal documents.

    template: an agency's own .docx or .dotx. Its page, headers, footers and styles stay, and the document takes the
    place of its text. Raises `Unusable` for a template that is none, has macros, is encrypted or damaged.
    """
    document = mapped(document, _clean)
    part = blank() if template is None else templates.opened(template)
    styles = Styles(parts.styles(part))
    numbering = Numbering(parts.numbering(part), styles, thai_digits=document.thai_digits)
    pages = Pages(part, styles, footer=document.footer, thai_digits=document.thai_digits, draft=document.draft)
    body = Body(part, styles, numbering, thai=document.thai_digits, drawings=_last_drawing(part))
    body.fill(document, pages)
    parts.tidy(part)
    _describe(part, document)
    made = io.BytesIO()
    part.save(made)
    return reproducible(made.getvalue())


def _clean(text: str) -> str:
    """A text that XML can hold, its lines parted by line feeds only."""
    return without_control_characters(text).replace("\r\n", "\n").replace("\r", "\n")


def _last_drawing(part: DocumentPart) -> int:
    """The highest id of a drawing in a document, whose headers may have some."""
    roots = [one.element for one in parts.package_of(part).iter_parts() if isinstance(one, XmlPart)]
    found = (one.get("id", "0") for root in roots for one in root.iter(tag("wp:docPr")))
    return max((int(number) for number in found if number.isdigit()), default=0)


def _describe(part: DocumentPart, document: Document) -> None:
    properties = part.core_properties
    properties.title = document.title[:_LONGEST]
    properties.author = document.author[:_LONGEST]
    properties.subject = document.subject[:_LONGEST]
    properties.language = "th-TH"
    properties.last_modified_by = ""
    properties.revision = 1
    properties.created = properties.modified = _MOMENT
