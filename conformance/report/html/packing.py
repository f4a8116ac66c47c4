"""Fragments of a page, compressed until somebody opens the fold they are behind.

Exchanges and scripts of a whole run are some 20 MB that are very much alike. A pack is one zlib
stream of a JSON object, in base64, which a browser unpacks by itself (``DecompressionStream``).
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable

__all__ = ["packed", "unpacked"]


def packed(fragments: Iterable[tuple[str, str]]) -> str:
    """Fragments, each after its name, as one word in which no character means anything in HTML.

    They need not be there at once.
    """
    # What is alike is found 32 KiB back at most, so fragments of a kind should follow each other.
    stream, before = zlib.compressobj(9), "{"
    word = bytearray()
    for name, fragment in fragments:
        word += stream.compress(f"{before}{json.dumps(name)}:{json.dumps(fragment)}".encode())
        before = ","
    word += stream.compress(b"{}" if before == "{" else b"}") + stream.flush()
    return base64.b64encode(word).decode()


def unpacked(word: str) -> dict[str, str]:
    """The inverse of ``packed``."""
    fragments: dict[str, str] = json.loads(zlib.decompress(base64.b64decode(word)))
    return fragments
