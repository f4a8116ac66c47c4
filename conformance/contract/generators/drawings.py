"""How values of one type are drawn: with as few draws as they need, and none in vain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from conformance.contract.generators.examples import texts
from conformance.contract.generators.forms import FORMS
from conformance.contract.model import Shape

Drawing = Callable[[st.DrawFn], Any]
"""Draws a value within a strategy."""

_MORE = 3
"""How many entries more than necessary a drawn list or map has at most."""
_MORE_BYTES = 32
_THERE = st.booleans()
_CHOICES = st.binary(min_size=5, max_size=17)
"""What a text is made from, in one draw: more of its characters than these are the simplest."""
_GREATEST = {"integer": 2**31 - 1, "long": 2**63 - 1, "timestamp": 2**32}


def plain(strategy: st.SearchStrategy[Any]) -> Drawing:
    """Draw from a strategy."""
    return lambda draw: draw(strategy)


def members(always: Mapping[str, Drawing], sometimes: Mapping[str, Drawing]) -> Drawing:
    """Draw a structure; each member that need not be there is there or not by a draw of its own.

    One number for all of them would be fewer draws, but then Hypothesis cannot take away one alone.
    """

    def draw_members(draw: st.DrawFn) -> dict[str, Any]:
        drawn = {name: drawing(draw) for name, drawing in always.items()}
        for name, drawing in sometimes.items():
            if draw(_THERE):
                drawn[name] = drawing(draw)
        return drawn

    return draw_members


def sizes(shape: Shape, *, at_least: int = 0) -> tuple[int, int]:
    """The least and the greatest number of entries to draw."""
    least = max(int(shape.minimum or 0), at_least)
    most = least + _MORE
    return least, most if shape.maximum is None else min(most, int(shape.maximum))


def scalar(shape: Shape) -> Drawing:
    """Draw a value that has no others in it."""
    if shape.enum:
        return plain(st.sampled_from(shape.enum))
    if shape.type == "string":
        return _text(shape)
    if shape.type == "blob":
        return plain(_blobs(shape))
    if shape.type == "boolean":
        return plain(st.booleans())
    return plain(_numbers(shape))


def _text(shape: Shape) -> Drawing:
    """Draw a text of the shape's form, if it has one, or any other that fits, as often.

    The first byte says which of the two and how long, the others which one it is of those.
    """
    fitting, lengths = texts(shape)
    form = FORMS.get(shape.name)
    formed = len(lengths) if form else 0
    kinds = formed + len(lengths)

    def draw_text(draw: st.DrawFn) -> Any:
        drawn = draw(_CHOICES)
        kind, choices = drawn[0] % kinds, drawn[1:]
        if form and kind < formed:
            return form.value(int.from_bytes(choices, "big") % form.count)
        return fitting.text(lengths[kind - formed], choices)

    return draw_text


def _blobs(shape: Shape) -> st.SearchStrategy[bytes]:
    least = int(shape.minimum or 0)
    most = least + _MORE_BYTES
    return st.binary(
        min_size=least, max_size=most if shape.maximum is None else min(most, int(shape.maximum))
    )


def _numbers(shape: Shape) -> st.SearchStrategy[Any]:
    least = 0 if shape.minimum is None else shape.minimum
    most = _GREATEST.get(shape.type) if shape.maximum is None else shape.maximum
    if shape.type in _GREATEST:
        return st.integers(int(least), int(most or 0))
    return st.floats(least, most, allow_nan=False, allow_infinity=False)
