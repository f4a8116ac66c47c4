"""Which recorded request a new one is: the same operation with the same parameters.

Every call of ECR is ``POST /``, so method and URL, by which vcrpy goes, tell nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from conformance.transport.exchange import NotJson, Request, header, parse_json

Key = tuple[str, str]
"""What is asked for (service and operation, or method and path), and with what."""

ANYTHING = "\ud800"
"""Stands for the parameters of a request whose body was not recorded: what no body reads as."""

LARGEST_BLOB = 1024
"""Characters of base64 up to which a layer stands in a cassette itself."""

_BLOB = "layerPartBlob"


def key_of(request: Request) -> Key:
    """What a request is found by. Order and spaces of its JSON do not count; everything else does.

    The signature is no part of it, nor where the request went.
    """
    target = header(request.headers, "X-Amz-Target")
    if target is None:
        return _address(request), canonical(request.body)
    return target, canonical(request.body)


def canonical(body: bytes) -> str:
    """A body in the one form that all ways to write it share; itself where it is no JSON object.

    A layer is told by digest and length, whether or not it stands in the body itself.
    """
    try:
        parsed = parse_json(body)
    except NotJson:
        return body.decode("utf-8", "surrogateescape")
    if isinstance(parsed, dict) and isinstance(parsed.get(_BLOB), str):
        parsed = {**parsed, _BLOB: shortened(parsed[_BLOB])}
    return json.dumps(parsed, sort_keys=True, separators=(",", ":"))


def shortened(blob: str) -> str | dict[str, Any]:
    """A layer's base64, or digest and length where it is long."""
    if len(blob) <= LARGEST_BLOB:
        return blob
    return {"sha256": hashlib.sha256(blob.encode()).hexdigest(), "length": len(blob)}


def without_blob(body: bytes) -> bytes:
    """A request's body with a long layer told by digest and length: what a cassette keeps.

    Whoever replays the scenario makes the layer again, from the seed.
    """
    if len(body) <= LARGEST_BLOB or _BLOB.encode() not in body:
        return body
    try:
        parsed = parse_json(body)
    except NotJson:
        return body
    if not isinstance(parsed, dict) or not isinstance(parsed.get(_BLOB), str):
        return body
    return json.dumps({**parsed, _BLOB: shortened(parsed[_BLOB])}).encode()


def _address(request: Request) -> str:
    """Method, path and query of a request that names no operation; a signed query without that."""
    parts = urlsplit(request.url)
    query = sorted(
        f"{name}={value}" for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not name.lower().startswith("x-amz-")
    )  # fmt: skip
    return f"{request.method} {parts.path or '/'}?{'&'.join(query)}"


def parameters_of(key: Key) -> Mapping[str, Any] | None:
    """The parameters in a key; ``None`` where they are no JSON object."""
    try:
        parsed = json.loads(key[1])
    except ValueError:
        return None
    return parsed if isinstance(parsed, dict) else None
