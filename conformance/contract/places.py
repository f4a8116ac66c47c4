"""A walk through a parsed body along the contract: each structure with its shape and place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.contract.model import Contract, Shape
from conformance.contract.violation import Path


@dataclass(frozen=True, slots=True)
class Place:
    """A JSON object where the contract has a structure.

    ``holder`` is the member that holds it, directly or in a list or map, such as
    ``ListImagesResponse.imageIds``; empty for the body itself.
    """

    path: Path
    shape: Shape
    value: Mapping[str, Any]
    holder: str


def structures(
    contract: Contract, shape_name: str, value: object, path: Path = (), holder: str = ""
) -> Iterator[Place]:
    """Yield every structure in ``value``, outermost first; values of a wrong type are passed over.

    Only what the contract knows is entered, so the depth is the model's, not the body's.
    """
    shape = contract.shapes[shape_name]
    if shape.type == "structure" and isinstance(value, dict):
        yield Place(path, shape, value, holder)
    for step, child, child_shape in _containers(shape, value):
        inner = f"{shape.name}.{step}" if shape.type == "structure" else holder
        yield from structures(contract, child_shape, child, (*path, step), inner)


def without_nulls(
    contract: Contract, shape_name: str, value: object, path: Path = ()
) -> tuple[object, list[Path]]:
    """Return ``value`` without members that are null, and where those were.

    Members of structures and values of maps are dropped; a null element of a list stays, since
    without it the others would be counted differently.
    """
    shape = contract.shapes[shape_name]
    if shape.type == "list" and isinstance(value, list):
        return _list_without_nulls(contract, shape, value, path)
    if not isinstance(value, dict):
        return value, []
    nulls: list[Path] = [(*path, name) for name, child in value.items() if child is None]
    kept = {name: child for name, child in value.items() if child is not None}
    for step, child, child_shape in _containers(shape, kept):
        kept[str(step)], inner = without_nulls(contract, child_shape, child, (*path, step))
        nulls.extend(inner)
    return kept, nulls


def _list_without_nulls(
    contract: Contract, shape: Shape, value: list[Any], path: Path
) -> tuple[object, list[Path]]:
    if shape.member is None:
        return value, []
    pairs = [without_nulls(contract, shape.member, v, (*path, i)) for i, v in enumerate(value)]
    return [kept for kept, _ in pairs], [null for _, nulls in pairs for null in nulls]


def _containers(shape: Shape, value: object) -> list[tuple[str | int, Any, str]]:
    """The objects and lists in ``value``: there is nothing in anything else."""
    return [each for each in children(shape, value) if isinstance(each[1], (dict, list))]


def children(shape: Shape, value: object) -> list[tuple[str | int, Any, str]]:
    """What is in ``value`` itself, as far as its shape knows: step, value and name of the shape."""
    if shape.type == "structure" and isinstance(value, dict):
        known = shape.members
        return [(name, v, known[name].shape) for name, v in value.items() if name in known]
    if shape.type == "map" and isinstance(value, dict) and shape.value:
        return [(name, v, shape.value) for name, v in value.items()]
    if shape.type == "list" and isinstance(value, list) and shape.member:
        return [(index, v, shape.member) for index, v in enumerate(value)]
    return []
