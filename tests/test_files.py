"""Every kind of wrong file gets a sentence, and writing is whole or not at all."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook

from ita_xl import files, jobs
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from ita_xl.engines.by_openpyxl import OpenpyxlBook
from ita_xl.layout import SHEETS


def reasons(path: Path) -> list[str]:
    with pytest.raises(Unusable) as caught:
        jobs.check(path)
    return [finding.code for finding in caught.value.findings]


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in members.items():
            package.writestr(name, content)
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.xlsx", b"", Code.FILE_EMPTY),
        ("text.xlsx", "คะแนน,95".encode(), Code.FILE_NOT_XLSX),
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n", Code.FILE_NOT_XLSX),
        ("old.xls", OLE + "Workbook".encode("utf-16-le"), Code.FILE_OLD_KIND),
        ("locked.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), Code.FILE_ENCRYPTED),
        ("cut.xlsx", b"PK\x03\x04 and then nothing", Code.FILE_DAMAGED),
        ("other.xlsx", zipped(**{"readme.txt": b"x"}), Code.FILE_NOT_XLSX),
        (
            "word.xlsx",
            zipped(**{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<x/>"}),
            Code.FILE_NOT_XLSX,
        ),
        *(
            ("binary.xlsx", zipped(**{"[Content_Types].xml": b"<Types/>", part: b"\x83\1"}), Code.FILE_BINARY_KIND)
            for part in ("xl/workbook.bin", "xl\\workbook.bin", "XL/Workbook.bin")
        ),
        ("broken.xlsx", zipped(**{"[Content_Types].xml": b"<Types", "xl/workbook.xml": b"<"}), Code.FILE_DAMAGED),
        (
            "hollow.xlsx",
            zipped(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<x/>"}),
            Code.FILE_DAMAGED,
        ),
    ],
)
def test_what_is_no_usable_workbook_is_named(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert reasons(path) == [code]


def test_missing_files_and_folders(tmp_path: Path) -> None:
    assert reasons(tmp_path / "ไม่มี.xlsx") == [Code.FILE_MISSING]
    assert reasons(tmp_path) == [Code.FILE_IS_FOLDER]


def test_a_refused_permission_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    path = tmp_path / "private.xlsx"
    path.touch()
    assert reasons(path) == [Code.FILE_NOT_ALLOWED]


def test_somebody_elses_workbook_is_not_ours(tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    Workbook().save(path)
    assert reasons(path) == [Code.NOT_AN_ITA_WORKBOOK]


@pytest.mark.parametrize("lock", ["~$reference-2565.xlsx", ".~lock.reference-2565.xlsx#"])
def test_a_workbook_open_elsewhere_is_read_with_a_warning(samples: Path, tmp_path: Path, lock: str) -> None:
    path = tmp_path / "reference-2565.xlsx"
    path.write_bytes((samples / path.name).read_bytes())
    (tmp_path / lock).touch()
    assert [f.code for f in jobs.check(path).findings] == [Code.FILE_OPEN_READ_ANYWAY]


def test_an_output_open_elsewhere_is_not_replaced(samples: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.xlsx"
    (tmp_path / "~$out.xlsx").touch()
    with pytest.raises(Unusable) as caught:
        jobs.run(samples / "reference-2565.xlsx", output)
    assert [f.code for f in caught.value.findings] == [Code.FILE_OPEN_ELSEWHERE]
    assert not output.exists()


def test_a_failed_write_leaves_the_old_file_and_no_rubbish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out.xlsx"
    target.write_bytes(b"old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unusable) as caught:
        files.write_whole(target, b"new")
    assert caught.value.findings[0].code == Code.FILE_UNWRITABLE
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_may_be_written_in_parts_and_stays_old_when_they_end_early(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    files.write_whole(target, (part for part in (b"one\n", b"two\n")))
    assert target.read_bytes() == b"one\ntwo\n"

    def broken() -> Iterator[bytes]:
        yield b"three\n"
        raise OSError(28, "No space left on device")

    with pytest.raises(Unusable):
        files.write_whole(target, broken())
    assert target.read_bytes() == b"one\ntwo\n"
    assert list(tmp_path.iterdir()) == [target]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unusable) as caught:
        files.write_whole(tmp_path / "ไม่มี" / "out.xlsx", b"x")
    assert caught.value.findings[0].code == Code.FILE_UNWRITABLE


@pytest.mark.skipif(os.name == "nt", reason="Windows has no rights in numbers")
def test_a_replaced_file_keeps_its_rights(tmp_path: Path) -> None:
    target = tmp_path / "out.xlsx"
    target.write_bytes(b"old")
    target.chmod(0o640)
    files.write_whole(target, b"new")
    assert target.stat().st_mode & 0o777 == 0o640


# ---- an output that exists ----


@pytest.fixture
def output(samples: Path, tmp_path: Path) -> Path:
    path = tmp_path / "out.xlsx"
    jobs.run(samples / "reference-2565.xlsx", path)
    return path


def change(path: Path, sheet: str, cell: str, value: str | float | None) -> None:
    port = OpenpyxlBook.open(path)
    port.book[sheet][cell] = value
    port.save(path)


def refused(samples: Path, output: Path) -> tuple[str, str, str]:
    before = output.read_bytes()
    with pytest.raises(Unusable) as caught:
        jobs.run(samples / "reference-2565.xlsx", output)
    finding = caught.value.findings[0]
    assert output.read_bytes() == before
    return finding.code, str(finding.values.get("in_sheet", "")), str(finding.values.get("at", ""))


def test_an_untouched_output_is_made_anew_also_after_the_source_was_corrected(
    samples: Path, output: Path, tmp_path: Path
) -> None:
    assert [f.code for f in jobs.run(samples / "reference-2565.xlsx", output).findings] == [
        Code.DRAFT_NOT_CONFIRMED
    ]
    source = tmp_path / "corrected.xlsx"
    source.write_bytes((samples / "reference-2565.xlsx").read_bytes())
    change(source, "คะแนน IIT", "G6", 50)
    assert jobs.run(source, output).as_json()["total"] < 96.99


def test_an_output_with_an_edited_explanation_is_not_overwritten(samples: Path, output: Path) -> None:
    change(output, "สรุปผล", "C94", "เหตุผลของเรา")
    assert refused(samples, output) == (Code.RESULT_EDITED, "สรุปผล", "C94")


@pytest.mark.parametrize(("sheet", "cell"), [("คะแนน IIT", "G6"), ("คะแนน IIT", "L8"), ("สรุปผล", "J20")])
def test_an_output_with_any_other_change_is_not_overwritten(
    samples: Path, output: Path, sheet: str, cell: str
) -> None:
    change(output, sheet, cell, 50)
    assert refused(samples, output)[0] == Code.RESULT_EDITED


def test_an_output_with_a_sheet_of_the_clerks_is_not_overwritten(samples: Path, output: Path) -> None:
    port = OpenpyxlBook.open(output)
    port.book.create_sheet("งานของฉัน")
    port.save(output)
    assert refused(samples, output)[0] == Code.RESULT_EDITED


def test_a_folder_in_the_place_of_the_output_is_named(samples: Path, tmp_path: Path) -> None:
    (tmp_path / "out.xlsx").mkdir()
    with pytest.raises(Unusable) as caught:
        jobs.run(samples / "reference-2565.xlsx", tmp_path / "out.xlsx")
    assert caught.value.findings[0].code == Code.FILE_IS_FOLDER


@pytest.mark.parametrize("content", [b"letters", b""])
def test_a_file_that_is_no_output_of_ours_is_not_overwritten(samples: Path, output: Path, content: bytes) -> None:
    output.write_bytes(content)
    assert refused(samples, output)[0] == Code.FILE_NOT_OURS


# ---- what openpyxl would lose ----


def with_part(
    source: Path, target: Path, name: str, content: bytes, extra: tuple[str, bytes, bytes] | None = None
) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.namelist():
            data = old.read(item)
            if extra and item == extra[0]:
                assert extra[1] in data
                data = data.replace(extra[1], extra[2])
            new.writestr(item, data)
        if name:
            new.writestr(name, content)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("xl/threadedComments/threadedComment1.xml", "threaded comments"),
        ("customXml/item1.xml", "custom XML"),
        ("xl/pivotTables/pivotTable1.xml", "pivot"),
        ("xl/ctrlProps/ctrlProp1.xml", "form controls"),
        ("xl/vbaProject.bin", "macros"),
    ],
)
def test_a_workbook_with_parts_that_openpyxl_drops_is_not_written(
    samples: Path, tmp_path: Path, part: str, words: str
) -> None:
    path, output = tmp_path / "in.xlsx", tmp_path / "out.xlsx"
    with_part(samples / "reference-2565.xlsx", path, part, b"<x/>")
    with pytest.raises(Unusable) as caught:
        jobs.run(path, output, "openpyxl")
    assert [f.code for f in caught.value.findings] == [Code.OPENPYXL_WOULD_LOSE, Code.WOULD_BE_LOST]
    assert words in str(caught.value.findings[1].values["what_en"])
    assert not output.exists()


def test_a_text_box_or_sparkline_is_seen_inside_its_part(samples: Path, tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    hit = (
        "xl/worksheets/sheet1.xml",
        b"</worksheet>",
        b'<extLst xmlns:x14="u"><ext uri="u"><x14:sparklineGroup /></ext></extLst></worksheet>',
    )
    with_part(samples / "reference-2565.xlsx", path, "", b"", hit)
    with pytest.raises(Unusable) as caught:
        jobs.run(path, tmp_path / "out.xlsx", "openpyxl")
    assert "sparklines (xl/worksheets/sheet1.xml)" in str(caught.value.findings[1].values["what_en"])


@pytest.mark.parametrize(("sheet", "cell"), [("คะแนน IIT", "G6"), ("ติดตามรายไตรมาส", "D8")])
def test_a_formula_that_a_person_typed_would_lose_its_result(
    samples: Path, tmp_path: Path, sheet: str, cell: str
) -> None:
    path = tmp_path / "in.xlsx"
    path.write_bytes((samples / "reference-2565.xlsx").read_bytes())
    change(path, sheet, cell, "=90+3.68")
    with pytest.raises(Unusable) as caught:
        jobs.run(path, tmp_path / "out.xlsx", "openpyxl")
    assert [(f.code, f.cell) for f in caught.value.findings] == [
        (Code.OPENPYXL_WOULD_LOSE, ""),
        (Code.WOULD_BE_LOST, cell),
    ]


def test_our_own_workbooks_lose_nothing(samples: Path, output: Path) -> None:
    from ita_xl.engines import losses

    by_openpyxl = output.with_name("by-openpyxl.xlsx")
    jobs.run(output, by_openpyxl, "openpyxl")
    for path in (*samples.glob("*.xlsx"), output, by_openpyxl):
        assert losses.losses_of(path.read_bytes(), [sheet.title for sheet in SHEETS]) == []
