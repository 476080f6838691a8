"""What an agency asks its own people: read, matched, scored exactly, and kept apart from what was published."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path

import openpyxl
import pytest

from ita_xl.data import profiles
from ita_xl.data.profiles import ProfileError, parse
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from ita_xl.domain.numbers import show
from ita_xl.engines.package.engine import Package
from ita_xl.engines.port import same_content
from ita_xl.layout import SCORES, SURVEYS
from ita_xl.new import new
from ita_xl.survey import answers, job, mapping, scoring
from ita_xl.survey.matching import MINIMUM, matched
from tests.conftest import SAMPLES, Ita
from tests.test_openxml import faults

YEAR = profiles.profile(2565)
BAD = "น้อยที่สุดหรือไม่มีเลย"
WORDS = {0: BAD, 33: "น้อย", 67: "มาก", 100: "มากที่สุด"}
PEOPLE = 60
DAY = "1 ตุลาคม 2565"
Table = Sequence[Sequence[object]]


@cache
def empty(year: int) -> bytes:
    return new(profiles.profile(year), {"agency": "อบต.ตัวอย่าง"}).to_bytes()


def as_csv(table: Table, encoding: str = "utf-8-sig", mark: str = ",") -> bytes:
    stream = io.StringIO()
    csv.writer(stream, delimiter=mark).writerows(table)
    return stream.getvalue().encode(encoding)


def as_xlsx(table: Table) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in table:
        book.active.append(list(row))  # type: ignore[union-attr]
    book.save(out)
    return out.getvalue()


def one_column(heading: str, given: Sequence[object], people: int = 20) -> list[list[object]]:
    """The same answers over and over, from so many people."""
    return [[heading], *([given[at % len(given)]] for at in range(people))]


def scored(
    table: Table | bytes, year: int = 2565, wishes: job.Wishes | None = None, name: str = "คำตอบ.csv"
) -> job.Survey:
    content = table if isinstance(table, bytes) else as_csv(table)
    return job.preview(empty(year), "x.xlsx", answers.read_content(content, name), wishes or job.Wishes())


def refused(table: Table | bytes, year: int = 2565, wishes: job.Wishes | None = None) -> Code:
    with pytest.raises(Unusable) as stopped:
        scored(table, year, wishes)
    return stopped.value.findings[0].code


def only(survey: job.Survey) -> scoring.Scored:
    (question,) = survey.scores.questions
    return question


def noted(survey: job.Survey) -> set[Code]:
    return {finding.code for finding in survey.findings}


def told(points: dict[int, int], *, yes_no: bool, turned: bool) -> list[str]:
    """Answers that are worth these points. turned: much, or yes, is bad."""
    words = {0: "ไม่มี", 100: "มี"} if yes_no else WORDS
    return [words[100 - worth if turned else worth] for worth, times in points.items() for _ in range(times)]


def reaching(published: str, number: int, *, yes_no: bool) -> dict[int, int]:
    """So many answers whose mean is printed as this score, with as few bad ones as can be."""
    most = 0 if yes_no else number
    for bad, low in product(range(number + 1), range(most + 1)):
        # each answer that is not the best one loses points; what is left to lose is lost by 33 each
        left = 100 * number - float(published) * number - 100 * bad - 67 * low
        for middle in range(max(0, int(left / 33) - 1), min(most, int(left / 33) + 2) + 1):
            good = number - bad - low - middle
            if good >= 0 and show(Fraction(33 * low + 67 * middle + 100 * good, number)) == published:
                return {0: bad, 33: low, 67: middle, 100: good}
    raise AssertionError(f"{published} of {number} answers")


@cache
def reference() -> tuple[dict[str, str], tuple[tuple[str, ...], ...]]:
    """The report's IIT scores, and answers of 60 people from which they follow, as Google Forms exports them."""
    with (SAMPLES / "scores-2565.csv").open(encoding="utf-8-sig") as file:
        published = {
            r["code"]: f"{float(r['2565']):.2f}" for r in csv.DictReader(file) if re.match(r"I\d", r["code"])
        }
    assert YEAR.answers is not None
    columns: list[list[str]] = [["ประทับเวลา", *(f"1/9/2565, {at // 60}:{at % 60:02}" for at in range(PEOPLE))]]
    columns.append(["ที่อยู่อีเมล", *(f"somchai{at}@example.go.th" for at in range(PEOPLE))])
    columns.append(["ชื่อ-นามสกุล", *(f"นายสมชายที่ {at}" for at in range(PEOPLE))])
    for code, score in published.items():
        parts, yes_no = YEAR.answers.parts.get(code, 1), code in YEAR.answers.yes_no
        worth = [w for w, times in reaching(score, parts * PEOPLE, yes_no=yes_no).items() for _ in range(times)]
        for part in range(parts):
            own = {w: worth[part::parts].count(w) for w in WORDS}
            turned = YEAR.answers.is_reversed(code, part + 1)
            heading = f"{code} ท่านเห็นอย่างไร" + (f"\nในเรื่อง [เรื่องที่ {part + 1}]" if parts > 1 else "")
            columns.append([heading, *told(own, yes_no=yes_no, turned=turned)])
    columns.append(["ข้อเสนอแนะ", "ขอให้โทรหาสมหญิง 081-234-5678", *[""] * (PEOPLE - 1)])
    return published, tuple(zip(*columns, strict=True))


def test_answers_of_sixty_people_reach_every_score_of_the_reference_report() -> None:
    published, table = reference()
    found = scored(table)
    shown = {one.code: show(one.mean) for one in found.scores.questions if one.mean is not None}
    assert shown["I1"] == "93.68" and len(shown) == 30
    assert shown == published
    assert found.findings == []


@pytest.mark.parametrize(("code", "word", "points"), [
    ("I2", "มากที่สุด", 100), ("I2", "น้อย", 33), ("I9", "มากที่สุด", 0), ("I9", "น้อย", 67),
    ("I4", "มี", 0), ("I26", "มี", 100), ("E8", "ไม่มี", 0), ("E4", "ไม่มี", 100),
])  # fmt: skip
def test_an_answer_is_worth_what_the_year_says_and_the_reverse_where_much_is_bad(
    code: str, word: str, points: int
) -> None:
    assert only(scored(one_column(f"{code} ก", [word]))).mean == points


def test_the_second_thing_that_a_question_asks_may_be_reversed_alone() -> None:
    table = [["I11 ก [โปร่งใส]", "I11 ก [เอื้อประโยชน์]"], *[["มากที่สุด", "มากที่สุด"]] * 12]
    one = only(scored(table))
    assert one.mean == 50 and one.counts == {100: 12, 0: 12}


@pytest.mark.parametrize("year", [2567, 2568])
def test_later_years_have_six_steps_and_say_that_nobody_confirmed_them(year: int) -> None:
    words = ["น้อยที่สุด", "น้อย", "ค่อนข้างน้อย", "ค่อนข้างมาก", "มาก", "มากที่สุด"]
    found = scored(one_column("I1 ก", words, 12), year)
    assert only(found).counts == dict.fromkeys((0, 20, 40, 60, 80, 100), 2)
    assert Code.SURVEY_SCALE_NOT_VERIFIED in noted(found)


def test_a_mean_is_exact_over_all_answers_and_what_is_missing_is_counted() -> None:
    rows = [["มากที่สุด", "มาก"]] * 10 + [["น้อย", ""]] * 3 + [["", ""]] * 4
    one = only(scored([["I1.1 ก", "I1.2 ข"], *rows]))
    assert one.mean == Fraction(10 * 100 + 10 * 67 + 3 * 33, 23)
    assert (one.people, one.unanswered) == (13, 3), "who answered nothing did not take part"


@pytest.mark.parametrize("heading", [
    "I7", "i07. ข้อความ", "(I7) ข้อความ", "ข้อ I 7 ข้อความ", "I7[SQ001]", "I7_SQ001", "I๗ ข้อความ",
    "ท่านรู้เกี่ยวกับแผนการใช้จ่ายงบประมาณ ประจำปีของหน่วยงานของท่าน มากน้อยเพียงใด",
])  # fmt: skip
def test_a_column_is_matched_by_its_code_or_by_its_words(heading: str) -> None:
    assert only(scored(one_column(heading, ["มาก"]))).code == "I7"


def test_words_that_fit_two_questions_alike_or_no_question_match_none() -> None:
    assert YEAR.answers is not None
    headings = ["I1 ก", "การใช้งบประมาณ", "อายุของท่าน", "ตำแหน่ง", "E-mail", "I1_comment"]
    found = matched(headings, YEAR.tree, 2565, YEAR.answers)
    assert [column.code for column in found.columns] == ["I1", "", "", "", "", ""]


@pytest.mark.parametrize("content", [
    as_csv(one_column("I2 ก", ["มาก"])), as_csv(one_column("I2 ก", ["มาก"]), "cp874"),
    as_csv(one_column("I2 ก", ["มาก"]), "utf-16"), as_xlsx(one_column("I2 ก", ["มาก"])),
    as_csv([[*r, "x"] for r in one_column("I2 ก, ข", ["มาก"])], mark=";"),
    as_csv([[*r, "x"] for r in one_column("I2 ก\nข", ["มาก"])], mark="\t"),
])  # fmt: skip
def test_exports_of_every_kind_say_the_same(content: bytes) -> None:
    one = only(scored(content))
    assert one.mean == 67 and one.people == 20


@pytest.mark.parametrize(("given", "points"), [
    ("4", {100: 20}), (4, {100: 20}), ("A1", {0: 20}), ("4. มากที่สุด", {100: 20}), ("มาก (3)", {67: 20}),
    ("มาก;", {67: 20}), ("67", {67: 20}),
])  # fmt: skip
def test_numbers_and_the_marks_of_tools_are_understood(given: object, points: dict[int, int]) -> None:
    assert only(scored(as_xlsx(one_column("I2 ก", [given])))).counts == points


def test_numbers_that_are_taken_for_steps_are_told() -> None:
    assert Code.SURVEY_NUMBERS in noted(scored(one_column("I2 ก", ["1", "4"])))
    assert Code.SURVEY_NUMBERS not in noted(scored(one_column("I2 ก", ["0", "33", "67", "100"])))


def test_two_answers_in_one_cell_count_as_none() -> None:
    found = scored(one_column("I2 ก", ["มาก", "มาก", "น้อย, มาก", "มาก"]))
    assert only(found).counts == {67: 15} and only(found).several == 5 and only(found).unanswered == 5
    assert Code.SURVEY_TWO_IN_ONE in noted(found)


def test_of_somebody_who_answered_twice_the_last_answers_count() -> None:
    rows = [[f"a{at}@x.th", "น้อย"] for at in range(12)] + [["A0@x.th", "มากที่สุด"], ["", "มาก"], ["", "มาก"]]
    found = scored([["อีเมล", "I2 ก"], *rows])
    assert found.scores.people == 14 and only(found).counts == {33: 11, 100: 1, 67: 2}
    assert Code.SURVEY_ANSWERED_TWICE in noted(found)
    anonymous = scored([["Email", "I2 ก"], *[["anonymous", "มาก"]] * 12])
    assert anonymous.scores.people == 12


def test_what_too_few_answered_is_not_shown() -> None:
    assert refused(one_column("I2 ก", ["มาก"], MINIMUM - 1)) == Code.SURVEY_TOO_SMALL
    rows = [["มาก", "น้อย"]] * 5 + [["มาก", ""]] * 10
    found = scored([["I2 ก", "I7 ข"], *rows])
    assert [one.mean for one in found.scores.questions] == [67, None]
    assert Code.SURVEY_QUESTION_TOO_SMALL in noted(found)


def test_another_number_of_columns_than_a_question_asks_for_is_told() -> None:
    assert Code.SURVEY_PARTS_DIFFER in noted(scored(one_column("I1 ก", ["มาก"])))


LOGIN = b"<!DOCTYPE html><html><body><form><input type='password'></form></body></html>"
ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600


@pytest.mark.parametrize(("content", "code"), [
    (as_csv(one_column("I2 ก", ["85.5%", "90%"])), Code.SURVEY_OF_FIGURES),
    (as_csv(one_column("I2 ก", ["85.50", "91.2"])), Code.SURVEY_OF_FIGURES),
    (as_csv(one_column("I2 ก", ["สีแดง", "สีฟ้า"])), Code.SURVEY_WORDS_UNKNOWN),
    (as_csv(one_column("สี", ["แดง"])), Code.SURVEY_MATCHES_NOTHING),
    (as_csv(one_column("I31 ก", ["มาก"])), Code.SURVEY_OF_OTHER_YEAR),
    (as_csv(one_column("I2 ในปี 2568 ท่านเห็นว่า", ["มาก"])), Code.SURVEY_OF_OTHER_YEAR),
    (b"I2\n", Code.SURVEY_IS_NO_TABLE), (b"", Code.SURVEY_IS_NO_TABLE), (b"%PDF-1.7", Code.SURVEY_IS_NO_TABLE),
    (b"a,b\n1,2,3,4\n", Code.SURVEY_IS_NO_TABLE),
    (LOGIN, Code.SOURCE_ASKS_TO_LOG_IN), (ENCRYPTED, Code.SOURCE_ENCRYPTED),
    (b"PK\x03\x04 damaged", Code.SOURCE_NOT_READABLE),
    (as_csv(one_column("I2", ["x"], 20_002)), Code.SOURCE_TOO_LARGE),
])  # fmt: skip
def test_what_is_no_answers_of_this_year_is_named(content: bytes, code: Code) -> None:
    assert refused(content) == code


def test_a_person_may_vouch_for_the_year() -> None:
    table = one_column("I2 ในปี 2568 ท่านเห็นว่า", ["มาก"])
    assert only(scored(table, wishes=job.Wishes(2565))).mean == 67
    assert refused(table, wishes=job.Wishes(2567)) == Code.SURVEY_OF_OTHER_YEAR


def test_twenty_thousand_people_are_scored() -> None:
    assert scored(one_column("I2 ก", ["มาก", "น้อย"], 20_000)).scores.people == 20_000


def test_a_mapping_is_read_again_as_a_person_corrected_it() -> None:
    table = [["อีเมล", "ความพึงพอใจ", "I2 ก"], *[[f"a{at}", "พอใจ", "มาก"] for at in range(12)]]
    matching = job.match(empty(2565), "x.xlsx", answers.read_content(as_csv(table), "x.csv"))
    text = mapping.written(matching)
    unchanged = scored(table, wishes=job.Wishes(mapping=(text.encode(), "x")))
    assert unchanged.scores == scored(table).scores
    corrected = text.replace(
        'heading = "ความพึงพอใจ"\ncode = ""\nuse = ""',
        'heading = "ความพึงพอใจ"\ncode = "I7"\nscale = "own"\nreversed = true',
    )
    corrected = corrected.replace("[scales.", '[scales.own]\n"พอใจ" = 25\n"ไม่พอใจ" = 75\n\n[scales.', 1)
    found = scored(table, wishes=job.Wishes(mapping=(corrected.encode(), "x")))
    assert {one.code: one.mean for one in found.scores.questions} == {"I7": 75, "I2": 67}


@pytest.mark.parametrize("text", [
    "year = ", 'doubles = "some"', 'minimum = "x"', '[scales.a]\nx = 101', '[scales.a]\nx = 1',
    '[[columns]]\nheading = "I2 ก"\ncode = "I99"', '[[columns]]\nheading = "I2 ก"\ncode = "I2"\nscale = "none"',
    '[[columns]]\nheading = "I2 ก"\nuse = "x"', "columns = [1]", "scales = 1",
])  # fmt: skip
def test_a_mapping_that_cannot_be_used_is_named(text: str) -> None:
    wishes = job.Wishes(mapping=(text.encode(), "x.mapping.toml"))
    assert refused(one_column("I2 ก", ["มาก"]), wishes=wishes) == Code.SURVEY_MAPPING_WRONG


def test_a_mapping_of_another_year_is_refused() -> None:
    assert (
        refused(one_column("I2 ก", ["มาก"]), wishes=job.Wishes(mapping=(b"year = 2567", "x")))
        == Code.SURVEY_OF_OTHER_YEAR
    )


@pytest.fixture
def asked(tmp_path: Path) -> tuple[Path, Path]:
    """The reference workbook, and the answers beside it."""
    book, given = tmp_path / "อบจ.xlsx", tmp_path / "คำตอบ.csv"
    shutil.copy(SAMPLES / "reference-2565.xlsx", book)
    given.write_bytes(as_csv(reference()[1]))
    return book, given


def cells(book: Path, title: str) -> list[list[object]]:
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(book)[title].iter_rows()]


def test_without_a_yes_nothing_is_written(ita: Ita, asked: tuple[Path, Path]) -> None:
    book, given = asked
    before = book.read_bytes()
    said = ita("survey", given, "--into", book)
    assert said.code == 0 and "93.68" in said.out and "I11.2 | four | กลับคะแนน" in said.out
    ita("survey", given, "--into", book, "--yes", "--dry-run")
    assert book.read_bytes() == before and {*book.parent.iterdir()} == {book, given}


def test_a_survey_is_written_beside_what_was_published_and_changes_none_of_it(
    ita: Ita, asked: tuple[Path, Path]
) -> None:
    book, given = asked
    before = {title: Package(book.read_bytes(), "x").read(title) for title in (s.title for s in SCORES.values())}
    assert ita("survey", given, "--into", book, "--yes").code == 0
    table = cells(book, SURVEYS["IIT"].title)
    at = next(row for row in table if row[0] == "I1")
    assert show(Fraction(str(at[4]))) == "93.68" and at[2:4] == [60, 0] and at[6] == 93.68
    assert sum(int(str(count or 0)) for count in at[8:14]) == 120
    package = Package(book.read_bytes(), "x")
    assert all(same_content(package.read(title), grid) for title, grid in before.items())
    backup = next(book.parent.glob("*.backup-001.xlsx"))
    assert backup.read_bytes() == (SAMPLES / "reference-2565.xlsx").read_bytes()
    assert openpyxl.load_workbook(book)[SURVEYS["IIT"].title].sheet_state == "visible"
    assert openpyxl.load_workbook(book)[SURVEYS["EIT"].title].sheet_state == "hidden"


def test_the_chart_covers_all_rows_and_the_file_follows_the_rules(ita: Ita, asked: tuple[Path, Path]) -> None:
    book, given = asked
    ita("survey", given, "--into", book, "--yes", "--texts")
    assert faults(book) == []
    (chart,) = openpyxl.load_workbook(book)[SURVEYS["IIT"].title]._charts  # type: ignore[attr-defined]
    block = SURVEYS["IIT"].block("survey")
    assert len(chart.series) == 6
    assert chart.series[5].val.numRef.f.endswith(f"$N${block.first_row}:$N${block.last_row}")


def test_nobody_is_in_the_workbook_or_the_mapping(ita: Ita, asked: tuple[Path, Path]) -> None:
    book, given = asked
    ita("survey", given, "--into", book, "--yes")
    with zipfile.ZipFile(book) as package:
        inside = "".join(package.read(name).decode("utf-8", "ignore") for name in package.namelist())
    inside += mapping.beside(given).read_text("utf-8")
    for private in ("somchai", "สมชาย", "1/9/2565", "081-234", "โทรหา"):
        assert private not in inside


def test_what_people_wrote_comes_in_only_on_request_and_goes_again(ita: Ita, asked: tuple[Path, Path]) -> None:
    book, given = asked
    title = SURVEYS["IIT"].title
    ita("survey", given, "--into", book, "--yes", "--texts")
    assert "ขอให้โทรหาสมหญิง 081-234-5678" in {cell for row in cells(book, title) for cell in row}
    ita("survey", given, "--into", book, "--yes")
    assert "ขอให้โทรหาสมหญิง 081-234-5678" not in {cell for row in cells(book, title) for cell in row}


def test_a_repeat_changes_nothing_and_never_writes_over_the_mapping(ita: Ita, asked: tuple[Path, Path]) -> None:
    book, given = asked
    ita("survey", given, "--into", book, "--yes")
    kept = mapping.beside(given)
    kept.write_text("# ของเรา\n" + kept.read_text("utf-8").replace("minimum = 10", "minimum = 60"), "utf-8")
    after, mine = book.read_bytes(), kept.read_bytes()
    ita("survey", given, "--into", book, "--yes")
    assert book.read_bytes() == after and kept.read_bytes() == mine
    assert len([*book.parent.glob("*.backup-*")]) == 1
    kept.write_text(kept.read_text("utf-8").replace("minimum = 60", "minimum = 61"), "utf-8")
    assert ita("survey", given, "--into", book, "--yes").code == 3 and book.read_bytes() == after


def test_the_mapping_can_be_had_before_anything_is_scored(ita: Ita, tmp_path: Path) -> None:
    book, given = tmp_path / "b.xlsx", tmp_path / "a.csv"
    book.write_bytes(empty(2565))
    given.write_bytes(as_csv(one_column("I2 ก", ["สีแดง"])))
    assert ita("survey", given, "--into", book, "--yes").code == 3 and not mapping.beside(given).exists()
    assert ita("survey", given, "--into", book, "--save-mapping").code == 0
    assert 'code = "I2"' in mapping.beside(given).read_text("utf-8") and book.read_bytes() == empty(2565)


def test_a_copy_may_be_written_instead_and_replaced_while_nobody_changed_it(
    ita: Ita, asked: tuple[Path, Path], tmp_path: Path
) -> None:
    book, given = asked
    before, copy = book.read_bytes(), tmp_path / "สำเนา.xlsx"
    for _ in range(2):
        assert ita("survey", given, "--into", book, "-o", copy, "--yes").code == 0
    assert book.read_bytes() == before and cells(copy, SURVEYS["IIT"].title)[32][0] == "I1"
    changed = openpyxl.load_workbook(copy)
    changed.worksheets[0]["B10"] = "อื่น"
    changed.save(copy)
    theirs = copy.read_bytes()
    assert ita("survey", given, "--into", book, "-o", copy, "--yes").code == 3 and copy.read_bytes() == theirs


def test_a_locked_workbook_is_refused(ita: Ita, asked: tuple[Path, Path]) -> None:
    book, given = asked
    book.with_name(f".~lock.{book.name}#").write_text(",somebody,elsewhere,01.10.2022 08:00,file:///x;")
    before = book.read_bytes()
    assert ita("survey", given, "--into", book, "--yes").code == 3 and book.read_bytes() == before


def test_a_run_keeps_a_survey_and_a_survey_of_eit_keeps_that_of_iit(ita: Ita, asked: tuple[Path, Path]) -> None:
    book, given = asked
    ita("survey", given, "--into", book, "--yes")
    inside = cells(book, SURVEYS["IIT"].title)
    other = given.with_name("eit.csv")
    other.write_bytes(as_csv(one_column("E3 ก", ["มาก"])))
    assert ita("survey", other, "--into", book, "--yes").code == 0
    assert ita("run", book).code == 0
    assert cells(book, SURVEYS["IIT"].title) == inside
    assert next(row for row in cells(book, SURVEYS["EIT"].title) if row[0] == "E3")[4] == 67


def test_a_workbook_of_an_earlier_version_gets_the_sheet(ita: Ita, tmp_path: Path) -> None:
    book, given = tmp_path / "b.xlsx", tmp_path / "a.csv"
    old = openpyxl.load_workbook(io.BytesIO(empty(2565)))
    for sheet in SURVEYS.values():
        del old[sheet.title]
    old.save(book)
    given.write_bytes(as_csv(one_column("I2 ก", ["มาก"])))
    assert ita("survey", given, "--into", book, "--yes").code == 0
    assert next(row for row in cells(book, SURVEYS["IIT"].title) if row[0] == "I2")[4] == 67


def test_scripts_get_exact_figures(ita: Ita, asked: tuple[Path, Path]) -> None:
    book, given = asked
    document = json.loads(ita("survey", given, "--into", book, "--json").out)
    first = document["questions"][0]
    assert (first["points"], Fraction(first["exact"])) == ("93.68", Fraction(first["exact"]).limit_denominator(120))
    assert document["people"] == 60 and document["output"] is None


def test_formulas_in_answers_stay_text(ita: Ita, tmp_path: Path) -> None:
    book, given = tmp_path / "b.xlsx", tmp_path / "a.csv"
    book.write_bytes(empty(2565))
    given.write_bytes(as_csv([["I2 ก", "ข้อเสนอแนะ"], *[["มาก", "=1+1"]] * 12]))
    ita("survey", given, "--into", book, "--yes", "--texts")
    page = openpyxl.load_workbook(book)[SURVEYS["IIT"].title]
    assert [c.data_type for row in page.iter_rows() for c in row if c.value == "=1+1"] == ["s"]


@pytest.mark.parametrize(("change", "said"), [
    ({"usual": "ten"}, "there is no scale ten"), ({"yes_no": ["I99"]}, "I99 is no question of this year"),
    ({"reversed": ["I1.3"]}, "I1.3 is no question of this year"),
])  # fmt: skip
def test_year_data_about_answers_is_checked(change: dict[str, object], said: str) -> None:
    from ita_xl.data import read_toml

    data = read_toml("years/2565.toml")
    with pytest.raises(ProfileError, match=re.escape(said)):
        parse({**data, "answers": {**data["answers"], **change}}, "2565.toml")


def test_a_survey_needs_no_pandas_elsewhere() -> None:
    code = "import sys; from ita_xl.cli import cli; import ita_xl.survey.job; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
