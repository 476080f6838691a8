"""The first sheet: what the agency says of itself, and how far the work has got.

Workbooks of every version have the cells for input at the same places. The steps of the work stand above them,
where older ones had fixed sentences, and are formulas: a run writes nothing here.
"""

from __future__ import annotations

from ita_xl.domain.rows import Owner
from ita_xl.layout.keys import FieldKey
from ita_xl.layout.parts import Block, Field, Sheet, fixed, heading, offered, title, user
from ita_xl.layout.traits import (
    COUNTS,
    FISCAL_YEARS,
    SCORE_LIMITS,
    YES_NO,
    Accepts,
    Choices,
    Kind,
    Offered,
    Role,
    Show,
)


def _asked(
    row: int,
    key: FieldKey,
    kind: Kind = Kind.TEXT,
    accepts: Accepts | None = None,
    at: str = "AB",
    *,
    optional: bool = False,
) -> Field:
    """What an agency says of itself, right of the words that ask for it. at: the columns of both."""
    cell, label = f"{at[1]}{row}", f"{at[0]}{row}"
    return Field(key, cell, kind, Owner.USER, label=label, accepts=accepts, optional=optional)


def _state(row: int, key: FieldKey, at: str) -> Field:
    """How far a step has got, right of its name. at: the columns of both."""
    return Field(key, f"{at[1]}{row}", label=f"{at[0]}{row}", role=Role.STATE)


HOME = Sheet(
    "home",
    "หน้าแรก",
    Show.START,
    (30, 46, 3, 38, 38),
    fields=(
        title("E1"),
        fixed("subtitle", "A2", "E2"),
        Field("draft", "A3", until="E3", role=Role.WARNING),
        Field("next_step", "B4", until="E4", label="A4", role=Role.LEAD),
        _state(5, "state_about", "AB"),
        _state(6, "state_scores", "AB"),
        _state(7, "state_findings", "AB"),
        _state(5, "state_texts", "DE"),
        _state(6, "state_measures", "DE"),
        _state(7, "state_signed", "DE"),
        heading("about", "A9", "B9"),
        heading("live", "D9", "E9"),
        _asked(10, "agency"),
        _asked(11, "agency_type", Kind.CHOICE, Choices("agency_type", only=False)),
        _asked(12, "district"),
        _asked(13, "province"),
        _asked(14, "year", Kind.COUNT, FISCAL_YEARS),
        _asked(15, "chief_name"),
        _asked(16, "chief_title"),
        _asked(17, "chief_acting", Kind.CHOICE, Choices("chief_acting", only=False)),
        _asked(16, "chief_post", at="DE", optional=True),
        _asked(18, "mail_to"),
        _asked(19, "mail_cc"),
        _asked(20, "mail_reply"),
        _asked(21, "thai_digits", Kind.CHOICE, YES_NO),
        _asked(22, "texts_read", Kind.CHOICE, YES_NO),
        _asked(23, "signed_on"),
        Field("live_total", "E10", Kind.SCORE, label="D10", role=Role.LIVE),
        Field("live_level", "E11", label="D11", role=Role.LIVE),
        Field("live_iit", "E12", Kind.SCORE, label="D12", role=Role.LIVE),
        Field("live_eit", "E13", Kind.SCORE, label="D13", role=Role.LIVE),
        Field("live_oit", "E14", Kind.SCORE, label="D14", role=Role.LIVE),
        Field("live_missing", "E15", Kind.COUNT, label="D15", role=Role.LIVE),
        heading("options", "D17", "E17"),
        _asked(18, "weak_below", Kind.SCORE, SCORE_LIMITS, "DE"),
        _asked(19, "urgent_ranks", Kind.COUNT, COUNTS, "DE"),
        _asked(20, "best_count", Kind.COUNT, COUNTS, "DE"),
        _asked(21, "lowest_if_none_weak", Kind.CHOICE, YES_NO, "DE"),
        _asked(22, "fell_by", Kind.SCORE, SCORE_LIMITS, "DE"),
        heading("papers", "A50", "E50"),
        _asked(51, "paper_section", optional=True),
        _asked(52, "paper_phone", optional=True),
        _asked(53, "memo_number", optional=True),
        _asked(54, "memo_date", optional=True),
        _asked(51, "writer_name", at="DE", optional=True),
        _asked(52, "writer_title", at="DE", optional=True),
        _asked(53, "announced_on", at="DE", optional=True),
    ),
    blocks=(
        Block("offices", 24, 10, (offered("office", Offered("office")), user("head")), hides=False),
        Block("routing", 24, 10, (user("position"), user("person")), first_column=4, hides=False),
    ),
    last_row=54,
    one_page=True,
)

_OF_FORMULAS = (Role.WARNING, Role.LEAD, Role.STATE, Role.LIVE)
FORMULA_CELLS = frozenset(field.cell for field in HOME.fields if field.role in _OF_FORMULAS)
"""Its formulas."""

OF_THE_YEAR: frozenset[FieldKey] = frozenset(
    ("year", "texts_read", "signed_on", "memo_number", "memo_date", "announced_on")
)
"""What the next year's workbook does not take over."""
