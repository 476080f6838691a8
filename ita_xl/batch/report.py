"""What a batch says: a line per workbook, a table of findings, a document for machines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ita_xl import files
from ita_xl.batch.record import Record, State
from ita_xl.data import say
from ita_xl.files import backups

_COLUMNS = ("source", "agency", "province", "year")
_FINDING = ("severity", "code", "sheet", "cell", "message", "hint")


def line(record: Record, lang: str) -> str:
    """What became of a workbook, in one line."""
    words: dict[str, object] = {"file": _one_line(record.source), "result": _result(record, lang)}
    words["errors"] = sum(finding["severity"] == "error" for finding in record.findings)
    words["why"] = _one_line(str(record.findings[0]["message"])) if record.findings else ""
    return say(f"batch.{record.state.value}", lang, **words)


def _result(record: Record, lang: str) -> str:
    known = {"agency": _one_line(record.agency), "year": record.year or None}
    if record.total is None:
        return say("cli.no_total", lang, **known)
    level = record.level or say("cli.unknown", lang)
    return say("cli.total", lang, total=f"{record.total:.2f}", level=level, **known)


def summary(records: Sequence[Record], lang: str) -> str:
    """How many workbooks became what."""
    counts = Counter(record.state for record in records)
    return say("batch.summary", lang, all=len(records), **{state.value: counts[state] for state in State})


def as_json(records: Sequence[Record]) -> list[dict[str, Any]]:
    """The records as a script needs them: by file, without what only the portfolio is made of."""
    kept = ("source", "state", "output", "agency", "province", "year", "total", "level", "findings")
    return [{key: getattr(record, key) or None for key in kept} for record in records]


def write_findings(records: Iterable[Record], target: Path, lang: str) -> None:
    """All findings as a CSV file; another one that stood there is kept as a backup, because people write into it.
    Raises `Unusable` if it cannot be written."""
    backups.replace_whole(target, files.csv_content(_rows(records, lang)))


def _rows(records: Iterable[Record], lang: str) -> Iterator[list[str]]:
    yield [say(f"batch.column_{key}", lang) for key in (*_COLUMNS, *_FINDING)]
    for record in records:
        about = [str(getattr(record, key) or "") for key in _COLUMNS]
        yield from ([*about, *(str(finding[key]) for key in _FINDING)] for finding in record.findings)


def _one_line(text: str) -> str:
    return " ".join(text.split())
