"""The portfolio for other programs: a flat table with a row per workbook, as CSV or Parquet."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from functools import partial
from itertools import chain
from typing import Any

from ita_xl.batch.portfolio import frames, measures
from ita_xl.batch.portfolio.agencies import counted
from ita_xl.batch.portfolio.tables import Table, length, picked
from ita_xl.batch.record import Record, State
from ita_xl.data import say
from ita_xl.domain.tree import INSTRUMENTS
from ita_xl.files import csv_content, harmless

_KINDS = {
    **dict.fromkeys(("status", "reason", "as_of", "weak_codes", "missing_codes", "steps_codes"), "str"),
    **dict.fromkeys(
        ("agency", "type", "district", "province", "level", "source", "output", "next_level"), "object"
    ),
    **dict.fromkeys(("total", "change", "gap", "total_after", *INSTRUMENTS), "float64"),
}
"""What the columns of the frame hold; the others hold whole numbers, or scores of a code."""


def table(records: Sequence[Record], on: dt.date) -> Table:
    """A row per record: the ranked ones in their order, then the others, which have no ranks. status: counting,
    superseded, no_year or failed. Beside the facts how the steps of the plan stand on a day, the codes of weak
    questions, missing items and steps to the next level, joined by spaces, and all scores as `indicator_9` and
    `question_I1`."""
    found = counted(records)
    counting = frames.in_order(found.counting)
    others = [record for record, _ in found.superseded] + found.unusable
    listed = [*counting, *others]
    facts = frames.facts(listed)
    ranks = frames.ranks(picked(facts, range(len(counting))))
    status = ["counting"] * len(counting) + ["superseded"] * len(found.superseded)
    status += ["failed" if record.state is State.FAILED else "no_year" for record in found.unusable]
    reason = [frames.plain(r.findings[0]["message"]) if r.findings else "" for r in found.unusable]
    made: Table = {"status": status, **facts, "reason": [""] * (len(listed) - len(reason)) + reason}
    made |= {"as_of": [on.isoformat()] * len(listed), **measures.standings(listed, on)}
    made |= {name: column + [None] * len(others) for name, column in ranks.items()}
    made["weak_codes"] = [" ".join(record.weak) for record in listed]
    made["missing_codes"] = [" ".join(record.missing) for record in listed]
    made["steps_codes"] = [" ".join(s["code"] for s in (r.next_level or {}).get("path", [])) for r in listed]
    for kind in ("indicator", "question"):
        made |= {f"{kind}_{code}": points for code, points in frames.scores(listed, f"{kind}s").items()}
    return made


def as_csv(records: Sequence[Record], lang: str, on: dt.date) -> bytes:
    """In UTF-8 with the mark by which Excel knows it, with headings in words. A text that a spreadsheet program
    would take for a formula gets an apostrophe in front."""
    made = table(records, on)
    made["status"] = [say(f"portfolio.statuses.{status}", lang) for status in made["status"]]
    columns = (map(partial(_csv_cell, _kind(name)), column) for name, column in made.items())
    heading = [harmless(_heading(name, lang)) for name in made]
    return csv_content(chain([heading], zip(*columns, strict=True)), str)


def _csv_cell(kind: str, value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.2f}" if kind == "float64" else harmless(str(value))


def _kind(name: str) -> str:
    return _KINDS.get(name) or ("float64" if name.startswith(("indicator_", "question_")) else "Int64")


def _heading(name: str, lang: str) -> str:
    kind, _, code = name.partition("_")
    if kind == "question":
        return code
    if kind == "indicator":
        return f"{say('portfolio.headings.indicator', lang)} {code}"
    return say(f"portfolio.headings.{name}", lang)


def as_parquet(records: Sequence[Record], on: dt.date) -> bytes:
    """The same rows under their names in `table`."""
    import pandas as pd

    made = table(records, on)
    rows = range(length(made))
    columns = {name: pd.Series(made.pop(name), rows, dtype=_kind(name)) for name in list(made)}
    content = io.BytesIO()
    pd.DataFrame(columns).to_parquet(content, engine="pyarrow", index=False)
    return content.getvalue()
