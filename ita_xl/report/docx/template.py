"""An agency's own document to write a report into: which ones can be taken, and what of them goes."""

from __future__ import annotations

import io
import zipfile
import zlib

from docx.opc.constants import CONTENT_TYPE
from docx.opc.part import PartFactory
from docx.package import Package
from docx.parts.document import DocumentPart
from lxml import etree

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.files import is_encrypted, members
from ita_xl.report.docx.elements import tag

_PARTS = "[Content_Types].xml"
_TEMPLATE = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
_MACROS = (b"application/vnd.ms-word.document.macroEnabled", b"application/vnd.ms-word.template.macroEnabled")
_MACROS_TOO = b"application/vnd.ms-office.vbaProject"
_TAKEN = (zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, KeyError, ValueError, AttributeError, IndexError)
"""What python-docx raises over a file that is none, or lacks something."""

PartFactory.part_type_for[_TEMPLATE] = DocumentPart


def opened(content: bytes) -> DocumentPart:
    """The document of a template, .docx or .dotx. Raises `Unusable` for anything else."""
    if is_encrypted(content):
        raise Unusable(Finding(Code.TEMPLATE_ENCRYPTED))
    if not content.startswith(b"PK"):
        raise Unusable(Finding(Code.TEMPLATE_NOT_WORD))
    try:
        return _opened(content)
    except _TAKEN as error:
        raise Unusable(Finding(Code.TEMPLATE_DAMAGED, values={"detail": str(error)[:200]})) from error


def _opened(content: bytes) -> DocumentPart:
    members(content)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if (broken := package.testzip()) is not None:
            raise zipfile.BadZipFile(broken)
        types = package.read(_PARTS)
    if any(kind in types for kind in (*_MACROS, _MACROS_TOO)):
        raise Unusable(Finding(Code.TEMPLATE_WITH_MACROS))
    if b"wordprocessingml" not in types:
        raise Unusable(Finding(Code.TEMPLATE_NOT_WORD))
    part = Package.open(io.BytesIO(content)).main_document_part
    if not isinstance(part, DocumentPart) or part.element.find(tag("w:body")) is None:
        raise Unusable(Finding(Code.TEMPLATE_NOT_WORD))
    part._content_type = CONTENT_TYPE.WML_DOCUMENT_MAIN  # what comes out is a document, not a template
    return part
