"""Fragments of a page, compressed until somebody opens the fold they are behind.

Exchanges and scripts of a whole run are some 20 MB that are very much alike. A pack is one zlib
stream of a JSON object, in base64, which a browser unpacks by itself (``DecompressionStream``).
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping

__all__ = ["packed", "unpacked"]


def packed(fragments: Mapping[str, str]) -> str:
    """Fragments by name as one word, in which no character means anything in HTML."""
    # What is alike is found 32 KiB back at most, so fragments of a kind should follow each other.
    return base64.b64encode(zlib.compress(json.dumps(dict(fragments)).encode(), 9)).decode()


def unpacked(word: str) -> dict[str, str]:
    """The inverse of ``packed``."""
    fragments: dict[str, str] = json.loads(zlib.decompress(base64.b64decode(word)))
    return fragments
