"""Reading an error as AWS JSON 1.1 has it: the code from the body, never from a header field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance.contract import error_code
from conformance.transport.exchange import NotJson, Response, parse_json

__all__ = ["ErrorAnswer", "refusal"]


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """A refusal. ``code`` is bare (no namespace); ``members`` are all members of the body."""

    status: int
    code: str
    message: str
    members: Mapping[str, Any]


def refusal(response: Response) -> ErrorAnswer | None:
    """The error of a 4xx or 5xx answer, code taken from the body, or ``None`` where it has none."""
    if response.status < 400:
        return None
    try:
        body = parse_json(response.body)
    except NotJson:
        return None
    code = error_code(body) if isinstance(body, dict) else None
    if code is None:
        return None
    message = body.get("message", body.get("Message"))
    return ErrorAnswer(response.status, code, message if isinstance(message, str) else "", body)
