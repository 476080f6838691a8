"""Who may import whom: `ORDER` names the rooms from the ground up, and a room imports only rooms before it."""

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


def room(name: str) -> str:
    """The room of a module by its full name: the folder, or the module where it has none."""
    return name.removeprefix("ita_xl.").split(".")[0]


def name_of(path: Path) -> str:
    return ".".join(("ita_xl", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


@pytest.mark.parametrize("path", [m for m in MODULES if room(name_of(m)) == "domain"], ids=lambda p: p.stem)
def test_the_domain_needs_only_itself_the_standard_library_and_structs(path: Path) -> None:
    for name in imports(path):
        top = name.split(".")[0]
        ours = name.startswith(("ita_xl.domain.", "msgspec.Struct", "msgspec.field", "msgspec.structs."))
        assert top in sys.stdlib_module_names or ours, name
        assert top not in ("os", "io", "pathlib", "sys", "json", "csv", "sqlite3"), f"{path.stem} does I/O"


ORDER = [
    "begun",
    *("domain", "data", "files", "log", "layout", "case", "engines", "reading", "views", "writing", "drawing"),
    *(
        "publishing",
        "pipeline",
        "report",
        "new",
        "carry",
        "structures",
        "importing",
        "mail",
        "signing",
        "jobs",
        "forms",
        "survey",
        "batch",
        "live_jobs",
        "udfs",
        "addin",
        "window",
    ),
    "cli",
]
"""From the ground up: a room may import only rooms before it."""


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_arrows_between_rooms_go_one_way(path: Path) -> None:
    here = room(name_of(path))
    if here in ("ita_xl", "__main__"):
        return
    for name in imports(path):
        if name.startswith("ita_xl.") and room(name) != "__version__":
            assert ORDER.index(room(name)) <= ORDER.index(here), f"{path.name} imports {name}"


def test_openpyxl_is_known_only_to_the_drawer_and_its_engine() -> None:
    users = {
        m.relative_to(PACKAGE).as_posix() for m in MODULES if any(n.startswith("openpyxl") for n in imports(m))
    }
    assert {u for u in users if not u.startswith("drawing/")} == {"engines/by_openpyxl.py"}


HEAVY = {"numpy", "pandas", "pyarrow", "typst", "xlsxwriter", "xlwings"}


def test_heavy_libraries_are_imported_only_where_they_are_used() -> None:
    for path in (module for module in MODULES if module.name != "udfs.py"):  # only xlwings itself imports that one
        heavy = {n.split(".")[0] for n in imports(path, deep=False)} & HEAVY
        assert not heavy, f"{path} imports {heavy} at the top"


def test_only_one_module_knows_xlwings_and_only_the_live_engine_what_lies_behind_it() -> None:
    """All others get its objects; their names for types are not imported when the program runs."""
    for path in MODULES:
        source = path.read_text(encoding="utf-8")
        assert "xlwings.pro" not in source
        if path.name not in ("excel.py", "udfs.py"):
            running = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Import)]
            assert "xlwings" not in {alias.name.split(".")[0] for node in running for alias in node.names}, path
            assert ".api" not in source or path.parent.name == "live", path


def test_no_module_outside_the_texts_speaks_thai_sentences() -> None:
    """Thai in code is allowed as an address (sheet titles), and as what people type."""
    speaking = {
        path.relative_to(PACKAGE).as_posix()
        for path in MODULES
        if any(len(s) > 12 and sum("ก" <= c <= "๙" for c in s) > 12 for s in _strings(path))
    }
    assert speaking <= {
        *(f"importing/{m}.py" for m in ("heads", "job", "recognise", "sentences", "subjects")),
        "domain/naming.py",
        "domain/thai.py",
        "domain/plan.py",
        "layout/heights.py",
        *(
            f"layout/{m}.py"
            for m in ("inputs", "outputs", "plan", "expert", "imported", "removed", "topics", "follow")
        ),
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
