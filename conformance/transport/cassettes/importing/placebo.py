"""What placebo records: the answers that boto3 had parsed, a file each, without the requests.

So an answer is for every request of its operation, in the order of the files. It is put back into
the form of the wire, with times in seconds. https://github.com/garnaat/placebo
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from conformance.contract import load_contract
from conformance.transport.cassettes.interaction import Interaction
from conformance.transport.exchange import Headers, Request, Response, header

FILE_NAME = re.compile(
    r"(?P<series>(?:.+\.)?(?P<service>[a-z][a-z0-9-]*))\.(?P<operation>[A-Z]\w*)_(?P<index>\d+)\.json"
)
"""How placebo names a file: a prefix if any, botocore's prefix of the endpoint (``api.ecr``,
formerly ``ecr``), the operation, and which answer of that operation it is."""

_CONTENT_TYPE = "application/x-amz-json-1.1"
_CLASS = "__class__"


def is_placebo(parsed: object) -> bool:
    """Whether a file's content has the form of an answer that placebo recorded."""
    return (
        isinstance(parsed, dict)
        and isinstance(parsed.get("status_code"), int)
        and isinstance(parsed.get("data"), dict)
    )


def placebo_interaction(service: str, operation: str, parsed: Mapping[str, Any]) -> Interaction:
    """The answer that a file holds, for every request of its operation.

    Raises ``KeyError``, ``TypeError``, ``ValueError`` or ``AttributeError`` for what has not its
    form.
    """
    data = parsed["data"]
    metadata = data.get("ResponseMetadata") or {}
    body = json.dumps(_members(data), separators=(",", ":")).encode()
    headers = _answer_headers(metadata.get("HTTPHeaders") or {}, len(body))
    response = Response(parsed["status_code"], headers, body)
    return Interaction(_request(service, operation), response, any_body=True)


def _request(service: str, operation: str) -> Request:
    target = f"{load_contract(service).target_prefix}.{operation}"
    headers = (("X-Amz-Target", target), ("Content-Type", _CONTENT_TYPE))
    return Request("POST", f"https://api.{service}.invalid/", headers, b"")


def _members(data: Mapping[str, Any]) -> dict[str, Any]:
    """The body that boto3's parser made this of."""
    members = {name: value for name, value in data.items() if name != "ResponseMetadata"}
    error = members.pop("Error", None)
    if error is None:
        return {name: _on_the_wire(value) for name, value in members.items()}
    told = {"__type": error["Code"], "message": error["Message"]}
    repeated = {"message", "Message"}  # boto3 gives modelled errors their members as well
    rest = {name: value for name, value in members.items() if name not in repeated}
    return {**told, **{name: _on_the_wire(value) for name, value in rest.items()}}


def _on_the_wire(value: Any) -> Any:
    if isinstance(value, list):
        return [_on_the_wire(each) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get(_CLASS) == "datetime":
        return _seconds(value)
    return {name: _on_the_wire(each) for name, each in value.items()}


def _seconds(value: Mapping[str, Any]) -> float:
    """A time as JSON 1.1 has it: seconds since 1970."""
    fields = ("year", "month", "day", "hour", "minute", "second", "microsecond")
    parts = {name: value[name] for name in fields}
    seconds = datetime(**parts, tzinfo=timezone.utc).timestamp()
    return int(seconds) if seconds.is_integer() else seconds


def _answer_headers(recorded: Mapping[str, str], length: int) -> Headers:
    kept = [(name, value) for name, value in recorded.items() if name.lower() != "content-length"]
    if header(tuple(kept), "Content-Type") is None:
        kept.append(("Content-Type", _CONTENT_TYPE))
    return (*kept, ("Content-Length", str(length)))
