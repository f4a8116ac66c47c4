"""The form of requests and answers on the wire, as JSON Schema.

The protocol is AWS JSON 1.1 (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html):
timestamps are numbers of seconds, blobs are base64 strings, member names are as in the model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

from conformance.contract.model import Contract, Shape

Direction = Literal["input", "output"]
"""Which way a body goes: ``input`` to the service, ``output`` from it."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"

# AWS prints doubles and timestamps as Java does (1.705072146E9), so any JSON number is one. An
# integer may be written 3.0 as well: JSON Schema tells numbers by value, not by spelling.
_JSON_TYPES = {
    "string": "string",
    "blob": "string",
    "boolean": "boolean",
    "timestamp": "number",
    "float": "number",
    "double": "number",
    "integer": "integer",
    "long": "integer",
    "list": "array",
    "map": "object",
    "structure": "object",
}
_BOUNDS = {
    "string": ("minLength", "maxLength"),
    "list": ("minItems", "maxItems"),
    "map": ("minProperties", "maxProperties"),
    "integer": ("minimum", "maximum"),
    "long": ("minimum", "maximum"),
    "float": ("minimum", "maximum"),
    "double": ("minimum", "maximum"),
}
_BASE64 = "[A-Za-z0-9+/]*={0,2}"


def wire_schema(contract: Contract, shape_name: str, *, direction: Direction) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a shape's JSON form, one ``$defs`` entry a shape.

    An ``input`` schema has every constraint of the model and refuses unknown members. An
    ``output`` schema has types only: AWS shares shapes between requests and answers, and does not
    hold its answers to their constraints (the list of image ids has a minimum of 1, yet an empty
    repository answers ``[]``); what must be there is the presence overlay's business.
    Raises ``KeyError`` when the contract has no such shape.
    """
    return {
        "$schema": DIALECT,
        "title": f"{contract.service} {contract.api_version} {shape_name} ({direction})",
        "$ref": _reference(shape_name)["$ref"],
        "$defs": definitions(contract, [shape_name], direction=direction),
    }


def definitions(
    contract: Contract, shape_names: Iterable[str], *, direction: Direction
) -> dict[str, dict[str, Any]]:
    """Return the schemas of some shapes, and of all that they refer to, by name.

    Raises ``KeyError`` when the contract has no such shape.
    """
    define = _constrained if direction == "input" else _typed
    return {name: define(contract.shapes[name]) for name in reachable(contract, shape_names)}


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/$defs/{name}"}


def _neighbours(shape: Shape) -> Iterator[str]:
    yield from (member.shape for member in shape.members.values())
    yield from (name for name in (shape.member, shape.key, shape.value) if name)


def reachable(contract: Contract, starts: Iterable[str]) -> list[str]:
    """Return the names of some shapes and of all that they refer to, sorted."""
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(_neighbours(contract.shapes[name]))
    return sorted(found)


def anchored(pattern: str) -> str:
    """Return ``pattern`` for JSON Schema, which looks anywhere; AWS means the whole string."""
    return f"^(?:{pattern})$"


def _structure(shape: Shape) -> dict[str, Any]:
    return {"properties": {m.name: _reference(m.shape) for m in shape.members.values()}}


def _list(shape: Shape) -> dict[str, Any]:
    return {"items": _reference(shape.member)} if shape.member else {}


def _map(shape: Shape) -> dict[str, Any]:
    names = {"propertyNames": _reference(shape.key)} if shape.key else {}
    return {**names, "additionalProperties": _reference(shape.value)} if shape.value else names


def _blob(_: Shape) -> dict[str, Any]:
    return {"contentEncoding": "base64", "pattern": anchored(_BASE64)}


_CONTENT: dict[str, Callable[[Shape], dict[str, Any]]] = {
    "structure": _structure,
    "list": _list,
    "map": _map,
    "blob": _blob,
}


def _typed(shape: Shape) -> dict[str, Any]:
    content = _CONTENT.get(shape.type)
    return {"type": _JSON_TYPES[shape.type], **(content(shape) if content else {})}


def _constrained(shape: Shape) -> dict[str, Any]:
    schema = {**_typed(shape), **_bounds(shape)}
    if shape.type == "structure":
        schema["additionalProperties"] = False
    if shape.required:
        schema["required"] = list(shape.required)
    if shape.pattern is not None:
        schema["pattern"] = anchored(shape.pattern)
    if shape.enum:
        schema["enum"] = list(shape.enum)
    return schema


def _bounds(shape: Shape) -> dict[str, int | float]:
    if shape.type == "blob":
        return _encoded_bounds(shape)
    at_least, at_most = _BOUNDS.get(shape.type, ("", ""))
    bounds = ((at_least, shape.minimum), (at_most, shape.maximum))
    return {keyword: bound for keyword, bound in bounds if keyword and bound is not None}


def _encoded_bounds(shape: Shape) -> dict[str, int | float]:
    # The model counts a blob's bytes; on the wire every 3 bytes are 4 characters, padded.
    bounds = (("minLength", shape.minimum), ("maxLength", shape.maximum))
    return {keyword: -(-int(size) // 3) * 4 for keyword, size in bounds if size is not None}
