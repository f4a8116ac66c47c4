"""Strings inside a JSON body, with the way to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from conformance.transport.exchange import NotJson, parse_json

__all__ = ["Path", "strings"]

Path = tuple[str | int, ...]
"""The way from a JSON value to a value inside it."""


def strings(body: bytes) -> Iterator[tuple[Path, str]]:
    """Every string of a JSON body in document order; none when it is not JSON."""
    # Not recursive: a target may nest its answer as deep as the parser allows.
    waiting: list[tuple[Path, Any]] = [((), _parsed(body))]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, dict):
            waiting += [((*path, key), value[key]) for key in reversed(value)]
        elif isinstance(value, list):
            waiting += [((*path, index), value[index]) for index in reversed(range(len(value)))]


def _parsed(body: bytes) -> Any:
    try:
        return parse_json(body)
    except NotJson:
        return None
