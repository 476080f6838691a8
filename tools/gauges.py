"""What each sample must come to, as a text that a person can check: tests/gauges/NAME.txt,
and each of its papers, NAME.KIND.txt.

Run after a wanted change and read the difference before committing it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ita_xl import pipeline
from ita_xl.case.outcome import Outcome
from ita_xl.engines.package.engine import Package
from ita_xl.engines.port import Port
from ita_xl.report import making
from ita_xl.report.description import (
    Bars,
    Block,
    Document,
    Heading,
    Labelled,
    Listing,
    Paragraph,
    Routing,
    Signature,
    Table,
    Title,
    plain,
)
from ita_xl.report.source import source_of

FOLDER = Path(__file__).parent.parent / "tests" / "gauges"
SAMPLES = Path(__file__).parent.parent / "samples"


def gauge(outcome: Outcome) -> str:
    """An outcome as plain lines."""
    return "\n".join(_lines(outcome.as_json("en"))) + "\n"


def _lines(found: dict[str, Any]) -> Iterator[str]:
    yield f"agency      {found['agency'] or '-'}"
    yield f"year        {found['fiscal_year']}"
    yield f"total       {_score(found['total'])}  level {found['level'] or '-'}"
    for code, score in found["instruments"].items():
        yield f"{code:11} {_score(score)}"
    yield ""
    for one in sorted(found["indicators"], key=lambda i: i["rank"] or 99):
        name = f"{one['code']} {one['name']} ({one['source']})"
        yield f"rank {one['rank'] or '-':>3}    {_score(one['score'])}  {name}"
    for name in ("weak", "strengths"):
        for instrument, entries in found[name].items():
            listed = ", ".join(_listed(e) for e in entries)
            yield f"{name:11} {instrument}: {listed or '-'}"
    for instrument, codes in found["strengths_tied"].items():
        if codes:
            yield f"tied        {instrument}: {', '.join(codes)}"
    yield f"missing     {', '.join(found['oit_missing']) or '-'}"
    for change in found["changes"]:
        yield f"since {change['year']}  {change['delta']:+.2f}"
        for part in sorted(change["contributions"], key=lambda p: -abs(p["points"]))[:5]:
            yield f"            {part['points']:+.6f}  {part['code']}"
    if found["next_level"]:
        path = ", ".join(f"{s['code']} {s['gain']:+.2f}" for s in found["next_level"]["path"])
        yield f"next level  {found['next_level']['level']}: {found['next_level']['gap']:.2f} short; {path}"
    yield ""
    for finding in found["findings"]:
        place = f"{finding['sheet']} {finding['cell']}".strip() or "-"
        yield f"{finding['code']}  {place}: {finding['message']}"


def _listed(entry: dict[str, Any]) -> str:
    hand = " by hand" if entry["by_hand"] else ""
    return f"{entry['rank']}. {entry['code']} {_score(entry['score'])}{hand}"


def paper(document: Document) -> str:
    """A document as plain lines: of every block its kind and its texts, a line for each row of a table."""
    head = [document.title, document.footer, document.draft]
    lines = [line for section in document.sections for block in section.blocks for line in _block(block)]
    return "\n".join(line.replace("\n", " / ") for line in [*filter(None, head), "", *lines]) + "\n"


def _block(block: Block) -> Iterator[str]:
    name = type(block).__name__.lower()
    match block:
        case Table(header=header, rows=rows):
            yield f"table: {block.summary}"
            yield from (f"  | {' | '.join(plain(cell.text) for cell in row.cells)}" for row in (*header, *rows))
        case Heading(text, level):
            yield f"{'#' * level} {text}"
        case Bars(title, categories, series):
            yield f"bars: {title}"
            for at, category in enumerate(categories):
                yield f"  | {category} | {' | '.join(str(one.values[at]) for one in series)}"
        case Paragraph(text):
            yield plain(text)
        case Listing(items):
            yield from (f"- {plain(item)}" for item in items)
        case Title(lines):
            yield from (f"= {line}" for line in lines)
        case Labelled(lines):
            yield from (f"{label}: {text or '...'}" for label, text in lines)
        case Signature(person, offices):
            yield f"{name}: {person or '...'}, {', '.join(offices)}, {block.day or '...'}"
        case Routing(title, stops):
            yield f"{name}: {title}: {'; '.join(f'{stop.position} {stop.name}'.strip() for stop in stops)}"
        case _:
            yield name


def papers(port: Port) -> dict[str, str]:
    """The papers that a workbook makes without having been signed, by kind. The measures are in the analysis."""
    source, left_out = source_of(port), ("measures", "changes")
    return {kind: paper(make(source)) for kind, make in making.KINDS.items() if kind not in left_out}


def _score(value: float | None) -> str:
    return "     -" if value is None else f"{value:6.2f}"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for sample in sorted(SAMPLES.glob("*.xlsx")):
        port = Package.open(sample)
        (FOLDER / f"{sample.stem}.txt").write_text(gauge(pipeline.run(port)), encoding="utf-8")
        for kind, text in papers(port).items():
            (FOLDER / f"{sample.stem}.{kind}.txt").write_text(text, encoding="utf-8")
        print(sample.stem)
