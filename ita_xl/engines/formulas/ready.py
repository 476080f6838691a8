"""Formulas made ready to be computed: a tree becomes functions that are given a sheet and a row."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import TypeAlias

from ita_xl.domain.contents import CellError
from ita_xl.engines.formulas import functions
from ita_xl.engines.formulas.pages import Page
from ita_xl.engines.formulas.syntax import Call, Cells, Constant, Negative, Node, Operation, Table, parsed
from ita_xl.engines.formulas.values import (
    NA,
    REF,
    Array,
    Scalar,
    Unknown,
    calculated,
    compared,
    finite,
    number,
    truth,
)
from ita_xl.layout.address import Area

Held: TypeAlias = Scalar | Array
Ready = Callable[[Page, int], Held]
Single = Callable[[Page, int], Scalar]

_COMPARISONS = ("=", "<>", "<", ">", "<=", ">=")


@lru_cache(maxsize=4096)
def ready(formula: str) -> Single | None:
    """A formula, without its "=" and with `HERE` for its own row, as it is computed; None for one that is not
    understood."""
    try:
        return _single(parsed(formula))
    except Unknown:
        return None


def _single(node: Node) -> Single:
    """Gives one value, whatever stands in arrays."""
    made = _made(node, arrays=False)

    def one(page: Page, row: int) -> Scalar:
        value = made(page, row)
        if isinstance(value, Array):
            raise Unknown
        return value

    return made if not isinstance(node, Table) else one  # type: ignore[return-value]  # only tables give arrays


def _made(node: Node, *, arrays: bool) -> Ready:
    """arrays: whether ranges are computed value by value."""
    match node:
        case Constant(value):
            return lambda page, row: value
        case Table(array):
            return lambda page, row: array
        case Cells():
            return _of_cells(node, arrays=arrays)
        case Operation():
            return _of_operation(node, arrays=arrays)
        case Negative(Negative(of)):
            return _as_numbers(_made(of, arrays=arrays))
        case Negative(of):
            return _each(_negative, [_made(of, arrays=arrays)], arrays=arrays)
        case Call():
            return _of_call(node, arrays=arrays)


def _negative(value: Scalar) -> Scalar:
    made = number(value)
    return made if isinstance(made, CellError) else 0.0 - made


def _of_cells(node: Cells, *, arrays: bool) -> Ready:
    sheet, top, left = node.sheet, node.top, node.left
    if top == node.bottom and left == node.right:
        if top is None and not sheet:
            return lambda page, row: page.value(row, left)
        return lambda page, row: page.sheet(sheet).value(top or row, left)
    if not arrays:
        raise Unknown  # a program may take the cell beside the formula
    return lambda page, row: page.sheet(sheet).array(_area(node, row))


def _area(node: Cells, row: int) -> Area:
    area = Area(node.top or row, node.left, node.bottom or row, node.right)
    if area.top > area.bottom:
        raise Unknown
    return area


def _of_operation(node: Operation, *, arrays: bool) -> Ready:
    sides = [_made(node.left, arrays=arrays), _made(node.right, arrays=arrays)]
    if node.sign not in _COMPARISONS:
        made = _each(partial(calculated, node.sign), sides, arrays=arrays)
        return _quickly(_times, sides, made) if arrays and node.sign == "*" else made
    plain = _each(partial(compared, node.sign), sides, arrays=arrays)
    return _quickly(_equal, sides, plain) if arrays and node.sign == "=" else plain


def _quickly(quick: Callable[[Held, Held], Held | None], sides: Sequence[Ready], plain: Ready) -> Ready:
    """An operator in its usual case without a call for each cell."""
    left, right = sides

    def made(page: Page, row: int) -> Held:
        found = quick(left(page, row), right(page, row))
        return plain(page, row) if found is None else found

    return made


def _equal(one: Held, other: Held) -> Held | None:
    return one.equal(other) if isinstance(one, Array) and isinstance(other, str) else None


def _times(one: Held, other: Held) -> Held | None:
    if not (isinstance(one, Array) and isinstance(other, Array)):
        return None
    return one.times(other) if (one.height, one.width) == (other.height, other.width) else None


def _as_numbers(of: Ready) -> Ready:
    def made(page: Page, row: int) -> Held:
        value = of(page, row)
        return value.as_numbers if isinstance(value, Array) else number(value)

    return made


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
        count = len(size.items)
        columns = [value.items if isinstance(value, Array) else [value] * count for value in values]
        return size.like(list(map(function, *columns)))

    return each


def _of_call(node: Call, *, arrays: bool) -> Ready:
    name, given = node.name, node.arguments
    if name in functions.SINGLE:
        count, function = functions.SINGLE[name]
        if len(given) != count:
            raise Unknown
        return _each(function, [_made(one, arrays=arrays) for one in given], arrays=arrays)
    if name == "MATCH" and len(given) == 3 and given[2] == Constant(0.0):
        return _match(given[0], given[1], arrays=arrays)
    if name == "SUMPRODUCT" and given:
        plain = _sum_of_products([_made(one, arrays=True) for one in given])
        return _sum_of_some(given, plain)
    if name in functions.OVER and given:
        if name in functions.OF_TRUTHS and not all(map(_is_one, given)):
            raise Unknown
        return _over(functions.OVER[name], given)
    if name == "COUNT" and given:
        return _counted(given)
    made = _SPECIAL.get((name, len(given)))
    if made is None:
        raise Unknown
    return made(*given)


def _if(condition: Node, then: Node, otherwise: Node) -> Ready:
    asked, yes, no = _single(condition), _single(then), _single(otherwise)

    def chosen(page: Page, row: int) -> Scalar:
        value = asked(page, row)
        holds = value if value is True or value is False else truth(value)
        if isinstance(holds, CellError):
            return holds
        return yes(page, row) if holds else no(page, row)

    return chosen


def _if_error(wanted: Node, otherwise: Node) -> Ready:
    first, second = _single(wanted), _single(otherwise)

    def chosen(page: Page, row: int) -> Scalar:
        value = first(page, row)
        return second(page, row) if isinstance(value, CellError) else value

    return chosen


def _range(node: Node) -> Cells:
    if not isinstance(node, Cells):
        raise Unknown
    return node


def _index(cells: Node, place: Node) -> Ready:
    node, at = _range(cells), _single(place)
    if node.left != node.right and (node.top is None or node.top != node.bottom):
        raise Unknown

    def held(page: Page, row: int) -> Scalar:
        value = number(at(page, row))
        if isinstance(value, CellError):
            return value
        if 0 <= value < 1:
            raise Unknown  # the whole column
        return page.sheet(node.sheet).one(_area(node, row), int(value)) if value > 0 else REF

    return held


def _rows(cells: Node) -> Ready:
    node = _range(cells)

    def counted(page: Page, row: int) -> Scalar:
        area = _area(node, row)
        return float(area.bottom - area.top + 1)

    return counted


def _array(node: Node) -> Callable[[Page, int], Array]:
    """Cells or a table, where a function takes only those."""
    if isinstance(node, Table):
        array = node.array
        return lambda page, row: array
    cells = _range(node)
    return lambda page, row: page.sheet(cells.sheet).array(_area(cells, row))


def _match(wanted: Node, among: Node, *, arrays: bool) -> Ready:
    sought, table = _made(wanted, arrays=arrays), _array(among)

    def matched(page: Page, row: int) -> Held:
        places = table(page, row).places

        def one(value: Scalar) -> Scalar:
            if isinstance(value, CellError):
                return value
            if isinstance(value, str):
                if not functions.plain_text(value):
                    raise Unknown
                value = value.lower()
            held = places.get((type(value), value))
            return NA if held is None else held[0] + 1.0

        value = sought(page, row)
        return value.like([*map(one, value.items)]) if isinstance(value, Array) else one(value)

    return matched


def _sum_of_products(parts: Sequence[Ready]) -> Ready:
    def summed(page: Page, row: int) -> Scalar:
        arrays = [made if isinstance(made := part(page, row), Array) else Array([made], 1, 1) for part in parts]
        if len({(array.height, array.width) for array in arrays}) > 1:
            raise Unknown
        errors = (item for array in arrays if CellError in array.kinds for item in array.items)
        if error := functions.first_error(errors):
            return error
        columns = [array.items if array.kinds == _NUMBERS else _known_numbers(array) for array in arrays]
        return finite(math.fsum(map(math.prod, zip(*columns, strict=True))))

    return summed


def _sum_of_some(given: Sequence[Node], plain: Ready) -> Ready:
    """The usual sum: of the rows in which a column has a value. Only these are looked at then."""
    match given:
        case [Negative(Negative(Operation("=", Cells() as cells, wanted))), *others] if others:
            if _is_one(cells) or not all(isinstance(other, Cells) for other in others):
                return plain
        case _:
            return plain
    asked, sought, columns = _array(cells), _single(wanted), [_array(other) for other in others]

    def summed(page: Page, row: int) -> Scalar:
        value, arrays = sought(page, row), [one(page, row) for one in (asked, *columns)]
        # An empty cell is 0, and numbers that differ a little are the same.
        if type(value) is not float or not value or value % 1:
            return plain(page, row)
        if any(
            array.height != arrays[0].height or array.width != 1 or CellError in array.kinds for array in arrays
        ):
            return plain(page, row)
        places = arrays[0].places.get((float, value), ())
        rows = ([array.items[place] for array in arrays[1:]] for place in places)
        known = (line for line in rows if all(type(one) is float for one in line))
        return finite(math.fsum(map(math.prod, known)))  # type: ignore[arg-type]  # they are numbers

    return summed


_NUMBERS = {float}


def _known_numbers(array: Array) -> Sequence[Scalar]:
    """What is no number counts as 0."""
    return [item if type(item) is float else 0.0 for item in array.items]


def _many(given: Sequence[Node]) -> Callable[[Page, int], list[Scalar]]:
    """The values of all arguments; of ranges the numbers and errors."""
    singles = [_single(one) if _is_one(one) else None for one in given]

    def values(page: Page, row: int) -> list[Scalar]:
        found: list[Scalar] = []
        for node, single in zip(given, singles, strict=True):
            if single:
                found.append(single(page, row))
            else:
                items = _array(node)(page, row).items
                found += [item for item in items if type(item) is float or isinstance(item, CellError)]
        return found

    return values


def _is_one(node: Node) -> bool:
    """Whether it is no range."""
    return not isinstance(node, Cells) or (node.top == node.bottom and node.left == node.right)


def _over(function: Callable[[list[Scalar]], Scalar], given: Sequence[Node]) -> Ready:
    values = _many(given)

    def made(page: Page, row: int) -> Scalar:
        found = values(page, row)
        return functions.first_error(found) or function(found)

    return made


def _counted(given: Sequence[Node]) -> Ready:
    values = _many([_range(one) for one in given])
    return lambda page, row: float(len(functions.numbers(values(page, row))))


def _filled(cells: Node) -> Ready:
    node = _range(cells)
    return lambda page, row: float(page.sheet(node.sheet).filled(_area(node, row)))


def _count_if(*given: Node) -> Ready:
    """How many places meet all criteria. given: ranges, each with its criterion."""
    cells, wanted = [_array(_range(one)) for one in given[::2]], [_single(one) for one in given[1::2]]

    def counted(page: Page, row: int) -> Scalar:
        arrays = [one(page, row) for one in cells]
        if len({(array.height, array.width) for array in arrays}) > 1:
            raise Unknown
        first, *others = [
            functions.meeting(array, one(page, row)) for array, one in zip(arrays, wanted, strict=True)
        ]
        return float(sum(all(place in other for other in others) for place in first) if others else len(first))

    return counted


def _sum_if(cells: Node, wanted: Node, added: Node) -> Ready:
    node, sought, sums = _array(_range(cells)), _single(wanted), _array(_range(added))

    def summed(page: Page, row: int) -> Scalar:
        array, other = node(page, row), sums(page, row)
        if (array.height, array.width) != (other.height, other.width):
            raise Unknown
        found = [other.items[place] for place in functions.meeting(array, sought(page, row))]
        return functions.first_error(found) or finite(math.fsum(functions.numbers(found)))

    return summed


def _link(_: Node, shown: Node) -> Ready:
    return _single(shown)


_SPECIAL: dict[tuple[str, int], Callable[..., Ready]] = {
    ("COUNTA", 1): _filled,
    ("COUNTIF", 2): _count_if,
    ("COUNTIFS", 4): _count_if,
    ("SUMIF", 3): _sum_if,
    ("HYPERLINK", 2): _link,
    ("IF", 3): _if,
    ("IFERROR", 2): _if_error,
    ("INDEX", 2): _index,
    ("ROWS", 1): _rows,
}
"""Functions that take cells as such or compute only one of their arguments, by name and number of arguments."""
