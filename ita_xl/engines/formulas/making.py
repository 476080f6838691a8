"""The nodes of a formula's tree as functions that are given a sheet and a row; each holds those of the nodes below.

What the formula alone decides is decided here, once: so there are several functions for what is one rule, and a
short one for what our formulas ask in hundreds of cells.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from ita_xl.engines.formulas import functions, operators
from ita_xl.engines.formulas.pages import Formula, Page
from ita_xl.engines.formulas.syntax import Call, Cells, Constant, Negative, Node, Operation, Table
from ita_xl.engines.formulas.values import Array, Held, Scalar, Unknown, number
from ita_xl.layout.address import Area

Ready = Callable[[Page, int], Held]

CALLS: dict[str, Callable[[tuple[Node, ...], bool], Ready]] = {}
"""What makes the calls of functions that are not in `functions.SINGLE`, by name: it is given the arguments, and
whether ranges are computed value by value. `ready` fills it."""


def single(node: Node) -> Formula:
    """Gives one value, whatever stands in arrays."""
    ready = made(node, arrays=False)
    if not isinstance(node, Table):
        return ready  # type: ignore[return-value]  # only tables give arrays

    def unknown(page: Page, row: int) -> Scalar:
        raise Unknown

    return unknown


def made(node: Node, *, arrays: bool) -> Ready:
    """arrays: whether ranges are computed value by value."""
    return _once(node) if arrays and not isinstance(node, Cells) else _made(node, arrays=arrays)


@lru_cache(maxsize=1024)
def _once(node: Node) -> Ready:
    """What is the same in every row is computed once for a sheet, however many formulas have it."""
    plain = _made(node, arrays=True)
    if not _is_fixed(node):
        return plain

    def once(page: Page, row: int) -> Held:
        found = page.worked.get(once)
        if found is None:
            found = page.worked[once] = plain(page, row)
        return found

    return once


def _is_fixed(node: Node) -> bool:
    """Whether it does not name its own row."""
    match node:
        case Cells(_, top, _, bottom, _):
            return top is not None and bottom is not None
        case Operation(_, left, right):
            return _is_fixed(left) and _is_fixed(right)
        case Negative(of):
            return _is_fixed(of)
        case Call(_, arguments):
            return all(map(_is_fixed, arguments))
    return True


def _made(node: Node, *, arrays: bool) -> Ready:
    match node:
        case Constant(value):
            return lambda page, row: value
        case Table(array):
            return lambda page, row: array
        case Cells():
            return _of_cells(node, arrays=arrays)
        case Operation():
            return _of_arrays(node) if arrays else _of_values(node)
        case Negative(Negative(of)):
            return _as_numbers(made(of, arrays=arrays))
        case Negative(of):
            return _each(operators.negative, [made(of, arrays=arrays)], arrays=arrays)
        case Call("ISNUMBER", (Operation("/", Constant(1.0), Call("LEN", (Cells() as cells,))),)) if arrays:
            return _filled(cells)
        case Call():
            return _of_call(node, arrays=arrays)


def _of_cells(node: Cells, *, arrays: bool) -> Ready:
    sheet, top, left = node.sheet, node.top, node.left
    if not is_one(node):
        if not arrays:
            raise Unknown  # a program may take the cell beside the formula
        return array_of(node)
    if sheet:
        return lambda page, row: page.pages[sheet][left][top or row]
    if top:
        return lambda page, row: page[left][top]
    return lambda page, row: page[left][row]


def _filled(node: Cells) -> Ready:
    """Of each cell whether anything is seen in it: ISNUMBER(1/LEN(cells))"""
    array = array_of(node)
    return lambda page, row: array(page, row).filled


def is_one(node: Node) -> bool:
    """Whether it is no range."""
    return not isinstance(node, Cells) or (node.top == node.bottom and node.left == node.right)


def range_of(node: Node) -> Cells:
    if not isinstance(node, Cells):
        raise Unknown
    return node


def page_of(node: Cells) -> Callable[[Page], Page]:
    """The sheet of cells, from the formula's own."""
    sheet = node.sheet
    return (lambda page: page.pages[sheet]) if sheet else lambda page: page


def area_of(node: Cells) -> Callable[[int], Area]:
    """The cells by the row of the formula."""
    top, left, bottom, right = node.top, node.left, node.bottom, node.right
    if top and bottom:
        area = Area(top, left, bottom, right)
        return lambda row: area

    def in_row(row: int) -> Area:
        area = Area(top or row, left, bottom or row, right)
        if area.top > area.bottom:
            raise Unknown
        return area

    return in_row


@lru_cache(maxsize=1024)
def array_of(node: Node) -> Callable[[Page, int], Array]:
    """Cells or a table, where a function takes only those."""
    if isinstance(node, Table):
        array = node.array
        return lambda page, row: array
    page_at, area_at = page_of(range_of(node)), area_of(range_of(node))
    if not _is_fixed(node):
        return lambda page, row: page_at(page).array(area_at(row))

    def once(page: Page, row: int) -> Array:
        found = page.ranges.get(once)
        if found is None:
            found = page.ranges[once] = page_at(page).array(area_at(row))
        return found

    return once


def _of_values(node: Operation) -> Formula:
    if isinstance(node.right, Constant):
        return operators.with_constant(node.sign, single(node.left), node.right.value)
    return operators.operation(node.sign, single(node.left), single(node.right))


def _of_arrays(node: Operation) -> Ready:
    sides = left, right = made(node.left, arrays=True), made(node.right, arrays=True)
    plain = _each(operators.function_of(node.sign), sides, arrays=True)
    quick = operators.QUICK.get(node.sign)
    if quick is None:
        return plain

    def quickly(page: Page, row: int) -> Held:
        found = quick(left(page, row), right(page, row))
        return plain(page, row) if found is None else found

    return quickly


def _as_numbers(of: Ready) -> Ready:
    def numbers(page: Page, row: int) -> Held:
        value = of(page, row)
        return value.as_numbers if isinstance(value, Array) else number(value)

    return numbers


def _each(function: Callable[..., Scalar], parts: Sequence[Ready], *, arrays: bool) -> Ready:
    """A function of single values, of arrays for each of their values."""
    if not arrays:
        if len(parts) == 1:
            (only,) = parts
            return lambda page, row: function(only(page, row))
        return lambda page, row: function(*[part(page, row) for part in parts])

    def each(page: Page, row: int) -> Held:
        values = [part(page, row) for part in parts]
        held = [value for value in values if isinstance(value, Array)]
        if not held:
            return function(*values)
        size = held[0]
        if any((other.height, other.width) != (size.height, size.width) for other in held):
            raise Unknown
        if len(held) == 1:
            return size.like(_for_each(function, values, size))
        count = len(size.items)
        columns = [value.items if isinstance(value, Array) else [value] * count for value in values]
        return size.like(list(map(function, *columns)))

    return each


def _for_each(function: Callable[..., Scalar], values: Sequence[Held], array: Array) -> list[Scalar]:
    """What a function makes of each item of the only array among its values: of those that are alike, once."""
    place = next(place for place, value in enumerate(values) if value is array)
    before, after = values[:place], values[place + 1 :]
    known: dict[tuple[type, Scalar], Scalar] = {}
    found = []
    for item in array.items:
        key = type(item), item
        if key not in known:
            known[key] = function(*before, item, *after)
        found.append(known[key])
    return found


def _of_call(node: Call, *, arrays: bool) -> Ready:
    if maker := CALLS.get(node.name):
        return maker(node.arguments, arrays)
    if node.name not in functions.SINGLE:
        raise Unknown
    count, function = functions.SINGLE[node.name]
    if len(node.arguments) != count:
        raise Unknown
    return _each(function, [made(one, arrays=arrays) for one in node.arguments], arrays=arrays)
