"""Links, which not every Windows makes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def link(path: Path, to: Path) -> None:
    """Make a link, or skip the test where the system makes none."""
    try:
        path.symlink_to(to, target_is_directory=to.is_dir())
    except OSError:
        if os.name == "nt":
            pytest.skip("Windows makes links only for who may")
        raise
    if not path.is_symlink():
        pytest.skip("Wine makes no links, and says that it did")
