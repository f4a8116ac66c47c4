"""The seal of a document: a digest over all that it says, so that an edit is noticed.

It is no signature: who edits a document can seal it anew. It proves that a file is what some run
wrote, whole and unaltered on its way; not who ran it, nor that the target was what it says it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
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
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return f"sha256:{hashlib.sha256(canonical.encode('ascii')).hexdigest()}"
