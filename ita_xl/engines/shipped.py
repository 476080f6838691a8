"""Where the shipped template lies."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent.parent
_NAME = Path("templates") / "ITA_template.xlsx"


def template_path() -> Path:
    """The shipped template: inside the installed package, or beside it in a checkout."""
    return _PACKAGE / _NAME if (_PACKAGE / _NAME).exists() else _PACKAGE.parent / _NAME
