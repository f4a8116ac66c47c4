"""One plain valid value of every shape, or as many as are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from conformance.contract.generators.forms import FORMS
from conformance.contract.generators.patterns import Language, language
from conformance.contract.model import Contract, Shape

_PLAIN_TEXT = "[ -~é漢]*"
_ROOM = 16
"""How much longer than necessary the texts are that are made from a pattern."""


def example(contract: Contract, shape_name: str, number: int = 0) -> Any:
    """Return the smallest meaningful valid value of a shape: required members, one element.

    Different numbers give different values, wherever the shape has as many.
    """
    shape = contract.shapes[shape_name]
    form = FORMS.get(shape_name)
    if form is not None:
        return form.value(number % form.count)
    if shape.enum:
        return shape.enum[number % len(shape.enum)]
    return _MADE[shape.type](contract, shape, number)


def elements(contract: Contract, shape_name: str, start: int = 0) -> Iterator[Any]:
    """Yield values of a shape without end, from the one with number ``start``."""
    number = start
    while True:
        yield example(contract, shape_name, number)
        number += 1


def texts(shape: Shape) -> tuple[Language, list[int]]:
    """Return what fits a string's pattern, and the lengths to make texts of, the shortest first."""
    fitting = language(shape.pattern or _PLAIN_TEXT)
    most = 2**31 if shape.maximum is None else int(shape.maximum)
    shortest = next(fitting.lengths(int(shape.minimum or 0), most))
    return fitting, list(fitting.lengths(shortest, min(most, shortest + _ROOM)))


def _structure(contract: Contract, shape: Shape, number: int) -> Any:
    return {name: example(contract, shape.members[name].shape, number) for name in shape.required}


def _list(contract: Contract, shape: Shape, number: int) -> Any:
    size = max(1, int(shape.minimum or 0))
    return [example(contract, str(shape.member), number + index) for index in range(size)]


def _map(contract: Contract, shape: Shape, number: int) -> Any:
    numbers = range(number, number + max(1, int(shape.minimum or 0)))
    return {
        example(contract, str(shape.key), each): example(contract, str(shape.value), each)
        for each in numbers
    }


def _string(_: Contract, shape: Shape, number: int) -> Any:
    fitting, lengths = texts(shape)
    digits = bytes(map(int, reversed(str(number))))
    return fitting.text(lengths[-1], digits)


def _blob(_: Contract, shape: Shape, number: int) -> Any:
    size = max(int(shape.minimum or 0), 8)
    return number.to_bytes(size, "big")


def _number(_: Contract, shape: Shape, number: int) -> Any:
    least = 1 if shape.minimum is None else shape.minimum
    most = 2**31 - 1 if shape.maximum is None else shape.maximum
    return least + number % int(most - least + 1)


def _boolean(_: Contract, __: Shape, number: int) -> Any:
    return number % 2 == 1


_MADE: dict[str, Callable[[Contract, Shape, int], Any]] = {
    "structure": _structure,
    "list": _list,
    "map": _map,
    "string": _string,
    "blob": _blob,
    "boolean": _boolean,
    **dict.fromkeys(("integer", "long", "float", "double", "timestamp"), _number),
}
