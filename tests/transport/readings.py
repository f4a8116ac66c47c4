"""Every way to read some bytes: unquoted, unescaped, decoded from base64, and that again.

Written without the code that it is there to check, and without regard to time.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

_RUN = re.compile(rb"[\w+/-]{12,}")
_READABLE = re.compile(rb"[ -~\n\r\t]{8}")
_UNICODE = re.compile(rb"\\u00([0-9A-Fa-f]{2})")
_SHORT = re.compile(rb'\\(["\\/bfnrt])')
_CONTROLS = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}


def readings(content: bytes, depth: int = 7) -> set[bytes]:
    """The bytes themselves and all that can be read in them, and in that."""
    found = {content}
    newest = found
    for _ in range(depth):
        newest = {inner for outer in newest for inner in _within(outer)} - found
        found |= newest
    return found


def _within(content: bytes) -> Iterator[bytes]:
    yield unquote_to_bytes(content)
    yield _unescaped(content)
    for run in _RUN.findall(content):
        encoded = run.replace(b"-", b"+").replace(b"_", b"/")
        for start in range(4):
            part = encoded[start:]
            part = part[:-1] if len(part) % 4 == 1 else part
            decoded = base64.b64decode(part + b"=" * (-len(part) % 4))
            if _READABLE.search(decoded):
                yield decoded


def _unescaped(content: bytes) -> bytes:
    """JSON's escapes undone from left to right, as a parser does it."""
    escape = re.compile(_UNICODE.pattern + b"|" + _SHORT.pattern)
    return escape.sub(_character, content)


def _character(escape: re.Match[bytes]) -> bytes:
    code, short = escape.groups()
    return bytes([int(code, 16)]) if code else _CONTROLS.get(short, short)
