"""Shared fixtures. What needs a program beyond Python is skipped without it, but never in CI."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from ita_xl.data import profiles
from ita_xl.data.profiles import Profile

SAMPLES = Path(__file__).parent.parent / "samples"


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("libreoffice") and not shutil.which("soffice"):
        if os.environ.get("CI"):
            pytest.fail("LibreOffice is missing: .ci/run must install it")
        pytest.skip("LibreOffice is not installed")


@pytest.fixture
def profile() -> Profile:
    """The proven year 2565."""
    return profiles.profile(2565)


@pytest.fixture
def samples() -> Path:
    return SAMPLES
