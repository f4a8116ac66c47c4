"""What a target says it does not implement, and how it says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from conformance.suite.answers import refusal
from conformance.transport.exchange import Response

MADE_UP_OPERATION = "ConformanceProbe"

_SAYS_NO = frozenset(
    {
        "UnknownOperationException",
        "UnknownOperation",
        "InvalidAction",
        "NotImplemented",
        "NotImplementedException",
    }
)
"""Codes by which emulators say that they lack an operation, even where a made-up one gets other
ones."""

_VARYING = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Za-z0-9+/]{40,}|\b[0-9A-Fa-f]{12,}\b|\d+")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """An answer without what varies from request to request."""

    status: int
    content: str


def fingerprint(response: Response, operation: str) -> Fingerprint:
    """The fingerprint of an answer to ``operation``: the error code, or else the text."""
    error = refusal(response)
    if error is not None:
        return Fingerprint(response.status, error.code)
    text = response.body[:4096].decode("utf-8", "replace").replace(operation, "")
    return Fingerprint(response.status, _VARYING.sub("#", text))


@dataclass(frozen=True, slots=True)
class Capability:
    """What a target has of a service, by its own word.

    ``tried`` are the operations that it was asked for, ``lacking`` those of them that it says it
    lacks, each with how it said so. ``unknown`` is how it answers a made-up operation, ``None``
    where that answer says nothing.
    """

    tried: tuple[str, ...] = ()
    lacking: Mapping[str, str] = field(default_factory=dict)
    unknown: Fingerprint | None = None

    def says_no(self, response: Response, operation: str) -> bool:
        """Whether an answer to ``operation`` says that the target does not have it."""
        error = refusal(response)
        if response.status == 501 or (error is not None and error.code in _SAYS_NO):
            return True
        return self.unknown is not None and fingerprint(response, operation) == self.unknown

    def to_json(self) -> dict[str, Any]:
        """The capability as JSON, to hand it to worker processes."""
        return asdict(self)

    @classmethod
    def from_json(cls, parsed: Mapping[str, Any]) -> Capability:
        """The inverse of ``to_json``."""
        unknown = parsed["unknown"]
        return cls(
            tried=tuple(parsed["tried"]),
            lacking=parsed["lacking"],
            unknown=None if unknown is None else Fingerprint(**unknown),
        )
