"""What digests are of: manifests, which are texts, and layers, which are not read as such."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

from conformance.transport.redaction.finding import members
from conformance.transport.redaction.texts import Texts

__all__ = ["changed_contents", "redacted_body"]

_MANIFEST, _LAYER = "imageManifest", "layerPartBlob"

_SMALL = 64 * 1024
"""Characters up to which a layer may be a configuration, which names the digests of layers."""


def changed_contents(body: str, texts: Texts) -> Iterator[tuple[bytes, bytes]]:
    """The contents in a body that redaction changes, as they were and as they will be."""
    for found in members(body, _MANIFEST):
        changed = texts.escaped(found["value"])
        if changed != found["value"]:
            yield _utf8(found["value"]), _utf8(changed)
    for found in members(body, _LAYER):
        changed = _layer(found["value"], texts)
        if changed != found["value"]:
            yield base64.b64decode(found["value"]), base64.b64decode(changed)


def redacted_body(body: str, texts: Texts) -> str:
    """A body whose layers keep all but what is known to be secret."""
    layers = iter([_layer(found["value"], texts) for found in members(body, _LAYER)])
    without_layers = _with_layers(body, iter(lambda: "", None))
    return _with_layers(texts.redact(without_layers), layers)


def _with_layers(body: str, layers: Iterator[str]) -> str:
    pieces: list[str] = []
    at = 0
    for found in members(body, _LAYER):
        pieces += body[at : found.start("value")], next(layers)
        at = found.end("value")
    return "".join([*pieces, body[at:]])


def _layer(encoded: str, texts: Texts) -> str:
    if len(encoded) > _SMALL and not texts.may_hold_known(encoded):
        return encoded
    try:
        content = base64.b64decode(encoded, validate=True).decode("latin-1")
    except ValueError:
        return texts.redact(encoded)
    changed = texts.known(content)
    return encoded if changed == content else base64.b64encode(changed.encode("latin-1")).decode()


def _utf8(escaped: str) -> bytes:
    """The bytes of the text that a JSON string holds; the string is given as latin-1."""
    content = json.loads(
        f'"{escaped}"'.encode("latin-1").decode("utf-8", "surrogateescape"), strict=False
    )
    return str(content).encode("utf-8", "surrogatepass")
