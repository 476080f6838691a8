"""A real mail server on this machine, with certificates, a login, and every trouble that one can have."""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from ita_xl.mail import delivery
from ita_xl.mail.server import PASSWORD

HOST, USER, WORD = "127.0.0.1", "clerk@example.go.th", "a password of 1 clerk"


class Clerk:
    """What the server does. replies: answers to give instead of the usual ones, by command or recipient, one after
    the other. lost: at which points ("content", "answer") the connection is cut, once each. stops: the command at
    which the server waits; `reached` tells that it does."""

    def __init__(self) -> None:
        self.received: list[Envelope] = []
        self.sessions: list[Session] = []
        self.replies: dict[str, list[str]] = {}
        self.lost: list[str] = []
        self.stops = ""
        self.reached = threading.Event()
        self.going_on = threading.Event()

    def recipients(self) -> list[list[str]]:
        return [envelope.rcpt_tos for envelope in self.received]

    async def told(self, point: str, usual: str = "250 OK") -> str:
        if point == self.stops:
            self.reached.set()
            while not self.going_on.is_set():
                await asyncio.sleep(0.01)
        waiting = self.replies.get(point, [])
        return waiting.pop(0) if waiting else usual

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, lines: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.sessions.append(session)
        return lines

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        reply = await self.told("MAIL")
        if reply.startswith("2"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return reply

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self.told("RCPT")
        reply = await self.told(address)
        if reply.startswith("2"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.received.append(envelope)
        reply = await self.told("END")
        if not reply.startswith("2"):
            self.received.remove(envelope)
        if "answer" in self.lost:
            self.lost.remove("answer")
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return reply


class Server(SMTP):
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        clerk = self.event_handler
        reply = await clerk.told("DATA")
        if not reply.startswith("2"):
            await self.push(reply)
            return
        if "content" in clerk.lost:
            clerk.lost.remove("content")
            await self.push("354 Go on")
            await self._reader.read(5000)
            assert isinstance(self.transport, asyncio.Transport)
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class Office(Controller):
    def factory(self) -> Server:
        return Server(self.handler, **self.SMTP_kwargs)


def _login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword) -> AuthResult:
    return AuthResult(success=(data.login, data.password) == (USER.encode(), WORD.encode()), handled=False)


class Place:
    """Where the tests' servers are, and whom this computer trusts."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self._monkeypatch, self._folder = monkeypatch, folder
        self.authority = trustme.CA()
        self.clerk = Clerk()
        self.trust(self.authority)
        settings = {"HOST": HOST, "USER": USER}
        for name, value in settings.items():
            monkeypatch.setenv(f"ITA_XL_SMTP_{name}", value)
        monkeypatch.setenv(PASSWORD, WORD)
        monkeypatch.setenv("XDG_DATA_HOME", str(folder))
        monkeypatch.setenv("WIN_PD_OVERRIDE_LOCAL_APPDATA", str(folder))
        monkeypatch.setattr(delivery, "WAITS", (0.0, 0.0, 0.0))

    @property
    def journal(self) -> Path:
        return self._folder / "ita_xl" / "outbox.jsonl"

    def trust(self, authority: trustme.CA) -> None:
        path = self._folder / "authority.pem"
        authority.cert_pem.write_to_path(str(path))
        self._monkeypatch.setenv("SSL_CERT_FILE", str(path))

    def certificate(self, *names: str, expired: bool = False) -> ssl.SSLContext:
        end = dt.datetime.now(dt.UTC) - dt.timedelta(days=1) if expired else None
        made = self.authority.issue_cert(*(names or (HOST,)), not_after=end)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.configure_cert(context)
        return context

    @contextmanager
    def opened(
        self, security: str = "starttls", context: ssl.SSLContext | None = None, **other: Any
    ) -> Iterator[Clerk]:
        """A server that asks for a login (unless it is not encrypted at all). other: aiosmtpd's own settings."""
        with socket.socket() as spare:
            spare.bind((HOST, 0))
            port = spare.getsockname()[1]
        context = context or self.certificate()
        encrypted = {
            "starttls": {"tls_context": context, "require_starttls": True},
            "tls": {"ssl_context": context, "auth_require_tls": False},  # by itself it knows of STARTTLS only
            "none": {},
        }[security]
        login = {"authenticator": _login, "auth_required": True} if encrypted else {}
        office = Office(self.clerk, HOST, port, **{**encrypted, **login, **other})
        self._monkeypatch.setenv("ITA_XL_SMTP_PORT", str(port))
        self._monkeypatch.setenv("ITA_XL_SMTP_SECURITY", security)
        if security == "none":
            self._monkeypatch.setenv("ITA_XL_SMTP_USER", "")
            self._monkeypatch.setenv("ITA_XL_SMTP_FROM", USER)
        office.start()
        try:
            yield self.clerk
        finally:
            self.clerk.going_on.set()
            office.stop(no_assert=True)


@pytest.fixture(name="place")
def a_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Place:
    return Place(monkeypatch, tmp_path)
