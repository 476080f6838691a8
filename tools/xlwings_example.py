"""A workbook that shows both ways in which xlwings' own add-in calls ita_xl: macros and worksheet functions.

python -m tools.xlwings_example OUT.xlsm
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import xlsxwriter

from ita_xl.addin import build
from ita_xl.addin.ovba import Module, ModuleKind, vba_project
from ita_xl.addin.package import SETTINGS_CODE_NAME
from ita_xl.data import say
from ita_xl.files import write_whole
from ita_xl.live_jobs import JOBS

CONF = {"Interpreter_Win": "", "UDF Modules": "ita_xl.udfs", "Debug UDFs": "False"}
"""The sheet xlwings.conf: an interpreter left empty is the one of the add-in's own settings."""

_MACRO = """
Public Sub Ita{name}()
    Application.Run "xlwings.xlam!RunPython", "import ita_xl.live_jobs as m; m.{function}()"
End Sub
"""
_SHOWN = (
    ("=ITA_LEVEL(96.99,97.5,94.2,98.1,2565)", "udf.ITA_LEVEL.about"),
    ("=ITA_GAP(92,94.99,96,96,2567)", "udf.ITA_GAP.about"),
)


def modules() -> list[Module]:
    """The macros, and the documents that a project must have."""
    verbs = (verb for verb in JOBS if verb != "import")
    macros = (
        _MACRO.format(name="".join(word.title() for word in verb.split("-")), function=verb.replace("-", "_"))
        for verb in verbs
    )
    documents = [module for module in build.modules() if module.kind is ModuleKind.DOCUMENT]
    return [*documents, Module("ItaMacros", 'Attribute VB_Name = "ItaMacros"\nOption Explicit\n' + "".join(macros))]


def example() -> bytes:
    """Always the same bytes but for the moment in them."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet("ITA")
    page.set_column(0, 0, 40)
    page.set_column(1, 1, 90)
    for row, (formula, about) in enumerate(_SHOWN):
        page.write_string(row, 0, formula)
        page.write_formula(row, 1, formula)
        page.write_string(row, 2, say(about))
    conf = book.add_worksheet("xlwings.conf")
    for row, (key, value) in enumerate(CONF.items()):
        conf.write_string(row, 0, key)
        conf.write_string(row, 1, value)
    book.set_vba_name("ThisWorkbook")
    page.set_vba_name(SETTINGS_CODE_NAME)
    book.add_vba_project(io.BytesIO(vba_project("ItaExample", modules())), True)
    book.close()
    return out.getvalue()


if __name__ == "__main__":
    write_whole(Path(sys.argv[1]), example())
