"""The add-in: built from text, read back by others, and its VBA run by LibreOffice. No Excel has seen it here."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import click
import hypothesis.strategies as st
import olefile
import pytest
from click.testing import CliRunner
from hypothesis import given
from oletools.olevba import VBA_Parser, decompress_stream

from ita_xl import begun, cli, live_jobs
from ita_xl.addin import build, generated
from ita_xl.addin.compound import compound_file
from ita_xl.addin.desk import VERBS
from ita_xl.addin.ovba import Module, compress
from ita_xl.addin.package import settings_of
from ita_xl.data import profiles, say
from ita_xl.domain.levels import judge
from ita_xl.domain.numbers import HALF_UNIT
from ita_xl.domain.paths import next_level
from ita_xl.domain.scoring import NodeScore, Source
from ita_xl.layout import SHEETS, Show
from tests import macros
from tests.test_openxml import faults

CUSTOM_UI = "{http://schemas.microsoft.com/office/2009/07/customui}"
SOURCES = {module.name: module.source for module in build.modules()}
EXPERTS = [sheet.title for sheet in SHEETS if sheet.show is Show.EXPERT]


def parts(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def code(source: str) -> str:
    """VBA without comments and texts, so that words in them do not count."""
    return re.sub(r"'.*", "", re.sub(r'"[^"]*"', '""', source))


# The file


def test_two_builds_are_equal_byte_by_byte() -> None:
    assert build.build() == build.build()


def test_an_independent_reader_finds_exactly_our_source() -> None:
    found = {name: text for _, _, name, text in VBA_Parser(build.NAME, data=build.build()).extract_macros()}
    sources = {module.name: module.text.decode() for module in build.modules()}
    assert {name.rpartition(".")[0]: text for name, text in found.items()} == sources


def test_the_container_has_no_defect_that_a_strict_reader_minds() -> None:
    vba = parts(build.build())["xl/vbaProject.bin"]
    opened = olefile.OleFileIO(io.BytesIO(vba), raise_defects=olefile.DEFECT_UNSURE)
    assert opened.parsing_issues == []
    assert {"/".join(path) for path in opened.listdir()} >= {"PROJECT", "PROJECTwm", "VBA/dir", "VBA/_VBA_PROJECT"}


def test_what_differs_from_desk_to_desk_stands_in_cells_so_the_macros_are_the_same_for_all() -> None:
    thai = r"C:\Users\สมชาย ใจดี\Scripts\pythonw.exe & <1>"
    ours, theirs = build.build(thai), build.build()
    assert settings_of(ours)["python"] == thai
    assert settings_of(theirs)["python"] == "pythonw.exe"
    assert [name for name, part in parts(ours).items() if part != parts(theirs)[name]] == [
        "xl/worksheets/sheet1.xml"
    ]
    assert settings_of(b"something else") == {}


def test_the_twin_workbook_differs_only_in_its_kind_and_follows_the_open_xml_rules(tmp_path: Path) -> None:
    addin, twin = parts(build.build()), parts(build.twin())
    assert [name for name in addin if addin[name] != twin[name]] == ["[Content_Types].xml"]
    path = tmp_path / "twin.xlsm"
    path.write_bytes(build.twin())
    assert [fault for fault in faults(path) if "/theme" not in fault] == [], "Excel needs no theme"


@given(st.text(st.sampled_from("ab \n(),=Case"), max_size=9000))
def test_any_source_comes_back_from_its_compressed_form(text: str) -> None:
    content = text.encode("ascii")
    assert bytes(decompress_stream(bytearray(compress(content)))) == content if content else True


@given(st.dictionaries(st.sampled_from([f"VBA/m{n}" for n in range(40)]), st.binary(max_size=5000), max_size=40))
def test_any_streams_come_back_from_a_compound_file(streams: dict[str, bytes]) -> None:
    opened = olefile.OleFileIO(io.BytesIO(compound_file(streams)), raise_defects=olefile.DEFECT_UNSURE)
    assert {"/".join(path): opened.openstream(path).read() for path in opened.listdir()} == streams


# The macros


@pytest.mark.parametrize("name", SOURCES)
def test_macros_are_ascii_in_lines_that_vba_takes_and_declare_every_variable(name: str) -> None:
    source = SOURCES[name]
    assert source.isascii()
    assert source.startswith(f'Attribute VB_Name = "{name}"\n')
    assert max(map(len, source.splitlines())) < 1023
    assert not re.search(r"(_\n.*){25}", source), "VBA takes 24 continued lines"
    if len(source.splitlines()) > 8:
        assert "\nOption Explicit\n" in source


def test_macros_call_no_windows_functions_and_open_no_console() -> None:
    for source in SOURCES.values():
        assert not re.search(r"\b(Declare|Shell|AppActivate|SendKeys|Kill)\b", code(source))
        assert not re.search(r"cmd\b|powershell|wscript\.exe|python\.exe", source, re.IGNORECASE)
    assert re.findall(r'CreateObject\("(.*?)"\)', "".join(SOURCES.values())) == ["WScript.Shell"] * 2


def test_a_button_starts_python_without_a_window_waits_and_speaks_only_where_python_could_not() -> None:
    source = SOURCES["ItaRibbon"]
    assert '" -P -m ita_xl attach " & control.Tag & " --alert --hwnd="' in source
    assert '.Run("""" & PythonPath() & """" & asked, 1, True)' in source
    assert 'If ended <> 0 Then Tell ItaText("not_started")' in source
    assert 'Worksheets(1).Range("B1")' in source
    assert list(settings_of(build.build())) == ["python", "version"], "the first of them stands in B1"


def test_the_status_bar_says_at_once_that_a_button_was_pressed_and_nothing_of_it_stays() -> None:
    source = SOURCES["ItaRibbon"]
    run = source.index(".Run(")
    assert source.index('Application.StatusBar = ItaText("starting")') < run
    assert source.index(f'shell.Environment("Process")("{begun.TEXT}") = ItaText("begun")') < run
    for end in ("If ended", 'Tell ItaText("not_started"), Err'):
        assert source[: source.index(end, run)].rstrip().endswith("Application.StatusBar = False")


def test_the_command_that_a_button_gives_is_one_that_attach_takes() -> None:
    attach = cli.cli.commands.get("attach")
    assert isinstance(attach, click.Group)
    for verb in VERBS:
        # With its parent, because click remembers a command's help option from the first context.
        with click.Context(cli.cli, **cli.cli.context_settings) as above:
            words = ["--alert", "--hwnd=1234", "--book=ITA ปี=2569.xlsx"]
            attach.commands[verb].make_context(verb, words, parent=above)


def test_the_name_of_the_workbook_goes_by_the_environment_where_nothing_expands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`Run` of WScript.Shell puts the value of a variable in place of %NAME% on a command line."""
    source = SOURCES["ItaRibbon"]
    assert 'shell.Environment("Process")("ITA_XL_BOOK") = book' in source
    assert "ActiveWorkbook.Name" not in re.sub(r"book = ActiveWorkbook\.Name", "", source)
    asked: list[str] = []
    monkeypatch.setenv("ITA_XL_BOOK", "ผล %TEMP% 50%.xlsx")

    def attach(job: str, book: str, *_: object, **__: object) -> live_jobs.Said:
        asked.append(book)
        return live_jobs.Said([])

    monkeypatch.setattr(live_jobs, "attach", attach)
    CliRunner().invoke(cli.cli, ["attach", "validate", "--alert", "--hwnd=1"])
    assert asked == ["ผล %TEMP% 50%.xlsx"]


def test_thai_cannot_slip_into_a_macro() -> None:
    with pytest.raises(UnicodeEncodeError):
        Module("M", "' ไทย\n").text  # noqa: B018
    assert generated.quoted('ITA "ไท" 1') == '"ITA ""' + '" & ChrW(3652) & ChrW(3607) & """ 1"'
    assert generated.quoted("") == '""'


def test_every_text_that_the_macros_ask_for_is_there() -> None:
    asked = set(re.findall(r'ItaText\("(\w+)"\)', SOURCES["ItaRibbon"]))
    asked |= set(re.findall(r'ItaToggleExperts = "(\w+)"', SOURCES["ItaSheets"]))
    assert asked == set(generated.TEXTS)
    spoken = "".join(chr(int(n)) for n in re.findall(r"ChrW\((\d+)\)", SOURCES["ItaTexts"]))
    for title in EXPERTS:
        assert title in spoken
    assert say("ribbon.validate") in spoken, "the help names the buttons as they are labelled"


# The ribbon

ALLOWED = {
    "customUI": set(),
    "ribbon": set(),
    "tabs": set(),
    "tab": {"id", "label"},
    "group": {"id", "label"},
    "button": {"id", "tag", "size", "imageMso", "onAction", "label", "screentip", "supertip"},
}
"""What we use of the schema of customUI 2009/07: each element with its attributes, nested in this order."""


def controls() -> Iterator[tuple[str, ElementTree.Element]]:
    for element in ElementTree.fromstring(build.ribbon()).iter():
        yield element.tag.removeprefix(CUSTOM_UI), element


def test_the_ribbon_keeps_to_the_schema() -> None:
    depth = list(ALLOWED)
    for name, element in controls():
        assert set(element.attrib) <= ALLOWED[name], name
        assert not (element.text or "").strip() and not (element.tail or "").strip()
        assert {child.tag for child in element} <= {
            CUSTOM_UI + child for child in depth[depth.index(name) + 1 :][:1]
        }
        for key, value in element.attrib.items():
            most = 4096 if key == "onAction" else 1024
            assert 0 < len(value) <= most, f"{key} of {element.get('id')}"
        if name in ("tab", "group", "button"):
            assert {"id", "label"} <= set(element.attrib)
        if name == "button":
            assert element.get("size") in ("normal", "large")


def test_ids_are_unique_xml_names_of_our_own() -> None:
    ids = [name for _, element in controls() if (name := element.get("id"))]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"itaXl[A-Za-z]+", name) for name in ids)


def test_every_button_has_its_sub_with_the_signature_of_a_callback() -> None:
    actions = {element.get("onAction") for name, element in controls() if name == "button"}
    for action in actions:
        assert f"\nPublic Sub {action}(control As IRibbonControl)\n" in SOURCES["ItaRibbon"]
    assert actions == {"ItaAttach", "ItaExperts", "ItaHelp"}


def test_the_tab_has_the_buttons_that_a_clerk_needs_in_thai() -> None:
    buttons = [element for name, element in controls() if name == "button"]
    assert [element.get("tag") for element in buttons if element.get("tag")] == [
        "import",
        "validate",
        "compute",
        "report",
        "draft-mail",
        "hand-out",
        "collect",
        "next-year",
    ]
    assert {element.get("tag") for element in buttons} == {*VERBS, None}
    for element in buttons:
        for key in ("label", "screentip", "supertip"):
            assert re.search("[ก-๙]", element.get(key, ""))
    (tab,) = (element for name, element in controls() if name == "tab")
    assert tab.get("label") == "ประเมิน ITA"


def test_every_icon_is_a_name_that_other_add_ins_use() -> None:
    known = {"DataValidation", "CalculateNow", "FileSendAsAttachment", "FileNew", "AdvancedFileProperties", "Help"}
    known |= {"FileSaveAsPdfOrXps", "Paste", "ExportExcel", "ImportExcel"}
    assert {element.get("imageMso") for name, element in controls() if name == "button"} == known


# The worksheet functions and the sheets for experts, run by LibreOffice

NOT_KNOWN, WRONG = "Error 2042", "Error 2015"
"""LibreOffice shows as text what Excel shows as #N/A and #VALUE!."""

ASKED = ("total", "IIT", "EIT", "OIT")
UNKNOWN = NodeScore(None, None, HALF_UNIT, Source.UNKNOWN)
Row = list[object]


def expected(row: Row) -> tuple[object, object]:
    """Level and gap as the domain judges them."""
    *scores, year = row
    assert isinstance(year, int)
    profile = profiles.profile(year)
    stated = {code: Fraction(str(value)) for code, value in zip(ASKED, scores, strict=True) if value is not None}
    known = {code: NodeScore(value, None, HALF_UNIT, Source.STATED) for code, value in stated.items()}
    judged = {code: known.get(code, UNKNOWN) for code in profile.tree.nodes}
    level = judge(profile.levels, judged).level
    if level is None:
        return NOT_KNOWN, NOT_KNOWN
    following = next_level(profile.tree, judged, profile.levels, level)
    return level.name, float(following.gap) if following else 0.0


def edges() -> list[Row]:
    """For every year: on, just below, and half a hundredth around every number that a level asks for."""
    rows: list[Row] = []
    for year in profiles.years():
        levels = profiles.profile(year).levels
        asked = sorted({least for level in levels for least in level.needs.values()} | {Decimal(100)})
        for least in asked:
            around = [least + Decimal(d) for d in ("-1", "-0.01", "-0.0051", "-0.005", "0", "0.0049", "0.01")]
            around = [score for score in around if 0 <= score <= 100]
            for score in around:
                rows.append([float(score), 100, 100, 100, year])
                rows.append([float(score), None, None, None, year])
                for place in range(1, 4):
                    row: Row = [96, 96, 96, 96, year]
                    row[place] = float(score)
                    rows.append(row)
            rows.append([96, float(asked[0]), None, None, year])
    return rows


ODD: list[tuple[Row, str]] = [
    ([None, 96, 96, 96, 2565], NOT_KNOWN),
    (["ดี", 96, 96, 96, 2565], WRONG),
    ([96, "-", 96, 96, 2565], WRONG),
    (["96", 96, 96, 96, 2565], WRONG),
    ([100.01, 96, 96, 96, 2565], WRONG),
    ([-0.01, 96, 96, 96, 2565], WRONG),
    ([96, 96, 1e300, 96, 2565], WRONG),
    ([96, 96, 96, 96, 2500], NOT_KNOWN),
    ([96, 96, 96, 96, 1e12], NOT_KNOWN),
    ([96, 96, 96, 96, 0], NOT_KNOWN),
    ([96, 96, 96, 96, None], NOT_KNOWN),
    ([96, 96, 96, 96, 2565.5], WRONG),
    ([96, 96, 96, 96, "2565"], WRONG),
]
LITERAL = [
    ("=ITA_LEVEL(94.995;96;96;96;2565)", "AA"),
    ("=ITA_GAP(94.994;96;96;96;2565)", 0.01),
    ("=ITA_GAP(92;94.99;96;96;2567)", 3),
    ("=ITA_GAP(96;94.99;96;96;2567)", 0),
    ("=ITA_LEVEL(A11:A12;96;96;96;2565)", WRONG),
    ("=ITA_LEVEL(A1;96;96;96;2565)", WRONG),
    ('=ITA_LEVEL("";96;96;96;2565)', NOT_KNOWN),
    ("=ITA_GAP(1.005;96;96;96;2565)", 48.99),
]


Played = dict[str, Any]
"""What LibreOffice made of the add-in."""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    path = tmp_path_factory.mktemp("twin") / "twin.xlsm"
    path.write_bytes(build.twin())
    cells = "A{row};B{row};C{row};D{row};E{row}"
    both = [f"=ITA_LEVEL({cells})", f"=ITA_GAP({cells})"]
    rows = [(row, both) for row in (*edges(), *(row for row, _ in ODD))]
    rows += [([], [formula, formula]) for formula, _ in LITERAL]
    found: Played = macros.run(path, rows, "ItaXl.ItaSheets.ItaToggleExperts", EXPERTS)
    return found


@pytest.mark.libreoffice
def test_libreoffice_loads_the_project_with_every_module(played: Played) -> None:
    assert played["libraries"]["ItaXl"] == sorted(SOURCES)


@pytest.mark.libreoffice
def test_the_worksheet_functions_agree_with_us_at_every_edge_of_every_year(played: Played) -> None:
    rows = edges()
    assert len(rows) > 1000
    wrong = [
        (row, found, expected(row))
        for row, found in zip(rows, played["results"], strict=False)
        if found != [*expected(row)]
    ]
    assert wrong == []


@pytest.mark.libreoffice
def test_what_is_no_score_or_no_year_is_an_error_and_never_a_level(played: Played) -> None:
    found = played["results"][len(edges()) : -len(LITERAL)]
    assert found == [[error, error] for _, error in ODD]


@pytest.mark.libreoffice
def test_scores_may_be_written_into_the_formula(played: Played) -> None:
    assert played["results"][-len(LITERAL) :] == [[value, value] for _, value in LITERAL]


@pytest.mark.libreoffice
def test_the_expert_sheets_are_shown_then_hidden_by_vba_alone(played: Played) -> None:
    assert played["called"] == [["no_experts", []], ["", EXPERTS], ["", []]]
