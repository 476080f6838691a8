"""The sheets of an agency's own survey: what they say, and writing them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ita_xl.case.inputs import Inputs
from ita_xl.data import profiles, say
from ita_xl.domain.numbers import show
from ita_xl.domain.tree import QUESTION_LETTERS, Kind
from ita_xl.engines.port import Port
from ita_xl.layout import STEP_FROM, SURVEYS
from ita_xl.layout.keys import YEAR_KEYS, ColumnKey
from ita_xl.reading.places import named_parts
from ita_xl.survey.scoring import Scored, Scores
from ita_xl.views.content import Content, Values
from ita_xl.writing.blocks import write_sheet
from ita_xl.writing.compose import composed_list
from ita_xl.writing.setup import write_words


def write(
    port: Port, inputs: Inputs, scores: Scores, minimum: int, told: Mapping[str, str], texts: Sequence[str]
) -> None:
    """Put scores onto the sheet of each instrument that was asked about; the caller saves. told: the file and the
    day, in words. texts: what people wrote, for the first of these sheets."""
    for instrument, layout in SURVEYS.items():
        asked = [one for one in scores.questions if one.code.startswith(QUESTION_LETTERS[instrument])]
        if not asked:
            continue
        title = inputs.titles.get(layout.key, layout.title)
        if layout.key not in inputs.titles and port.restore(layout.title, "hidden"):
            write_words(port, layout, inputs.year, inputs.tree)
        comments = say("survey.comments_some", items=len(texts)) if texts else ""
        content = Content(
            {"headline": say("survey.headline", people=scores.people, **told), "comments_sentence": comments},
            {
                "survey": [_row(one, inputs, minimum) for one in asked],
                "texts": [{"no": number, "text": text} for number, text in enumerate(texts, 1)],
            },
        )
        made = composed_list(port, layout, title, content)
        for change in made.changes:
            port.change_rows(change)
        write_sheet(port, made)
        port.set_names(named_parts(made.sheet, title))
        port.show_sheet(title)
        texts = ()


def _row(one: Scored, inputs: Inputs, minimum: int) -> Values:
    assert inputs.tree is not None
    row: dict[ColumnKey, str | int | float | None] = {
        "code": one.code,
        "topic": inputs.tree[one.code].name,
        "people": one.people,
        "unanswered": one.unanswered,
        "scale": ", ".join(show(points).removesuffix(".00") for points in one.steps),
        "note": "\n".join(_notes(one, minimum)),
    }
    for key in ("y1", "y0"):
        row[key] = _published(one.code, inputs, YEAR_KEYS[key])
    if one.mean is not None:
        row["surveyed"] = float(one.mean)
        for key, least, most in zip(STEP_FROM, STEP_FROM.values(), (*[*STEP_FROM.values()][1:], 101), strict=True):
            count = sum(times for points, times in one.counts.items() if least <= points < most)
            row[key] = count if count or any(least <= points < most for points in one.steps) else None
    return dict(row)


def _notes(one: Scored, minimum: int) -> Iterator[str]:
    if one.mean is None:
        yield say("survey.few", minimum=minimum)
    if one.turned:
        yield say("survey.reversed" if one.turned == one.columns else "survey.some_reversed")


def _published(code: str, inputs: Inputs, back: int) -> float | None:
    """The score that was published, where the code means the same."""
    year = inputs.year + back
    if back and profiles.corresponding(year, inputs.year) is not Kind.QUESTION:
        return None
    given = inputs.figures.given.get(year, {}).get(code)
    return float(given.value) if given else None
