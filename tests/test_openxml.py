"""Every workbook that we produce follows the Open XML rules."""

from __future__ import annotations

from pathlib import Path

import pytest
from openxml_audit import OpenXmlValidator, ValidationSeverity

from bench.portfolio import records
from ita_xl import jobs
from ita_xl.batch import portfolio
from ita_xl.data import profiles
from ita_xl.engines.shipped import template_path
from ita_xl.new import new

# openpyxl writes the children of <font> in an order of its own. Every program reads it; listed, not hidden.
KNOWN = ("/xl/styles.xml", "font")


def faults(path: Path) -> list[str]:
    result = OpenXmlValidator().validate(path)
    return [
        f"{error.part_uri} {error.path}: {error.description}"
        for error in result.errors
        if error.severity is ValidationSeverity.ERROR
        and not (str(error.part_uri) == KNOWN[0] and KNOWN[1] in str(error.path))
    ]


def test_the_template() -> None:
    assert faults(template_path()) == []


@pytest.mark.parametrize("name", ["reference-2565", "mistakes-2565", "unfilled-2565"])
def test_samples_and_their_results(name: str, samples: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.xlsx"
    jobs.run(samples / f"{name}.xlsx", output)
    assert faults(samples / f"{name}.xlsx") == []
    assert faults(output) == []


@pytest.mark.parametrize("year", profiles.years())
def test_new_workbooks_of_every_year(year: int, tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    new(profiles.profile(year), {"agency": "หน่วยงาน <ทดสอบ> & อื่น ๆ"}).save(path)
    assert faults(path) == []


@pytest.mark.parametrize("number", [0, 1, 60])
def test_portfolios(number: int, tmp_path: Path) -> None:
    path = tmp_path / "portfolio.xlsx"
    portfolio.write(list(records(number)), path)
    assert faults(path) == []


def test_the_check_can_fail(samples: Path, tmp_path: Path) -> None:
    import zipfile

    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(samples / "unfilled-2565.xlsx") as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b"<sheetData>", b"<sheetDatum/><sheetData>", 1))
    assert faults(broken) != []
