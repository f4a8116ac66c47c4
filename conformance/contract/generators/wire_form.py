"""What values are in a request's JSON."""

from __future__ import annotations

import base64
from typing import Any

from conformance.contract.model import Shape

_TYPES = {
    "structure": "object",
    "map": "object",
    "list": "list",
    "string": "string",
    "blob": "string",
    "boolean": "boolean",
}


def wire_type(shape: Shape) -> str:
    """Return the JSON type of a shape: object, list, string, boolean or number."""
    return _TYPES.get(shape.type, "number")


def wire_form(value: Any) -> Any:
    """Return a value with its blobs as base64 text, as AWS JSON has them; the rest is the same."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, dict):
        return {name: wire_form(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [wire_form(inner) for inner in value]
    return value
