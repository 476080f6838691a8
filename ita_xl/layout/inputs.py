"""Sheets that the clerk fills in."""

from __future__ import annotations

from ita_xl.domain.rows import Owner
from ita_xl.domain.tree import INSTRUMENTS
from ita_xl.layout.keys import POINT_KEYS, SCORE_SHEETS, FieldKey
from ita_xl.layout.parts import (
    MAX_QUESTIONS,
    YEAR_COLUMNS,
    Block,
    Column,
    Field,
    Kind,
    Sheet,
    Show,
    user,
)


def _asked(row: int, key: FieldKey, kind: Kind = Kind.TEXT) -> Field:
    """What an agency says of itself, right of the words that ask for it."""
    return Field(key, f"B{row}", kind, Owner.USER, label=f"A{row}")


HOME = Sheet(
    "home",
    "หน้าแรก",
    Show.START,
    (30, 46, 3, 38, 30),
    fields=(
        Field("title", "A1", until="E1"),
        Field("subtitle", "A2", until="E2"),
        Field("draft", "A3", until="E3"),
        Field("steps", "A4", until="E4"),
        Field("step1", "A5", until="E5"),
        Field("step2", "A6", until="E6"),
        Field("step3", "A7", until="E7"),
        Field("about", "A9", until="B9"),
        Field("live", "D9", until="E9"),
        _asked(10, "agency"),
        _asked(11, "agency_type", Kind.CHOICE),
        _asked(12, "district"),
        _asked(13, "province"),
        _asked(14, "year", Kind.COUNT),
        _asked(15, "chief_name"),
        _asked(16, "chief_title"),
        _asked(17, "chief_acting", Kind.CHOICE),
        _asked(18, "mail_to"),
        _asked(19, "mail_cc"),
        _asked(20, "mail_reply"),
        _asked(21, "thai_digits", Kind.CHOICE),
        Field("live_total", "E10", Kind.SCORE, label="D10"),
        Field("live_level", "E11", label="D11"),
        Field("live_iit", "E12", Kind.SCORE, label="D12"),
        Field("live_eit", "E13", Kind.SCORE, label="D13"),
        Field("live_oit", "E14", Kind.SCORE, label="D14"),
        Field("live_missing", "E15", Kind.COUNT, label="D15"),
        Field("options", "D17", until="E17"),
        Field("weak_below", "E18", Kind.SCORE, Owner.USER, label="D18"),
        Field("urgent_ranks", "E19", Kind.COUNT, Owner.USER, label="D19"),
        Field("best_count", "E20", Kind.COUNT, Owner.USER, label="D20"),
        Field("lowest_if_none_weak", "E21", Kind.CHOICE, Owner.USER, label="D21"),
        Field("fell_by", "E22", Kind.SCORE, Owner.USER, label="D22"),
    ),
    blocks=(
        Block("offices", 24, 10, (user("office"), user("head")), hides=False),
        Block("routing", 24, 10, (user("position"), user("person")), first_column=4, hides=False),
    ),
    last_row=60,
)
INDEX_ROW = 37
"""Where the list of sheets begins on the first sheet."""

LEVEL_ROW = 7
"""The row of stated figures that holds the published level: a word among numbers."""

STATED = Sheet(
    "stated",
    "คะแนนที่ประกาศ",
    Show.START,
    (10, 46, 13, 13, 13, 15, 15, 15, 11),
    fields=(Field("title", "A1", until="I1"), Field("howto", "A2", until="I2"), Field("back", "A3")),
    blocks=(
        Block(
            "stated",
            5,
            MAX_QUESTIONS,
            (
                user("code", Kind.CODE),
                user("name"),
                *YEAR_COLUMNS,
                *(Column(key, Kind.POINTS, Owner.USER, year) for key, year in POINT_KEYS.items()),
                user("items", Kind.COUNT),
            ),
            row_key="code",
        ),
    ),
    landscape=True,
    last_row=65,
)


def _score_sheet(instrument: str) -> Sheet:
    extra = (user("office"), user("link")) if instrument == "OIT" else ()
    return Sheet(
        SCORE_SHEETS[instrument],
        f"คะแนน {instrument}",
        Show.START,
        (9, 52, 40, 12, 12, 12, 12, 18, 34, *((24, 34) if extra else ())),
        fields=(Field("title", "A1", until="I1"), Field("howto", "A2", until="I2"), Field("back", "A3")),
        blocks=(
            Block(
                "scores",
                5,
                MAX_QUESTIONS,
                (
                    user("code", Kind.CODE),
                    user("topic", Kind.LONG),
                    user("question", Kind.LONG),
                    user("indicator", Kind.CODE),
                    *YEAR_COLUMNS,
                    user("raise", Kind.CHOICE),
                    user("reason", Kind.LONG),
                    *extra,
                ),
                row_key="code",
                least=15,
            ),
        ),
        landscape=True,
        instrument=instrument,
        last_row=65,
    )


SCORES = {instrument: _score_sheet(instrument) for instrument in INSTRUMENTS}

COMMENTS = Sheet(
    "comments",
    "ข้อเสนอแนะ ป.ป.ช.",
    Show.START,
    (12, 110),
    fields=(Field("title", "A1", until="B1"), Field("howto", "A2", until="B2"), Field("back", "A3")),
    blocks=(
        Block("comments", 5, 40, (user("code", Kind.CODE), user("comment", Kind.LONG)), row_key="code", spare=15),
    ),
    landscape=True,
    last_row=45,
)
