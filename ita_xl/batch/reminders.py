"""Mail for the offices of one workbook: each gets its form, with the steps named that are late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files as resources
from pathlib import Path

from ita_xl import files
from ita_xl.batch.mailing import Item, Messages, Planned, attached
from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.domain.days import in_words
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.domain.follow import Stand, Task, by_office
from ita_xl.domain.thai import folded
from ita_xl.engines.package.engine import Package
from ita_xl.files import names
from ita_xl.forms.split import Plan, forms, plan_of, quarter_on, without_office
from ita_xl.layout import HOME
from ita_xl.mail import addresses, letter, lists
from ita_xl.mail.addresses import Address, Typed
from ita_xl.mail.message import Attachment, Message
from ita_xl.views.follow import standing

_HEADING = ("office", "หน่วยงาน")


@dataclass
class Reminders(Messages):
    """A message for every office that has a step which is not done. on: the day as of which steps are late. listed:
    a CSV file with the addresses of offices; else those beside them on the first sheet. template: a letter of the
    agency's own. unaddressed: of drafts, to which a person adds who gets them."""

    path: Path
    folder: Path
    on: dt.date
    listed: Path | None = None
    template: Path | None = None
    unaddressed: bool = True
    inside: bool = False
    plan: Plan = field(init=False)
    open_: dict[str, list[Task]] = field(init=False)
    items: list[Item] = field(init=False)
    findings: list[Finding] = field(init=False)

    def __post_init__(self) -> None:
        """Raises `Unusable` for a workbook without a plan, and a list that cannot be read."""
        self.plan = plan_of(Package(files.read_package(self.path), self.path.name))
        self.findings = without_office(self.plan)
        self.addressed = self._addresses()
        tasks = by_office(standing(self.plan.steps, self.plan.answers.values(), self.on))
        self.open_ = {
            office: [task for task in mine if not task.done]
            for office, mine in tasks.items()
            if any(not task.done for task in mine)
        }
        stems = ((say("reminder.file", office=office), office) for office in self.plan.offices())
        drafts = dict(zip(self.plan.offices(), names.apart(stems, ".eml"), strict=True))
        self.items = [Item(office, draft=drafts[office]) for office in self.open_]

    def _addresses(self) -> Mapping[str, Typed]:
        """Where the addresses of each office are typed."""
        inputs = self.plan.outcome.inputs
        title, label = inputs.titles.get(HOME.key, ""), say("mailing.email")
        found = {
            folded(office): Typed(label, head, title, cell)
            for office, (head, cell) in inputs.heads.items()
            if "@" in head
        }
        if self.listed:
            lines, notes = lists.read(self.listed, _HEADING, Code.OFFICE_LIST_UNREADABLE)
            self.findings += notes
            for line in lines:
                found[folded(line.name)] = Typed(label, line.email)
        return found

    def made(self, item: Item) -> tuple[Message, Planned]:
        office, problems = item.place, list[Finding]()
        typed = self.addressed.get(folded(office))
        to = addresses.parse(typed, problems) if typed else []
        problems += addresses.too_many(to)
        form = next(forms(self.plan, quarter_on(self.on, self.plan.year), [office]))
        known = self._facts(office, to, form.name)
        written = letter.compose(self._letter(), known, problems)
        if problems:
            raise Unusable(*problems)
        reply = addresses.parse(Typed("", self.plan.outcome.inputs.about.get("mail_reply", "")), [])
        attachment = Attachment(form.name, form.content)
        message = Message(tuple(to), (), tuple(reply), written.subject, written.body, (attachment,))
        return message, Planned(item, office, message.recipients, attached(message))

    def _letter(self) -> str:
        if self.template:
            return letter.template(self.template)
        return resources("ita_xl.data").joinpath("mail/reminder.th.txt").read_text(encoding="utf-8")

    def _facts(self, office: str, to: Sequence[Address], form: str) -> dict[str, str]:
        """What a letter may say, by the slots' names."""
        tasks, about = self.open_[office], self.plan.outcome.inputs.about
        late = [task for task in tasks if task.stand is Stand.LATE]
        soon = [task for task in tasks if task.stand is Stand.SOON]
        known = {
            "agency": self.plan.agency,
            "year": str(self.plan.year),
            "recipients": ", ".join(address.name for address in to if address.name) or office,
            "attached": say("reminder.attached", file=form),
            "chief": about.get("paper_section", "") or self.plan.agency,
        }
        own = {
            "office": office,
            "day": in_words(self.on),
            "open": str(len(tasks)),
            "unheard": _some(sum(task.answer is None for task in tasks)),
            "late_number": _some(len(late)),
            "late": "\n".join(map(_line, late)),
            "soon_number": _some(len(soon)),
            "soon": "\n".join(map(_line, soon)),
        }
        return {letter.slot(key): value for key, value in known.items()} | {
            say(f"reminder.slots.{key}"): value for key, value in own.items()
        }


def _some(number: int) -> str:
    """A number of which a line speaks only if it is not zero."""
    return str(number) if number else ""


def _line(task: Task) -> str:
    key = "reminder.late" if task.late else "reminder.due"
    return say(key, no=task.step.no, text=" ".join(task.step.text.split()), due=task.step.due, days=task.late)
