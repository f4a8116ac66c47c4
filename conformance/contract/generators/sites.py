"""Where values stand in a request, whatever their indexes: ``tags[].Key``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from conformance.contract.model import Contract, Shape

ELEMENT = "[]"
"""The step from a list to its elements."""

ENTRY = "{}"
"""The step from a map to the values in it."""

KEY = "{key}"
"""The step from a map to its keys."""

_INTO = (ELEMENT, ENTRY, KEY)


@dataclass(frozen=True, slots=True)
class Site:
    """A place in the values of a shape.

    ``steps`` lead to it: names of members, ``[]`` for a list's elements, ``{}`` for the values in
    a map and ``{key}`` for its keys; none for the whole value. ``shape`` names the shape of what
    stands there, ``required`` says whether the structure around it has to have it.
    """

    steps: tuple[str, ...]
    shape: str
    required: bool

    @property
    def is_member(self) -> bool:
        """Whether it is a member of a structure, rather than the whole or in a list or map."""
        return bool(self.steps) and self.steps[-1] not in _INTO

    def __str__(self) -> str:
        """The steps as a reader writes them, such as ``tags[].Key``."""
        return spelled(self.steps)


def spelled(steps: tuple[str, ...]) -> str:
    """Steps as a reader writes them, such as ``tags[].Key``; nothing for the whole value."""
    words = (step if step in _INTO else f".{step}" for step in steps)
    return "".join(words).removeprefix(".")


def sites(contract: Contract, shape_name: str) -> Iterator[Site]:
    """Yield every place in the values of a shape, outermost first, the whole value included.

    A shape that contains itself is entered once on each way.
    """
    yield from _sites(contract, Site((), shape_name, required=True), ())


def _sites(contract: Contract, site: Site, inside: tuple[str, ...]) -> Iterator[Site]:
    yield site
    if site.shape in inside:
        return
    for step, shape, required in _steps(contract.shapes[site.shape]):
        inner = Site((*site.steps, step), shape, required)
        yield from _sites(contract, inner, (*inside, site.shape))


def _steps(shape: Shape) -> Iterator[tuple[str, str, bool]]:
    for member in shape.members.values():
        yield member.name, member.shape, member.name in shape.required
    for step, inner in ((ELEMENT, shape.member), (KEY, shape.key), (ENTRY, shape.value)):
        if inner is not None:
            yield step, inner, False
