"""A document as PDF: what a reader, a screen reader and an archive find in it."""

from __future__ import annotations

import io

import pikepdf

from ita_xl.report.pdf import to_pdf
from tests import papers


def test_every_kind_of_block_is_drawn() -> None:
    made = to_pdf(papers.demonstration())
    assert made.font == "Sarabun" and not made.findings
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        assert len(pdf.pages) == 10
