"""What a chief executive expects of the plan: who signs and how, when a step is due, what it costs and reaches."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ita_xl import pipeline
from ita_xl.data import say
from ita_xl.domain.codes import Code
from ita_xl.engines.package.engine import Package
from ita_xl.layout import HOME, MEASURES, labels
from ita_xl.layout.keys import FieldKey
from ita_xl.mail import letter
from tests.memory_port import Memory
from tests.test_next_year import following

OLDER = Path(__file__).parent / "older"
ACTING = {"chief_title": "ปลัดเทศบาล", "chief_post": "นายกเทศมนตรีตำบลตัวอย่าง"}


def about(port: Memory, **fields: str) -> None:
    """Fill in the first sheet, which asks for the post."""
    post = HOME.field("chief_post")
    port.put(HOME.title, post.row, post.column - 1, say("home.labels.chief_post"))
    for field in HOME.fields:
        if field.key in fields:
            port.set(HOME, field.key, fields[field.key])


# ---- who stands in for the chief ----


@pytest.mark.parametrize("words", ["รักษาราชการแทน", "ปฏิบัติหน้าที่", "รักษาการในตำแหน่ง", "ทำการแทน"])
def test_who_stands_in_signs_with_an_own_position_and_below_it_the_post(port: Memory, words: str) -> None:
    about(port, **ACTING, chief_acting=words, chief_name="นายตัวอย่าง ใจดี")
    outcome = pipeline.run(port)
    assert port.text(MEASURES, "chief") == "(นายตัวอย่าง ใจดี)"
    assert port.text(MEASURES, "chief_title") == f"ปลัดเทศบาล\n{words}นายกเทศมนตรีตำบลตัวอย่าง"
    told = letter.facts(outcome, [], [], inside=True)[letter.slot("chief_title")]
    assert told == f"ปลัดเทศบาล {words}นายกเทศมนตรีตำบลตัวอย่าง"


def test_the_usual_words_for_standing_in_are_offered_and_others_are_not_refused() -> None:
    assert labels.choice_list("chief_acting")[1:] == ["รักษาราชการแทน", "ปฏิบัติหน้าที่", "รักษาการในตำแหน่ง"]
    accepts = HOME.field("chief_acting").accepts
    assert accepts is not None and not getattr(accepts, "only", True)


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"chief_title": "นายกเทศมนตรี"}, "นายกเทศมนตรี"),
        ({"chief_title": "นายกเทศมนตรี", "chief_acting": "ดำรงตำแหน่ง"}, "นายกเทศมนตรี"),
        ({"chief_title": "นายกเทศมนตรี", "chief_acting": "รักษาการ"}, "รักษาการนายกเทศมนตรี"),
        ({"chief_post": "นายกเทศมนตรี", "chief_acting": "รักษาราชการแทน"}, "รักษาราชการแทนนายกเทศมนตรี"),
        ({}, "ผู้บริหารสูงสุดของหน่วยงาน"),
    ],
    ids=["holds it", "says so", "only the post", "no own position", "nothing"],
)
def test_what_is_not_said_of_the_chief_is_not_shown(port: Memory, fields: dict[str, str], shown: str) -> None:
    about(port, **fields)
    pipeline.run(port)
    assert port.text(MEASURES, "chief_title") == shown


@pytest.mark.parametrize(
    ("fields", "complete"),
    [
        (ACTING | {"chief_acting": "รักษาราชการแทน"}, True),
        ({"chief_title": "นายกเทศมนตรี", "chief_acting": "ดำรงตำแหน่ง"}, True),
        ({"chief_title": "ปลัดเทศบาล", "chief_acting": "รักษาราชการแทน"}, False),
        (ACTING, False),
        ({"chief_post": "นายกเทศมนตรี", "chief_acting": "รักษาราชการแทน"}, False),
    ],
    ids=["all three", "holds the office", "without the post", "without the words", "without an own position"],
)
def test_standing_in_needs_position_words_and_post(port: Memory, fields: dict[str, str], complete: bool) -> None:
    about(port, **fields)
    found = [f.cell for f in pipeline.analyse(port).findings if f.code is Code.ACTING_INCOMPLETE]
    assert found == ([] if complete else [HOME.field("chief_post").cell])


def test_the_next_years_workbook_knows_who_stands_in(port: Memory) -> None:
    about(port, **ACTING, chief_acting="ปฏิบัติหน้าที่")
    after = following(port, 2566)
    keys: tuple[FieldKey, ...] = ("chief_title", "chief_acting", "chief_post")
    assert [after.text(HOME, key) for key in keys] == ["ปลัดเทศบาล", "ปฏิบัติหน้าที่", "นายกเทศมนตรีตำบลตัวอย่าง"]


def test_a_first_sheet_that_does_not_ask_for_the_post_is_read_as_before(tmp_path: Path) -> None:
    port = Package.open(Path(shutil.copy(OLDER / "half-filled-0.1.0.xlsx", tmp_path)))
    for key, text in {"chief_acting": "รักษาราชการแทน", "chief_post": "บันทึกของเจ้าหน้าที่"}.items():
        field = next(field for field in HOME.fields if field.key == key)
        port.write(HOME.title, field.row, field.column, [[text]])
    outcome = pipeline.analyse(port)
    shown = labels.chief_title(outcome.inputs.about, say("measures.no_title"))
    assert shown == "รักษาราชการแทนนายกองค์การบริหารส่วนจังหวัดพิษณุโลก"
    assert Code.ACTING_INCOMPLETE not in {f.code for f in outcome.findings}
