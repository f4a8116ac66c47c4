"""What digests are of: manifests, which are texts, and layers, which are not read as such."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from conformance.transport.redaction.finding import members
from conformance.transport.redaction.nesting import LENIENT
from conformance.transport.redaction.texts import Texts

__all__ = ["changed_contents", "has_contents", "redacted_body"]

_MANIFEST, _LAYER = "imageManifest", "layerPartBlob"

_SMALL = 64 * 1024
"""Characters up to which a layer may be a configuration, which names the digests of layers."""


def has_contents(body: str) -> bool:
    """Whether a body may hold manifests or layers."""
    return _MANIFEST in body or _LAYER in body


def changed_contents(before: str, after: str) -> Iterator[tuple[bytes, bytes]]:
    """The contents of a body that redaction changed, as they were and as they are now."""
    for name, content in ((_MANIFEST, _text), (_LAYER, base64.b64decode)):
        for old, new in zip(members(before, name), members(after, name), strict=True):
            if old["value"] != new["value"]:
                yield content(old["value"]), content(new["value"])


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


def _text(escaped: str) -> bytes:
    """What a manifest's digest is of: its text in UTF-8, given as its bytes stand in the body."""
    text = LENIENT.decode(f'"{escaped}"'.encode("latin-1").decode("utf-8", "surrogateescape"))
    return str(text).encode("utf-8", "surrogatepass")
