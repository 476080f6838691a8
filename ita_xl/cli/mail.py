"""Sending a workbook by e-mail: a draft for the mail program, a draft in Outlook, or delivery."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ita_xl import files
from ita_xl.cli.common import (
    FILE,
    JSON,
    LANG,
    Command,
    Day,
    Exit,
    Number,
    ask,
    check_name,
    exit_for,
    listed,
    print_json,
    report,
    tell,
)
from ita_xl.cli.mailing import Manner, mail_folder
from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.files import backups, locks

if TYPE_CHECKING:
    from ita_xl.batch.mailing import Mailing
    from ita_xl.batch.reminders import Reminders
    from ita_xl.mail.addresses import Address
    from ita_xl.mail.message import Message
    from ita_xl.mail.prepare import Prepared
    from ita_xl.mail.server import Server


@dataclass
class _Done:
    """What became of a message. lines: what was done; document: the same for ``--json``."""

    lines: list[str]
    document: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class _Way:
    """One way for a message to leave. question: asked before; through: what is shown of the way itself.
    rehearse: what can be said without going it."""

    question: str
    go: Callable[[Message], _Done]
    through: str = ""
    rehearse: Callable[[Message], list[Finding]] = lambda message: []


_SERVER = (
    click.option("--host", envvar="ITA_XL_SMTP_HOST", help="Mail server, for --send."),
    click.option("--port", envvar="ITA_XL_SMTP_PORT", type=click.IntRange(1, 65535), help="Its port."),
    click.option(
        "--security",
        envvar="ITA_XL_SMTP_SECURITY",
        type=click.Choice(["starttls", "tls", "none"]),
        default="starttls",
        show_default=True,
        help="Encryption.",
    ),
    click.option("--user", envvar="ITA_XL_SMTP_USER", default="", help="Who logs in."),
    click.option("--from", "sender", envvar="ITA_XL_SMTP_FROM", default="", help="Sender; otherwise USER."),
    click.option("--per-minute", type=Number(0), default=60, show_default=True, help="Messages at most."),
    click.option("--again", is_flag=True, help="Also to those who got it, or may have."),
)


def _with_a_server(command: Callable[..., Exit]) -> Callable[..., Exit]:
    """Add the options that only sending needs."""
    for option in reversed(_SERVER):
        command = option(command)
    return command


@click.command(cls=Command)
@click.argument("file", type=FILE, metavar="FILE|DIR", help="A workbook, or a folder of results.")
@click.option("--to", metavar="ADDRESSES", help="Recipients; otherwise those of the first sheet.")
@click.option("--cc", metavar="ADDRESSES", help="Copies to; otherwise as on the first sheet.")
@click.option("--reply-to", metavar="ADDRESSES", help="Answers to; otherwise as on the first sheet.")
@click.option("--template", type=FILE, metavar="FILE.txt", help="Letter with its subject on top.")
@click.option("--published-only", is_flag=True, help="Attach just the published sheets.")
@click.option(
    "--report",
    type=click.Choice(["also", "only"]),
    help="The signed document as PDF, beside or instead of the workbook.",
)
@click.option("--even-with-errors", is_flag=True, help="Also with findings to mend.")
@click.option("--most-megabytes", type=Number(0.1), default=20, show_default=True, help="Size limit.")
@click.option("--draft", type=FILE, metavar="OUT", help="Write the draft here, not beside FILE.")
@click.option("--force", is_flag=True, help="Replace the draft if it exists.")
@click.option("--outlook", is_flag=True, help="Open the draft in classic Outlook instead.")
@click.option("--send", is_flag=True, help="Deliver by SMTP instead of a draft.")
@_with_a_server
@click.option("--provinces", type=FILE, metavar="FILE.csv", help="Each province gets its portfolio.")
@click.option("--remind", is_flag=True, help="Each office gets its form and what is late.")
@click.option("--offices", type=FILE, metavar="FILE.csv", help="Addresses of offices.")
@click.option("--on", type=Day(), metavar="DAY", help="For --remind and --provinces: late as of.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Show all, write and send nothing.")
@JSON
@LANG
def mail(
    file: Path,
    draft: Path | None,
    force: bool,
    outlook: bool,
    send: bool,
    per_minute: float,
    again: bool,
    provinces: Path | None,
    remind: bool,
    offices: Path | None,
    on: dt.date | None,
    yes: bool,
    dry_run: bool,
    as_json: bool,
    lang: str,
    **asked: Any,
) -> Exit:
    """Make or send an e-mail that carries a workbook.

    It becomes a draft that your mail program opens, ready to be looked at and sent; with --send it is delivered.
    Recipients, attachments and sizes are shown before anything is written or leaves.

    Of a folder of results every agency gets its own workbook, at the addresses on its own first sheet, over one
    connection; a repeat goes on where the last one ended. With --provinces (headings province, email) each province
    gets the portfolio over its agencies.

    With --remind every office that has a step which is not done gets its form, and its late steps are named in the
    letter; --offices has the headings office, email.

    With --send the settings may come from the environment (ITA_XL_SMTP_HOST, _PORT, _SECURITY, _USER, _FROM); the
    password comes from ITA_XL_SMTP_PASSWORD or the system's keyring, never from here.
    """
    if (draft is not None) + outlook + send > 1:
        raise click.UsageError(say("mail.one_way", lang))
    quiet = as_json and (yes or dry_run)
    settings = {name: asked.pop(name) for name in ("host", "port", "security", "user", "sender")}
    if remind:
        plain = not asked["published_only"] and asked["report"] is None
        if outlook or provinces or os.path.isdir(file) or _addressed(asked) or not plain:
            raise click.UsageError(say("reminder.one_workbook", lang))
        server = _server(lang, **settings) if send else None
        reminders = _reminders(file, draft, on, listed=offices, template=asked["template"], unaddressed=not send)
        manner = Manner(reminders.folder, server, _pause(per_minute), again, force, yes, dry_run, as_json, lang)
        return mail_folder(reminders, manner)
    if offices or (on and not provinces):
        raise click.UsageError(say("reminder.needs_remind", lang))
    if os.path.isdir(file):
        if outlook or _addressed(asked):
            raise click.UsageError(say("mailing.not_for_folders", lang))
        server = _server(lang, **settings) if send else None
        drafts = draft or file / say("mailing.drafts", lang)
        manner = Manner(drafts, server, _pause(per_minute), again, force, yes, dry_run, as_json, lang)
        return mail_folder(_mailing(file, provinces, on, **asked), manner)
    if provinces:
        raise click.UsageError(say("mailing.for_folders", lang))
    if send:
        way = _by_smtp(lang, again, **settings)
    else:
        way = _by_outlook(lang) if outlook else _as_draft(lang, draft or file.with_suffix(".eml"), force)
    prepared = _prepared(file, to_somebody=send, **asked)
    if not quiet:
        report(prepared.findings, lang)
        _show(prepared, way, lang, whole=not asked["published_only"] and asked["report"] != "only")
    if dry_run:
        done = _Done([say("mail.dry_run", lang)], findings=way.rehearse(prepared.message))
    else:
        ask(way.question, yes, lang)
        done = way.go(prepared.message)
    findings = [*prepared.findings, *done.findings]
    if not quiet:
        _tell_done(done, lang)
    if as_json:
        print_json({**_document(prepared), **done.document, **listed(findings, lang)})
    return exit_for(findings)


def _addressed(asked: dict[str, Any]) -> bool:
    """Whether addresses were given; of a folder every workbook has its own, so they are taken out."""
    given = [asked.pop(name) for name in ("to", "cc", "reply_to")]
    return any(addresses is not None for addresses in given)


def _pause(per_minute: float) -> float:
    """Seconds between two messages."""
    return 60 / per_minute if per_minute else 0.0


def _tell_done(done: _Done, lang: str) -> None:
    report(done.findings, lang)
    for line in done.lines:
        tell(line)


def _mailing(
    folder: Path, provinces: Path | None, on: dt.date | None, most_megabytes: float, **asked: Any
) -> Mailing:
    from ita_xl.batch.mailing import Mailing
    from ita_xl.mail.message import MEGABYTE
    from ita_xl.mail.prepare import Wishes

    return Mailing(folder, Wishes(**asked, most=int(most_megabytes * MEGABYTE)), provinces, on)


def _reminders(file: Path, folder: Path | None, on: dt.date | None, **asked: Any) -> Reminders:
    from ita_xl.batch.reminders import Reminders

    day = on or dt.datetime.now().astimezone().date()
    return Reminders(file, folder or file.parent / say("reminder.drafts"), day, **asked)


def _prepared(file: Path, *, to_somebody: bool, most_megabytes: float, **asked: Any) -> Prepared:
    """The message for a file, and what is to be said of the file. to_somebody: there must be a recipient."""
    from ita_xl.mail.message import MEGABYTE
    from ita_xl.mail.prepare import Wishes, prepare

    prepared = prepare(files.read_package(file), file.name, Wishes(**asked, most=int(most_megabytes * MEGABYTE)))
    if to_somebody and not prepared.message.recipients:
        raise Unusable(Finding(Code.NO_RECIPIENT))
    prepared.findings.extend(locks.noted(file))
    return prepared


def _show(prepared: Prepared, way: _Way, lang: str, *, whole: bool) -> None:
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
    if way.through:
        tell(way.through)


def _shown(addresses: Iterable[Address]) -> str:
    return ", ".join(address.shown for address in addresses)


def _document(prepared: Prepared) -> dict[str, Any]:
    message = prepared.message
    return {
        "subject": message.subject,
        "to": [address.shown for address in message.to],
        "cc": [address.shown for address in message.cc],
        "reply_to": [address.shown for address in message.reply_to],
        "attachments": [{"name": a.name, "bytes": len(a.content)} for a in message.attachments],
        "bytes": prepared.size,
        "draft": None,
        "delivery": [],
    }


# ---- the ways ----


def _as_draft(lang: str, target: Path, force: bool) -> _Way:
    check_name(target, (".eml",), lang)
    if files.present(target) and not force:
        raise click.UsageError(say("cli.exists", lang, file=files.shown(target)))

    def write(message: Message) -> _Done:
        backups.replace_whole(target, message.draft())
        return _Done([say("mail.drafted", lang, file=target)], {"draft": str(target)})

    return _Way(say("mail.ask_draft", lang, file=target), write)


def _by_outlook(lang: str) -> _Way:
    def open_it(message: Message) -> _Done:
        from ita_xl.mail.outlook import open_draft

        open_draft(message)
        return _Done([say("mail.opened", lang)])

    return _Way(say("mail.ask_outlook", lang), open_it)


def _by_smtp(lang: str, again: bool, **settings: Any) -> _Way:
    from ita_xl.mail.delivery import Fate, Post
    from ita_xl.mail.outbox import Outbox

    server = _server(lang, **settings)

    def deliver(message: Message) -> _Done:
        with Outbox() as outbox, Post(server, outbox, again=again) as post:
            results = post.deliver(message)
        lines = [say("mail.sent", lang, address=r.address.shown) for r in results if r.fate is Fate.SENT]
        told = [{"to": r.address.email, "fate": r.fate.value, "reply": r.reply} for r in results]
        return _Done(lines, {"delivery": told}, [f for result in results for f in result.findings()])

    def rehearse(message: Message) -> list[Finding]:
        with Outbox() as outbox:
            return [f for r in Post(server, outbox, again=again).settled(message) for f in r.findings()]

    shown = {"server": server.place, "security": server.security.value, "sender": server.sender.shown}
    return _Way(say("mail.ask_send", lang), deliver, say("mail.through", lang, **shown), rehearse)


def _server(lang: str, host: str | None, port: int | None, security: str, user: str, sender: str) -> Server:
    """The server to send by. Raises `Unusable` where sender or password are missing."""
    from ita_xl.mail.addresses import Typed, parse
    from ita_xl.mail.server import Security, Server, password_for

    if not host:
        raise click.UsageError(say("mail.needs_server", lang))
    if user and security == Security.NONE:
        raise click.UsageError(say("mail.plain_login", lang))
    findings: list[Finding] = []
    senders = parse(Typed("--from", sender or (user if "@" in user else "")), findings)
    if findings or len(senders) != 1:
        raise Unusable(*(findings or [Finding(Code.NO_SENDER)]))
    password = password_for(host, user) if user else ""
    return Server(host, senders[0], Security(security), port or 0, user, password)
