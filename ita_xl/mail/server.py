"""A mail server: its settings, and a connection that is encrypted, checked and logged in."""

from __future__ import annotations

import os
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from enum import StrEnum

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.mail.addresses import Address, one_line

PASSWORD = "ITA_XL_SMTP_PASSWORD"  # the name of a variable
"""The environment variable that may hold the password."""

_HIDDEN_HOST = "[127.0.0.1]"
"""What we call ourselves: smtplib would tell the machine's own name, which ends up in the message's headers."""


class Security(StrEnum):
    """How a connection is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}


@dataclass(frozen=True)
class Server:
    """Where and as whom to send. user: empty for a server that asks for no login. timeout: seconds without any
    answer."""

    host: str
    sender: Address
    security: Security = Security.STARTTLS
    port: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 60

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port or PORTS[self.security]}"

    def connect(self) -> smtplib.SMTP:
        """A connection that is ready for messages.

        Raises `Unusable` where trying again would not help (certificate, login, no encryption) and `OSError`, of
        which smtplib's own errors are a kind, where it may.
        """
        context = ssl.create_default_context()
        try:
            smtp = self._opened(context)
            try:
                if self.security is Security.STARTTLS:
                    smtp.starttls(context=context)
                assert smtp.sock is not None
                # A message ends in a small packet of its own; otherwise it waits 40 ms for a confirmation.
                smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                smtp.ehlo_or_helo_if_needed()
                if self.user:
                    smtp.login(self.user, self.password)
            except BaseException:
                smtp.close()
                raise
        except ssl.SSLCertVerificationError as error:
            raise self._refused(
                _CERTIFICATE.get(error.verify_code, Code.CERTIFICATE_WRONG), error.verify_message
            ) from error
        except ssl.SSLError as error:
            raise self._refused(Code.SERVER_LACKS_SECURITY, error.reason or str(error)) from error
        except smtplib.SMTPResponseException as error:
            if is_temporary(error.smtp_code):
                raise
            code = (
                Code.LOGIN_REFUSED
                if isinstance(error, smtplib.SMTPAuthenticationError)
                else Code.SERVER_UNREACHABLE
            )
            raise self._refused(code, told(error.smtp_error)) from error
        except smtplib.SMTPServerDisconnected as error:
            if isinstance(error.__context__, TimeoutError):
                raise TimeoutError(str(error)) from error
            raise
        except smtplib.SMTPException as error:  # the server has no encryption, or no kind of login that we know
            raise self._refused(Code.SERVER_LACKS_SECURITY, str(error)) from error
        except UnicodeEncodeError as error:
            raise self._refused(Code.LOGIN_REFUSED, "ASCII") from error
        return smtp

    def _opened(self, context: ssl.SSLContext) -> smtplib.SMTP:
        port = self.port or PORTS[self.security]
        try:
            if self.security is Security.TLS:
                return smtplib.SMTP_SSL(self.host, port, _HIDDEN_HOST, timeout=self.timeout, context=context)
            return smtplib.SMTP(self.host, port, _HIDDEN_HOST, timeout=self.timeout)
        except UnicodeError as error:  # no name that a computer can have
            raise self._refused(Code.SERVER_UNREACHABLE, self.host) from error

    def _refused(self, code: Code, detail: str) -> Unusable:
        return Unusable(Finding(code, values={"server": self.place, "user": self.user, "detail": one_line(detail)}))


_CERTIFICATE = {10: Code.CERTIFICATE_EXPIRED, **dict.fromkeys((2, 18, 19, 20, 21), Code.CERTIFICATE_UNKNOWN)}
"""What OpenSSL's numbers mean: expired, and issued by nobody whom this computer trusts."""


def is_temporary(code: int) -> bool:
    """Whether a server says "not now" rather than "no"."""
    return 400 <= code < 500


def told(reply: bytes | str) -> str:
    """A server's answer as one line of bearable length."""
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return one_line(text)[:300]


def password_for(host: str, user: str) -> str:
    """The password of a user at a server: from the environment, else from the system's keyring. Raises `Unusable`
    (E833) where there is none."""
    if given := os.environ.get(PASSWORD):
        return given
    try:
        import keyring  # an extra, and only who logs in needs it
        import keyring.errors
    except ImportError:
        found = None
    else:
        try:
            found = keyring.get_password(service_of(host), user)
        except keyring.errors.KeyringError:
            found = None
    if not found:
        values = {"user": user, "variable": PASSWORD, "service": service_of(host)}
        raise Unusable(Finding(Code.NO_PASSWORD, values=values))
    return found


def service_of(host: str) -> str:
    """The name under which the keyring holds the passwords of a server."""
    return f"ita-xl:{host}"
