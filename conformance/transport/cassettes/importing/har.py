"""HAR files (HTTP Archive 1.2), which browsers and proxies write.

http://www.softwareishard.com/blog/har-12-spec/
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any

from conformance.transport.cassettes.interaction import Interaction, bytes_of
from conformance.utc import moment_of

_OF_THE_CONNECTION = {"content-encoding", "transfer-encoding", "content-length"}
"""Header fields that tell how a body was sent; HAR has it decoded."""

_MILLISECONDS = 1000
_FRACTION = re.compile(r"\.\d+")


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
    """An entry, told as vcrpy would have, and read as what vcrpy wrote is."""
    sent, answer = entry["request"], entry["response"]
    took = max(float(entry.get("time") or 0), 0.0) / _MILLISECONDS
    body = bytes_of((sent.get("postData") or {}).get("text"))
    told = {
        "request": {
            "method": sent["method"],
            "uri": sent["url"],
            "body": body,
            "headers": _headers(sent, body),
        },
        "response": _response(answer),
        "at": began + took,
        "took": took,
    }
    # Browsers write the status 0 where there was no answer.
    missing = {"failure": "the HAR file has no answer"} if answer["status"] == 0 else {}
    return Interaction.from_json({**told, **missing})


def _response(answer: Mapping[str, Any]) -> dict[str, Any]:
    content = answer.get("content") or {}
    body = bytes_of(content.get("text"))
    if content.get("encoding") == "base64":
        body = base64.b64decode(body, validate=True)
    status = {"code": answer["status"]}
    return {"status": status, "headers": _headers(answer, body), "body": {"string": body}}


def _headers(message: Mapping[str, Any], body: bytes) -> dict[str, list[str]]:
    """The header fields by name, as they are of the body that is kept."""
    named: dict[str, list[str]] = {}
    for field in message["headers"]:
        name = field["name"]
        # HTTP/2 has fields of its own, which begin with a colon, for what stands elsewhere.
        if name.lower() not in _OF_THE_CONNECTION and not name.startswith(":"):
            named.setdefault(name, []).append(field["value"])
    return {**named, "Content-Length": [str(len(body))]}


def _began(entry: Mapping[str, Any]) -> float:
    # Python 3.10 does not know fractions of any length.
    text = _FRACTION.sub(lambda found: f"{found[0]:0<7.7}", entry["startedDateTime"])
    return moment_of(text).timestamp()
