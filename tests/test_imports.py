"""Who may import whom: left may import right.

cli, tools -> jobs, new -> pipeline -> workbook, outcome -> data -> domain -> standard library
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "ita_xl"
MODULES = sorted(PACKAGE.rglob("*.py"))


def imports(path: Path, *, deep: bool = True) -> set[str]:
    """Full names of what a module imports; without `deep` only at its top level."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = ast.walk(tree) if deep else iter(tree.body)
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room(path: Path) -> str:
    """The part of the package that a module belongs to."""
    inside = path.relative_to(PACKAGE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


@pytest.mark.parametrize("path", [m for m in MODULES if room(m) == "domain"], ids=lambda p: p.stem)
def test_the_domain_needs_only_itself_and_the_standard_library(path: Path) -> None:
    for name in imports(path):
        top = name.split(".")[0]
        assert top in sys.stdlib_module_names or name.startswith("ita_xl.domain"), name
        assert top not in ("os", "io", "pathlib", "sys", "json", "csv", "sqlite3"), f"{path.stem} does I/O"


ALLOWED = {
    "data": {"domain", "data"},
    "files": {"domain"},
    "outcome": {"domain", "data", "workbook"},
    "workbook": {"domain", "data", "workbook", "outcome", "files"},
    "scores_csv": {"domain", "data", "workbook"},
    "pipeline": {"domain", "data", "workbook", "outcome"},
    "new": {"domain", "data", "workbook", "scores_csv"},
    "jobs": {"domain", "files", "outcome", "pipeline", "workbook"},
}


@pytest.mark.parametrize(
    "path", [m for m in MODULES if room(m) in ALLOWED], ids=lambda p: str(p.relative_to(PACKAGE))
)
def test_arrows_between_rooms_go_one_way(path: Path) -> None:
    for name in imports(path):
        if name.startswith("ita_xl."):
            assert name.split(".")[1] in ALLOWED[room(path)], f"{path.name} imports {name}"


def test_openpyxl_is_known_only_to_the_drawer_and_its_adapter() -> None:
    users = {str(m.relative_to(PACKAGE)) for m in MODULES if any(n.startswith("openpyxl") for n in imports(m))}
    assert {u for u in users if not u.startswith("workbook/draw/")} == {"workbook/headless.py"}


def test_heavy_libraries_are_imported_only_where_they_are_used() -> None:
    for path in MODULES:
        heavy = {n.split(".")[0] for n in imports(path, deep=False)} & {"pandas", "numpy", "xlwings"}
        assert not heavy, f"{path} imports {heavy} at the top"


def test_no_module_outside_the_texts_speaks_thai_sentences() -> None:
    """Thai in code is allowed as an address (sheet titles), as what people type, and in help."""
    speaking = {
        str(path.relative_to(PACKAGE))
        for path in MODULES
        if any(len(s) > 12 and sum("ก" <= c <= "๙" for c in s) > 12 for s in _strings(path))
    }
    assert speaking <= {
        "cli.py",
        "domain/thai.py",
        *(f"workbook/schema/{m}.py" for m in ("inputs", "outputs", "expert")),
    }


def _strings(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, documented)}
    texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return [text for text in texts if text not in docs]


def test_modules_stay_short() -> None:
    for path in MODULES:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines <= 400, f"{path}: {lines} lines"
