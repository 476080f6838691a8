"""The weighted score tree: total -> instrument -> indicator -> (sub-indicator) -> question.

One recursive rule is the whole method of every year: a node's score is the weighted mean of its
children. Years differ only in the nodes and their weights, so a structure is data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum
from fractions import Fraction
from functools import cached_property

from msgspec import Struct, field

from ita_xl.domain.codes import Code

TOTAL = "total"
INSTRUMENTS = ("IIT", "EIT", "OIT")
SURVEYS = ("IIT", "EIT")
"""The instruments whose questions are answered by people; their lists of issues are published."""

OPEN_DATA = "OIT"
"""The instrument whose items are met or not met (100 or 0): its figures carry no rounding."""

QUESTION_LETTERS = {"IIT": "I", "EIT": "E", "OIT": "O"}


class Kind(IntEnum):
    """The layer of a node. A child always lies in a lower layer than its parent."""

    QUESTION = 1
    SUB_INDICATOR = 2
    INDICATOR = 3
    INSTRUMENT = 4
    TOTAL = 5


class Node(Struct, frozen=True):
    """One place in the structure.

    weight: relative to its siblings; None for equal shares. Only siblings are compared, so 30/30/40
    and 0.3/0.3/0.4 mean the same. parent: None for the total, and for a question whose place is unknown.
    """

    code: str
    kind: Kind
    name: str
    parent: str | None
    weight: Fraction | None = None


class Problem(Struct, frozen=True):
    """Why a list of nodes is not a tree: a code of the findings catalogue, the node's position, details."""

    code: Code
    index: int
    values: Mapping[str, object] = field(default_factory=dict)


class Tree:
    """A checked structure. Build it with `Tree.of`; codes keep the order in which they were listed."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes: dict[str, Node] = {node.code: node for node in nodes}
        grouped: dict[str, list[str]] = {}
        for node in self.nodes.values():
            if node.parent is not None:
                grouped.setdefault(node.parent, []).append(node.code)
        self._children = {code: tuple(codes) for code, codes in grouped.items()}

    @classmethod
    def of(cls, nodes: Iterable[Node]) -> tuple[Tree | None, list[Problem]]:
        """The tree, or None, with everything that is wrong (not only the first thing)."""
        listed = list(nodes)
        problems = list(_problems(listed))
        return (None if problems else cls(listed)), problems

    def __contains__(self, code: object) -> bool:
        return code in self.nodes

    def __getitem__(self, code: str) -> Node:
        return self.nodes[code]

    def children(self, code: str) -> tuple[str, ...]:
        """Codes of the direct children, in order; empty for a leaf."""
        return self._children.get(code, ())

    def codes(self, kind: Kind) -> list[str]:
        """All codes of a layer, in the order of the structure (placed and unplaced)."""
        return [code for code, node in self.nodes.items() if node.kind is kind]

    @cached_property
    def unplaced(self) -> tuple[str, ...]:
        """Questions that belong to no indicator yet: they are kept and shown but never scored."""
        return tuple(c for c, n in self.nodes.items() if n.parent is None and n.kind is not Kind.TOTAL)

    @cached_property
    def bottom_up(self) -> tuple[str, ...]:
        """Every placed code, children before their parent."""
        order: list[str] = []

        def visit(code: str) -> None:
            for child in self.children(code):
                visit(child)
            order.append(code)

        visit(TOTAL)
        return tuple(order)

    @cached_property
    def shares(self) -> dict[str, Fraction]:
        """Each placed node's share (a fraction of one) of its parent's score."""
        shares = {TOTAL: Fraction(1)}
        for siblings in self._children.values():
            weights = [self.nodes[c].weight for c in siblings]
            known = [Fraction(1) if w is None else w for w in weights]
            whole = sum(known, Fraction(0))
            shares.update((c, w / whole) for c, w in zip(siblings, known, strict=True))
        return shares

    @cached_property
    def effective_weights(self) -> dict[str, Fraction]:
        """What one point of each placed node is worth in points of the total (a fraction of one)."""
        worth = {TOTAL: Fraction(1)}
        for code in reversed(self.bottom_up):
            for child in self.children(code):
                worth[child] = worth[code] * self.shares[child]
        return worth

    def below(self, code: str, kind: Kind) -> list[str]:
        """Codes of one layer anywhere below a node, in order."""
        found: list[str] = []
        for child in self.children(code):
            if self.nodes[child].kind is kind:
                found.append(child)
            else:
                found.extend(self.below(child, kind))
        return found

    def up(self, code: str) -> Iterator[Node]:
        """The node itself, its parent, and so on to the top."""
        here: str | None = code
        while here is not None:
            node = self.nodes[here]
            yield node
            here = node.parent

    def ancestor(self, code: str, kind: Kind) -> str | None:
        """The node of that layer on the way up from a node, itself included."""
        return next((n.code for n in self.up(code) if n.kind is kind), None)

    def instrument_of(self, code: str) -> str | None:
        """IIT, EIT or OIT; for an unplaced question, by the letter of its code."""
        found = self.ancestor(code, Kind.INSTRUMENT)
        return found or next((i for i, letter in QUESTION_LETTERS.items() if code.startswith(letter)), None)

    def questions(self, instrument: str) -> list[str]:
        """The questions of an instrument, placed ones first, then the unplaced ones of its letter."""
        placed = self.below(instrument, Kind.QUESTION)
        return placed + [c for c in self.unplaced if self.instrument_of(c) == instrument]


def _problems(nodes: list[Node]) -> Iterator[Problem]:
    by_code: dict[str, Node] = {}
    for index, node in enumerate(nodes):
        if node.code in by_code:
            yield Problem(Code.NODE_TWICE, index, {"code": node.code})
        by_code.setdefault(node.code, node)
    if TOTAL not in by_code or by_code[TOTAL].kind is not Kind.TOTAL:
        yield Problem(Code.NOT_ONE_TOTAL, 0, {})
    weights: dict[str, list[Fraction | None]] = {}
    for index, node in enumerate(nodes):
        yield from _node_problems(index, node, by_code)
        if node.parent is not None:
            weights.setdefault(node.parent, []).append(node.weight)
    for index, node in enumerate(nodes):
        mixed = weights.get(node.code, [])
        if any(w is None for w in mixed) and any(w is not None for w in mixed):
            yield Problem(Code.WEIGHTS_INCOMPLETE, index, {"code": node.code})


def _node_problems(index: int, node: Node, by_code: Mapping[str, Node]) -> Iterator[Problem]:
    here = {"code": node.code}
    if node.weight is not None and node.weight <= 0:
        yield Problem(Code.WEIGHT_NOT_POSITIVE, index, here | {"weight": str(node.weight)})
    if node.kind is Kind.TOTAL and node.code != TOTAL:
        yield Problem(Code.NOT_ONE_TOTAL, index, here)
    if node.kind is Kind.INSTRUMENT and node.code not in INSTRUMENTS:
        yield Problem(Code.INSTRUMENT_UNKNOWN, index, here)
    if node.parent is None:
        if node.kind not in (Kind.TOTAL, Kind.QUESTION):
            yield Problem(Code.PARENT_UNKNOWN, index, here | {"parent": "-"})
        return
    parent = by_code.get(node.parent)
    if parent is None:
        yield Problem(Code.PARENT_UNKNOWN, index, here | {"parent": node.parent})
    elif parent.kind <= node.kind or (node.kind is Kind.INSTRUMENT and parent.kind is not Kind.TOTAL):
        # Each step goes up at least one layer, so a circle of parents cannot pass this check.
        yield Problem(Code.PARENT_OUT_OF_ORDER, index, here | {"parent": node.parent})
