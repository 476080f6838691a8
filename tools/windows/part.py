"""What CI runs on Windows: a plugin of pytest that leaves out the modules named here, by skipping each of their
tests with the reason, so that every test of the project is counted. `--all` runs them too.

A module that is not named is run. Named may be only what would end the same on every system.
"""

from __future__ import annotations

import pytest

_CELLS = "left out of CI: reads, judges and words cells in memory, as on every system"
_PACKAGES = "left out of CI: draws sheets, or mends their XML, in memory, as on every system"
_BOOK = (
    "left out of CI: follows the handbook in one process, with the commands that test_windows_desk gives Windows"
)
_PAPERS = "left out of CI: sets documents in memory, as on every system"
_SOURCE = "left out of CI: reads the source of the program"
_LONG = "left out of CI: takes long, and asks nothing of the system that others do not ask, too"

LEFT_OUT = {
    _CELLS: (
        *("areas", "bad_tables", "causes", "chief", "first_page", "fit_for_a_website", "free_tables", "holds"),
        *("keys", "learning", "memory_spelling", "moved_rows", "moved_ties", "next_plan", "next_year", "one_text"),
        *(
            "other_structures",
            "outputs",
            "plan",
            "points",
            "portfolio_measures",
            "profiles",
            "recheck",
            "reference",
        ),
        *("removed", "renamed", "results", "rooted_rows", "row_laws", "rows", "scheme", "sentences", "signed"),
        *("simulation", "told_truly", "topics", "typed_plan", "weakest", "wordings_shown"),
    ),
    _PACKAGES: (
        *("corpus", "engines", "form", "further_rows", "graft", "heights", "lossless", "older", "openxml", "quick"),
        "repair",
    ),
    _PAPERS: ("docx_template", "report", "report_input", "report_results"),
    _BOOK: ("handbook",),
    _SOURCE: ("imports",),
    _LONG: (
        *(
            "docx",
            "forms_hostile",
            "generate",
            "hostile",
            "live_failures",
            "mailing",
            "packages",
            "pdf",
            "portfolio",
        ),
        *("published", "structures", "survey", "template", "year_round"),
    ),
}
"""By the reason, the modules `tests/test_NAME.py`."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    why = {f"test_{name}": reason for reason, names in LEFT_OUT.items() for name in names}
    for item in items:
        if reason := why.get(item.path.stem):
            item.add_marker(pytest.mark.skip(reason=reason), append=False)
