"""The language in which a line is answered: settled once, for our own sentences and for click's words."""

from __future__ import annotations

import gettext
import locale
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

from ita_xl import data
from ita_xl.data import LANGUAGES

THAI, ENGLISH = LANGUAGES
VARIABLE = "ITA_XL_LANG"
DOMAIN = "ita_xl"
CATALOGUES = data.HERE / "locale"
_OF_GETTEXT = "LANGUAGE"
_BUTTON = "--alert"

_spoken = THAI


def current() -> str:
    """The language of the line that is being answered; Thai outside of one."""
    return _spoken


def of(words: Sequence[str]) -> str:
    """`--lang` anywhere on the line, else the variable, else English on an English system, else Thai.

    words: the line without the program's name. A button of the ribbon, which is Thai, is answered in Thai on every
    system.
    """
    asked = _asked(words) or os.environ.get(VARIABLE, "").casefold()
    if asked in LANGUAGES:
        return asked
    return ENGLISH if _BUTTON not in words and _system().casefold().startswith(ENGLISH) else THAI


@contextmanager
def spoken(lang: str) -> Iterator[None]:
    """Meanwhile all is said in a language, by click too: it asks gettext, which goes by this variable alone."""
    global _spoken
    before = _spoken, gettext.textdomain(), os.environ.get(_OF_GETTEXT)
    gettext.bindtextdomain(DOMAIN, str(CATALOGUES))
    try:
        _settle(lang, DOMAIN, lang)
        yield
    finally:
        _settle(*before)


def _settle(lang: str, domain: str, variable: str | None) -> None:
    global _spoken
    _spoken = lang
    gettext.textdomain(domain)
    if variable is None:
        os.environ.pop(_OF_GETTEXT, None)
    else:
        os.environ[_OF_GETTEXT] = variable


def _asked(words: Sequence[str]) -> str:
    """What the last `--lang` of a line says; empty for none. Behind "--" there are only names."""
    options = list(words[: words.index("--")] if "--" in words else words)
    found = [value for option, value in pairwise(options) if option == "--lang"]
    found += [option.removeprefix("--lang=") for option in options if option.startswith("--lang=")]
    return found[-1] if found else ""


def _system() -> str:
    """The name of the system's language, such as "th_TH.UTF-8" or "English_United States"; may be empty."""
    named = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return named or ((locale.getlocale()[0] or "") if sys.platform == "win32" else "")
