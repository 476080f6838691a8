"""One message with its attachments, as a draft for a mail program or ready to be delivered."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr, localtime
from hashlib import sha256
from pathlib import PurePath

from ita_xl.mail.addresses import Address, one_line

MEGABYTE = 1_000_000

_POLICY = SMTP.clone(refold_source="none")
"""Headers stay as we fold them: the library, folding names in Thai, encodes commas between addresses too."""

_WIDTH = 64
"""Letters in a line of a header, without its name; one with an encoded word may have 76 (RFC 2047)."""

_KINDS = {
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".pdf": ("application", "pdf"),
    ".xlsm": ("application", "vnd.ms-excel.sheet.macroEnabled.12"),
}


@dataclass(frozen=True)
class Attachment:
    """title: the name of its file, as it is."""

    title: str
    content: bytes

    @property
    def name(self) -> str:
        """The name under which it is attached: one line, and no path."""
        return one_line(self.title.replace("/", "-").replace("\\", "-"))


@dataclass(frozen=True)
class Message:
    """body: lines end in a line feed. There are no hidden recipients: who gets it stands in `to` and `cc`."""

    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    subject: str
    body: str
    attachments: tuple[Attachment, ...]

    @property
    def recipients(self) -> tuple[Address, ...]:
        """Everybody who gets it, once."""
        return tuple({address.key: address for address in (*self.cc, *self.to)}.values())

    def built(self) -> EmailMessage:
        """The message without sender, date and identity."""
        made = EmailMessage(policy=_POLICY)
        for name, addresses in (("To", self.to), ("Cc", self.cc), ("Reply-To", self.reply_to)):
            if addresses:
                made.set_raw(name, _listed(addresses))
        made.set_raw("Subject", _encoded(self.subject))
        made.set_content(self.body, cte="base64")
        for attachment in self.attachments:
            main, sub = _KINDS.get(PurePath(attachment.name).suffix.lower(), ("application", "octet-stream"))
            made.add_attachment(attachment.content, maintype=main, subtype=sub, filename=attachment.name)
        for part, attachment in zip(made.iter_attachments(), self.attachments, strict=True):
            _name_for_older_programs(part, attachment.name)
        return made

    def draft(self) -> bytes:
        """An .eml file: mail programs that know X-Unsent open it as a message to be sent."""
        made = self.built()
        made["X-Unsent"] = "1"
        return made.as_bytes()

    def key(self, sender: Address) -> str:
        """What tells this message from others, whoever gets it: sender, subject, text and attachments."""
        parts = [sender.key, self.subject, self.body]
        whole = sha256("\0".join(parts).encode())
        for attachment in self.attachments:
            whole.update(sha256(attachment.name.encode()).digest() + sha256(attachment.content).digest())
        return whole.hexdigest()[:32]

    def sendable(self, sender: Address) -> bytes:
        """As it goes over the wire, dots at the beginning of lines doubled. Its identity follows from its content,
        so that a mail program that gets it twice after all can tell."""
        made = self.built()
        made.set_raw("From", _listed([sender]))
        made["Date"] = localtime()
        made["Message-ID"] = f"<{self.key(sender)}@{sender.wire.rpartition('@')[2]}>"
        return re.sub(rb"(?m)^\.", b"..", made.as_bytes())


def _name_for_older_programs(part: EmailMessage, name: str) -> None:
    """Say the name a second time, where and how mail programs look for it that cannot read RFC 2231; some Outlooks
    show an untitled attachment otherwise."""
    if not name.isascii():
        kind = part.get_content_type()
        del part["Content-Type"]
        part.set_raw("Content-Type", f'{kind};\n name="{_encoded(name)}"')


def _listed(addresses: Iterable[Address]) -> str:
    """Addresses as a header, each on lines of its own."""
    named = [(one_line(address.name), address.wire) for address in addresses]
    return ",\n ".join(
        formataddr((name, wire)) if name.isascii() else f"{_encoded(name)}\n <{wire}>" for name, wire in named
    )


def _encoded(text: str) -> str:
    """Text as it may stand in a header, folded."""
    text = one_line(text)
    return Header(text, "us-ascii" if text.isascii() else "utf-8", maxlinelen=_WIDTH).encode()
