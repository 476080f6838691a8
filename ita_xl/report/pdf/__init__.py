"""A document as PDF: tagged, archivable, the same bytes for the same content. typst draws it."""

from ita_xl.report.pdf.render import Pdf, forget, to_pdf

__all__ = ["Pdf", "forget", "to_pdf"]
