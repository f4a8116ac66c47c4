"""The mapping of the contract to Hypothesis that comes to mind first: patterns and filters."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import strategies as st

from conformance.contract import Contract, Shape

_SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "boolean": st.booleans(),
    "float": st.floats(allow_nan=False, allow_infinity=False),
    "double": st.floats(allow_nan=False, allow_infinity=False),
    "timestamp": st.floats(0, 2**32),
}


def naive(contract: Contract, shape_name: str) -> st.SearchStrategy[Any]:
    """Return a strategy of valid values of a shape, each constraint by what Hypothesis has for it.

    A pattern is ``from_regex``, and the bounds of a text with a pattern are a filter.
    """
    shape = contract.shapes[shape_name]
    if shape.type == "structure":
        inner = {m.name: naive(contract, m.shape) for m in shape.members.values()}
        required = {name: inner.pop(name) for name in shape.required}
        return st.fixed_dictionaries(required, optional=inner)
    if shape.type == "list":
        return st.lists(naive(contract, str(shape.member)), **_sizes(shape))
    if shape.type == "string":
        return _text(shape)
    if shape.type == "blob":
        return st.binary(**_sizes(shape))
    if shape.type in ("integer", "long"):
        return st.integers(_whole(shape.minimum), _whole(shape.maximum))
    return _SCALARS[shape.type]


def _text(shape: Shape) -> st.SearchStrategy[str]:
    if shape.enum:
        return st.sampled_from(shape.enum)
    if shape.pattern is None:
        return st.text(**_sizes(shape))
    least, most = shape.minimum or 0, shape.maximum or float("inf")
    fitting = st.from_regex(re.compile(shape.pattern, re.ASCII), fullmatch=True)
    return fitting.filter(lambda text: least <= len(text) <= most)


def _sizes(shape: Shape) -> dict[str, Any]:
    return {"min_size": _whole(shape.minimum) or 0, "max_size": _whole(shape.maximum)}


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)
