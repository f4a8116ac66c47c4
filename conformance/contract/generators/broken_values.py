"""Hypothesis strategies of values that break one constraint and no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hypothesis import strategies as st

from conformance.contract.generators.constraints import Constraint, constraints, why_unbreakable
from conformance.contract.generators.drawings import scalar
from conformance.contract.generators.examples import example
from conformance.contract.generators.near_misses import beside, near_misses
from conformance.contract.generators.patterns import language
from conformance.contract.generators.placing import ABSENT, Change, changed
from conformance.contract.generators.sizes import beyond_encoded, sized
from conformance.contract.generators.valid_values import Shown, Strategy, from_shape
from conformance.contract.generators.wire_form import wire_type
from conformance.contract.model import Contract, Shape
from conformance.errors import UsageError

_FURTHER = 3
"""How many sizes beyond a maximum are drawn."""
_FAR = 2**31
"""How far beyond a bound numbers are drawn."""
_NOT_BASE64 = "[A-Za-z0-9+/]*[!#%][A-Za-z0-9+/]*"


def breaking(
    contract: Contract,
    shape_name: str,
    constraint: Constraint,
    overrides: Mapping[str, Strategy] | None = None,
) -> Strategy:
    """Return a strategy of values of a shape that break one of its ``constraints``, and no other.

    All else about them is as from ``from_shape``, ``overrides`` included; of a list or a map, it
    is the first entry that is broken. They shrink to the nearest miss.

    Raises ``UsageError`` as ``from_shape`` does, and for a constraint that the shape does not have
    or that nothing breaks alone, which ``why_unbreakable`` explains.
    """
    valid = from_shape(contract, shape_name, overrides)
    if constraint not in constraints(contract, shape_name):
        raise UsageError(f"{shape_name} has no constraint {constraint}")
    reason = why_unbreakable(contract, constraint)
    if reason is not None:
        raise UsageError(f"nothing breaks {constraint} of {shape_name} alone: {reason}")
    change = _CHANGES[constraint.kind](contract, contract.shapes[constraint.site.shape])
    steps = constraint.site.steps

    @st.composite
    def breaking(draw: st.DrawFn, _: Shown) -> Any:
        return changed(contract, shape_name, draw(valid), steps, change(draw))

    shown = Shown(contract.service, shape_name, str(constraint), overrides=overrides or {})
    return breaking(shown)


_DrawnChange = Callable[[st.DrawFn], Change]


def _to(strategy: Strategy) -> _DrawnChange:
    """The change of anything to what a strategy draws."""

    def draw_change(draw: st.DrawFn) -> Change:
        value = draw(strategy)
        return lambda _: value

    return draw_change


def _required(_: Contract, __: Shape) -> _DrawnChange:
    return _to(st.sampled_from((ABSENT, None)))


_TEXTS = st.text(max_size=8)
_JSON: Mapping[str, Strategy] = {
    "string": _TEXTS,
    "number": st.integers(-(2**31), 2**31 - 1),
    "boolean": st.booleans(),
    "list": st.lists(_TEXTS, max_size=2),
    "object": st.dictionaries(_TEXTS, _TEXTS, max_size=2),
}


def _type(contract: Contract, shape: Shape) -> _DrawnChange:
    wrong = [strategy for name, strategy in _JSON.items() if name != wire_type(shape)]
    if shape.type in ("integer", "long"):
        wrong.append(st.just(example(contract, shape.name) + 0.5))
    return _to(st.one_of(wrong))


def _encoding(_: Contract, shape: Shape) -> _DrawnChange:
    least = max(1, -(-int(shape.minimum or 0) // 3) * 4)
    lengths = st.integers(least, least + 7)
    return _to(st.builds(language(_NOT_BASE64).text, lengths, st.binary(max_size=8)))


def _enum(_: Contract, shape: Shape) -> _DrawnChange:
    near = st.sampled_from([text for _, text in beside(shape.enum)])
    longer = st.tuples(st.sampled_from(shape.enum), st.text(min_size=1, max_size=3)).map("".join)
    return _to(near | longer.map(lambda text: f"{text}_BEYOND" if text in shape.enum else text))


def _min(contract: Contract, shape: Shape) -> _DrawnChange:
    bound = shape.minimum or 0
    if wire_type(shape) == "number":
        return _to(_numbers(shape, bound - _FAR, bound))
    return _sized(contract, shape, reversed(range(int(bound))))


def _max(contract: Contract, shape: Shape) -> _DrawnChange:
    bound = shape.maximum or 0
    if wire_type(shape) == "number":
        return _to(_numbers(shape, bound, bound + _FAR))
    first = beyond_encoded(int(bound)) if shape.type == "blob" else int(bound) + 1
    return _sized(contract, shape, range(first, first + _FURTHER))


def _numbers(shape: Shape, low: float, high: float) -> Strategy:
    """Numbers between two, of which the nearer to the bound is the bound itself and left out."""
    if shape.type in ("integer", "long"):
        return st.integers(int(low) + 1, int(high) - 1)
    return st.floats(low, high, exclude_min=True, exclude_max=True)


def _sized(contract: Contract, shape: Shape, sizes: Iterable[int]) -> _DrawnChange:
    changes = [change for size in sizes if (change := sized(contract, shape, size)) is not None]
    return lambda draw: draw(st.sampled_from(changes))


def _pattern(contract: Contract, shape: Shape) -> _DrawnChange:
    fitting = scalar(shape)
    nearest = list(near_misses(shape, example(contract, shape.name)))

    def draw_change(draw: st.DrawFn) -> Change:
        # A text at its greatest length may have no near misses, because most are longer.
        misses = list(near_misses(shape, fitting(draw))) or nearest
        _, text = draw(st.sampled_from(misses))
        return lambda _: text

    return draw_change


_CHANGES: Mapping[str, Callable[[Contract, Shape], _DrawnChange]] = {
    "required": _required,
    "type": _type,
    "encoding": _encoding,
    "enum": _enum,
    "min": _min,
    "max": _max,
    "pattern": _pattern,
}
