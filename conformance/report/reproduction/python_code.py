"""Values as Python expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from conformance.report.reproduction.chaining import Value
from conformance.report.reproduction.text import Part, Repeat, Variable, compact

__all__ = ["bytes_expression", "expression"]


def expression(value: Any, captured: Mapping[Value, Variable], member: str = "") -> str:
    """A parameter as an expression; ``member`` is the name it has, if it has one."""
    if isinstance(value, dict):
        items = (f"{key!r}: {expression(item, captured, key)}" for key, item in value.items())
        return f"{{{', '.join(items)}}}"
    if isinstance(value, list):
        return f"[{', '.join(expression(item, captured) for item in value)}]"
    if isinstance(value, bytes):
        return bytes_expression(compact(value.decode("latin-1")))
    if isinstance(value, str):
        variable = captured.get((member, value))
        return variable.name if variable else _sum(compact(value), repr)
    return repr(value)


def bytes_expression(parts: Sequence[Part]) -> str:
    """The parts as bytes; characters are bytes, in Latin-1, and captured values JSON."""
    return _sum(parts, lambda text: repr(text.encode("latin-1")))


def _sum(parts: Sequence[Part], literal: Callable[[str], str]) -> str:
    return " + ".join(_term(part, literal) for part in parts) or literal("")


def _term(part: Part, literal: Callable[[str], str]) -> str:
    if isinstance(part, Variable):
        return f"json.dumps({part.name}).encode()"
    if isinstance(part, Repeat):
        return f"{literal(part.unit)} * {part.count}"
    return literal(part)
