"""The seal of a document: a digest over all that it says, so that an edit is noticed.

It is no signature: who edits a document can seal it anew. It proves that a file is what some run
wrote, whole and unaltered on its way; not who ran it, nor that the target was what it says it is.
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["SEAL", "is_unbroken", "sealed_text"]

SEAL = "seal"
"""The member that holds the seal."""

_LAID_OUT = {"[": "[\n  ", ",": ",\n  ", "]": "\n ]"}
"""How the pieces of a list are written, so that each of its items has a line."""


def sealed_text(document: Mapping[str, Any]) -> Iterator[str]:
    """The text of a document, piece by piece, with its seal as the last member.

    A member that is an iterator is written as a list, whose items need not be there at once: those
    of a report are tens of megabytes. Each member has a line, and so has each item of a list, so
    that two documents are compared by lines.
    """
    digest, before = hashlib.sha256(b"{"), "{"
    for number, name in enumerate(sorted(set(document) - {SEAL})):
        digest.update(f"{',' if number else ''}{_canonical(name)}:".encode("ascii"))
        yield f"{before}\n {_canonical(name)}: "
        for piece in _pieces(document[name]):
            digest.update(piece.encode("ascii"))
            yield _LAID_OUT.get(piece, piece)
        before = ","
    digest.update(b"}")
    yield before
    yield _sealing(f"sha256:{digest.hexdigest()}")


def is_unbroken(document: Mapping[str, Any]) -> bool:
    """Whether the document says what it said when it was sealed."""
    (end,) = deque(sealed_text(document), maxlen=1)
    return SEAL in document and end == _sealing(document[SEAL])


def _sealing(seal: object) -> str:
    return f"\n {_canonical(SEAL)}: {_canonical(seal)}\n}}\n"


def _pieces(value: object) -> Iterator[str]:
    """A member's value as canonical text: a list item by item, with what is around them."""
    if not isinstance(value, (list, Iterator)):
        yield _canonical(value)
        return
    empty = True
    for item in value:
        yield "[" if empty else ","
        yield _canonical(item)
        empty = False
    yield "[]" if empty else "]"


def _canonical(value: object) -> str:
    # Members sorted, no spaces, ASCII only. The order of members and the indent are nobody's
    # message, and a lone surrogate, which a target may send, has no UTF-8.
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
