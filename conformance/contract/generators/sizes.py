"""Values of an exact size: length of texts and blobs, number of entries, value of numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import Any

from conformance.contract.generators.examples import elements
from conformance.contract.generators.patterns import language
from conformance.contract.generators.placing import Change
from conformance.contract.generators.wire_form import wire_type
from conformance.contract.model import Contract, Shape


def sized(contract: Contract, shape: Shape, size: float) -> Change | None:
    """Return what gives a valid value a size and keeps of it what it can; ``None`` if none has it.

    Bounds of the shape are no obstacle, its pattern is.
    """
    if wire_type(shape) == "number":
        return lambda _: size
    if size < 0 or (shape.pattern is not None and not _fits(shape.pattern, int(size))):
        return None
    return partial(_SIZED[shape.type], contract, shape, int(size))


def beyond_encoded(size: int) -> int:
    """The least number of bytes whose base64 is longer than that of ``size`` bytes.

    On the wire blobs of 3 bytes and fewer look alike in length, and only that can be judged there.
    """
    return -(-size // 3) * 3 + 1


def _fits(pattern: str, length: int) -> bool:
    return any(language(pattern).lengths(length, length))


def _text(_: Contract, shape: Shape, size: int, value: Any) -> str:
    if shape.pattern is not None:
        return language(shape.pattern).extended(value, size)
    if value.startswith("{"):
        # A JSON document stays one with spaces behind it, and is none when it is cut.
        return value.ljust(size) if len(value) <= size else "a" * size
    return str(value[:size].ljust(size, "a"))


def _blob(_: Contract, __: Shape, size: int, value: Any) -> bytes:
    return bytes(value[:size].ljust(size, b"\0"))


def _list(contract: Contract, shape: Shape, size: int, value: Any) -> list[Any]:
    missing = max(0, size - len(value))
    return [*value[:size], *islice(elements(contract, str(shape.member), 1), missing)]


def _map(contract: Contract, shape: Shape, size: int, value: Any) -> dict[Any, Any]:
    keys = elements(contract, str(shape.key), 1)
    values = elements(contract, str(shape.value), 1)
    more = dict(islice(zip(keys, values, strict=True), size))
    return dict(islice({**value, **more}.items(), size))


_SIZED: dict[str, Callable[[Contract, Shape, int, Any], Any]] = {
    "string": _text,
    "blob": _blob,
    "list": _list,
    "map": _map,
}
