"""Calls of functions that take cells as such, any number of values, or only some of their arguments."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from ita_xl.domain.contents import CellError
from ita_xl.engines.formulas import functions
from ita_xl.engines.formulas.making import Ready, area_of, array_of, is_one, made, page_of, range_of, single
from ita_xl.engines.formulas.pages import Formula, Page
from ita_xl.engines.formulas.syntax import Cells, Constant, Negative, Node, Operation
from ita_xl.engines.formulas.values import NA, REF, Array, Held, Scalar, Unknown, finite, number, truth


def _if(condition: Node, then: Node, otherwise: Node) -> Formula:
    match condition, then:
        case Operation("=", asked_of, Constant("")), Constant(instead) if asked_of == otherwise:
            return _unless_empty(single(asked_of), instead)
    asked, yes, no = single(condition), single(then), single(otherwise)

    def chosen(page: Page, row: int) -> Scalar:
        holds = asked(page, row)
        if holds is True:
            return yes(page, row)
        if holds is False:
            return no(page, row)
        holds = truth(holds)
        if isinstance(holds, CellError):
            return holds
        return yes(page, row) if holds else no(page, row)

    return chosen


def _unless_empty(of: Formula, instead: Scalar) -> Formula:
    """IF(x="",instead,x)"""

    def chosen(page: Page, row: int) -> Scalar:
        value = of(page, row)
        return instead if value is None or value == "" else value

    return chosen


def _if_error(wanted: Node, otherwise: Node) -> Formula:
    first, second = single(wanted), single(otherwise)

    def chosen(page: Page, row: int) -> Scalar:
        value = first(page, row)
        return second(page, row) if type(value) is CellError else value

    return chosen


def _index(cells: Node, place: Node) -> Formula:
    node, at = range_of(cells), single(place)
    if node.left != node.right and (node.top is None or node.top != node.bottom):
        raise Unknown
    page_at, area_at, down = page_of(node), area_of(node), node.left == node.right

    def held(page: Page, row: int) -> Scalar:
        value = at(page, row)
        if type(value) is not float:
            value = number(value)
            if isinstance(value, CellError):
                return value
        if 0 <= value < 1:
            raise Unknown  # the whole column
        (top, left, bottom, right), place = area_at(row), int(value) - 1
        if value < 0 or place > (bottom - top if down else right - left):
            return REF
        return page_at(page)[left][top + place] if down else page_at(page)[left + place][top]

    return held


def _rows(cells: Node) -> Formula:
    node = range_of(cells)
    top, bottom = node.top, node.bottom

    def counted(_: Page, row: int) -> Scalar:
        last, first = bottom or row, top or row
        if first > last:
            raise Unknown
        return float(last - first + 1)

    return counted


def _match(given: tuple[Node, ...], arrays: bool) -> Ready:
    if len(given) != 3 or given[2] != Constant(0.0):
        raise Unknown
    sought, table = made(given[0], arrays=arrays), array_of(given[1])

    def matched(page: Page, row: int) -> Held:
        places = table(page, row).places
        value = sought(page, row)
        if isinstance(value, Array):
            return value.like([_place(one, places) for one in value.items])
        return _place(value, places)

    return matched


def _place(value: Scalar, places: Mapping[tuple[type, Scalar], list[int]]) -> Scalar:
    """Where a value stands first, from 1."""
    if isinstance(value, CellError):
        return value
    if isinstance(value, str):
        if not functions.plain_text(value):
            raise Unknown
        value = value.lower()
    held = places.get((type(value), value))
    return NA if held is None else held[0] + 1.0


def _sum_of_products(given: tuple[Node, ...], _: bool) -> Ready:
    if not given:
        raise Unknown
    parts = [made(one, arrays=True) for one in given]

    def summed(page: Page, row: int) -> Scalar:
        arrays = [value if isinstance(value := part(page, row), Array) else Array([value], 1, 1) for part in parts]
        if len({(array.height, array.width) for array in arrays}) > 1:
            raise Unknown
        errors = (item for array in arrays if CellError in array.kinds for item in array.items)
        if error := functions.first_error(errors):
            return error
        columns = [array.items if array.kinds == _NUMBERS else _known_numbers(array) for array in arrays]
        return finite(math.fsum(map(math.prod, zip(*columns, strict=True))))

    return _sum_of_some(given, summed)


def _sum_of_some(given: Sequence[Node], plain: Ready) -> Ready:
    """The usual sum: of the rows in which a column has a value. Only these are looked at then."""
    match given:
        case [Negative(Negative(Operation("=", Cells() as cells, wanted))), *others] if others:
            if is_one(cells) or not all(isinstance(other, Cells) for other in others):
                return plain
        case _:
            return plain
    asked, sought, columns = array_of(cells), single(wanted), [array_of(other) for other in others]

    def summed(page: Page, row: int) -> Held:
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
    if all(map(is_one, given)):
        parts = [single(one) for one in given]
        return lambda page, row: [part(page, row) for part in parts]
    spread = [_one(single(one)) if is_one(one) else _numbers_in(array_of(one)) for one in given]
    return lambda page, row: [value for part in spread for value in part(page, row)]


def _one(part: Formula) -> Callable[[Page, int], Sequence[Scalar]]:
    return lambda page, row: (part(page, row),)


def _numbers_in(array: Callable[[Page, int], Array]) -> Callable[[Page, int], Sequence[Scalar]]:
    return lambda page, row: [item for item in array(page, row).items if type(item) in (float, CellError)]


def _over(name: str) -> Callable[[tuple[Node, ...], bool], Formula]:
    kind, function = functions.OVER[name]

    def maker(given: tuple[Node, ...], _: bool) -> Formula:
        if not given or (kind is bool and not all(map(is_one, given))):
            raise Unknown
        values, usual = _many(given), {kind}

        def over(page: Page, row: int) -> Scalar:
            found = values(page, row)
            if {*map(type, found)} == usual:
                return function(found)
            return functions.first_error(found) or function(map(functions.TAKEN[kind], found))

        return over

    return maker


def _counted(given: tuple[Node, ...], _: bool) -> Formula:
    if not given:
        raise Unknown
    values = _many([range_of(one) for one in given])
    return lambda page, row: float(len(functions.numbers(values(page, row))))


def _filled(cells: Node) -> Formula:
    page_at, area_at = page_of(range_of(cells)), area_of(range_of(cells))
    return lambda page, row: float(page_at(page).filled(area_at(row)))


def _count_if(*given: Node) -> Formula:
    """How many places meet all criteria. given: ranges, each with its criterion."""
    cells, wanted = [array_of(range_of(one)) for one in given[::2]], [single(one) for one in given[1::2]]

    def counted(page: Page, row: int) -> Scalar:
        arrays = [one(page, row) for one in cells]
        if len({(array.height, array.width) for array in arrays}) > 1:
            raise Unknown
        first, *others = [
            functions.meeting(array, one(page, row)) for array, one in zip(arrays, wanted, strict=True)
        ]
        return float(len(set(first).intersection(*others) if others else first))

    return counted


def _sum_if(cells: Node, wanted: Node, added: Node) -> Formula:
    node, sought, sums = array_of(range_of(cells)), single(wanted), array_of(range_of(added))

    def summed(page: Page, row: int) -> Scalar:
        array, other = node(page, row), sums(page, row)
        if (array.height, array.width) != (other.height, other.width):
            raise Unknown
        found = [other.items[place] for place in functions.meeting(array, sought(page, row))]
        return functions.first_error(found) or finite(math.fsum(functions.numbers(found)))

    return summed


def _link(_: Node, shown: Node) -> Formula:
    return single(shown)


def _taking(count: int, maker: Callable[..., Formula]) -> Callable[[tuple[Node, ...], bool], Formula]:
    def checked(given: tuple[Node, ...], _: bool) -> Formula:
        if len(given) != count:
            raise Unknown
        return maker(*given)

    return checked


BY_NAME: Mapping[str, Callable[[tuple[Node, ...], bool], Ready]] = {
    "COUNT": _counted,
    "COUNTA": _taking(1, _filled),
    "COUNTIF": _taking(2, _count_if),
    "COUNTIFS": _taking(4, _count_if),
    "HYPERLINK": _taking(2, _link),
    "IF": _taking(3, _if),
    "IFERROR": _taking(2, _if_error),
    "INDEX": _taking(2, _index),
    "MATCH": _match,
    "ROWS": _taking(1, _rows),
    "SUMIF": _taking(3, _sum_if),
    "SUMPRODUCT": _sum_of_products,
    **{name: _over(name) for name in functions.OVER},
}
"""As `making.CALLS` has them."""
