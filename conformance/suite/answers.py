"""Reading what a target answered: success, error, or neither, in one line of plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.transport.error_answers import ErrorAnswer, refusal
from conformance.transport.exchange import NotJson, Response, parse_json

__all__ = ["ErrorAnswer", "describe", "objects", "refusal", "structure", "success", "text"]


def success(response: Response) -> dict[str, Any] | None:
    """The members of a 200 answer with a JSON object, else ``None``."""
    if response.status != 200:
        return None
    try:
        body = parse_json(response.body)
    except NotJson:
        return None
    return body if isinstance(body, dict) else None


def describe(response: Response) -> str:
    """One line: ``HTTP 400 InvalidParameterException: '…'``, or the start of any other body."""
    error = refusal(response)
    if error is not None:
        text = f": {_clip(error.message)!r}" if error.message else ""
        return f"HTTP {response.status} {error.code}{text}"
    if success(response) is not None:
        return f"HTTP 200 {_clip(_start(response), 80)}"
    kind = (response.header("Content-Type") or "no content type").partition(";")[0]
    return f"HTTP {response.status} ({kind}) {_clip(_start(response))}".rstrip()


def _start(response: Response) -> str:
    return " ".join(response.body[:400].decode("utf-8", "replace").split())


def objects(answer: Mapping[str, Any], member: str) -> list[dict[str, Any]]:
    """The objects in a list member; none where the member is missing or something else."""
    found = answer.get(member)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def structure(answer: Mapping[str, Any], member: str) -> dict[str, Any]:
    """An object member; empty where it is missing or something else."""
    found = answer.get(member)
    return found if isinstance(found, dict) else {}


def text(answer: Mapping[str, Any], member: str) -> str | None:
    """A text member; ``None`` where it is missing or something else."""
    found = answer.get(member)
    return found if isinstance(found, str) else None


def _clip(text: str, width: int = 160) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
