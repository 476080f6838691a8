"""Whatever a clerk's workbook holds is there after a run, byte for byte."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pytest

from ita_xl import jobs, pipeline
from ita_xl.engines.package.engine import Package
from ita_xl.layout import HOME, SUMMARY, WRITTEN
from tests import crafted
from tools.gauges import gauge
from tools.parts import first_sheet, without_results
from tools.render import convert

WANTED = (Path(__file__).parent / "gauges" / "reference-2565.txt").read_text(encoding="utf-8")


@pytest.fixture(params=crafted.VARIANTS)
def variant(request: pytest.FixtureRequest, samples: Path) -> bytes:
    return crafted.VARIANTS[request.param]((samples / "reference-2565.xlsx").read_bytes())


def ran(content: bytes) -> tuple[str, bytes]:
    port = Package(content, "x.xlsx")
    outcome = pipeline.run(port)
    return gauge(outcome), port.to_bytes()


def test_every_way_to_write_a_workbook_is_read_rightly(variant: bytes) -> None:
    assert ran(variant)[0] == WANTED


def test_every_part_that_is_not_ours_stays_byte_for_byte(variant: bytes) -> None:
    before, after = crafted.members(variant), crafted.members(ran(variant)[1])
    parts = Package(variant, "x.xlsx")._book.parts
    may_change = {parts[sheet.title] for sheet in WRITTEN} | {"xl/workbook.xml"}
    home = parts[HOME.title]
    if first_sheet(before[home]) == first_sheet(after[home]):
        may_change.add(home)  # its formulas follow the rows of the plan
    may_change |= {name for name in before if crafted.STALE in before[name]}
    dropped = {"xl/calcChain.xml"} & set(before)
    if dropped:
        may_change |= {"[Content_Types].xml", "xl/_rels/workbook.xml.rels"}
        assert b"calcChain" not in after["[Content_Types].xml"] + after["xl/_rels/workbook.xml.rels"]
    assert set(before) - set(after) == dropped
    assert {name for name in after if after[name] != before.get(name)} <= may_change


def test_charts_of_our_tables_store_the_new_values(samples: Path) -> None:
    content = crafted.rich((samples / "reference-2565.xlsx").read_bytes())
    assert len([part for part in crafted.members(content).values() if crafted.STALE in part]) == 6
    chart = crafted.members(ran(content)[1])["xl/charts/chart1.xml"]
    values = re.findall(rb"<c:v>([^<]*)</c:v>", chart)
    assert values[-10:] == b"100 100 97.45 96.91 96.13 95.52 95.31 92.14 91.75 91.38".split()
    assert b'<c:ptCount val="20"/>' in chart


def test_what_newer_excels_keep_on_our_own_sheets_stays_too(samples: Path) -> None:
    content = crafted.rich((samples / "reference-2565.xlsx").read_bytes())
    after = crafted.members(ran(content)[1])
    for part in Package(content, "x.xlsx")._book.parts.values():
        assert after[part].endswith(crafted.EXTENSIONS)


def test_all_around_the_cells_of_our_sheets_stays(samples: Path) -> None:
    content = (samples / "reference-2565.xlsx").read_bytes()
    before, after = crafted.members(content), crafted.members(ran(content)[1])
    for sheet in WRITTEN:
        part = Package(content, "x.xlsx")._book.parts[sheet.title]
        assert before[part].split(b"<sheetData>")[0] == after[part].split(b"<sheetData>")[0]
        assert elements(before[part]) == elements(after[part])


def elements(sheet: bytes) -> list[str]:
    """What follows the rows of a sheet, by name: where it stands follows the rows."""
    return re.findall(r"<([\w:]+)", sheet.split(b"</sheetData>")[1].decode())


def test_the_result_of_each_variant_can_be_run_again(variant: bytes) -> None:
    first, content = ran(variant)
    assert ran(content) == (first, content)


def test_a_macro_workbook_keeps_its_macros_and_ribbon(samples: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsm"
    content = crafted.rich((samples / "reference-2565.xlsx").read_bytes())
    path.write_bytes(content)
    jobs.run(path)
    after = crafted.members(path.read_bytes())
    for name in ("xl/vbaProject.bin", "customUI/customUI14.xml", "xl/ctrlProps/ctrlProp1.xml"):
        assert after[name] == crafted.CLERKS[name]


@pytest.mark.libreoffice
def test_a_workbook_that_libreoffice_saved_is_read_run_and_kept(samples: Path, tmp_path: Path) -> None:
    (saved,) = convert([samples / "reference-2565.xlsx"], tmp_path, "xlsx:Calc MS Excel 2007 XML")
    before = saved.read_bytes()
    assert gauge(jobs.run(saved)) == WANTED
    parts = Package(before, "x.xlsx")._book.parts
    old, new = crafted.members(before), crafted.members(saved.read_bytes())
    changed = {name for name in new if new[name] != old.get(name)}
    # On the first sheet the steps lose the results that were stored before the run.
    assert changed <= {parts[sheet.title] for sheet in (HOME, *WRITTEN)} | {"xl/workbook.xml"}
    first = parts[HOME.title]
    assert new[first] != old[first]
    assert first_sheet(without_results(new[first])) == first_sheet(without_results(old[first]))
    book = openpyxl.load_workbook(io.BytesIO(saved.read_bytes()))
    assert book[SUMMARY.title]["A4"].value.endswith("96.99 คะแนน อยู่ในระดับ AA")
