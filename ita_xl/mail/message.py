"""One message with its attachments, as a draft for a mail program or ready to be delivered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import PurePath

from ita_xl.mail.addresses import Address, one_line

_POLICY = SMTP.clone(max_line_length=76)
"""No line of a header that holds an encoded word may be longer (RFC 2047)."""

_KINDS = {
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".xlsm": ("application", "vnd.ms-excel.sheet.macroEnabled.12"),
}


@dataclass(frozen=True)
class Attachment:
    name: str
    content: bytes


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
            name = one_line(attachment.name.replace("/", "-").replace("\\", "-"))
            main, sub = _KINDS.get(PurePath(name).suffix.lower(), ("application", "octet-stream"))
            made.add_attachment(attachment.content, maintype=main, subtype=sub, filename=name)
        return made

    def draft(self) -> bytes:
        """An .eml file: mail programs that know X-Unsent open it as a message to be sent."""
        made = self.built()
        made["X-Unsent"] = "1"
        return made.as_bytes()


def _header(addresses: Iterable[Address]) -> tuple[HeaderAddress, ...]:
    return tuple(HeaderAddress(address.name, addr_spec=address.wire) for address in addresses)
