"""Which single mistyped figure would explain that a stated score and its parts contradict each other.

Two neighbouring digits swapped is the likeliest slip; one wrong digit, or an open-data item on the wrong side, the
next. A figure is suspected only if its correction leaves no contradiction from there up to the node in question and
makes no new one above it; what explains all contradictions at once goes before what explains only one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from math import ceil, floor

from msgspec import Struct

from ita_xl.domain.scoring import NodeScore, Scores, Source
from ita_xl.domain.tree import OPEN_DATA, Kind, Tree

MOST = 3
"""With more suspects than this none is likely."""


class Suspect(Struct, frozen=True):
    """A figure that may be mistyped. typed: as it stands; meant: what would fit, both in points. swapped: two
    neighbouring digits changed places."""

    code: str
    typed: Fraction
    meant: Fraction
    swapped: bool


def suspects(tree: Tree, scores: Scores, code: str) -> tuple[Suspect, ...]:
    """The figures, at most `MOST`, one of which would explain why a node's stated and computed score are apart.

    Asked are the stated score itself and the deepest known ones below it.
    """
    asked = [code, *_parts(tree, scores, code)]
    found = list(_fitting(tree, scores, code, asked, swaps)) or list(_fitting(tree, scores, code, asked, digits))
    if len(found) > 1:
        found = _settling_all(tree, scores, code, found) or found
    return tuple(found) if len(found) <= MOST else ()


def _settling_all(tree: Tree, scores: Scores, node: str, found: list[Suspect]) -> list[Suspect]:
    """Those suspects that would explain every contradiction below a node too."""
    above = {code: {up.code for up in tree.up(code)} for code in scores}
    apart = {code for code, score in scores.items() if score.source is Source.DISAGREES and node in above[code]}
    return [suspect for suspect in found if apart <= above[suspect.code]]


def swaps(typed: int) -> Iterator[int]:
    """The scores that differ from one by two neighbouring digits, in hundredths: 9531 -> 5931, 9351, 9513."""
    text = f"{typed:03d}"
    for at in range(len(text) - 1):
        yield from _other(typed, text[:at] + text[at + 1] + text[at] + text[at + 2 :])


def digits(typed: int) -> Iterator[int]:
    """The scores that differ from one by a single digit, in hundredths."""
    text = f"{typed:03d}"
    for at in range(len(text)):
        for digit in "0123456789":
            yield from _other(typed, text[:at] + digit + text[at + 1 :])


def _other(typed: int, text: str) -> Iterator[int]:
    score = int(text)
    if score != typed and score <= _FULL:
        yield score


_FULL = 10_000
Slip = Callable[[int], Iterable[int]]


def _fitting(tree: Tree, scores: Scores, node: str, asked: Iterable[str], slip: Slip) -> Iterator[Suspect]:
    """Those figures that a slip would explain, each with the first correction that fits."""
    for code in asked:
        typed = scores[code].stated
        assert typed is not None
        least, most = _range(tree, scores, node, code)
        for meant in _corrections(tree, scores[code], code, slip):
            if least <= meant <= most and _keeps_peace(tree, scores, node, code, Fraction(meant, 100)):
                yield Suspect(code, typed, Fraction(meant, 100), slip is swaps)
                break


def _corrections(tree: Tree, score: NodeScore, code: str, slip: Slip) -> Iterable[int]:
    """What a figure may have been before a slip, in hundredths; nothing for one that has more decimals or was typed
    as points."""
    assert score.stated is not None
    hundredths = score.stated * 100
    if tree[code].kind is Kind.QUESTION and tree.instrument_of(code) == OPEN_DATA:
        return [end for end in (_FULL, 0) if slip is digits and end != hundredths]
    as_points = score.tolerance == score.slack  # the only stated figures that are not rounded
    return () if as_points or hundredths.denominator > 1 else slip(hundredths.numerator)


def _parts(tree: Tree, scores: Scores, code: str) -> Iterator[str]:
    """The deepest known nodes that a computed score is made of; nothing below a score that a person holds to."""
    for child in tree.children(code):
        if scores[child].computed is None:
            yield child
        elif scores[child].source is not Source.HELD:
            yield from _parts(tree, scores, child)


def _range(tree: Tree, scores: Scores, node: str, code: str) -> tuple[int, int]:
    """From where to where a figure would have to lie, in hundredths, for a node's two scores to agree."""
    score, typed = scores[node], scores[code].stated
    assert typed is not None
    # The stated score has to come down to the computed one; a part has to lift that one up.
    share = Fraction(-1) if code == node else tree.effective_weights[code] / tree.effective_weights[node]
    middle, reach = typed + score.gap / share, score.tolerance / abs(share)
    return ceil((middle - reach) * 100), floor((middle + reach) * 100)


def _keeps_peace(tree: Tree, scores: Scores, node: str, code: str, meant: Fraction) -> bool:
    """Whether a corrected part leaves no contradiction below a node and makes no new one above it."""
    typed, worths = scores[code].stated, tree.effective_weights
    assert typed is not None
    settled = {Source.CONFIRMED, Source.DISAGREES}
    for above in tree.up(code) if code != node else ():
        score, move = scores[above.code], (meant - typed) * worths[code] / worths[above.code]
        if score.source in settled and abs(score.gap - move) > score.tolerance:
            return False
        if score.source is Source.HELD:
            break
        if above.code == node:
            settled.discard(Source.DISAGREES)
    return True
