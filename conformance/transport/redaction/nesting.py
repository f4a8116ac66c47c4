"""Texts within texts: escaped in JSON, percent-encoded, base64.

Each function shows ``redact`` the inner text and writes back what that changed, and nothing else.
As ``redact`` keeps a text's length, a character of the inner text always has its own place in the
outer one, whose every other byte stays.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable

__all__ = [
    "CONTENT",
    "END",
    "LENIENT",
    "STRING",
    "Redact",
    "base64_of",
    "has_escapes",
    "in_base64",
    "in_escapes",
    "in_percent",
    "in_words",
    "unescaped",
]

Redact = Callable[[str], str]
"""Gives a text of the same length, in which only letters, digits and ``+/-_`` are other ones."""

CONTENT = r'[^"\\]*(?:\\.[^"\\]*)*'
END = r'(?:"|\\?\Z)'
STRING = f'"{CONTENT}{END}'
"""A JSON string, a last one that is cut off, too. Searching for all of them keeps the search in
phase (outside of strings JSON has no quotes) and linear."""

LENIENT = json.JSONDecoder(strict=False)
"""Takes control characters in strings, as a sender may have written them."""

_ESCAPE = re.compile(r'\\(?:u[0-9A-Fa-f]{4}|["\\/bfnrt])')
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORD = re.compile(r'[^\s"<>\\]+')
_PERCENT = re.compile("%[0-9A-Fa-f]{2}")


def in_escapes(text: str, redact: Redact) -> str:
    """Redact a text in which characters are escaped as in JSON strings."""
    return _through(text, _ESCAPE, redact, unescaped, _escaped)


def in_percent(text: str, redact: Redact) -> str:
    """Redact a text in which bytes are percent-encoded, as in URLs."""
    return _through(text, _PERCENT, redact, _unquoted, _quoted)


def in_words(text: str, redact: Redact) -> str:
    """Redact those words of a text in which bytes are percent-encoded."""

    def word(found: re.Match[str]) -> str:
        return in_percent(found[0], redact) if _PERCENT.search(found[0]) else found[0]

    return _WORD.sub(word, text) if "%" in text else text


def _through(
    text: str,
    coded: re.Pattern[str],
    redact: Redact,
    decode: Redact,
    encode: Callable[[str, str], str],
) -> str:
    inner = decode(text)
    changed = redact(inner)
    if changed == inner:
        return text
    pieces: list[str] = []
    at = index = 0
    for unit in coded.finditer(text):
        following = index + unit.start() - at
        kept = changed[following] == inner[following]
        pieces += changed[index:following], unit[0] if kept else encode(unit[0], changed[following])
        at, index = unit.end(), following + 1
    return "".join([*pieces, changed[index:]])


def has_escapes(text: str) -> bool:
    """Whether there is something that is an escape in a JSON string."""
    return "\\" in text and _ESCAPE.search(text) is not None


def unescaped(text: str) -> str:
    """A text whose characters are escaped as in JSON strings, without escapes."""
    if "\\" not in text:
        return text
    if "\\u" not in text:  # of which two may stand for one character
        try:
            return str(LENIENT.decode(f'"{text}"'))
        except ValueError:
            pass  # not in a JSON string
    return _ESCAPE.sub(lambda escape: _character(escape[0]), text)


def _character(escape: str) -> str:
    if escape[1] == "u":
        return chr(int(escape[2:6], 16))
    return _SHORT.get(escape[1], escape[1])


def _escaped(before: str, character: str) -> str:
    return f"\\u{ord(character):04x}" if before[1] == "u" else character


def _unquoted(text: str) -> str:
    return _PERCENT.sub(lambda unit: chr(int(unit[0][1:], 16)), text)


def _quoted(_: str, character: str) -> str:
    return f"%{ord(character):02X}"


_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_TO_STANDARD = str.maketrans("-_", "+/")
_TO_URL_SAFE = str.maketrans("+/", "-_")
_TEXT = [9, 10, 13, *range(32, 127)]
_LEAST_GROUPS = 3  # twelve digits are in so many groups of which they fill each


def _class(values: Iterable[int]) -> str:
    characters = "".join(_ALPHABET[value] for value in set(values))
    return f"[{re.escape(characters + characters.translate(_TO_URL_SAFE))}]"


# Four characters that hold three bytes of ASCII text: in what is not base64 of text, such as names
# and digests, several such in a row hardly occur, wherever one begins to count.
_GROUP = (
    _class(byte >> 2 for byte in _TEXT)
    + _class((first & 3) << 4 | second >> 4 for first in _TEXT for second in _TEXT)
    + _class((second & 15) << 2 | third >> 6 for second in _TEXT for third in _TEXT)
    + _class(byte & 63 for byte in _TEXT)
)
_HOLDS_TEXT = re.compile(_GROUP * _LEAST_GROUPS)
_HOLDS_TEXT_ALIGNED = re.compile(rf"(?:[\w+/-]{{4}})*?{_HOLDS_TEXT.pattern}", re.ASCII)
_RUN = re.compile(rf"[\w+/-]{{{4 * _LEAST_GROUPS},}}", re.ASCII)


def base64_of(text: str) -> list[str]:
    """What base64 of anything that has the text in it has of the text alone, by where it begins."""
    shifted = (base64.b64encode(b"\0" * shift + text.encode()).decode() for shift in range(3))
    return [
        each[(0, 2, 3)[shift] : (shift + len(text.encode())) * 8 // 6]
        for shift, each in enumerate(shifted)
    ]


def in_base64(text: str, redact: Redact) -> str:
    """Redact a text in which parts may be base64 of text, of either alphabet, padded or not."""
    if not _HOLDS_TEXT.search(text):
        return text
    return _RUN.sub(lambda run: _in_run(run[0], redact), text)


def _in_run(run: str, redact: Redact) -> str:
    """Where in the run the base64 begins is not known: what stands before it may look like it."""
    if _HOLDS_TEXT.search(run):
        for start in range(4):
            run = run[:start] + _in_groups(run[start:], redact)
    return run


def _in_groups(encoded: str, redact: Redact) -> str:
    if not _HOLDS_TEXT_ALIGNED.match(encoded):
        return encoded
    whole = len(encoded) - (len(encoded) % 4 == 1)  # a single character holds no byte
    padded = encoded[:whole].translate(_TO_STANDARD) + "=" * (-whole % 4)
    inner = base64.b64decode(padded).decode("latin-1")
    changed = redact(inner)
    if changed == inner:
        return encoded
    again = base64.b64encode(changed.encode("latin-1")).decode()[:whole]
    if "-" in encoded or "_" in encoded:
        again = again.translate(_TO_URL_SAFE)
    pieces = (
        encoded[at : at + 4]
        if changed[at // 4 * 3 : at // 4 * 3 + 3] == inner[at // 4 * 3 : at // 4 * 3 + 3]
        else again[at : at + 4]
        for at in range(0, whole, 4)
    )
    return "".join(pieces) + encoded[whole:]
