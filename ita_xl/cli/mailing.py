"""Mailing a whole folder: `ita-xl mail DIR`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ita_xl.cli.common import Exit, ask, exit_for, listed, print_json, progress, report, stoppable, tell
from ita_xl.data import catalogue, say
from ita_xl.domain.findings import Finding, Unusable

if TYPE_CHECKING:
    from ita_xl.batch.mailing import Fate, Messages, Planned
    from ita_xl.mail.message import Message
    from ita_xl.mail.server import Server


@dataclass(frozen=True)
class Manner:
    """How messages leave. server: None writes drafts. pause: least seconds between messages. again: also to who got
    it. force: also over a draft that is there."""

    drafts: Path
    server: Server | None = None
    pause: float = 0.0
    again: bool = False
    force: bool = False
    yes: bool = False
    dry_run: bool = False
    as_json: bool = False
    lang: str = "th"

    @property
    def quiet(self) -> bool:
        return self.as_json and (self.yes or self.dry_run)


def mail_folder(mailing: Messages, manner: Manner) -> Exit:
    """Show every message, ask once, let them leave, and say what became of each."""
    lang = manner.lang
    planned = _planned(mailing, manner)
    leaving = [each for each in planned if each.seal]
    if not manner.quiet:
        _show(mailing, planned, manner)
    if manner.dry_run:
        tell(say("mail.dry_run", lang))
    elif leaving:
        question = "mailing.ask_send" if manner.server else "mailing.ask_draft"
        place = manner.server.place if manner.server else manner.drafts
        ask(say(question, lang, number=len(leaving), place=place), manner.yes, lang)
    fates, stopped = _fates(mailing, planned, manner)
    findings = [*mailing.findings, *(finding for fate in fates for finding in fate.findings), *stopped]
    if manner.as_json:
        told = [{"file": f.planned.item.place, "to": f.to, "fate": f.word, "about": f.about} for f in fates]
        print_json({"messages": len(leaving), "fates": told, **listed(findings, lang)})
    else:
        # Why others have no message was shown above, with their files.
        report([*(f for fate in fates if fate.planned.seal for f in fate.findings), *stopped], lang)
        tell(_counted(fates, lang))
    return exit_for(findings)


def _fates(mailing: Messages, planned: Sequence[Planned], manner: Manner) -> tuple[list[Fate], list[Finding]]:
    """What became of each message, also in the table beside the results, and what stopped the mailing early."""
    from ita_xl.batch.mailing import held, write_table

    lang = manner.lang
    leaving = [each for each in planned if each.seal]
    fates = [fate for each in planned if not each.seal for fate in held(each, each.findings[:1], lang)]
    if manner.dry_run:
        return fates, []
    with stoppable() as stopped:
        fates.extend(_left(mailing, leaving, manner))  # what left before an error stays in it
    reached = {fate.planned.item for fate in fates}
    fates += [fate for each in leaving if each.item not in reached for fate in held(each, [], lang)]
    with stoppable() as unwritten:
        table = mailing.folder / say("mailing.table", lang)
        write_table(fates, table, lang)
        if not manner.as_json:
            tell(say("cli.made", lang, file=table))
    return fates, stopped + unwritten


def _planned(mailing: Messages, manner: Manner) -> list[Planned]:
    planned = []
    with progress(len(mailing.items), quiet=manner.quiet) as told:
        for item in mailing.items:
            planned.append(mailing.planned(item))
            told("")
    return planned


def _show(mailing: Messages, planned: Sequence[Planned], manner: Manner) -> None:
    """A line for each message: what is attached, how large, to whom; or why there is none."""
    from ita_xl.mail.prepare import megabytes

    lang = manner.lang
    report(mailing.findings, lang)
    for each in planned:
        if each.seal:
            names = ", ".join(name for name, _ in each.attached)
            to = ", ".join(address.shown for address in each.to) or say("mail.nobody", lang)
            tell(say("mailing.line", lang, file=each.item.place, to=to, names=names, size=megabytes(each.size)))
        else:
            why = catalogue.message(each.findings[0], lang)
            tell(say("mailing.held_line", lang, file=each.item.place, why=why))
    if mailing.inside:
        tell(say("mail.recommend", lang))
    if manner.server:
        shown = {"server": manner.server.place, "security": manner.server.security.value}
        tell(say("mail.through", lang, sender=manner.server.sender.shown, **shown))


def _left(mailing: Messages, leaving: Sequence[Planned], manner: Manner) -> Iterator[Fate]:
    """Let messages leave. Raises `Unusable` when no more can."""
    from ita_xl.batch.mailing import held

    if not leaving:
        return
    with ExitStack() as stack:
        way = _way(manner, stack)
        told = stack.enter_context(progress(len(leaving), quiet=manner.quiet))
        for each in leaving:
            try:
                message = mailing.message(each)
            except Unusable as error:  # its file is not what was shown any more
                fates = list(held(each, error.findings, manner.lang))
            else:
                fates = list(way(each, message))
            yield from fates
            told("\n".join(_line(fate, manner.lang) for fate in fates))


def _way(manner: Manner, stack: ExitStack) -> Callable[[Planned, Message], Iterator[Fate]]:
    """How one message leaves; what it needs open stays open until the stack is closed."""
    from ita_xl.batch.mailing import draft, send

    if manner.server is None:
        return partial(draft, folder=manner.drafts, force=manner.force, lang=manner.lang)
    from ita_xl.mail.delivery import Post
    from ita_xl.mail.outbox import Outbox

    outbox = stack.enter_context(Outbox())
    post = stack.enter_context(Post(manner.server, outbox, pause=manner.pause, again=manner.again))
    return partial(send, post=post)


def _line(fate: Fate, lang: str) -> str:
    words = {
        "file": fate.planned.item.place,
        "to": fate.to or say("mail.nobody", lang),
        "fate": say(f"mailing.fates.{fate.word}", lang),
    }
    return say("mailing.done_line", lang, **words)


def _counted(fates: Sequence[Fate], lang: str) -> str:
    counts = Counter(fate.word for fate in fates)
    return ", ".join(f"{say(f'mailing.fates.{word}', lang)} {number}" for word, number in counts.items())
