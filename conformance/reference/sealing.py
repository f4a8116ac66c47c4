"""Codes that only the holder of a secret can make: for tokens, signatures and fixed identifiers."""

from __future__ import annotations

import hashlib
import hmac


def seal(secret: bytes, text: str) -> bytes:
    """The 32 bytes that ``secret`` makes of ``text``."""
    return hmac.new(secret, text.encode(), hashlib.sha256).digest()
