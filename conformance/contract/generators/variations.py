"""What there is to try at one constraint: the values just inside it and just outside."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from typing import Any

from conformance.contract.generators.constraints import Constraint, why_unbreakable
from conformance.contract.generators.examples import example
from conformance.contract.generators.near_misses import beside, near_misses
from conformance.contract.generators.patterns import language
from conformance.contract.generators.placing import ABSENT, Change
from conformance.contract.generators.sizes import beyond_encoded, sized
from conformance.contract.generators.wire_form import wire_type
from conformance.contract.model import Contract, Shape

_MOST_FITTING = 12
"""How many texts show at most what a pattern allows."""


@dataclass(frozen=True, slots=True)
class Variation:
    """What is varied, in a few words; whether the constraint allows it; and how it is done."""

    what: str
    valid: bool
    change: Change


def to(value: Any) -> Change:
    """The change of anything to a value."""
    return lambda _: value


def variations(contract: Contract, constraint: Constraint) -> tuple[Variation, ...]:
    """Return the values that a constraint just allows, and those that break it and no other.

    There are none of the second kind where none exists: see ``why_unbreakable``.
    """
    breakable = why_unbreakable(contract, constraint) is None
    found = _of_shape(contract, constraint.site.shape, constraint.kind)
    return tuple(each for each in found if each.valid or breakable)


@cache
def _of_shape(contract: Contract, shape_name: str, kind: str) -> tuple[Variation, ...]:
    """Made once for the many places that shapes such as a repository's name have."""
    return tuple(_VARIATIONS[kind](contract, contract.shapes[shape_name]))


def _required(_: Contract, __: Shape) -> Iterator[Variation]:
    yield Variation("missing", valid=False, change=to(ABSENT))
    yield Variation("null", valid=False, change=to(None))


_VALUES: dict[str, Any] = {
    "object": {"name": "value"},
    "list": ["value"],
    "string": "value",
    "number": 1,
    "boolean": True,
}


def _type(contract: Contract, shape: Shape) -> Iterator[Variation]:
    right = wire_type(shape)
    for name, value in _VALUES.items():
        if name != right:
            yield Variation(f"as {name}", valid=False, change=to(value))
    if right == "number":
        yield Variation("as string of digits", valid=False, change=to("1"))
    if shape.type in ("integer", "long"):
        fraction = example(contract, shape.name) + 0.5
        yield Variation("as fraction", valid=False, change=to(fraction))
    if right == "boolean":
        yield Variation("as string of a boolean", valid=False, change=to("true"))


def _encoding(_: Contract, __: Shape) -> Iterator[Variation]:
    yield Variation("not base64", valid=False, change=to("not base64!!"))


def _enum(_: Contract, shape: Shape) -> Iterator[Variation]:
    for value in shape.enum:
        yield Variation(f"is {value}", valid=True, change=to(value))
    for wrong, value in beside(shape.enum):
        yield Variation(wrong, valid=False, change=to(value))


def _min(contract: Contract, shape: Shape) -> Iterator[Variation]:
    bound = shape.minimum or 0
    yield from _bounded(contract, shape, bound, "min", valid=True)
    yield from _bounded(contract, shape, bound - 1, "min-1", valid=False)


def _max(contract: Contract, shape: Shape) -> Iterator[Variation]:
    bound = shape.maximum or 0
    beyond = beyond_encoded(int(bound)) if shape.type == "blob" else bound + 1
    yield from _bounded(contract, shape, bound, "max", valid=True)
    yield from _bounded(contract, shape, beyond, f"max+{beyond - bound}", valid=False)


def _bounded(
    contract: Contract, shape: Shape, size: float, what: str, *, valid: bool
) -> Iterator[Variation]:
    change = sized(contract, shape, size)
    if change is not None:
        yield Variation(what, valid, change)


def _pattern(contract: Contract, shape: Shape) -> Iterator[Variation]:
    accepted = language(shape.pattern or "")
    least, most = int(shape.minimum or 0), int(shape.maximum or 2**31)
    for text in islice(accepted.cover(least, most), _MOST_FITTING):
        what = f"fits {json.dumps(text)}"
        yield Variation(what, valid=True, change=partial(_appended, shape, text))
    for wrong, text in near_misses(shape, example(contract, shape.name)):
        yield Variation(wrong, valid=False, change=to(text))


def _appended(shape: Shape, text: str, value: Any) -> str:
    """The text behind the value where that fits, so that names stay within their prefix."""
    together = f"{value}{text}"
    fits = len(together) <= (shape.maximum or len(together))
    return together if fits and together in language(shape.pattern or "") else text


_VARIATIONS: dict[str, Callable[[Contract, Shape], Iterator[Variation]]] = {
    "required": _required,
    "type": _type,
    "encoding": _encoding,
    "enum": _enum,
    "min": _min,
    "max": _max,
    "pattern": _pattern,
}
