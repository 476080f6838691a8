"""Mail for many: to each agency its own workbook, and to each province the view over its agencies.

Every message is made twice: once to be shown, and once more when it leaves, because thousands of them would not fit
into memory. What is not the same the second time does not leave.
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from importlib.resources import files as resources
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from ita_xl import files, log
from ita_xl.batch import journal, portfolio, provinces
from ita_xl.batch.collect import collect
from ita_xl.batch.portfolio import counted
from ita_xl.batch.record import Record
from ita_xl.data import catalogue, say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable, ordered
from ita_xl.files import backups, names
from ita_xl.mail import addresses, letter
from ita_xl.mail.addresses import Address, Typed
from ita_xl.mail.delivery import Post
from ita_xl.mail.message import Attachment, Message
from ita_xl.mail.prepare import Wishes, prepare


@dataclass(frozen=True)
class Item:
    """Something to be mailed. place: its file below the folder, or the province's name. province: whether it is the
    view over one. draft: the path of its draft below the folder of drafts."""

    place: str
    province: bool = False
    draft: str = ""


@dataclass(frozen=True)
class Planned:
    """What became known of an item before anything leaves. seal: by which the message is known again, empty if
    there is none. size: bytes of the attachments. findings: what is to be said; where there is no message, why."""

    item: Item
    agency: str = ""
    to: tuple[Address, ...] = ()
    attached: tuple[tuple[str, int], ...] = ()
    seal: str = ""
    findings: Sequence[Finding] = ()

    @property
    def size(self) -> int:
        return sum(size for _, size in self.attached)


@dataclass(frozen=True)
class Fate:
    """What became of a planned message for one recipient. word: of the texts (`mailing.fates`)."""

    planned: Planned
    to: str
    word: str
    about: str = ""
    findings: Sequence[Finding] = ()


class Messages(ABC):
    """Messages of which each is made when it is shown, and once more when it leaves. folder: beside which the table
    goes. items: what they are about. findings: on lists that name recipients. inside: whole workbooks go along.
    unaddressed: a message may be without recipients, because a person adds them to its draft."""

    folder: Path
    items: list[Item]
    findings: list[Finding]
    inside: bool = False
    unaddressed: bool = False

    @abstractmethod
    def made(self, item: Item) -> tuple[Message, Planned]:
        """An item's message. Raises `Unusable` where there is none."""

    def planned(self, item: Item) -> Planned:
        """What is to be shown of an item's message. Never raises for the item's own faults."""
        try:
            message, planned = self._made(item)
        except Unusable as error:
            return Planned(item, findings=ordered(error.findings))
        if not message.recipients and not self.unaddressed:
            return replace(planned, findings=[Finding(Code.NO_RECIPIENT), *planned.findings])
        return replace(planned, seal=_seal(message))

    def message(self, planned: Planned) -> Message:
        """The message that was planned. Raises `Unusable` if it is not the same any more."""
        message, _ = self._made(planned.item)
        if _seal(message) != planned.seal:
            raise Unusable(Finding(Code.CHANGED_SINCE_SHOWN, values={"file": planned.item.place}))
        return message

    def _made(self, item: Item) -> tuple[Message, Planned]:
        """Raises `Unusable` whatever goes wrong, because it must cost no other message."""
        try:
            return self.made(item)
        except Unusable:
            raise
        except Exception as error:
            told = {"log": log.write(error, f"mail: {item.place}")}
            raise Unusable(Finding(Code.PROGRAM_FAILED_WORKBOOK_UNCHANGED, values=told)) from error


@dataclass
class Mailing(Messages):
    """The messages for a folder of workbooks. wishes: for each workbook's message; its recipients are those of its
    own first sheet. provinces: a list of provinces with addresses; None for no such messages. on: the day of which
    provinces are told what is late; None for the one on which the newest workbook was changed, because a repeat on
    another day must make the same messages. findings: on that list."""

    folder: Path
    wishes: Wishes
    provinces: Path | None = None
    on: dt.date | None = None
    records: list[Record] = field(init=False)
    addressed: Mapping[str, str] = field(init=False)
    items: list[Item] = field(init=False)
    findings: list[Finding] = field(init=False)
    inside: bool = field(init=False)

    def __post_init__(self) -> None:
        """Raises `Unusable` for a list that cannot be read, or one without the records that a batch leaves, and
        where there is nothing to mail."""
        self.records = counted([entry.record for entry in journal.read(self.folder).values()]).counting
        self.addressed, self.findings = provinces.read(self.provinces) if self.provinces else ({}, [])
        if self.provinces and not self.records:
            raise Unusable(Finding(Code.NO_BATCH_RESULTS, values={"folder": self.folder}))
        self.inside = not self.wishes.published_only
        self.items = _with_drafts([*map(Item, self._results()), *(Item(name, True) for name in self.addressed)])

    def _results(self) -> list[str]:
        """The results of a batch, of each agency and year the newest; where there was no batch, all workbooks in
        the folder."""
        results = sorted(record.output for record in self.records if record.output)
        if not results:
            sources, unreadable = collect([self.folder], self.folder / say("mailing.drafts"), {})
            results = [source.place for source in sources]
            self.findings += unreadable
        return results

    def _newest(self) -> dt.date:
        return portfolio.changed(max(record.modified for record in self.records)).astimezone().date()

    def made(self, item: Item) -> tuple[Message, Planned]:
        return self._of_province(item) if item.province else self._of_workbook(item)

    def _of_workbook(self, item: Item) -> tuple[Message, Planned]:
        path = self.folder / item.place
        prepared = prepare(files.read_package(path), path.name, self.wishes)
        message = prepared.message
        agency = prepared.outcome.inputs.about.get("agency", "")
        return message, Planned(item, agency, message.recipients, attached(message), findings=prepared.findings)

    def _of_province(self, item: Item) -> tuple[Message, Planned]:
        # Without the results themselves: who gets this does not have them.
        key = provinces.key_of(item.place)
        mine = [replace(record, output="") for record in self.records if provinces.key_of(record.province) == key]
        if not mine:
            raise Unusable(Finding(Code.PROVINCE_WITHOUT_WORKBOOK, values={"province": item.place}))
        problems: list[Finding] = []
        to = addresses.parse(Typed(say("mailing.email"), self.addressed[item.place]), problems)
        problems += addresses.too_many(to)
        name = say("mailing.portfolio", province=names.harmless(item.place))
        with TemporaryDirectory(prefix="ita_xl-") as spare:
            made = Path(spare) / "portfolio.xlsx"
            portfolio.write(mine, made, folder=Path(spare), on=self.on or self._newest())
            content = made.read_bytes()
        known = {
            letter.slot("province"): item.place,
            letter.slot("year"): str(max(record.year for record in mine)),
            letter.slot("recipients"): say("letter.recipients"),
            letter.slot("attached"): say("letter.attached", files=name, number=1),
            say("mailing.agencies"): str(len(mine)),
        }
        text = resources("ita_xl.data").joinpath("mail/province.th.txt").read_text(encoding="utf-8")
        written = letter.compose(text, known, problems)
        if problems:
            raise Unusable(*problems)
        message = Message(tuple(to), (), (), written.subject, written.body, (Attachment(name, content),))
        return message, Planned(item, item.place, message.recipients, attached(message))


def write_table(fates: Iterable[Fate], target: Path, lang: str) -> None:
    """What became of every message and recipient, as a CSV file. Raises `Unusable` if it cannot be written."""
    rows = [[say(f"mailing.columns.{key}", lang) for key in ("file", "agency", "to", "fate", "about")]]
    for fate in fates:
        word = say(f"mailing.fates.{fate.word}", lang)
        rows.append([fate.planned.item.place, fate.planned.agency, fate.to, word, fate.about])
    backups.replace_whole(target, files.csv_content(rows))


def draft(planned: Planned, message: Message, folder: Path, *, force: bool, lang: str) -> Iterator[Fate]:
    """Write a message as a draft that a mail program opens; one that is there already stays, unless forced, when it
    stays as a backup. One that cannot be written is held. Raises `Unusable` if no other could be written either."""
    target = folder / planned.item.draft
    try:
        word = "there" if not force and files.present(target) else "drafted"
        if word == "drafted":
            files.make_folder(target.parent)
            backups.replace_whole(target, message.draft())
    except Unusable as error:
        if files.full(error):
            raise
        yield from held(planned, error.findings, lang)
        return
    for to in [address.shown for address in planned.to] or [""]:
        yield Fate(planned, to, word, str(target))


def send(planned: Planned, message: Message, post: Post) -> Iterator[Fate]:
    """Deliver a message to all who did not get it yet. Raises `Unusable` as `Post.deliver`."""
    for result in post.deliver(message):
        word = result.fate.name.lower()
        yield Fate(planned, result.address.shown, word, result.reply, result.findings())


def held(planned: Planned, findings: Sequence[Finding], lang: str) -> Iterator[Fate]:
    """The fates of a message that does not leave; the first one bears the findings."""
    about = catalogue.message(findings[0], lang) if findings else ""
    for number, to in enumerate([address.shown for address in planned.to] or [""]):
        yield Fate(planned, to, "held", about, () if number else findings)


def _with_drafts(items: Sequence[Item]) -> list[Item]:
    """The same items with drafts named like their file or province; those that would meet get marks."""
    meeting = Counter(names.alike(_draft(item)) for item in items)
    return [replace(item, draft=_draft(item, apart=meeting[names.alike(_draft(item))] > 1)) for item in items]


def _draft(item: Item, *, apart: bool = False) -> str:
    at = PurePosixPath(names.harmless(item.place) if item.province else item.place)
    stem = at.name if item.province else at.stem
    if apart:
        return str(at.with_name(names.marked(stem, ".eml", f"{item.province} {item.place}")))
    return str(at.with_name(names.fitting(stem, ".eml")))


def attached(message: Message) -> tuple[tuple[str, int], ...]:
    return tuple((each.name, len(each.content)) for each in message.attachments)


def _seal(message: Message) -> str:
    """What tells one message from any other, wherever it is sent from."""
    whole = sha256(repr([message.to, message.cc, message.reply_to, message.subject, message.body]).encode())
    for each in message.attachments:
        whole.update(each.name.encode() + b"\0" + sha256(each.content).digest())
    return whole.hexdigest()
