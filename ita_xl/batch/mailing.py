"""Mail for many: to each agency its own workbook, and to each province the view over its agencies.

Every message is made twice: once to be shown, and once more when it leaves, because thousands of them would not fit
into memory. What is not the same the second time does not leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from importlib.resources import files as resources
from pathlib import Path
from tempfile import TemporaryDirectory

from ita_xl import files
from ita_xl.batch import journal, portfolio
from ita_xl.batch.collect import collect
from ita_xl.batch.portfolio import counted
from ita_xl.batch.portfolio.agencies import place_name
from ita_xl.batch.record import Record
from ita_xl.data import catalogue, say
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable, ordered
from ita_xl.domain.thai import folded, tidy
from ita_xl.mail import addresses, letter
from ita_xl.mail.addresses import Address, Typed
from ita_xl.mail.delivery import Post
from ita_xl.mail.message import Attachment, Message
from ita_xl.mail.prepare import Wishes, prepare

_HEADINGS = {"province": ("province", "จังหวัด"), "email": ("email", "e-mail", "อีเมล")}
"""How the columns of a list of provinces may be headed."""


@dataclass(frozen=True)
class Item:
    """Something to be mailed. place: its file below the folder, or the province's name. province: whether it is the
    view over one."""

    place: str
    province: bool = False


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


@dataclass
class Mailing:
    """The messages for a folder of workbooks. wishes: for each workbook's message; its recipients are those of its
    own first sheet. provinces: a list of provinces with addresses; None for no such messages. findings: on that
    list."""

    folder: Path
    wishes: Wishes
    provinces: Path | None = None
    records: list[Record] = field(init=False)
    addressed: Mapping[str, str] = field(init=False)
    findings: Sequence[Finding] = field(init=False)

    def __post_init__(self) -> None:
        """Raises `Unusable` for a list that cannot be read, or one without the records that a batch leaves."""
        self.records = counted([entry.record for entry in journal.read(self.folder).values()]).counting
        self.addressed, self.findings = read_provinces(self.provinces) if self.provinces else ({}, ())
        if self.provinces and not self.records:
            raise Unusable(Finding(Code.NO_BATCH_RESULTS, values={"folder": self.folder}))

    def items(self) -> list[Item]:
        """What is to be mailed: the results of a batch, of each agency and year the newest; where there was no
        batch, all workbooks in the folder. Raises `Unusable` if there is nothing."""
        results = sorted(record.output for record in self.records if record.output)
        if not results:
            sources, _ = collect([self.folder], self.folder / say("mailing.drafts"), {})
            results = [source.place for source in sources]
        return [Item(place) for place in results] + [Item(name, province=True) for name in self.addressed]

    def planned(self, item: Item) -> Planned:
        """What is to be shown of an item's message. Never raises for the item's own faults."""
        try:
            message, planned = self._made(item)
        except Unusable as error:
            return Planned(item, findings=ordered(error.findings))
        if not message.recipients:
            return replace(planned, findings=[Finding(Code.NO_RECIPIENT), *planned.findings])
        return replace(planned, seal=_seal(message))

    def message(self, planned: Planned) -> Message:
        """The message that was planned. Raises `Unusable` if it is not the same any more."""
        message, _ = self._made(planned.item)
        if _seal(message) != planned.seal:
            raise Unusable(Finding(Code.CHANGED_SINCE_SHOWN, values={"file": planned.item.place}))
        return message

    def _made(self, item: Item) -> tuple[Message, Planned]:
        if item.province:
            return self._of_province(item)
        path = self.folder / item.place
        prepared = prepare(files.read_package(path), path.name, self.wishes)
        message = prepared.message
        agency = prepared.outcome.inputs.about.get("agency", "")
        return message, Planned(item, agency, message.recipients, _attached(message), findings=prepared.findings)

    def _of_province(self, item: Item) -> tuple[Message, Planned]:
        # Without the results themselves: who gets this does not have them.
        mine = [replace(record, output="") for record in self.records if _key(record.province) == _key(item.place)]
        if not mine:
            raise Unusable(Finding(Code.PROVINCE_WITHOUT_WORKBOOK, values={"province": item.place}))
        problems: list[Finding] = []
        to = addresses.parse(Typed(say("mailing.email"), self.addressed[item.place]), problems)
        problems += addresses.too_many(to)
        name = say("mailing.portfolio", province=item.place)
        with TemporaryDirectory(prefix="ita_xl-") as spare:
            made = Path(spare) / "portfolio.xlsx"
            portfolio.write(mine, made, folder=Path(spare))
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
        return message, Planned(item, item.place, message.recipients, _attached(message))


def read_provinces(path: Path) -> tuple[dict[str, str], list[Finding]]:
    """Addresses by province from a CSV file with the headings จังหวัด and อีเมล, and a note where its encoding was
    guessed. Raises `Unusable`."""
    try:
        listed, notes = files.csv_rows(path)
    except ValueError as error:
        raise Unusable(Finding(Code.FILE_UNREADABLE, values={"file": path.name, "detail": str(error)})) from error
    heading, *rows = listed or [[]]
    columns = {
        key: next((n for n, text in enumerate(heading) if tidy(text).casefold() in words), None)
        for key, words in _HEADINGS.items()
    }
    at, email = columns["province"], columns["email"]
    if at is None or email is None:
        raise Unusable(Finding(Code.PROVINCE_LIST_UNREADABLE, values={"file": path.name}))
    filled = [row for row in rows if len(row) > max(at, email) and tidy(row[at])]
    return {tidy(place_name(row[at])): row[email] for row in filled}, notes


def write_table(fates: Iterable[Fate], target: Path, lang: str) -> None:
    """What became of every message and recipient, as a CSV file. Raises `Unusable` if it cannot be written."""
    rows = [[say(f"mailing.columns.{key}", lang) for key in ("file", "agency", "to", "fate", "about")]]
    for fate in fates:
        word = say(f"mailing.fates.{fate.word}", lang)
        rows.append([fate.planned.item.place, fate.planned.agency, fate.to, word, fate.about])
    files.write_csv(target, rows)


def draft(planned: Planned, message: Message, folder: Path, *, force: bool) -> Iterator[Fate]:
    """Write a message as a draft that a mail program opens; one that is there already stays, unless forced. Raises
    `Unusable` if it cannot be written."""
    target = folder / Path(planned.item.place).with_suffix(".eml")
    there = target.exists() and not force
    if not there:
        target.parent.mkdir(parents=True, exist_ok=True)
        files.write_whole(target, message.draft())
    for to in planned.to:
        yield Fate(planned, to.shown, "there" if there else "drafted", str(target))


def send(planned: Planned, message: Message, post: Post) -> Iterator[Fate]:
    """Deliver a message to all who did not get it yet. Raises `Unusable` as `Post.deliver`."""
    for result in post.deliver(message):
        word = result.fate.name.lower()
        yield Fate(planned, result.address.shown, word, result.reply, result.findings())


def held(planned: Planned, findings: Sequence[Finding], lang: str) -> Iterator[Fate]:
    """The fates of a message that does not leave."""
    about = catalogue.message(findings[0], lang) if findings else ""
    for to in [address.shown for address in planned.to] or [""]:
        yield Fate(planned, to, "held", about, findings)


def _attached(message: Message) -> tuple[tuple[str, int], ...]:
    return tuple((each.name, len(each.content)) for each in message.attachments)


def _seal(message: Message) -> str:
    """What tells one message from any other, wherever it is sent from."""
    whole = sha256(repr([message.to, message.cc, message.reply_to, message.subject, message.body]).encode())
    for each in message.attachments:
        whole.update(each.name.encode() + b"\0" + sha256(each.content).digest())
    return whole.hexdigest()


def _key(province: str) -> str:
    return folded(place_name(province))
