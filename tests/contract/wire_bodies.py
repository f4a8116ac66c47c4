"""Bodies that keep a contract by construction, and the values in them, for property tests."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from conformance.contract import SERVICES, Contract, load_contract

PRESENT = 1_700_000_000

_SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "string": st.text(max_size=6),
    "blob": st.sampled_from(["", "YQ==", "YWJj"]),
    "boolean": st.booleans(),
    "integer": st.integers(-5, 2**31 - 1),
    "long": st.integers(-5, 2**63 - 1),
    "float": st.floats(0, 10),
    "double": st.floats(0, 10),
    "timestamp": st.integers(0, PRESENT) | st.floats(0, PRESENT),
}

Json = Any
"""A parsed JSON value."""

Step = str | int
Leaf = tuple[tuple[Step, ...], str]
"""The path of a value in a body, and the name of its shape."""

ALL_OPERATIONS = [
    (service, operation) for service in SERVICES for operation in load_contract(service).operations
]


def bodies(contract: Contract, shape_name: str) -> st.SearchStrategy[Any]:
    """Draw values of a shape: every member present, one or two elements in every list and map."""
    shape = contract.shapes[shape_name]
    if shape.type == "structure":
        members = shape.members.values()
        return st.fixed_dictionaries({m.name: bodies(contract, m.shape) for m in members})
    if shape.type == "list":
        return st.lists(bodies(contract, str(shape.member)), min_size=1, max_size=2)
    if shape.type == "map":
        return st.dictionaries(
            st.text(max_size=4), bodies(contract, str(shape.value)), min_size=1, max_size=2
        )
    return st.sampled_from(shape.enum) if shape.enum else _SCALARS[shape.type]


def leaves(
    contract: Contract, shape_name: str, body: Json, path: tuple[Step, ...] = ()
) -> Iterator[Leaf]:
    """Yield every value in a body, the body itself included, outermost first."""
    yield path, shape_name
    shape = contract.shapes[shape_name]
    if shape.type == "structure":
        for name, value in body.items():
            yield from leaves(contract, shape.members[name].shape, value, (*path, name))
    elif shape.type == "list":
        for index, value in enumerate(body):
            yield from leaves(contract, str(shape.member), value, (*path, index))
    elif shape.type == "map":
        for name, value in body.items():
            yield from leaves(contract, str(shape.value), value, (*path, name))


def at(body: Json, path: tuple[Step, ...]) -> Json:
    """Return the value at a path."""
    for step in path:
        body = body[step]
    return body


def changed(body: Json, path: tuple[Step, ...], value: Json) -> Json:
    """Return a copy of a body with another value at a path."""
    copied = copy.deepcopy(body)
    at(copied, path[:-1])[path[-1]] = value
    return copied


def without(body: Json, path: tuple[Step, ...]) -> Json:
    """Return a copy of a body without the member at a path."""
    copied = copy.deepcopy(body)
    del at(copied, path[:-1])[path[-1]]
    return copied


def pointer_of(path: tuple[Step, ...]) -> str:
    """Return the JSON Pointer of a path, written independently of the package."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def of_type(contract: Contract, found: Iterator[Leaf], *types: str) -> list[Leaf]:
    """Return the values whose shape is of one of the types."""
    return [leaf for leaf in found if contract.shapes[leaf[1]].type in types]
