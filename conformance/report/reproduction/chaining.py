"""Values that a target makes up in one answer and a later request sends back.

The next run gets others, so a script has to take them from its own answers.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from conformance.report.reproduction.values import Path, strings
from conformance.transport.exchange import Exchange

__all__ = ["DOWNLOAD", "Capture", "Value", "captures", "download", "members"]

DOWNLOAD = "downloadUrl"
_CHAINED = ("uploadId", "nextToken", "imageDigest", DOWNLOAD)
_NAMES = tuple(name.encode() for name in _CHAINED)

_MEMBER = re.compile(
    r'"(?P<name>uploadId|nextToken|imageDigest)"\s*:\s*(?P<value>"[^"\\]*(?:\\.[^"\\]*)*")'
)

Value = tuple[str, str]
"""A member's name and its value."""


@dataclass(frozen=True, slots=True)
class Capture:
    """A value of an answer that a later request sends; ``variable`` is its name in scripts."""

    variable: str
    value: Value
    path: Path


def members(text: str) -> Iterator[tuple[Value, int, int]]:
    """The chainable members in a request's text, each with its value's first and last offset."""
    for found in _MEMBER.finditer(text):
        yield (found["name"], _decoded(found["value"])), found.start("value"), found.end("value")


def download(exchange: Exchange) -> str:
    """The address a layer was fetched from, without query; empty for a request of the API."""
    request = exchange.request
    fetches = request.method == "GET" and not exchange.operation
    return request.url.partition("?")[0] if fetches else ""


def captures(exchanges: Sequence[Exchange]) -> list[tuple[Capture, ...]]:
    """For each exchange what its answer gives to later ones; each value is taken once."""
    last_use = {value: at for at, each in enumerate(exchanges) for value in _needs(each)}
    names, known, digests = list[str](), set[Value](), set[str]()
    taken = []
    for at, exchange in enumerate(exchanges):
        digests |= _digests(exchange.request.body)
        found = []
        for value, path in _answered(exchange):
            if last_use.get(value, -1) <= at or value in known or value[1] in digests:
                continue
            known.add(value)
            if not _sent(value[1], exchanges[: at + 1]):
                found.append(Capture(_name(value[0], names), value, path))
        taken.append(tuple(found))
    return taken


def _needs(exchange: Exchange) -> set[Value]:
    body = exchange.request.body.decode("utf-8", "replace")
    return {value for value, _, _ in members(body)} | {(DOWNLOAD, download(exchange))}


def _answered(exchange: Exchange) -> Iterator[tuple[Value, Path]]:
    answer = b"" if exchange.response is None else exchange.response.body
    if b"\\u" not in answer and not any(name in answer for name in _NAMES):
        return  # most answers have none, and need not be parsed to know it
    for path, value in strings(answer):
        member = str(path[-1]) if path else ""
        if member in _CHAINED:
            # Queries are redacted, differently in an answer and in an address.
            yield (member, value.partition("?")[0] if member == DOWNLOAD else value), path


def _sent(value: str, exchanges: Sequence[Exchange]) -> bool:
    """Whether the value was known before it was answered: then it is written down as it is."""
    text = value.encode("utf-8", "replace")
    return any(text in exchange.request.body for exchange in exchanges)


def _digests(body: bytes) -> set[str]:
    """The digests of the texts in a request: an image's digest is its manifest's."""
    encoded = (text.encode("utf-8", "surrogatepass") for _, text in strings(body))
    return {f"sha256:{hashlib.sha256(text).hexdigest()}" for text in encoded}


def _decoded(token: str) -> str:
    try:
        return str(json.loads(token))
    except ValueError:
        return token


def _name(member: str, taken: list[str]) -> str:
    """``upload_id``, then ``upload_id_2``; adds it to ``taken``."""
    word = re.sub("([A-Z])", r"_\1", member).lower()
    count = sum(name == word or name.startswith(f"{word}_") for name in taken)
    taken.append(word if count == 0 else f"{word}_{count + 1}")
    return taken[-1]
