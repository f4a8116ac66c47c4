"""Reading what a target answered: success, error, or neither, in one line of plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance.transport.exchange import NotJson, Response, parse_json


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """A refusal. ``code`` is bare (no namespace); ``members`` are all members of the body."""

    status: int
    code: str
    message: str
    members: Mapping[str, Any]


def success(response: Response) -> dict[str, Any] | None:
    """The members of a 200 answer with a JSON object, else ``None``."""
    if response.status != 200:
        return None
    try:
        body = parse_json(response.body)
    except NotJson:
        return None
    return body if isinstance(body, dict) else None


def refusal(response: Response) -> ErrorAnswer | None:
    """The error of a 4xx or 5xx answer, code taken from the body, or ``None`` where it has none.

    Clients cut a namespace before ``#`` and whatever follows ``:`` (AWS JSON 1.1 protocol,
    https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html), so both are cut here.
    """
    if response.status < 400:
        return None
    try:
        body = parse_json(response.body)
    except NotJson:
        return None
    if not isinstance(body, dict) or not isinstance(body.get("__type"), str):
        return None
    code = body["__type"].rpartition("#")[2].partition(":")[0]
    message = body.get("message", body.get("Message"))
    return ErrorAnswer(
        response.status, code, message if isinstance(message, str) else "", body
    )


def describe(response: Response) -> str:
    """One line: ``HTTP 400 InvalidParameterException: '…'``, or the start of any other body."""
    error = refusal(response)
    if error is not None:
        text = f": {_clip(error.message)!r}" if error.message else ""
        return f"HTTP {response.status} {error.code}{text}"
    kind = (response.header("Content-Type") or "no content type").partition(";")[0]
    body = _clip(" ".join(response.body[:400].decode("utf-8", "replace").split()))
    return f"HTTP {response.status} ({kind}) {body}".rstrip()


def _clip(text: str, width: int = 160) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
