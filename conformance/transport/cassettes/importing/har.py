"""HAR files (HTTP Archive 1.2), which browsers and proxies write.

http://www.softwareishard.com/blog/har-12-spec/
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from conformance.transport.cassettes.interaction import Interaction, bytes_of
from conformance.transport.exchange import Headers, Request, Response

_OF_THE_CONNECTION = {"content-encoding", "transfer-encoding", "content-length"}
"""Header fields that tell how a body was sent; HAR has it decoded."""

_MILLISECONDS = 1000


def is_har(parsed: object) -> bool:
    """Whether a file's content has the form of a HAR file."""
    log = parsed.get("log") if isinstance(parsed, dict) else None
    return isinstance(log, dict) and isinstance(log.get("entries"), list)


def har_interactions(parsed: Mapping[str, Any]) -> list[Interaction]:
    """The exchanges of a HAR file in their order.

    Raises ``KeyError``, ``TypeError``, ``ValueError`` or ``AttributeError`` for what has not its
    form.
    """
    entries = parsed["log"]["entries"]
    began = [_began(entry) for entry in entries]
    first = min(began, default=0.0)
    return [
        _interaction(entry, beginning - first)
        for entry, beginning in zip(entries, began, strict=True)
    ]


def _interaction(entry: Mapping[str, Any], began: float) -> Interaction:
    sent, answer = entry["request"], entry["response"]
    took = max(float(entry.get("time") or 0), 0.0) / _MILLISECONDS
    body = bytes_of((sent.get("postData") or {}).get("text"))
    request = Request(sent["method"], sent["url"], _headers(sent, body), body)
    # Browsers write the status 0 where there was no answer.
    response = None if answer["status"] == 0 else _response(answer)
    failure = None if response is not None else "the HAR file has no answer"
    return Interaction(request, response, failure, began + took, took)


def _response(answer: Mapping[str, Any]) -> Response:
    content = answer.get("content") or {}
    body = bytes_of(content.get("text"))
    if content.get("encoding") == "base64":
        body = base64.b64decode(body, validate=True)
    return Response(answer["status"], _headers(answer, body), body)


def _headers(message: Mapping[str, Any], body: bytes) -> Headers:
    """The header fields, as they are of the body that is kept."""
    pairs = [(field["name"], field["value"]) for field in message["headers"]]
    # HTTP/2 has fields of its own, which begin with a colon, for what stands elsewhere.
    kept = [
        (name, value)
        for name, value in pairs
        if name.lower() not in _OF_THE_CONNECTION and not name.startswith(":")
    ]
    return (*kept, ("Content-Length", str(len(body))))


def _began(entry: Mapping[str, Any]) -> float:
    # Python 3.10 does not know the Z that others write for UTC.
    return datetime.fromisoformat(entry["startedDateTime"].replace("Z", "+00:00")).timestamp()
