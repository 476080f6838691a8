from __future__ import annotations

from decimal import Decimal

import pytest

from ita_xl.domain.effect import Effect, Progress, effect, mean
from ita_xl.layout.labels import progress_of


@pytest.mark.parametrize(
    ("progress", "before", "after", "said"),
    [
        (Progress.DONE, "80", "80.01", Effect.WORKED),
        (Progress.PARTLY, "80", "90", Effect.WORKED),
        (Progress.DONE, "80", "80", Effect.NOT_WORKED),
        (Progress.DONE, "80", "79.99", Effect.NOT_WORKED),
        (Progress.NOT_DONE, "80", "90", Effect.UNPROVEN),
        (Progress.UNREPORTED, "80", "90", Effect.UNPROVEN),
        (Progress.UNMARKED, "80", "90", Effect.UNPROVEN),
        (Progress.UNREPORTED, "80", "80", Effect.PENDING),
        (Progress.DONE, "100", "100", Effect.KEPT),
        (Progress.DONE, None, "100", Effect.UNKNOWN),
        (Progress.DONE, "100", None, Effect.UNKNOWN),
    ],
)
def test_only_what_was_carried_out_can_have_worked(
    progress: Progress, before: str | None, after: str | None, said: Effect
) -> None:
    points = [None if score is None else Decimal(score) for score in (before, after)]
    assert effect(progress, *points) is said


def test_a_mean_is_rounded_half_up_once() -> None:
    assert mean([Decimal("93.68"), Decimal("88.43")]) == Decimal("91.06")
    assert mean([]) is None


@pytest.mark.parametrize(
    ("report", "progress"),
    [
        ("บรรลุ\nจัดอบรมแล้ว", Progress.DONE),
        (" บรรลุ บางส่วน ", Progress.PARTLY),
        ("ยังไม่บรรลุ", Progress.NOT_DONE),
        ("ยังไม่มีรายงานผล", Progress.UNREPORTED),
        ("", Progress.UNREPORTED),
        ("บรรลุเกือบหมด", Progress.UNMARKED),
    ],
)
def test_the_first_line_of_a_report_says_how_far_a_measure_got(report: str, progress: Progress) -> None:
    assert progress_of(report) is progress
