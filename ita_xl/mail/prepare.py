"""From one workbook to one message: what is attached, to whom, with which words, and what speaks against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal

from ita_xl import pipeline
from ita_xl.case.outcome import Outcome
from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Severity, Unusable
from ita_xl.engines.package.engine import Package
from ita_xl.files import names
from ita_xl.layout import HOME
from ita_xl.layout.keys import FieldKey
from ita_xl.mail import addresses, letter
from ita_xl.mail.addresses import Typed
from ita_xl.mail.message import MEGABYTE, Attachment, Message
from ita_xl.publishing.workbook import published
from ita_xl.report.making import PDF, papers
from ita_xl.report.making import Wishes as Documents
from ita_xl.writing.memory import recall


@dataclass(frozen=True)
class Wishes:
    """What the person asks for. to, cc, reply_to: as typed; None takes them from the workbook's first sheet.
    template: a file; None for ours. report: the document that is signed goes along as PDF ("also"), or instead of
    the workbook ("only"). most: bytes that the whole message may have."""

    to: str | None = None
    cc: str | None = None
    reply_to: str | None = None
    template: Path | None = None
    published_only: bool = False
    report: Literal["also", "only"] | None = None
    even_with_errors: bool = False
    most: int = 20 * MEGABYTE


@dataclass(frozen=True)
class Prepared:
    """findings: on the workbook and on the message. size: bytes of the whole message."""

    message: Message
    outcome: Outcome
    findings: list[Finding]
    size: int


def prepare(content: bytes, name: str, wishes: Wishes = Wishes()) -> Prepared:
    """The message for a workbook. name: the workbook's file name.

    Raises `Unusable`: E801 with what is wrong in the workbook, unless that is wanted all the same; and what must be
    mended in any case: addresses, template, size, a workbook that is not ours.
    """
    outcome = pipeline.check(Package(content, name))
    findings = [*outcome.findings, *_age(content, name, outcome)]
    problems: list[Finding] = []
    asked: Mapping[FieldKey, str | None] = {
        "mail_to": wishes.to,
        "mail_cc": wishes.cc,
        "mail_reply": wishes.reply_to,
    }
    to, cc, reply_to = (addresses.parse(_typed(key, wish, outcome), problems) for key, wish in asked.items())
    cc = [address for address in cc if address.key not in {a.key for a in to}]
    problems += addresses.too_many([*to, *cc])
    if not to:
        findings.append(Finding(Code.NO_RECIPIENT_YET))
    attached, notes = _attached(content, name, wishes)
    findings += notes
    inside = not wishes.published_only and wishes.report != "only"
    known = letter.facts(outcome, to, [one.name for one in attached], inside=inside)
    written = letter.compose(letter.template(wishes.template), known, problems)
    message = Message(tuple(to), tuple(cc), tuple(reply_to), written.subject, written.body, attached)
    size = len(message.draft())
    if size > wishes.most:
        sizes = {"size": megabytes(size), "most": megabytes(wishes.most)}
        problems.append(Finding(Code.MESSAGE_TOO_LARGE, values={"file": attached[0].name, **sizes}))
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors and not wishes.even_with_errors:
        problems += [Finding(Code.MAIL_HELD_BACK, values={"items": len(errors)}), *errors]
    if problems:
        raise Unusable(*problems)
    return Prepared(message, outcome, findings, size)


def megabytes(size: int) -> str:
    """A size as people read it."""
    return f"{size / MEGABYTE:,.2f}"


def _typed(key: FieldKey, wish: str | None, outcome: Outcome) -> Typed:
    """A wish, or what stands in the workbook."""
    field = say(f"home.labels.{key}")
    if wish is not None:
        return Typed(field, wish)
    title = outcome.inputs.titles.get(HOME.key, "")
    return Typed(field, outcome.inputs.about.get(key, ""), title, HOME.field(key).cell)


def _age(content: bytes, name: str, outcome: Outcome) -> list[Finding]:
    """What is to be said when the outputs are not those of the inputs."""
    port = Package(content, name)
    if not recall(port, outcome.inputs.titles):
        return [Finding(Code.NEVER_RUN)]
    try:
        older = pipeline.outdated(port)
    except Unusable:
        return []  # the check has said why
    return [Finding(Code.RESULTS_OUTDATED, values={"sheets": ", ".join(older)})] if older else []


def _attached(content: bytes, name: str, wishes: Wishes) -> tuple[tuple[Attachment, ...], list[Finding]]:
    """What goes along, and what is to be said of it."""
    attached: list[Attachment] = []
    findings: list[Finding] = []
    if wishes.report != "only":
        attachment, findings = _attachment(content, name, wishes)
        attached.append(attachment)
    if wishes.report:
        found = papers(Package(content, name), Documents(formats=(PDF,)))
        attached += [Attachment(paper.name, paper.content) for paper in found.made]
        findings = [*findings, *found.of_papers]
    return tuple(attached), findings


def _attachment(content: bytes, name: str, wishes: Wishes) -> tuple[Attachment, list[Finding]]:
    path = PurePath(name)
    if wishes.published_only:
        copy, findings = published(content, name)
        return Attachment(names.fitting(say("letter.published", stem=path.stem), ".xlsx"), copy), findings
    with_macros = path.suffix.lower() == ".xlsm" or Package(content, name).has_macros
    return Attachment(name, content), [
        Finding(Code.ATTACHMENT_WITH_MACROS, values={"file": name})
    ] if with_macros else []
