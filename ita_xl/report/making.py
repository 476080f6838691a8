"""Documents of a workbook as files: which there are, what they are called, how they come to stand in a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ita_xl import files
from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable, has_errors
from ita_xl.engines.package.engine import Package
from ita_xl.engines.port import Port
from ita_xl.files import locks, names
from ita_xl.layout import HOME, labels
from ita_xl.report import changes, letters, official, results, topics, weakest
from ita_xl.report.description import Document
from ita_xl.report.movement import After, read_after
from ita_xl.report.seal import sealed, untouched
from ita_xl.report.source import Source, source_of
from ita_xl.report.told import WHOLE

KINDS: Mapping[str, Callable[[Source], Document]] = {
    "analysis": official.analysis,
    "measures": official.plan,
    "memo": letters.memo,
    "announcement": letters.announcement,
    "brief": letters.brief,
    "results": results.results,
    "weakest": weakest.weakest,
    "changes": changes.changes,
}
"""What can be made, by the name that a person gives it."""

_RESULTS = "results"
DOCX, PDF = ".docx", ".pdf"
FORMATS = (DOCX, PDF)


@dataclass(frozen=True)
class Wishes:
    """kinds, formats: what is to be made. template: an agency's own Word file. font: for the PDF, empty for ours.
    thai_digits: also where the workbook does not say so. draft: ร่าง across each page, also of a workbook without
    errors. months: of the fiscal year (6 or 12) on which the report of results tells; after: the next year's
    workbook, for the movement of scores in it, and the name of its file."""

    kinds: Sequence[str] = ("analysis",)
    formats: Sequence[str] = FORMATS
    template: bytes | None = None
    font: str = ""
    thai_digits: bool = False
    draft: bool = False
    months: int = WHOLE
    after: bytes | None = None
    after_name: str = ""


@dataclass(frozen=True)
class Paper:
    """A document as a file. name: without a folder."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Papers:
    """made: the files. findings: of the workbook. of_papers: of the documents."""

    made: list[Paper]
    findings: list[Finding]
    of_papers: list[Finding]


def papers(port: Port, wishes: Wishes = Wishes()) -> Papers:
    """The documents of a workbook, which is only read. Raises `Unusable` where it has no year or structure, for a
    template that cannot be used, for a workbook of the next year that is none, and for a PDF where none can be
    made."""
    source = source_of(port)
    findings = list(source.outcome.findings)
    if not source.sheets:
        raise Unusable(*[finding for finding in findings if has_errors([finding])])
    made, of_papers = list[Paper](), list[Finding]()
    asked = results.Asked(wishes.months, _after(source, wishes))
    for kind in wishes.kinds:
        document = results.results(source, asked) if kind == _RESULTS else KINDS[kind](source)
        if kind == _RESULTS:
            of_papers += results.findings(source, asked)
        document = _finished(source, document, wishes, draft=kind == _RESULTS and asked.unsettled)
        stem = say(f"report.file.{_file(kind, wishes)}", year=source.outcome.year, agency=document.author)
        for ending in wishes.formats:
            content, said = _drawn(document, ending, wishes)
            made.append(Paper(names.fitting(names.harmless(stem), ending), sealed(content)))
            of_papers += said
        of_papers += _by_hand(source, kind)
    if {*wishes.kinds} & {"analysis", _RESULTS}:
        of_papers += topics.unproven(source)
    return Papers(made, findings, of_papers)


def _file(kind: str, wishes: Wishes) -> str:
    """The key of a document's file name."""
    return f"{kind}_{wishes.months}" if kind == _RESULTS and wishes.months != WHOLE else kind


def _after(source: Source, wishes: Wishes) -> After | None:
    """The next year's workbook, if one is named. Raises `Unusable` where it is none."""
    if wishes.after is None:
        return None
    return read_after(wishes.after, wishes.after_name, source.outcome)


def _finished(source: Source, document: Document, wishes: Wishes, *, draft: bool) -> Document:
    """The document with what the whole of it needs: Thai digits, and the mark of a draft. draft: also of a workbook
    without errors."""
    about = source.outcome.inputs.about
    digits = wishes.thai_digits or about.get("thai_digits") == labels.yes_no(True)
    draft = draft or wishes.draft or has_errors(source.outcome.findings)
    return official.finished(document, thai_digits=digits, draft=draft)


def _by_hand(source: Source, kind: str) -> Iterator[Finding]:
    """What the first sheet does not say for a paper, so that it has dots to fill in by hand."""
    about, title = source.outcome.inputs.about, source.outcome.inputs.titles[HOME.key]
    empty = [key for key in letters.BY_HAND.get(kind, ()) if not about.get(key)]
    if empty:
        asked = next((HOME.field(key).cell for key in empty if key in about), "")
        names = "”, “".join(say(f"home.labels.{key}") for key in empty)
        yield Finding(Code.FILLED_IN_BY_HAND, title, asked, values={"fields": names})


def _drawn(document: Document, ending: str, wishes: Wishes) -> tuple[bytes, list[Finding]]:
    if ending == DOCX:
        from ita_xl.report.docx import to_docx  # as heavy as the other one; mostly one of them is wanted

        return to_docx(document, wishes.template), []
    from ita_xl.report.pdf import to_pdf

    pdf = to_pdf(document, wishes.font)
    return pdf.content, pdf.findings


def make(path: Path, output: Path | None, wishes: Wishes) -> tuple[list[Path], list[Finding]]:
    """Make the documents of a workbook file. output: a folder, or one file; the workbook's folder if none.

    Returns where they stand. Raises `Unusable`, and then has written nothing.
    """
    content = files.read_package(path)
    found = papers(Package(content, path.name), wishes)
    targets = list(_targets(path, output, found.made))
    for target, _ in targets:
        refuse(target)
    for target, paper in targets:
        put(target, paper.content)
    return [target for target, _ in targets], [*found.findings, *found.of_papers, *locks.noted(path)]


def put(target: Path, paper: bytes) -> None:
    """Put a document where it is to stand, unless it stands there already. Raises `Unusable` where somebody changed
    what stands there, or has it open."""
    refuse(target)
    standing = files.standing(target)
    if standing != paper:
        files.replace(target, paper, standing)


def _targets(path: Path, output: Path | None, made: Iterable[Paper]) -> Iterator[tuple[Path, Paper]]:
    one = output is not None and output.suffix.lower() in FORMATS and not output.is_dir()
    folder = path.parent if output is None else output
    if not one and output is not None:
        files.make_folder(folder)
    for paper in made:
        yield (output if one and output else folder / paper.name), paper


def refuse(target: Path) -> None:
    """Raises `Unusable` for a document that somebody changed, has open, or set to read-only."""
    locks.refuse_open(target)
    files.refuse_protected(target)
    standing = files.standing(target)
    if standing is not None and not untouched(standing):
        raise Unusable(Finding(Code.DOCUMENT_EDITED, values={"file": files.shown(target)}))
