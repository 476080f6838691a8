"""What is asked of Windows itself around Excel: message boxes, for whoever started a command from the Start menu
and has no console and perhaps no Excel; and where pywin32 puts what it writes about Excel."""

from __future__ import annotations

import sys

from ita_xl import log

_INFORMATION, _IN_FRONT, _ON_TOP = 0x40, 0x10000, 0x40000
_MOST = 4000
"""Letters; a longer text would not fit on a screen."""


def show(text: str, title: str) -> bool:
    """Show a text until it is closed. Gives whether it was; there is no such thing but on Windows."""
    if sys.platform != "win32":
        return False
    import ctypes

    box = ctypes.windll.user32.MessageBoxW
    box.argtypes = [ctypes.c_void_p, ctypes.c_wchar_p, ctypes.c_wchar_p, ctypes.c_uint]
    return bool(box(None, text[:_MOST], title, _INFORMATION | _IN_FRONT | _ON_TOP))


def generate_among_our_files() -> None:
    """xlwings lets pywin32 write modules about Excel, into a folder that all programs share: now into one of ours,
    which goes when the add-in is uninstalled."""
    if sys.platform != "win32":
        return
    import win32com

    win32com.__gen_path__ = str(log.generated())
    win32com.gen_py.__path__ = [win32com.__gen_path__]
