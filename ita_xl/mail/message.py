"""One message with its attachments, as a draft for a mail program or ready to be delivered."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime
from hashlib import sha256
from pathlib import PurePath

from ita_xl.mail.addresses import Address, one_line

MEGABYTE = 1_000_000

_POLICY = SMTP.clone(max_line_length=76)
"""No line of a header that holds an encoded word may be longer (RFC 2047)."""

_KINDS = {
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
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
                made[name] = _header(addresses)
        made["Subject"] = one_line(self.subject)
        made.set_content(self.body, cte="base64")
        for attachment in self.attachments:
            main, sub = _KINDS.get(PurePath(attachment.name).suffix.lower(), ("application", "octet-stream"))
            made.add_attachment(attachment.content, maintype=main, subtype=sub, filename=attachment.name)
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
        made["From"] = _header([sender])
        made["Date"] = localtime()
        made["Message-ID"] = f"<{self.key(sender)}@{sender.wire.rpartition('@')[2]}>"
        return re.sub(rb"(?m)^\.", b"..", made.as_bytes())


def _header(addresses: Iterable[Address]) -> tuple[HeaderAddress, ...]:
    return tuple(HeaderAddress(address.name, addr_spec=address.wire) for address in addresses)
