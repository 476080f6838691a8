"""Sending a workbook by e-mail: as a draft for the mail program."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ita_xl import files
from ita_xl.cli.common import (
    FILE,
    JSON,
    LANG,
    check_name,
    exit_for,
    failed,
    listed,
    print_json,
    report,
    tell,
)
from ita_xl.data import say
from ita_xl.domain.findings import Finding, Unusable

if TYPE_CHECKING:
    from ita_xl.mail.addresses import Address
    from ita_xl.mail.prepare import Prepared, Wishes


@click.command()
@click.argument("file", type=FILE)
@click.option("--to", metavar="ADDRESSES", help="Recipients; otherwise those of the first sheet (ผู้รับ).")
@click.option("--cc", metavar="ADDRESSES", help="Copies to; otherwise as on the first sheet (สำเนาถึง).")
@click.option("--reply-to", metavar="ADDRESSES", help="Answers to; otherwise as on the first sheet (ตอบกลับที่).")
@click.option("--draft", type=FILE, metavar="OUT.eml", help="Write the draft here, not beside FILE (แฟ้มร่างอีเมล).")
@click.option("--template", type=FILE, metavar="FILE.txt", help="Letter with its subject on top (แบบจดหมาย).")
@click.option("--published-only", is_flag=True, help="Attach just the published sheets (เฉพาะแผ่นงานที่เผยแพร่).")
@click.option("--even-with-errors", is_flag=True, help="Also with findings to mend (ส่งทั้งที่มีรายการต้องแก้ไข).")
@click.option("--most-megabytes", type=click.FloatRange(0.1), default=20, show_default=True, help="Size limit.")
@click.option("--force", is_flag=True, help="Replace the draft if it exists (เขียนทับร่างเดิม).")
@click.option("--yes", is_flag=True, help="Do not ask (ไม่ต้องถาม).")
@click.option("--dry-run", is_flag=True, help="Show all, write nothing (ทดลองโดยไม่บันทึก).")
@JSON
@LANG
def mail(
    file: Path, draft: Path | None, force: bool, yes: bool, dry_run: bool, as_json: bool, lang: str, **asked: Any
) -> None:
    """Make an e-mail that carries a workbook. (ร่างอีเมลส่งสมุดงาน)

    It becomes a draft that your mail program opens, ready to be looked at and sent. Recipients, attachments and
    sizes are shown before anything is written.
    """
    from ita_xl.mail.prepare import prepare

    target = draft or file.with_suffix(".eml")
    check_name(target, (".eml",), lang)
    if target.exists() and not force:
        raise click.UsageError(say("cli.exists", lang, file=target.name))
    try:
        prepared = prepare(files.read_package(file), file.name, _wishes(**asked))
    except Unusable as error:
        if as_json:
            print_json(failed(error, lang))
        else:
            report(error.findings, lang)
        sys.exit(exit_for(error.findings))
    findings = prepared.findings
    if files.lock_file(file):
        findings = [*findings, Finding("W109", values={"file": file.name})]
    report(findings, lang)
    _show(prepared, lang, whole=not asked["published_only"])
    if dry_run:
        tell(say("mail.dry_run", lang))
    else:
        _ask(say("mail.ask_draft", lang, file=target), yes, lang)
        files.write_whole(target, prepared.message.draft())
        tell(say("mail.drafted", lang, file=target))
    if as_json:
        print_json({**_document(prepared), **listed(findings, lang), "draft": None if dry_run else str(target)})
    sys.exit(exit_for(findings))


def _wishes(most_megabytes: float, **asked: Any) -> Wishes:
    from ita_xl.mail.prepare import MEGABYTE, Wishes

    return Wishes(**asked, most=int(most_megabytes * MEGABYTE))


def _show(prepared: Prepared, lang: str, *, whole: bool) -> None:
    """All that leaves: who gets it, the subject, what is attached."""
    from ita_xl.mail.prepare import megabytes

    message = prepared.message
    tell(say("mail.to", lang, addresses=_shown(message.to) or say("mail.nobody", lang)))
    for key, addresses in (("mail.cc", message.cc), ("mail.reply_to", message.reply_to)):
        if addresses:
            tell(say(key, lang, addresses=_shown(addresses)))
    tell(say("mail.subject", lang, subject=message.subject))
    for attachment in message.attachments:
        tell(say("mail.attached", lang, name=attachment.name, size=megabytes(len(attachment.content))))
    tell(say("mail.whole", lang, size=megabytes(prepared.size)))
    if whole:
        tell(say("mail.recommend", lang))


def _shown(addresses: Iterable[Address]) -> str:
    return ", ".join(address.shown for address in addresses)


def _ask(question: str, yes: bool, lang: str) -> None:
    """Go on only if a person says so."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError(say("mail.needs_yes", lang))
    if not click.confirm(question, err=True):
        tell(say("mail.not_done", lang))
        raise click.Abort


def _document(prepared: Prepared) -> dict[str, Any]:
    message = prepared.message
    return {
        "subject": message.subject,
        "to": [address.shown for address in message.to],
        "cc": [address.shown for address in message.cc],
        "reply_to": [address.shown for address in message.reply_to],
        "attachments": [{"name": a.name, "bytes": len(a.content)} for a in message.attachments],
        "bytes": prepared.size,
    }
