"""How often the live engine calls Excel, counted below COM with xlwings' own engine for Windows.

Calls are no times: the numbers are the same on every machine. Limits stand a little above what was counted.
"""

from __future__ import annotations

import pytest

from bench import calls

LIMITS = {
    ("validate", 1): 230,
    ("compute", 1): 1_700,
    ("compute", 2): 400,
    ("report", 1): 420,
    ("import", 1): 250,
    ("hand-out", 1): 420,
}
"""By job, and the how many-th time it was done on one open workbook."""


@pytest.fixture(scope="module")
def counted() -> dict[tuple[str, int], int]:
    found: dict[tuple[str, int], int] = {}
    for job, kinds in calls.counted(calls.SAMPLE):
        found[job, 2 if (job, 1) in found else 1] = kinds.total()
    return found


@pytest.mark.parametrize("job", LIMITS, ids=lambda job: f"{job[0]} {job[1]}")
def test_a_job_calls_excel_only_so_often(counted: dict[tuple[str, int], int], job: tuple[str, int]) -> None:
    if job == ("report", 1) and job not in counted:
        pytest.skip("no document can be made on this computer")
    assert 0 < counted[job] <= LIMITS[job]
