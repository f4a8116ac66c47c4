"""What digests are of: manifests, which are texts, and layers, which are not read as such."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator

from conformance.transport.exchange import Exchange, Request, Response
from conformance.transport.redaction.finding import members
from conformance.transport.redaction.nesting import LENIENT
from conformance.transport.redaction.texts import Texts

__all__ = [
    "changed_contents",
    "changed_layers",
    "has_contents",
    "is_layer",
    "redacted_body",
]

_MANIFEST, _LAYER = "imageManifest", "layerPartBlob"

_FIRST_BYTE = re.compile(r'"partFirstByte"\s*:\s*([0-9]{1,15})')
_TEXT = re.compile("text/|application/(?:json|xml|x-amz-json)", re.IGNORECASE)

Change = tuple[bytes, bytes]
"""A content as it was and as it is now."""

_SMALL = 64 * 1024
"""Characters up to which a layer may be a configuration, which names the digests of layers."""


def has_contents(exchange: Exchange) -> bool:
    """Whether an exchange may hold manifests or layers."""
    return any(_MANIFEST in body or _LAYER in body for body in _bodies(exchange))


def changed_contents(before: Exchange, after: Exchange) -> Iterator[Change]:
    """The contents in an exchange that redaction changed."""
    for old, new in zip(_bodies(before), _bodies(after), strict=True):
        if old != new:
            for name, content in ((_MANIFEST, _text), (_LAYER, _content)):
                values = zip(_values(old, name), _values(new, name), strict=True)
                yield from ((content(was), content(now)) for was, now in values if was != now)


def changed_layers(exchanges: Iterable[tuple[Exchange, Exchange]]) -> Iterator[Change]:
    """The layers uploaded in several parts that redaction changed."""
    uploads: dict[str, dict[int, Change]] = {}
    for before, after in exchanges:
        if before.response is not None and before.response.status < 400:
            for upload, first, part in _parts(_bodies(before)[0], _bodies(after)[0]):
                uploads.setdefault(upload, {})[first] = part
    for parts in uploads.values():
        old, new = (
            b"".join(each) for each in zip(*(parts[at] for at in sorted(parts)), strict=True)
        )
        if len(parts) > 1 and old != new:
            yield old, new


def _parts(before: str, after: str) -> Iterator[tuple[str, int, Change]]:
    """The upload that a body is about, where the part begins and what it is."""
    uploads, first = _values(before, "uploadId"), _FIRST_BYTE.search(before)
    if uploads and first is not None:
        for old, new in zip(_values(before, _LAYER), _values(after, _LAYER), strict=True):
            yield uploads[0], int(first[1]), (_content(old), _content(new))


def _values(body: str, name: str) -> list[str]:
    return [found["value"] for found in members(body, name)]


def _bodies(exchange: Exchange) -> tuple[str, str]:
    """Both bodies. Latin-1 maps every byte to a character and back, whatever the encoding is."""
    answer = b"" if exchange.response is None else exchange.response.body
    return exchange.request.body.decode("latin-1"), answer.decode("latin-1")


def is_layer(request: Request, answer: Response) -> bool:
    """Whether an answer is a layer that is downloaded."""
    kind = answer.header("Content-Type") or ""
    return request.method == "GET" and answer.status < 400 and not _TEXT.match(kind)


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
        return texts.escaped(encoded)
    changed = texts.known(content)
    return encoded if changed == content else base64.b64encode(changed.encode("latin-1")).decode()


def _content(encoded: str) -> bytes:
    """What a layer's digest is of; the text itself where it is not base64."""
    try:
        return base64.b64decode(encoded, validate=True)
    except ValueError:
        return encoded.encode("latin-1")


def _text(escaped: str) -> bytes:
    """What a manifest's digest is of: its text in UTF-8, given as its bytes stand in the body."""
    literal = f'"{escaped}"'.encode("latin-1").decode("utf-8", "surrogateescape")
    try:
        return str(LENIENT.decode(literal)).encode("utf-8", "surrogatepass")
    except ValueError:
        return escaped.encode("latin-1")
