"""Files made to harm: a clear finding, bounded memory, no crash."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ita_xl import files, pipeline
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from ita_xl.engines.package.engine import Package
from tests import crafted

SAMPLE = (Path(__file__).parent.parent / "samples" / "reference-2565.xlsx").read_bytes()


def reasons(content: bytes, tmp_path: Path) -> list[str]:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(Unusable) as caught:
        pipeline.run(Package.open(path))
    return [finding.code for finding in caught.value.findings]


MEMBERS = crafted.members(SAMPLE)


def with_part(name: str, content: bytes) -> bytes:
    return crafted.packed(MEMBERS | {name: content}, zipfile.ZIP_STORED)


def changed(name: str, old: bytes, new: bytes) -> bytes:
    assert old in MEMBERS[name]
    return with_part(name, MEMBERS[name].replace(old, new, 1))


def test_a_zip_bomb(tmp_path: Path) -> None:
    bomb = crafted.packed(MEMBERS | {"xl/media/bomb.bin": bytes(files.MAX_UNPACKED)})
    assert reasons(bomb, tmp_path) == [Code.FILE_UNPACKS_TOO_LARGE]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_duplicate_members(tmp_path: Path) -> None:
    buffer = io.BytesIO(SAMPLE)
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr("xl/workbook.xml", b"<workbook/>")
    assert reasons(buffer.getvalue(), tmp_path) == [Code.FILE_DAMAGED]


@pytest.mark.parametrize("name", ["../../evil.xml", "/etc/passwd", "xl/../../x", "C:/x.xml", "xl\\..\\..\\x"])
def test_names_that_climb_out(tmp_path: Path, name: str) -> None:
    assert reasons(with_part(name, b"x"), tmp_path) == [Code.FILE_DAMAGED]


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels", "xl/worksheets/sheet1.xml"]
)
def test_entities_are_never_expanded(tmp_path: Path, part: str) -> None:
    content = crafted.members(SAMPLE)[part]
    start = content.index(b"?>") + 2 if content.startswith(b"<?xml") else 0
    bad = with_part(part, content[:start] + LAUGHS + content[start:])
    assert reasons(bad, tmp_path)[0] in (Code.FILE_DAMAGED, Code.SHEET_UNSAFE)


def test_deep_nesting(tmp_path: Path) -> None:
    deep = b"<a>" * 100_000 + b"</a>" * 100_000
    assert reasons(changed("xl/workbook.xml", b"</workbook>", deep + b"</workbook>"), tmp_path) == [
        Code.FILE_DAMAGED
    ]


@pytest.mark.parametrize("cell", ["XFD1048576", "A1048576", "XFD1"])
def test_a_cell_at_the_end_of_the_world(tmp_path: Path, cell: str) -> None:
    row = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    far = f'<row r="{row}"><c r="{cell}"><v>1</v></c></row></sheetData>'.encode()
    assert reasons(changed("xl/worksheets/sheet3.xml", b"</sheetData>", far), tmp_path) == [Code.SHEET_UNSAFE]


@pytest.mark.parametrize(
    "cells",
    [
        b"<row r='99'><c r='XFD99'><v>1</v></c></row>",
        b'<row r="99"><c\nr = "xfd99"><v>1</v></c></row>',
        b'<row r="99999"><c r="ZZ99999"><v>1</v></c></row>',
        b"<row>" + b"<c><v>1</v></c>" * 16_000 + b"</row>" + b'<row r="19999"><c><v>1</v></c></row>',
    ],
)
def test_a_cell_far_out_however_it_is_written(tmp_path: Path, cells: bytes) -> None:
    far = changed("xl/worksheets/sheet3.xml", b"</sheetData>", cells + b"</sheetData>")
    assert reasons(far, tmp_path) == [Code.SHEET_UNSAFE]


def test_too_many_rows_with_a_prefix(tmp_path: Path) -> None:
    parts = crafted.members(crafted.prefixed(SAMPLE))
    name = "xl/worksheets/sheet3.xml"
    parts[name] = parts[name].replace(b"</x:sheetData>", b"<x:row/>" * 20_000 + b"</x:sheetData>")
    assert reasons(crafted.packed(parts), tmp_path) == [Code.SHEET_UNSAFE]


def test_a_text_that_is_longer_than_parsers_like(tmp_path: Path) -> None:
    long = b'<c r="C6" t="inlineStr"><is><t>' + b"x" * 11_000_000 + b"</t></is></c>"
    path = tmp_path / "x.xlsx"
    part = MEMBERS["xl/worksheets/sheet3.xml"]
    start = part.index(b'<c r="C6"')
    path.write_bytes(
        with_part("xl/worksheets/sheet3.xml", part[:start] + long + part[part.index(b"<c ", start + 3) :])
    )
    pipeline.run(Package.open(path))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet9.xml"])
def test_a_missing_part(tmp_path: Path, part: str) -> None:
    parts = crafted.members(SAMPLE)
    del parts[part]
    path = tmp_path / "x.xlsx"
    path.write_bytes(crafted.packed(parts))
    try:
        found = list(pipeline.run(Package.open(path)).findings)
    except Unusable as error:
        found = list(error.findings)
    assert {finding.code for finding in found} & {Code.FILE_NOT_XLSX, Code.FILE_DAMAGED}


@pytest.mark.parametrize("sheet", [3, 10])
def test_bytes_that_are_no_text(tmp_path: Path, sheet: int) -> None:
    part = f"xl/worksheets/sheet{sheet}.xml"
    assert reasons(changed(part, b"</t>", b"\x80</t>"), tmp_path) == [Code.FILE_DAMAGED]


def test_a_signed_workbook_is_refused_with_the_reason(tmp_path: Path) -> None:
    assert reasons(with_part("_xmlsignatures/sig1.xml", b"<Signature/>"), tmp_path) == [Code.FILE_SIGNED]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255)), min_size=1, max_size=30))
def test_random_damage_is_a_finding_and_never_a_crash(damage: list[tuple[int, int]]) -> None:
    content = bytearray(SAMPLE)
    for at, value in damage:
        content[at] = value
    attempt(bytes(content))


PARTS = sorted(name for name in MEMBERS if name.endswith((".xml", ".rels")))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(PARTS), st.data())
def test_damage_inside_a_part_is_a_finding_and_never_a_crash(name: str, data: st.DataObject) -> None:
    part = MEMBERS[name]
    start = data.draw(st.integers(0, len(part)))
    end = data.draw(st.integers(start, min(len(part), start + 200)))
    new = data.draw(
        st.binary(max_size=30) | st.sampled_from([b"<", b">", b"</row>", b"<c>", b'"', b"&x;", b"\xff"])
    )
    attempt(with_part(name, part[:start] + new + part[end:]))


FORMULAS = [name for name, part in MEMBERS.items() if "worksheets/" in name and b"</f>" in part]


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_that_lost_a_byte_is_a_finding(name: str) -> None:
    part = MEMBERS[name]
    thai = part.index(b"\xe0", part.index(b"<f"))
    content = with_part(name, part[:thai] + part[thai + 1 :])
    with pytest.raises(Unusable):
        Package(content, "x.xlsx").to_bytes()
    attempt(content)


def attempt(content: bytes) -> None:
    """Read, judge and write; only `Unusable` may stop it."""
    path = Path("x.xlsx")
    try:
        port = Package(files.checked_package(content, path.name), path.name)
        pipeline.run(port)
        port.to_bytes()
    except Unusable:
        pass


def test_a_bomb_of_many_cells_stays_within_bounded_memory(tmp_path: Path) -> None:
    cells = b"".join(b'<row r="%d"><c r="ZZ%d"><v>1</v></c></row>' % (row, row) for row in range(70, 99_999))
    path = tmp_path / "x.xlsx"
    path.write_bytes(changed("xl/worksheets/sheet3.xml", b"</sheetData>", cells + b"</sheetData>"))
    resource = pytest.importorskip("resource")  # not on Windows
    script = "import sys; from ita_xl.cli import main; main()"

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))

    done = subprocess.run(
        [sys.executable, "-c", script, "check", str(path)],
        capture_output=True,
        text=True,
        preexec_fn=limit,
        check=False,
    )
    assert done.returncode == 3
    assert Code.SHEET_UNSAFE in done.stderr
