"""The add-in file ita_xl.xlam, from the text sources beside this module: no Excel needed, always the same bytes."""

from __future__ import annotations

import re
from importlib.resources import files
from xml.sax.saxutils import escape

from ita_xl import __version__
from ita_xl.addin import generated
from ita_xl.addin.ovba import Module, ModuleKind, vba_project
from ita_xl.addin.package import ADDIN, SETTINGS_CODE_NAME, WORKBOOK, package
from ita_xl.data import say

NAME = "ita_xl.xlam"
PROJECT = "ItaXl"
PYTHON_ON_THE_PATH = "pythonw.exe"


def build(python: str = PYTHON_ON_THE_PATH) -> bytes:
    """The add-in. python: the windowless interpreter that the buttons start; Windows expands %VARIABLES% in it."""
    return package(ADDIN, vba_project(PROJECT, modules()), ribbon(), _settings(python))


def twin(python: str = PYTHON_ON_THE_PATH) -> bytes:
    """The same as an .xlsm workbook, which LibreOffice can load: it opens no .xlam."""
    return package(WORKBOOK, vba_project(PROJECT, modules()), ribbon(), _settings(python))


def modules() -> list[Module]:
    """The VBA project, module by module."""
    documents = ("ThisWorkbook", SETTINGS_CODE_NAME)
    return [
        *(Module(name, _source(f"{name}.cls"), ModuleKind.DOCUMENT) for name in documents),
        *(Module(name, _source(f"{name}.bas")) for name in ("ItaRibbon", "ItaSheets", "ItaLevels")),
        generated.years(),
        generated.texts(),
    ]


def ribbon() -> str:
    """The tab's XML with its Thai words in place."""
    return re.sub(
        r"\{(\w+)\}",
        lambda slot: escape(say(f"ribbon.{slot[1]}"), {'"': "&quot;", "\n": "&#10;"}),
        _source("customUI14.xml"),
    )


def _settings(python: str) -> dict[str, str]:
    # The first one stands in B1, where ItaRibbon.bas looks.
    return {"python": python, "version": __version__}


def _source(name: str) -> str:
    return files(__package__).joinpath("source", name).read_text(encoding="utf-8")
