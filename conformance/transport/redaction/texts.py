"""What a recording may not hold, found in any text and however deeply it is wrapped up there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from conformance.transport.redaction.accounts import ACCOUNT, is_dummy
from conformance.transport.redaction.finding import in_members, in_prose, in_query
from conformance.transport.redaction.masks import Masks
from conformance.transport.redaction.names import Names
from conformance.transport.redaction.nesting import (
    CONTENT,
    END,
    LENIENT,
    base64_of,
    has_escapes,
    in_base64,
    in_escapes,
    in_words,
)

__all__ = ["DEPTH", "Texts"]

DEPTH = 5
"""How many wrappings are looked into: strings of JSON, percent-encoding, base64. A body's own
strings are the first."""

_STRING = re.compile(f'"(?P<content>{CONTENT})(?P<end>{END})', re.DOTALL)
_ANYTHING = re.compile(".+", re.DOTALL)
_KEY_ID = re.compile(r"(?<![0-9A-Za-z])A[KS]IA[0-9A-Z]{16}(?![0-9A-Za-z])")
_SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Texts:
    """Redacts texts. Each keeps its length, and everything but the secrets its place.

    ``exact`` are texts with what replaces them, longest first, ``digests`` those of contents that
    were redacted, with the new ones. ``names`` replaces other people's, where it is given.
    """

    masks: Masks
    exact: Sequence[tuple[str, str]]
    digests: Mapping[str, str]
    names: Names | None = None

    def redact(self, text: str, depth: int = DEPTH) -> str:
        """The text without secrets, also in what it holds down to a depth."""
        text = in_members(text, lambda value: in_escapes(value, self.masks.secret))
        if not has_escapes(text):
            return self._plain(text, depth)
        if _is_json(text):
            return self._document(text, depth)
        return self.known(
            self.escaped(text, depth)
        )  # an escape may end in what a secret begins with

    def escaped(self, text: str, depth: int = DEPTH) -> str:
        """The same of a text that is escaped as in a JSON string."""
        if depth == 0:
            return self._plain(text, depth)
        return in_escapes(text, lambda inner: self.redact(inner, depth - 1))

    def known(self, text: str) -> str:
        """The text without what is known already: all that is looked for in a layer's content."""
        for secret, replacement in self.exact:
            if secret in text:
                text = text.replace(secret, replacement)
        if self.digests:
            text = _SHA256.sub(lambda found: self.digests.get(found[0], found[0]), text)
        return text

    def may_hold_known(self, encoded: str) -> bool:
        """Whether base64 may hold one of the secrets that are known already."""
        return any(core in encoded for secret, _ in self.exact for core in base64_of(secret))

    def _document(self, text: str, depth: int) -> str:
        """A JSON text in whose strings there are escapes."""
        pieces, at = [], 0
        for string in _STRING.finditer(text):
            if "\\" in string[0]:
                pieces.append(self._plain(text[at : string.start()], depth, within_json=True))
                pieces.append(f'"{self.escaped(string["content"], depth)}{string["end"]}')
                at = string.end()
        pieces.append(self._plain(text[at:], depth, within_json=True))
        return "".join(pieces)

    def _plain(self, text: str, depth: int, *, within_json: bool = False) -> str:
        def inner(text: str) -> str:
            return self.redact(text, depth - 1)

        text = in_query(text, self.masks.secret)
        if depth:
            # First what is wrapped up: whose name one is, the account beside it tells.
            text = in_words(text, inner)
        text = self._words(text)
        if not all(map(is_dummy, set(ACCOUNT.findall(text)))):
            # A number of twelve digits in JSON is a size or a time.
            text = (_STRING if within_json or _is_json(text) else _ANYTHING).sub(
                self._accounts, text
            )
        return in_base64(text, inner) if depth else text

    def _words(self, text: str) -> str:
        """A text without what can be told by its form or was seen before."""
        if self.names is not None:
            text = self.names.in_text(text)
        if "oken" in text or "OKEN" in text:
            text = in_prose(text, self.masks.secret)
        text = self.known(text)
        if "KIA" in text or "SIA" in text:
            text = _KEY_ID.sub(lambda found: self.masks.secret(found[0]), text)
        return text

    def _accounts(self, part: re.Match[str]) -> str:
        return ACCOUNT.sub(lambda number: self._account(number[0]), part[0])

    def _account(self, number: str) -> str:
        return number if is_dummy(number) else self.masks.account(number)


def _is_json(text: str) -> bool:
    if text.lstrip()[:1] not in {"{", "["}:
        return False
    try:
        LENIENT.decode(text)
    except (ValueError, RecursionError):
        return False
    return True
