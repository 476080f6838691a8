"""A draft in classic Outlook, by COM. It was never tried with a real one; the tests use a stand-in."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from ita_xl import files
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Finding, Unusable
from ita_xl.mail.message import Message

_MAIL_ITEM = 0


def open_draft(message: Message) -> None:
    """Show a message in Outlook, not sent. Raises `Unusable` (E836) where there is no Outlook that takes orders."""
    try:
        from win32com.client import Dispatch  # comes with pywin32, on Windows only
    except ImportError as error:
        raise Unusable(Finding(Code.NO_OUTLOOK, values={"detail": sys.platform})) from error
    try:
        item = Dispatch("Outlook.Application").CreateItem(_MAIL_ITEM)
        item.To = "; ".join(address.wire for address in message.to)
        item.CC = "; ".join(address.wire for address in message.cc)
        for address in message.reply_to:
            item.ReplyRecipients.Add(address.wire)
        item.Subject = message.subject
        item.Body = message.body.replace("\n", "\r\n")
        with TemporaryDirectory(prefix="ita_xl-") as spare:  # Outlook copies what it attaches
            for attachment in message.attachments:
                path = Path(spare) / attachment.name
                files.write_whole(path, attachment.content)
                item.Attachments.Add(str(path))
            item.Display(False)
    except Unusable:
        raise
    except Exception as error:  # COM errors are of a class that other systems do not have
        raise Unusable(Finding(Code.NO_OUTLOOK, values={"detail": f"{type(error).__name__}: {error}"})) from error
