"""Recordings on the terminal: where one comes from, and how two differ."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conformance.transport.cassettes.difference import Change, Difference, RequestDifference
from conformance.transport.cassettes.origin import Origin
from conformance.transport.cassettes.settled import IGNORED

__all__ = ["difference_lines", "origin_line"]

_SHOWN = 100
"""Characters that a line shows of a value."""


def origin_line(origin: Origin) -> str:
    """Where a recording comes from."""
    product = origin.product if origin.version is None else f"{origin.product} {origin.version}"
    return (
        f"{product} in {origin.region}, recorded {origin.time} by {origin.tool} "
        f"({origin.contract}, seed {origin.seed})"
    )


def difference_lines(found: Difference, a: Path, b: Path) -> Iterator[str]:
    """What is answered differently in recording ``b`` than in ``a``, by scenario and request."""
    for name in found.only_a:
        yield f"{name}: only in {a}"
    for name in found.only_b:
        yield f"{name}: only in {b}"
    for name, differences in found.scenarios.items():
        yield f"{name}:"
        for each in differences:
            yield from _request_lines(each, a, b)
    scenarios = f"{len(found.scenarios)} of {found.compared} scenarios differ"
    yield f"{scenarios}, {len(found.only_a)} only in {a}, {len(found.only_b)} only in {b}"
    yield f"not compared: {'; '.join(IGNORED)}"


def _request_lines(each: RequestDifference, a: Path, b: Path) -> Iterator[str]:
    parameters = "" if each.parameters is None else f" {_shortened(each.parameters)}"
    only = "" if each.only is None else f": only asked in {a if each.only == 'a' else b}"
    yield f"  {each.operation}{parameters}{only}"
    for change in each.changes:
        yield f"    {change.place or '/'}: {_value(change, 'a')} -> {_value(change, 'b')}"


def _value(change: Change, side: str) -> str:
    return _shortened(change.values[side]) if side in change.values else "absent"


def _shortened(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
