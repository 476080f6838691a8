"""The portfolio for other programs: a flat table with a row per workbook, as CSV or Parquet."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ita_xl.batch.portfolio import frames, measures
from ita_xl.batch.portfolio.agencies import counted
from ita_xl.batch.record import Record, State
from ita_xl.data import say
from ita_xl.files import harmless

if TYPE_CHECKING:
    import pandas as pd


def table(records: Sequence[Record], on: dt.date) -> pd.DataFrame:
    """A row per record: the ranked ones in their order, then the others, which have no ranks. status: counting,
    superseded, no_year or failed. Beside the facts how the steps of the plan stand on a day, the codes of weak
    questions, missing items and steps to the next level, joined by spaces, and all scores as `indicator_9` and
    `question_I1`."""
    import pandas as pd

    found = counted(records)
    counting = frames.in_order(found.counting)
    others = [record for record, _ in found.superseded] + found.unusable
    listed = [*counting, *others]
    facts = frames.facts(listed)
    ranks = frames.ranked(facts.iloc[: len(counting)])[["rank", "rank_province", "rank_type"]]
    codes = pd.DataFrame(
        {
            "weak_codes": [" ".join(record.weak) for record in listed],
            "missing_codes": [" ".join(record.missing) for record in listed],
            "steps_codes": [" ".join(s["code"] for s in (r.next_level or {}).get("path", [])) for r in listed],
        }
    )
    status = ["counting"] * len(counting) + ["superseded"] * len(found.superseded)
    status += ["failed" if record.state is State.FAILED else "no_year" for record in found.unusable]
    reason = [frames.plain(r.findings[0]["message"]) if r.findings else "" for r in found.unusable]
    facts.insert(0, "status", status)
    facts["reason"] = [""] * (len(listed) - len(reason)) + reason
    scores = [frames.scores(listed, f"{kind}s").add_prefix(f"{kind}_") for kind in ("indicator", "question")]
    standings = measures.standings(listed, on)
    standings.insert(0, "as_of", on.isoformat())
    return pd.concat([facts, standings, ranks, codes, *scores], axis=1)


def as_csv(records: Sequence[Record], lang: str, on: dt.date) -> bytes:
    """In UTF-8 with the mark by which Excel knows it, with headings in words. A text that a spreadsheet program
    would take for a formula gets an apostrophe in front."""
    frame = table(records, on)
    frame["status"] = [say(f"portfolio.statuses.{status}", lang) for status in frame["status"]]
    for name in frame.columns.difference(frame.select_dtypes("number").columns):
        frame[name] = [harmless(text) for text in frame[name]]
    frame.columns = [harmless(_heading(name, lang)) for name in frame.columns]
    return frame.to_csv(index=False, float_format="%.2f", lineterminator="\r\n").encode("utf-8-sig")


def _heading(name: str, lang: str) -> str:
    kind, _, code = name.partition("_")
    if kind == "question":
        return code
    if kind == "indicator":
        return f"{say('portfolio.headings.indicator', lang)} {code}"
    return say(f"portfolio.headings.{name}", lang)


def as_parquet(records: Sequence[Record], on: dt.date) -> bytes:
    """The same rows under their names in `table`."""
    content = io.BytesIO()
    table(records, on).to_parquet(content, engine="pyarrow", index=False)
    return content.getvalue()
