"""A formula as a tree. What is not understood raises `Unknown`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import force_setattr

from ita_xl.engines.formulas.values import Array, Scalar, Unknown
from ita_xl.layout.address import LAST_COLUMN, number

HERE = "\x01"
"""Stands in a formula for the number of the row in which it stands."""

_ROW = re.compile(r"(?<=[A-Z])\d+(?!\w)")


def with_mark(formula: str, row: str) -> str:
    """A formula with `HERE` where it names the row in which it stands; a row after a $ is meant as such."""
    return _ROW.sub(lambda one: HERE if one[0] == row else one[0], formula)


def is_marked_alone(formula: str) -> bool:
    """Whether a formula with `HERE` names no other row that goes along when it is copied."""
    return not _ROW.search(formula)


_CELL = rf"\$?[A-Z]{{1,3}}\$?(?:[1-9]\d{{0,6}}|{HERE})"
_BARE = r"""[^\s!'"(),;:+\-*/^&=<>{}\[\]%#@|]+"""
_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"]|"")*")'
    rf"|(?P<cells>(?:(?P<sheet>'(?:[^']|'')+'|{_BARE})!)?(?P<first>{_CELL})(?::(?P<last>{_CELL}))?(?![\w.(!:#]))"
    r"|(?P<name>[A-Z][A-Z0-9.]*)\s*\("
    r"|(?P<truth>TRUE|FALSE)(?![\w.(!])"
    r"|(?P<number>\d+(?:\.\d+)?(?:E[+-]?\d+)?)(?![\w.])"
    r"|(?P<sign><>|<=|>=|[-+*/&=<>(),;{}]))"
)
_LEVELS = (("=", "<>", "<", ">", "<=", ">="), ("&",), ("+", "-"), ("*", "/"))
_BINDING = {sign: level for level, signs in enumerate(_LEVELS) for sign in signs}
"""How tightly operators with two sides bind."""
_MOST = 200
"""Nested brackets and signs; Excel allows 64 levels of functions."""


class Constant(Struct, frozen=True):
    """kind: of the value; in Python the number 1 equals the truth."""

    value: Scalar
    kind: type = type(None)

    def __post_init__(self) -> None:
        force_setattr(self, "kind", type(self.value))


class Table(Struct, frozen=True):
    """Values in braces."""

    array: Array


class Cells(Struct, frozen=True):
    """sheet: empty for the formula's own. top, bottom: None for the formula's own row."""

    sheet: str
    top: int | None
    left: int
    bottom: int | None
    right: int


class Operation(Struct, frozen=True):
    sign: str
    left: Node
    right: Node


class Negative(Struct, frozen=True):
    of: Node


class Call(Struct, frozen=True):
    name: str
    arguments: tuple[Node, ...]


Node = Constant | Table | Cells | Operation | Negative | Call


def parsed(formula: str) -> Node:
    """formula: without its "=", with `HERE` where it names its own row. Raises `Unknown`."""
    reader = _Reader(list(_tokens(formula)))
    node = reader.operation()
    if reader.at != len(reader.tokens):
        raise Unknown
    return node


def _tokens(formula: str) -> Iterator[re.Match[str]]:
    at, end, spoilt = 0, len(formula.rstrip()), HERE in formula
    while at < end:
        token = _TOKEN.match(formula, at)
        # A text that holds the mark was spoilt by it.
        if token is None or (spoilt and HERE in (token["text"] or "") + (token["sheet"] or "")):
            raise Unknown
        yield token
        at = token.end()


class _Reader:
    """signs: of each token, empty for anything else and at the end."""

    def __init__(self, tokens: list[re.Match[str]]) -> None:
        self.tokens = tokens
        self.signs = [*(token["sign"] or "" for token in tokens), ""]
        self.at = 0
        self.depth = 0

    def _take(self, sign: str) -> None:
        if self.signs[self.at] != sign:
            raise Unknown
        self.at += 1

    def operation(self, level: int = 0) -> Node:
        """level: how tightly the operators bind that are taken."""
        left = self._signed()
        while (binding := _BINDING.get(sign := self.signs[self.at], -1)) >= level:
            self.at += 1
            left = Operation(sign, left, self.operation(binding + 1))
        return left

    def _signed(self) -> Node:
        self.depth += 1
        if self.depth > _MOST:
            raise Unknown
        if self.signs[self.at] == "-":
            self.at += 1
            node: Node = Negative(self._signed())
        else:
            node = self._operand()
        self.depth -= 1
        return node

    def _operand(self) -> Node:
        if self.at >= len(self.tokens):
            raise Unknown
        token = self.tokens[self.at]
        self.at += 1
        kind = token.lastgroup
        if kind == "cells":
            return _cells(token)
        if kind == "name":
            return Call(token["name"], tuple(self._arguments()))
        if token[kind or ""] == "(":
            node = self.operation()
            self._take(")")
            return node
        return self._table() if token[kind or ""] == "{" else Constant(_constant(token))

    def _arguments(self) -> Iterator[Node]:
        while self.signs[self.at] != ")":
            yield self.operation()
            if self.signs[self.at] == ",":
                self.at += 1
                if self.signs[self.at] in (",", ")"):
                    raise Unknown  # an argument that is left out
            elif self.signs[self.at] != ")":
                raise Unknown
        self.at += 1

    def _table(self) -> Node:
        items: list[Scalar] = []
        while self.at < len(self.tokens):
            items.append(_constant(self.tokens[self.at]))
            self.at += 1
            if self.signs[self.at] == "}":
                self.at += 1
                return Table(Array(items, 1, len(items)))
            self._take(",")
        raise Unknown


def _constant(token: re.Match[str]) -> Scalar:
    if token["text"]:
        return token["text"][1:-1].replace('""', '"')
    if token["number"]:
        return float(token["number"])
    if token["truth"]:
        return token["truth"] == "TRUE"
    raise Unknown


def _cells(token: re.Match[str]) -> Cells:
    sheet = token["sheet"] or ""
    if sheet.startswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    if "[" in sheet:
        raise Unknown  # another workbook
    (top, left), (bottom, right) = _end(token["first"]), _end(token["last"] or token["first"])
    if left > right or right > LAST_COLUMN or (top is not None and bottom is not None and top > bottom):
        raise Unknown
    if top != bottom and None in (top, bottom) and bottom is not None:
        raise Unknown  # begins in the formula's own row
    return Cells(sheet, top, left, bottom, right)


@lru_cache(maxsize=1024)
def _end(cell: str) -> tuple[int | None, int]:
    letters, row = _PARTS.findall(cell)[0]
    return (None if row == HERE else int(row)), number(letters)


_PARTS = re.compile(rf"\$?([A-Z]+)\$?(\d+|{HERE})")
