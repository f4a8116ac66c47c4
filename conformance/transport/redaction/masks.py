"""Replacements that keep a secret's form: its length, and of each character the class.

What a recording is judged by stays as it was: a text of 64 hexadecimal digits is one still, and
base64 of a user and a password still is that. The same secret has the same replacement wherever one
salt is used, so that references within a recording match; without the salt it cannot be found by
trying.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import string

from conformance.transport.redaction.accounts import ACCOUNT, is_dummy

__all__ = ["LEAST_SALT", "Masks"]

LEAST_SALT = 16
"""Bytes a salt has at least."""

_SHORT = 16
"""Letters and digits below which a text is no secret but says ``test``; it gets a constant."""

_DIGITS, _LOWER, _UPPER = string.digits, string.ascii_lowercase, string.ascii_uppercase
_CLASSES = str.maketrans(_DIGITS + _LOWER + _UPPER, "0" * 10 + "a" * 26 + "A" * 26)
_CONSTANTS = str.maketrans(_DIGITS + _LOWER + _UPPER, "0" * 10 + "x" * 26 + "X" * 26)
_FIXED = "\0"
_HEXADECIMAL = re.compile("[0-9]*[a-f][0-9a-f]*")
_LETTER_OR_DIGIT = re.compile("[0-9A-Za-z]")


def _table(characters: str) -> str:
    """What each byte stands for."""
    return "".join(characters[byte % len(characters)] for byte in range(256))


_TABLES = {"0": _table(_DIGITS), "a": _table(_LOWER), "A": _table(_UPPER), _FIXED: _table("0")}


class Masks:
    """The replacements that one salt gives."""

    def __init__(self, salt: bytes) -> None:
        if len(salt) < LEAST_SALT:
            raise ValueError(f"a salt of {len(salt)} bytes; it has {LEAST_SALT} at least")
        self._salt = salt
        self._accounts: set[str] = set()
        self._names: set[str] = set()

    def secret(self, text: str) -> str:
        """What stands for a secret; for base64 of a user and a password such again.

        Emulators take a key of twelve digits for an account, which is left to be replaced as such.
        """
        if ACCOUNT.fullmatch(text):
            return text
        decoded = _credentials(text)
        if decoded is None:
            return self._masked(text)
        user, colon, password = decoded.partition(":")
        user = user if user == "AWS" else self._masked(user)
        masked = base64.b64encode(f"{user}{colon}{self._masked(password)}".encode()).decode()
        return masked.rstrip("=").ljust(len(text), "=")

    def account(self, number: str) -> str:
        """Twelve digits that stand for an account's id and cannot be taken for a dummy.

        Nothing in twelve digits can tell that they stand for others, so they are remembered.
        """
        if number in self._accounts:
            return number
        masked = number
        while masked == number or is_dummy(masked):
            masked = self._formed("0" * 12, f"account {masked}", self._salt)
        self._accounts.add(masked)
        return masked

    def name(self, text: str) -> str:
        """What stands for somebody's name, however short; others have another one.

        Nothing in a short name can tell that it stands for another, so they are remembered.
        """
        if text in self._names:
            return text
        masked = self._formed(_classes(text), f"name {text}", self._salt)
        self._names.add(masked)
        return masked

    def _masked(self, text: str) -> str:
        """The second half follows from the first, so that what was replaced already is known.

        It does so without the salt: whoever checks a recording later has none, and it tells nothing
        that the first half does not.
        """
        if len(text) < _SHORT or len(_LETTER_OR_DIGIT.findall(text)) < _SHORT:
            return text.translate(_CONSTANTS)
        drawn = self._hexadecimal if _HEXADECIMAL.fullmatch(text) else self._formed
        classes = _classes(text)
        half = len(text) // 2
        if text == text[:half] + drawn(classes[half:], text[:half], b""):
            return text
        first = drawn(classes[:half], text, self._salt)
        return first + drawn(classes[half:], first, b"")

    @staticmethod
    def _hexadecimal(classes: str, source: str, salt: bytes) -> str:
        return _stream(source, len(classes), salt).hex()[: len(classes)]

    @staticmethod
    def _formed(classes: str, source: str, salt: bytes) -> str:
        return "".join(
            [
                _TABLES[name][byte] if name in _TABLES else name
                for name, byte in zip(classes, _stream(source, len(classes), salt), strict=True)
            ]
        )


def _classes(text: str) -> str:
    """Of each character the class; what would look like an account's id gets zeros."""
    return ACCOUNT.sub(_FIXED * 12, text).translate(_CLASSES)


def _stream(source: str, length: int, salt: bytes) -> bytes:
    # A sponge keyed by what comes first is a keyed hash of any length (FIPS 202, A.2).
    return hashlib.shake_256(salt + source.encode("utf-8", "surrogatepass")).digest(length)


def _credentials(text: str) -> str | None:
    """What a base64 text of a user, a colon and a password holds."""
    content = text.rstrip("=")
    try:
        plain = base64.b64decode(content + "=" * (-len(content) % 4), validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    return plain if ":" in plain and plain.isprintable() else None
