"""Every constraint of a shape and of what is in it, each with its place; and which a value breaks.

Coverage cases, strategies of broken requests, rules and their traceability all go by this list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from conformance.contract.breaches import Breach, broken_keywords
from conformance.contract.generators.patterns import language
from conformance.contract.generators.sites import ELEMENT, ENTRY, KEY, Site, sites
from conformance.contract.generators.wire_form import wire_form
from conformance.contract.model import Contract, Shape
from conformance.contract.places import without_nulls
from conformance.contract.violation import Path

ConstraintKind = Literal["type", "encoding", "required", "enum", "min", "max", "pattern"]
"""``encoding`` is that of blobs, which are base64 on the wire; the others are the model's words."""

_KINDS: dict[str, ConstraintKind] = {
    "type": "type",
    "required": "required",
    "enum": "enum",
    "pattern": "pattern",
    **dict.fromkeys(("minimum", "minLength", "minItems", "minProperties"), "min"),
    **dict.fromkeys(("maximum", "maxLength", "maxItems", "maxProperties"), "max"),
}
_OF_TEXTS = frozenset({"minLength", "maxLength", "pattern", "enum"})
_SIZED = frozenset({"string", "blob", "list", "map"})


@dataclass(frozen=True, slots=True)
class Constraint:
    """One thing that the contract asks of the values at a site.

    ``bound`` is what it asks: the model's type, the number, the pattern, the values of an
    enumeration as a tuple, ``"base64"``, or ``True`` for a required member, whose site is where it
    would be.
    """

    site: Site
    kind: ConstraintKind
    bound: Any

    def __str__(self) -> str:
        """Place, kind and bound, such as ``tags[].Key max 128``."""
        bound = "|".join(self.bound) if self.kind == "enum" else self.bound
        words = [str(self.site), self.kind, *([] if self.kind == "required" else [str(bound)])]
        return " ".join(word for word in words if word)


@cache
def constraints(contract: Contract, shape_name: str) -> tuple[Constraint, ...]:
    """Return every constraint of a shape, outermost first; for requests, of an input shape.

    Each value has a type, the keys of maps apart, which are always text.
    """
    return tuple(
        constraint
        for site in sites(contract, shape_name)
        for constraint in _at(site, contract.shapes[site.shape])
    )


def _at(site: Site, shape: Shape) -> Iterator[Constraint]:
    if site.is_member and site.required:
        yield Constraint(site, "required", bound=True)
    if site.steps[-1:] != (KEY,):
        yield Constraint(site, "type", shape.type)
    if shape.type == "blob":
        yield Constraint(site, "encoding", "base64")
    if shape.enum:
        yield Constraint(site, "enum", shape.enum)
    if shape.minimum is not None:
        yield Constraint(site, "min", shape.minimum)
    if shape.maximum is not None:
        yield Constraint(site, "max", shape.maximum)
    if shape.pattern is not None:
        yield Constraint(site, "pattern", shape.pattern)


def why_unbreakable(contract: Contract, constraint: Constraint) -> str | None:
    """Say why no value breaks a constraint and no other; ``None`` when some value does."""
    if constraint.kind not in ("min", "max"):
        return None
    shape = contract.shapes[constraint.site.shape]
    if shape.type in _SIZED and constraint.kind == "min" and constraint.bound == 0:
        return "nothing is shorter than nothing"
    if shape.pattern is None:
        return None
    if any(language(shape.pattern).lengths(*_beyond(constraint))):
        return None
    return "every text of such a length breaks the pattern, too"


def _beyond(constraint: Constraint) -> tuple[int, int]:
    """The lengths that break a bound; as many as tell whether there is any, if it is a maximum."""
    bound = int(constraint.bound)
    return (0, bound - 1) if constraint.kind == "min" else (bound + 1, bound + 1000)


def broken_constraints(contract: Contract, shape_name: str, value: object) -> list[Constraint]:
    """Return the constraints of a shape that ``value`` breaks, as often as it breaks them.

    Blobs may be bytes, or base64 text as on the wire. A value of a wrong type is no value of an
    enumeration either: only its type counts. Members that the contract does not have break none.
    """
    kept, _ = without_nulls(contract, shape_name, wire_form(value))
    found = [
        _constraint(contract, shape_name, breach)
        for breach in broken_keywords(contract, shape_name, kept, "input")
    ]
    mistyped = {broken.site for broken in found if broken.kind == "type"}
    return [each for each in found if each.kind == "type" or each.site not in mistyped]


def _constraint(contract: Contract, shape_name: str, breach: Breach) -> Constraint:
    site = _site(contract, shape_name, breach.path)
    shape = contract.shapes[site.shape]
    if shape.type == "map" and breach.keyword in _OF_TEXTS:  # a key is judged where its map is
        site = Site((*site.steps, KEY), str(shape.key), required=False)
        shape = contract.shapes[site.shape]
    kind = _KINDS[breach.keyword]
    kinds = ("encoding", kind) if kind == "pattern" else (kind,)
    return next(each for each in _at(site, shape) if each.kind in kinds)


def _site(contract: Contract, shape_name: str, path: Path) -> Site:
    site = Site((), shape_name, required=True)
    for step in path:
        shape = contract.shapes[site.shape]
        if shape.type == "structure":
            name = str(step)
            required = name in shape.required
            site = Site((*site.steps, name), shape.members[name].shape, required)
        else:
            into = ELEMENT if shape.type == "list" else ENTRY
            site = Site((*site.steps, into), str(shape.member or shape.value), required=False)
    return site
