"""What is said of the tests on Windows, and which of them CI leaves out there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.windows import part, told

RESULT = """<testsuites><testsuite>
<testcase name="a"/>
<testcase name="b"><failure message="no"/></testcase>
<testcase name="c"><error message="no"/></testcase>
<testcase name="d"><skipped message="needs a lift"/></testcase>
<testcase name="e"><skipped message="C:\\ita\\tests\\test_x.py:12: needs a lift"/></testcase>
<testcase name="f"><skipped message="left out of CI"/></testcase>
</testsuite></testsuites>"""


def test_the_last_line_counts_every_test_and_those_before_it_say_why_some_did_not_run(tmp_path: Path) -> None:
    path = tmp_path / "result.xml"
    path.write_text(RESULT)
    assert list(told.lines(path, 125.4)) == [
        "windows: 2 skipped: needs a lift",
        "windows: 1 skipped: left out of CI",
        "windows: 1 passed, 2 failed, 3 skipped of 6 in 2 min 5 s with set-up",
    ]


def test_what_is_left_out_is_there_and_named_once() -> None:
    names = [name for group in part.LEFT_OUT.values() for name in group]
    there = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    assert len(names) == len(set(names)) and set(names) <= there


def test_a_module_that_is_left_out_asks_nothing_of_the_system() -> None:
    asks = ("import subprocess", "import multiprocessing", "from ita_xl.files", "import files")
    alike = (names for reason, names in part.LEFT_OUT.items() if reason.endswith("in memory, as on every system"))
    for name in (name for group in alike for name in group):
        source = (Path(__file__).parent / f"test_{name}.py").read_text(encoding="utf-8")
        assert not [word for word in asks if word in source], name


def test_a_module_that_is_left_out_is_skipped_with_its_reason_and_any_other_runs(
    request: pytest.FixtureRequest,
) -> None:
    class Item(pytest.Item):
        def runtest(self) -> None: ...

    def item(name: str) -> Item:
        return Item.from_parent(request.session, name="test_it", path=Path(name))

    left_out, other = item("test_rows.py"), item("test_of_tomorrow.py")
    part.pytest_collection_modifyitems([left_out, other])
    (mark,) = left_out.iter_markers("skip")
    assert "left out of CI" in mark.kwargs["reason"]
    assert not list(other.iter_markers("skip"))
