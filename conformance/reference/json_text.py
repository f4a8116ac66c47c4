"""JSON as AWS reads it: strict, and of characters that can be written again."""

from __future__ import annotations

import json

from conformance.transport.exchange import NotJson, parse_json


def parsed(body: bytes) -> object:
    r"""The value of a JSON text. Raises ``NotJson``, also for half a surrogate pair (``\ud800``).

    Such a half is JSON by the letter (RFC 8259, section 8.2), but no text that UTF-8 could hold.
    """
    value: object = parse_json(body)
    if b"\\u" in body:
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise NotJson("half a surrogate pair") from None
    return value
