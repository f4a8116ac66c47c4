"""Which constraints the model puts on the requests of an operation, member by member."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from conformance.contract import Breach, Contract, Shape

_KINDS = {
    "required": "required",
    "pattern": "pattern",
    "enum": "enum",
    "minLength": "min",
    "minItems": "min",
    "minProperties": "min",
    "minimum": "min",
    "maxLength": "max",
    "maxItems": "max",
    "maxProperties": "max",
    "maximum": "max",
}
"""Keywords of a wire schema, by what they are called here."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """A constraint: of which member, such as ``tags[].Key``; of which kind; and the bound."""

    place: str
    kind: str
    bound: str

    @property
    def name(self) -> str:
        """What tells it from the others of its operation."""
        return f"{self.place} {self.kind}"


def constraints(contract: Contract, operation: str) -> Iterator[Constraint]:
    """Every constraint on an operation's requests that a request can break.

    Types are none of them: what AWS does with values of another JSON type is not public.
    """
    yield from _within(contract, contract.operations[operation].input, "")


def broken(breach: Breach) -> str:
    """The name of the constraint that a request breaks; empty for none of these."""
    kind = _KINDS.get(breach.keyword)
    return f"{_place(breach)} {kind}" if kind else ""


def _place(breach: Breach) -> str:
    steps = ("[]" if isinstance(step, int) else f".{step}" for step in breach.path)
    return "".join(steps).removeprefix(".")


def _within(contract: Contract, shape_name: str, place: str) -> Iterator[Constraint]:
    shape = contract.shapes[shape_name]
    yield from _own(shape, place)
    if shape.member:
        yield from _within(contract, shape.member, f"{place}[]")
    for member in shape.members.values():
        inner = f"{place}.{member.name}".removeprefix(".")
        if member.name in shape.required:
            yield Constraint(inner, "required", "")
        yield from _within(contract, member.shape, inner)


def _own(shape: Shape, place: str) -> Iterator[Constraint]:
    is_number = shape.type in ("integer", "long", "float", "double")
    if shape.minimum is not None and (shape.minimum > 0 or is_number):
        yield Constraint(place, "min", str(shape.minimum))
    if shape.maximum is not None:
        yield Constraint(place, "max", str(shape.maximum))
    if shape.pattern is not None:
        yield Constraint(place, "pattern", shape.pattern)
    if shape.enum:
        yield Constraint(place, "enum", ", ".join(shape.enum))
