"""Facts and sentences that are data: fiscal years, Thai and English texts, the findings catalogue."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("th", "en")


def read_toml(name: str) -> dict[str, Any]:
    """A data file of this package, parsed."""
    return tomllib.loads(files(__name__).joinpath(name).read_text(encoding="utf-8"))


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
def texts(lang: str = "th") -> Mapping[str, str]:
    """All texts of a language by dotted key, e.g. ``summary.headline``."""
    flat: dict[str, str] = {}

    def flatten(prefix: str, table: Mapping[str, Any]) -> None:
        for key, value in table.items():
            if isinstance(value, Mapping):
                flatten(f"{prefix}{key}.", value)
            else:
                flat[f"{prefix}{key}"] = value

    flatten("", read_toml(f"texts/{lang}.toml"))
    return flat


def say(key: str, lang: str = "th", /, **values: object) -> str:
    """One text with its slots filled."""
    return fill(texts(lang)[key], values)
