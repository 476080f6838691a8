"""Delivering messages: many over one connection, each recipient's result known, and never one twice by itself."""

from __future__ import annotations

import select
import smtplib
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.mail.addresses import Address
from ita_xl.mail.message import MEGABYTE, Message
from ita_xl.mail.outbox import Outbox, State
from ita_xl.mail.server import Server, is_temporary, told

WAITS: tuple[float, ...] = (2, 8, 32)
"""Seconds before each further attempt, after an error that may pass."""

_PIECE = 64 * 1024
"""Bytes sent at once: a time-out counts for a piece, so that a slow line may take long for a large message."""

_CLOSING = 421
"""The answer of a server that is about to hang up."""

_PATIENCE = 10
"""So many time-outs are waited for the answer to a whole message, which a server may look through first."""


class Fate(StrEnum):
    """What became of a message for one recipient."""

    SENT = "sent"
    ALREADY = "already sent"
    REFUSED = "refused"
    TOO_LARGE = "too large"
    NOT_NOW = "not accepted for now"
    UNCERTAIN = "not known"


_CODES = {
    Fate.ALREADY: Code.SENT_BEFORE,
    Fate.REFUSED: Code.RECIPIENT_REFUSED,
    Fate.NOT_NOW: Code.RECIPIENT_DELAYED,
    Fate.UNCERTAIN: Code.DELIVERY_UNKNOWN,
    Fate.TOO_LARGE: Code.MESSAGE_TOO_LARGE_FOR_SERVER,
}


@dataclass(frozen=True)
class Result:
    """reply: the server's answer; when it was sent before; the most megabytes that the server takes."""

    address: Address
    fate: Fate
    reply: str = ""

    def findings(self) -> list[Finding]:
        """What is to be said about it; nothing where it was sent."""
        code = _CODES.get(self.fate)
        return [Finding(code, values={"address": self.address.email, "reply": self.reply})] if code else []


@dataclass
class Post:
    """A connection for as many messages as wanted, opened with the first. pause: least seconds between messages.
    again: send also what the outbox says was sent, or may have been."""

    server: Server
    outbox: Outbox
    pause: float = 0
    again: bool = False
    waits: Sequence[float] = field(default_factory=lambda: WAITS)
    _smtp: smtplib.SMTP | None = field(default=None, init=False)
    _reached: bool = field(default=False, init=False)
    _last: float = field(default=0, init=False)

    def __enter__(self) -> Post:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            if self._smtp and error is None:
                self._smtp.quit()  # within a message it would be part of it
        self._drop()

    def settled(self, message: Message) -> list[Result]:
        """The recipients who are not to get it now, by what the outbox says: they have it, or may have it."""
        if self.again:
            return []
        key = message.key(self.server.sender)
        known = {address: self.outbox.last(key, address) for address in message.recipients}
        fates = {State.SENT: Fate.ALREADY, State.BEGUN: Fate.UNCERTAIN}
        return [
            Result(a, fates[entry.state], entry.at) for a, entry in known.items() if entry and entry.state in fates
        ]

    def deliver(self, message: Message) -> list[Result]:
        """Send a message to each of its recipients who did not get it yet.

        Raises `Unusable` if the server cannot be reached at all, is not trusted or refuses the login.
        """
        run = _Run(message.key(self.server.sender), message.sendable(self.server.sender))
        run.results += self.settled(message)
        done = {result.address for result in run.results}
        run.pending.update({address: "" for address in message.recipients if address not in done})
        for wait in (0, *self.waits):
            if run.pending:
                time.sleep(wait)
                self._attempt(run)
        run.results += [Result(address, Fate.NOT_NOW, reply) for address, reply in run.pending.items()]
        return run.results

    def _attempt(self, run: _Run) -> None:
        """One try for all who are still to get the message; whoever may get it later stays pending. Raises
        `Unusable`."""
        try:
            smtp = self._connection()
            time.sleep(max(0.0, self._last + self.pause - time.monotonic()))
            self._last = time.monotonic()
            self._hand_over(smtp, run)
        except OSError as error:  # smtplib's own are of this kind
            self._drop()
            run.pending.update(dict.fromkeys(run.pending, told(str(error))))

    def _connection(self) -> smtplib.SMTP:
        if self._smtp is None:
            try:
                self._smtp = self.server.connect()
            except smtplib.SMTPException:
                raise
            except OSError as error:
                if self._reached:
                    raise
                # Nobody there from the start: a wrong name or no network, which does not pass by waiting a little.
                values = {"server": self.server.place, "detail": told(error.strerror or str(error))}
                raise Unusable(Finding(Code.SERVER_UNREACHABLE, values=values)) from error
            self._reached = True
        return self._smtp

    def _drop(self) -> None:
        if self._smtp:
            self._smtp.close()
        self._smtp = None

    def _hand_over(self, smtp: smtplib.SMTP, run: _Run) -> None:
        """The conversation about one message. Raises `OSError` when the connection is lost before the message was
        complete: then the server drops what it got."""
        limit = smtp.esmtp_features.get("size", "")
        if limit.isdigit() and 0 < int(limit) < len(run.content):
            run.settle(run.pending, Fate.TOO_LARGE, f"{int(limit) / MEGABYTE:,.2f}")
            return
        options = [f"SIZE={len(run.content)}"] if smtp.has_extn("size") else []
        code, reply = smtp.mail(self.server.sender.wire, options)
        if code != 250:
            _decline(smtp, run, list(run.pending), code, reply)
            return
        accepted = [address for address in list(run.pending) if _takes(smtp, run, address)]
        if not accepted:
            smtp.rset()
            return
        code, reply = smtp.docmd("DATA")
        if code != 354:
            _decline(smtp, run, accepted, code, reply)
            return
        for start in range(0, len(run.content), _PIECE):
            smtp.send(run.content[start : start + _PIECE])
        self._finish(smtp, run, accepted)

    def _finish(self, smtp: smtplib.SMTP, run: _Run, accepted: list[Address]) -> None:
        """Send the end of a message and hear what became of it. The outbox knows before; if the answer is lost,
        nobody can tell."""
        assert smtp.sock is not None  # or nothing could have been sent
        if select.select([smtp.sock], [], [], 0)[0]:
            # A server has nothing to say before the end: it has hung up, or is about to.
            raise smtplib.SMTPServerDisconnected(told(smtp.getreply()[1]))
        self.outbox.note(run.key, accepted, State.BEGUN, self.server.place)
        try:
            smtp.sock.settimeout(self.server.timeout * _PATIENCE)
            smtp.send(b".\r\n")
            code, reply = smtp.getreply()
        except OSError as error:
            self._drop()
            run.settle(accepted, Fate.UNCERTAIN, told(str(error)))
            return
        smtp.sock.settimeout(self.server.timeout)
        if 200 <= code < 300:
            run.settle(accepted, Fate.SENT, f"{code} {told(reply)}")
            self.outbox.note(run.key, accepted, State.SENT, told(reply))
        elif 400 <= code < 600:
            self.outbox.note(run.key, accepted, State.REFUSED, told(reply))
            _decline(smtp, run, accepted, code, reply)
        else:
            run.settle(accepted, Fate.UNCERTAIN, f"{code} {told(reply)}")


@dataclass
class _Run:
    """A message on its way. pending: who is still to get it, each with what the server said last."""

    key: str
    content: bytes
    pending: dict[Address, str] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)

    def settle(self, addresses: Iterable[Address], fate: Fate, reply: str) -> None:
        for address in list(addresses):
            self.pending.pop(address)
            self.results.append(Result(address, fate, reply))


def _takes(smtp: smtplib.SMTP, run: _Run, address: Address) -> bool:
    """Whether the server takes a recipient; if not, what it said is noted."""
    code, reply = smtp.rcpt(address.wire)
    text = f"{code} {told(reply)}"
    if code == _CLOSING:
        raise smtplib.SMTPServerDisconnected(text)
    if is_temporary(code):
        run.pending[address] = text
    elif code not in (250, 251):
        run.settle([address], Fate.REFUSED, text)
    return code in (250, 251)


def _decline(smtp: smtplib.SMTP, run: _Run, addresses: list[Address], code: int, reply: bytes) -> None:
    """Note that a server wants none of a message, or not now."""
    text = f"{code} {told(reply)}"
    if code == _CLOSING:
        raise smtplib.SMTPServerDisconnected(text)
    if is_temporary(code):
        run.pending.update(dict.fromkeys(addresses, text))
    else:
        run.settle(addresses, Fate.REFUSED, text)
    smtp.rset()
