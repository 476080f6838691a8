"""Generated workbooks: what was planted in them is what a check finds, and the same seed gives the same bytes."""

from __future__ import annotations

import csv
import hashlib
import os
import subprocess
import sys
import unicodedata
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from ita_xl import files, jobs, pipeline
from ita_xl.case.outcome import Outcome
from ita_xl.data import profiles
from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Severity, Unusable
from ita_xl.domain.tree import TOTAL
from ita_xl.engines.package.engine import Package
from ita_xl.files import locks
from tools import generate
from tools.clerk import Clerk
from tools.generate import Made, Mix
from tools.generate.__main__ import main
from tools.generate.agencies import agency, dice
from tools.generate.damage import SPOILED
from tools.generate.figures import result
from tools.generate.filled import SHAPES, fill
from tools.generate.mistakes import SLIPS, Careless

ROOT = Path(__file__).parent.parent
COUNTRY = 8320
MANY = Mix(mistakes=0.5, damaged=0.2, run=0.1, saved=0.1)


Checked = list[tuple[Made, Outcome | list[str]]]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """Some workbooks, each with what a check of the file says: an outcome, or the codes for which it is refused."""
    folder = tmp_path_factory.mktemp("generated")
    found: Checked = []
    for made in generate.workbooks(36, seed=3, mix=MANY):
        path = generate.write(folder, made)
        try:
            found.append((made, jobs.check(path)))
        except Unusable as error:
            found.append((made, [finding.code for finding in error.findings]))
    return found


def usable(checked: Checked) -> list[tuple[Made, Outcome]]:
    found = [(made, outcome) for made, outcome in checked if isinstance(outcome, Outcome)]
    assert len(found) > len(checked) / 2
    return found


def test_a_usable_workbook_is_read_as_the_agency_and_year_that_were_planted(checked: Checked) -> None:
    for made, outcome in usable(checked):
        hidden = {slip.code for slip in made.mistakes}
        about = outcome.inputs.about
        assert about["agency"] == made.agency.name or Code.AGENCY_MISSING in hidden
        assert outcome.year == made.year or Code.YEAR_UNUSABLE in hidden
        assert (about["province"], about["agency_type"]) == (made.agency.province, made.agency.type)


def test_every_planted_mistake_is_found_where_it_stands(checked: Checked) -> None:
    careless = [(made, outcome) for made, outcome in usable(checked) if made.mistakes]
    assert careless
    for made, outcome in careless:
        found = {(finding.code, finding.sheet, finding.cell) for finding in outcome.findings}
        assert {(slip.code, slip.sheet, slip.cell) for slip in made.mistakes} <= found


def test_a_workbook_without_planted_mistakes_has_no_errors(checked: Checked) -> None:
    for made, outcome in usable(checked):
        if not made.mistakes:
            assert [f for f in outcome.findings if f.severity is Severity.ERROR] == []
            assert outcome.points(made.year, TOTAL) == result(3, made.agency.number, made.year).scores[TOTAL].points


def test_a_damaged_file_is_refused_for_what_was_done_to_it(checked: Checked) -> None:
    refused = [(made, codes) for made, codes in checked if not isinstance(codes, Outcome)]
    assert [codes for _, codes in refused] == [[made.refused] for made, _ in refused]
    assert all((made.refused != "") is not isinstance(outcome, Outcome) for made, outcome in checked)


def test_what_people_wrote_after_a_run_is_found(checked: Checked) -> None:
    ran = [outcome for made, outcome in usable(checked) if made.run]
    assert any(outcome.own_texts for outcome in ran)


@pytest.mark.parametrize("kind", SLIPS)
def test_each_kind_of_mistake_gives_its_finding(kind: str, profile: profiles.Profile) -> None:
    port = Package(generate.base(2565), "x.xlsx")
    clerk = Clerk(port, profile)
    year = result(1, 1, 2565)
    fill(clerk, agency(1), [year], "all figures", dice(1))
    code, slip = SLIPS[kind]
    place = slip(Careless(clerk, year, dice(2), questions=True))
    assert place is not None
    found = pipeline.check(Package(port.to_bytes(), "x.xlsx")).findings
    assert (code, place.sheet, place.cell) in {(f.code, f.sheet, f.cell) for f in found}


@pytest.mark.parametrize("kind", SPOILED)
def test_each_kind_of_damage_gives_its_finding(kind: str, tmp_path: Path) -> None:
    code, spoil = SPOILED[kind]
    made = replace(generate.outline(1), content=spoil(generate.base(2565), dice(1)))
    with pytest.raises(Unusable) as caught:
        jobs.check(generate.write(tmp_path, made))
    assert [finding.code for finding in caught.value.findings] == [code]


def test_a_bomb_is_small_until_it_is_unpacked() -> None:
    content = SPOILED["a bomb"][1](b"", dice(1))
    assert content is not None and len(content) < files.MAX_UNPACKED / 500


@pytest.mark.parametrize("year", profiles.years())
@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_every_year_is_without_errors(shape: str, year: int) -> None:
    port = Package(generate.base(year), "x.xlsx")
    clerk = Clerk(port, profiles.profile(year))
    weak = 10  # an agency that is never near 100, where many mistakes would not show
    years = [result(1, weak, each) for each in (year, year - 1, year - 2) if each in profiles.years()]
    fill(clerk, agency(weak), years, shape, dice(1))
    outcome = pipeline.check(Package(port.to_bytes(), "x.xlsx"))
    assert [f for f in outcome.findings if f.severity is Severity.ERROR] == []
    assert {f.code for f in outcome.findings} & {
        Code.STATED_DISAGREES,
        Code.LEVEL_DISAGREES,
        Code.EARLIER_SCORES_NOT_USED,
        Code.ITEM_COUNT_DIFFERS,
    } == set()
    assert [y.scores[TOTAL].points for y in outcome.years.values()] == [
        each.scores[TOTAL].points for each in years[: len(outcome.years)]
    ]


# ---- the same from the same ----


def test_a_file_does_not_hang_on_how_many_there_are() -> None:
    assert list(generate.workbooks(4, seed=5)) == list(generate.workbooks(9, seed=5))[:4]
    assert generate.make(3, seed=5) != generate.make(3, seed=6)


def test_another_process_makes_the_same_bytes() -> None:
    script = (
        "from hashlib import sha256; from tools import generate\n"
        "for made in generate.workbooks(2, mix=generate.Mix(mistakes=1, run=1, saved=0.5)):\n"
        "    print(made.path, sha256(made.content).hexdigest(), made.modified)"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "77", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=True)
    here = [
        f"{made.path} {hashlib.sha256(made.content or b'').hexdigest()} {made.modified}"
        for made in generate.workbooks(2, mix=Mix(mistakes=1, run=1, saved=0.5))
    ]
    assert done.stdout.decode().splitlines() == here


# ---- a whole country, without making its workbooks ----


def test_all_levels_occur_and_most_totals_lie_where_they_usually_do() -> None:
    results = [result(1, number, 2565) for number in range(500)]
    assert {each.level for each in results} == {level.name for level in profiles.profile(2565).levels}
    usual = [each for each in results if 75 <= (each.points(TOTAL) or 0) <= 99]
    assert len(usual) > 0.7 * len(results)


def test_no_two_files_of_a_country_have_one_path() -> None:
    paths = [generate.outline(number).path for number in range(COUNTRY + 500)]
    assert len({unicodedata.normalize("NFC", path).casefold() for path in paths}) == len(paths)
    names = [path.rpartition("/")[2] for path in paths]
    assert max(len(name.encode()) for name in names) <= 240
    assert Counter(names)["ITA-2565.xlsx"] > 1000
    assert any("'" in name for name in names)


def test_a_country_has_all_its_provinces_and_no_agency_twice() -> None:
    agencies = [agency(number) for number in range(COUNTRY + 500)]
    assert len({(each.province, each.name) for each in agencies}) == len(agencies)
    assert len({each.province for each in agencies}) == 76
    assert len([each for each in agencies if each.type == "องค์การบริหารส่วนจังหวัด"]) == 76


def test_some_agencies_send_a_second_file() -> None:
    outlines = [generate.outline(number) for number in range(COUNTRY)]
    seconds = [made for made in outlines if made.again]
    assert 0.01 * COUNTRY < len(seconds) < 0.03 * COUNTRY
    for made in seconds:
        first = outlines[made.number - 1]
        assert (first.path, first.agency) == (made.again, made.agency) and not first.again
    older = [made for made in seconds if made.modified < outlines[made.number - 1].modified]
    assert 0.3 < len(older) / len(seconds) < 0.7


def test_a_second_file_is_the_same_under_another_name_or_another_version() -> None:
    numbers = [number for number in range(800) if generate.outline(number).again]
    same = [generate.make(n).content == generate.make(n - 1).content for n in numbers]
    assert set(same) == {True, False}


# ---- on disk ----


def test_a_workbook_that_is_open_has_its_lock_beside_it(tmp_path: Path) -> None:
    made = replace(generate.make(0), locked=True)
    path = generate.write(tmp_path, made)
    assert locks.lock_of(path) and path.stat().st_mtime == made.modified
    assert [finding.code for finding in jobs.check(path).findings if finding.code == Code.FILE_OPEN_READ_ANYWAY]


def test_two_processes_write_what_one_makes(tmp_path: Path) -> None:
    out, table = tmp_path / "out", tmp_path / "planted.csv"
    done = CliRunner().invoke(main, [str(out), "--count", "6", "--jobs", "2", "--planted", str(table)])
    assert done.exit_code == 0, done.output
    wanted = list(generate.workbooks(6))
    assert [(out / made.path).read_bytes() for made in wanted] == [made.content for made in wanted]
    with table.open(encoding="utf-8-sig", newline="") as stream:
        assert [row["path"] for row in csv.DictReader(stream)] == [made.path for made in wanted]
