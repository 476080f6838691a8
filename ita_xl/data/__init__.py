"""Facts and sentences that are data: fiscal years, Thai and English texts, the findings catalogue."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ita_xl.data import parsed

LANGUAGES = ("th", "en")
HERE = Path(__file__).parent


def read_toml(name: str) -> dict[str, Any]:
    """A data file of this package, parsed."""
    return parsed.read(HERE / name)


_COMMANDS = "new|check|run|import|survey|forms|report|sign|unsign|structure|batch|mail|addin|attach"
_CALLED = re.compile(rf"(?<!-m )\bita-xl(?= (?:{_COMMANDS})\b)")
_PIP = re.compile(r"(?<!-m )\bpip(?= install )")


@cache
def command() -> str:
    """How this program is called here. Windows finds no `ita-xl` after the usual installation, but `py`."""
    return "py -m ita_xl" if sys.platform == "win32" and not shutil.which("ita-xl") else "ita-xl"


def callable_here(text: str) -> str:
    """A text with its commands as they work on this computer."""
    if command() == "ita-xl":
        return text
    return _PIP.sub("py -m pip", _CALLED.sub(command(), text))


class _Slots(dict[str, object]):
    """What fills {slots}; one that nobody gave shows as an ellipsis, because a message must never crash."""

    def __missing__(self, key: str) -> str:
        return "…"


def fill(template: str, values: Mapping[str, object]) -> str:
    """The sentence with its slots filled."""
    if "{" not in template:
        return template
    return template.format_map(_Slots(values))


@cache
def texts(lang: str) -> Mapping[str, str]:
    """All texts of a language by dotted key, e.g. ``summary.headline``."""
    flat: dict[str, str] = {}

    def flatten(prefix: str, table: dict[str, Any]) -> None:
        for key, value in table.items():
            if isinstance(value, dict):
                flatten(f"{prefix}{key}.", value)
            else:
                flat[f"{prefix}{key}"] = callable_here(value) if isinstance(value, str) else value

    flatten("", read_toml(f"texts/{lang}.toml"))
    return flat


def say(key: str, lang: str = "th", /, **values: object) -> str:
    """One text with its slots filled."""
    return fill(texts(lang)[key], values)
