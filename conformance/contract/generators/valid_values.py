"""Hypothesis strategies of valid values of any shape of the contract.

Nothing is drawn and thrown away again: two numbers choose a text, one its form or its length, the
other which one of those it is. Members go, lists get shorter and numbers smaller when Hypothesis
looks for a simpler example.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import strategies as st

from conformance.contract.generators.drawings import Drawing, members, plain, scalar, sizes
from conformance.contract.generators.sites import ELEMENT, ENTRY, KEY, Site, sites, spelled
from conformance.contract.model import Contract, Shape
from conformance.errors import UsageError

Strategy = st.SearchStrategy[Any]


def from_shape(
    contract: Contract, shape_name: str, overrides: Mapping[str, Strategy] | None = None
) -> Strategy:
    """Return a strategy of valid values of a shape, such as the input of an operation.

    The values are JSON, with blobs as bytes, and satisfy every constraint of the contract. They
    shrink to required members only, and texts to plain ones that mean something to a registry.

    ``overrides`` gives strategies for places in them, named as ``Site`` spells them:
    ``{"repositoryName": st.just("mine"), "imageIds[].imageTag": tags}``. An optional member is
    always there when it or something in it has one, and never with ``st.nothing()``. What
    overrides draw is not checked.

    Raises ``UsageError`` for an unknown shape or place, an override that is no strategy, and
    nothing where something is required.
    """
    if shape_name not in contract.shapes:
        raise UsageError(f"{contract.service} has no shape {shape_name!r}")
    if not overrides:
        return _without_overrides(contract, shape_name)
    for place, strategy in overrides.items():
        _check(contract, shape_name, place, strategy)
    return _values(contract, shape_name, overrides)


@cache
def _without_overrides(contract: Contract, shape_name: str) -> Strategy:
    return _values(contract, shape_name, {})


def _check(contract: Contract, shape_name: str, place: str, strategy: object) -> None:
    known = {str(site): site for site in sites(contract, shape_name) if site.steps}
    if place not in known:
        near = " or ".join(difflib.get_close_matches(place, known))
        hint = f"Did you mean {near}?" if near else ""
        raise UsageError(f"{shape_name} has no place {place!r} to override", hint)
    if not isinstance(strategy, st.SearchStrategy):
        hint = f"Use hypothesis.strategies.just({strategy!r}) for one value."
        raise UsageError(f"the override of {place} is {strategy!r}, not a strategy", hint)
    if strategy.is_empty and not _may_be_absent(known[place]):
        raise UsageError(f"{place} of {shape_name} has to be there, so nothing is no override")


def _may_be_absent(site: Site) -> bool:
    return site.is_member and not site.required


def _values(contract: Contract, shape_name: str, overrides: Mapping[str, Strategy]) -> Strategy:
    drawing = _Compiler(contract, overrides).drawing(Site((), shape_name, required=True), ())

    @st.composite
    def from_shape(draw: st.DrawFn, _: Shown) -> Any:
        return drawing(draw)

    return from_shape(Shown(contract.service, shape_name, overrides=overrides))


class Shown:
    """What stands between the parentheses where Hypothesis shows a strategy."""

    def __init__(self, *arguments: object, overrides: Mapping[str, Strategy]) -> None:
        overridden = [f"overrides={dict(overrides)!r}"] if overrides else []
        self._text = ", ".join([*map(repr, arguments), *overridden])

    def __repr__(self) -> str:
        return self._text


@st.composite
def _one(draw: st.DrawFn, drawing: Drawing) -> Any:
    return drawing(draw)


@dataclass(frozen=True)
class _Compiler:
    """Turns a shape into a drawing once, so that later nothing is done but to draw.

    ``inside`` are the shapes around a place: none is entered twice.
    """

    contract: Contract
    overrides: Mapping[str, Strategy]

    def drawing(self, site: Site, inside: tuple[str, ...]) -> Drawing:
        override = self.overrides.get(str(site)) if site.steps else None
        if override is not None:
            return plain(override)
        shape = self.contract.shapes[site.shape]
        compile_ = self._compilers().get(shape.type)
        return compile_(site, shape, (*inside, site.shape)) if compile_ else scalar(shape)

    def _compilers(self) -> Mapping[str, Callable[[Site, Shape, tuple[str, ...]], Drawing]]:
        return {"structure": self._structure, "list": self._list, "map": self._map}

    def _structure(self, site: Site, shape: Shape, inside: tuple[str, ...]) -> Drawing:
        always: dict[str, Drawing] = {}
        sometimes: dict[str, Drawing] = {}
        for name, member in shape.members.items():
            inner = Site((*site.steps, name), member.shape, name in shape.required)
            if self._left_out(inner, inside):
                continue
            chosen = always if inner.required or self._overridden(inner.steps) else sometimes
            chosen[name] = self.drawing(inner, inside)
        return members(always, sometimes)

    def _list(self, site: Site, shape: Shape, inside: tuple[str, ...]) -> Drawing:
        if shape.member in inside:
            return lambda _: []
        element = self._within(site, ELEMENT, shape.member, inside)
        least, most = sizes(shape, at_least=int(self._overridden((*site.steps, ELEMENT))))
        return plain(st.lists(element, min_size=least, max_size=most))

    def _map(self, site: Site, shape: Shape, inside: tuple[str, ...]) -> Drawing:
        if shape.value in inside:
            return lambda _: {}
        key = self._within(site, KEY, shape.key, inside)
        value = self._within(site, ENTRY, shape.value, inside)
        overridden = any(self._overridden((*site.steps, step)) for step in (KEY, ENTRY))
        least, most = sizes(shape, at_least=int(overridden))
        return plain(st.dictionaries(key, value, min_size=least, max_size=most))

    def _within(
        self, site: Site, step: str, shape: str | None, inside: tuple[str, ...]
    ) -> Strategy:
        return _one(self.drawing(Site((*site.steps, step), str(shape), required=False), inside))

    def _left_out(self, site: Site, inside: tuple[str, ...]) -> bool:
        override = self.overrides.get(str(site))
        if override is None:
            return not site.required and site.shape in inside
        return bool(override.is_empty)

    def _overridden(self, steps: tuple[str, ...]) -> bool:
        """Whether a place or something in it has an override that draws."""
        here = spelled(steps)
        return any(
            place == here or place.startswith((f"{here}.", f"{here}[", f"{here}{{"))
            for place, strategy in self.overrides.items()
            if not strategy.is_empty
        )
