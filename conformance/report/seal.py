"""The seal of a document: a digest over all that it says, so that an edit is noticed.

It is no signature: who edits a document can seal it anew. It proves that a file is what some run
wrote, whole and unaltered on its way; not who ran it, nor that the target was what it says it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["SEAL", "is_unbroken", "sealed"]

SEAL = "seal"
"""The member that holds the seal."""


def sealed(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with its seal as the last member."""
    content = _content(document)
    return {**content, SEAL: _digest(content)}


def is_unbroken(document: Mapping[str, Any]) -> bool:
    """Whether the document says what it said when it was sealed."""
    return document.get(SEAL) == _digest(_content(document))


def _content(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != SEAL}


def _digest(content: Mapping[str, Any]) -> str:
    # Canonical: members sorted, no spaces, ASCII only. The order of members and the indent are
    # nobody's message, and a lone surrogate, which a target may send, has no UTF-8.
    digest = hashlib.sha256(b"{")
    for number, name in enumerate(sorted(content)):
        digest.update(f"{',' if number else ''}{_canonical(name)}:".encode("ascii"))
        for piece in _pieces(content[name]):
            digest.update(piece.encode("ascii"))
    digest.update(b"}")
    return f"sha256:{digest.hexdigest()}"


def _pieces(value: object) -> Iterator[str]:
    """A member's value, a list item by item: the rules of a report are tens of megabytes."""
    if not isinstance(value, list):
        yield _canonical(value)
        return
    yield "["
    for number, item in enumerate(value):
        yield f"{',' if number else ''}{_canonical(item)}"
    yield "]"


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
