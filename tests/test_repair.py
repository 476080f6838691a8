"""No workbook that we make gives Excel a known cause to offer a repair; drawings are spelt as Excel spells them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bench.portfolio import records
from ita_xl import jobs, pipeline
from ita_xl.batch import portfolio
from ita_xl.data import profiles
from ita_xl.drawing.form import form
from ita_xl.drawing.preview import table
from ita_xl.engines.by_openpyxl import OpenpyxlBook
from ita_xl.engines.package.engine import Package
from ita_xl.engines.shipped import template_path
from ita_xl.forms.split import hand_out
from ita_xl.new import new
from ita_xl.publishing.workbook import published
from tests import crafted, forms_at_hand
from tests.conftest import SAMPLES
from tests.repair import causes
from tests.repair_by_breaking import BREACHES

NAMES = ("reference-2565", "mistakes-2565", "unfilled-2565")


@cache
def ran(name: str) -> bytes:
    """A sample after a run."""
    port = Package((SAMPLES / f"{name}.xlsx").read_bytes(), name)
    pipeline.run(port)
    return port.to_bytes()


def by_openpyxl() -> bytes:
    port = OpenpyxlBook.open(SAMPLES / "reference-2565.xlsx")
    pipeline.run(port)
    return port.to_bytes()


def of_agencies(number: int) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "p.xlsx"
        portfolio.write(list(records(number)), path)
        return path.read_bytes()


def next_year() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.xlsx"
        path.write_bytes(ran("reference-2565"))
        return jobs.next_year(Package.open(path), path.name)[1]


def previewed() -> bytes:
    return table("ก่อนนำเข้า", ["ผล", "รหัส"], [["ตรงกัน", "I1"], ["ต่างกัน", "=I2"]], [20, 20], ["ตรงกัน"])


MADE: dict[str, Callable[[], bytes]] = {
    "template": lambda: template_path().read_bytes(),
    **{name: (SAMPLES / f"{name}.xlsx").read_bytes for name in NAMES},
    **{f"{name} after a run": partial(ran, name) for name in NAMES},
    "run by openpyxl": by_openpyxl,
    "new 2569": lambda: new(profiles.profile(2569), {"agency": "ก <ข> & ค"}).to_bytes(),
    "next year": next_year,
    "published": lambda: published(ran("reference-2565"), "x.xlsx")[0],
    "portfolio of none": lambda: of_agencies(0),
    "portfolio": lambda: of_agencies(30),
    "form": lambda: form(1),
    "preview": previewed,
}


@pytest.mark.parametrize("name", MADE)
def test_nothing_that_we_make_is_to_be_repaired(name: str) -> None:
    assert causes(MADE[name]()) == []


def test_forms_for_offices(tmp_path: Path) -> None:
    handed = hand_out(forms_at_hand.parent(tmp_path), tmp_path / "forms", dt.date(2022, 11, 1))
    assert len(handed.files) > 3
    for path in handed.files:
        assert causes(path.read_bytes()) == []


@pytest.mark.parametrize("breach", BREACHES)
def test_each_rule_can_fail(breach: str) -> None:
    part, old, new_, said = BREACHES[breach]
    content = crafted.members(ran("reference-2565"))
    made = re.sub(old, new_, content[part], count=1, flags=re.DOTALL)
    assert made != content[part], "the test is to break something"
    assert any(re.search(said, cause) for cause in causes(crafted.packed(content | {part: made})))


@pytest.mark.parametrize(
    "name", [*("template", *NAMES), *(f"{name} after a run" for name in NAMES), "run by openpyxl", "published"]
)
def test_drawings_are_spelt_as_excel_spells_them(name: str) -> None:
    parts = crafted.members(MADE[name]())
    drawings = [part for path, part in parts.items() if re.match(r"xl/drawings/drawing[^/]*\.xml", path)]
    charts = [part for path, part in parts.items() if re.match(r"xl/charts/chart[^/]*\.xml", path)]
    assert drawings and charts
    assert all(b"<xdr:wsDr " in part and b"<c:chart " in part for part in drawings)
    assert all(b"<c:chartSpace " in part for part in charts)
    for part in (*drawings, *charts):
        assert set(re.findall(rb"<(\w*:?)\w+", part)) <= {b"xdr:", b"c:", b"a:"}
        assert b">None<" not in part and b"<a:t></a:t>" not in part and b"<a:t/>" not in part
