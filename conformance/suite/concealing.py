"""Whose account it was that a run was in, and who and what is there: not told by what it says.

The owner's account becomes the example account of AWS's documentation, any other one zeros. Names
that are not the suite's become others of their form, as in a recording.
"""

from __future__ import annotations

import secrets
from dataclasses import replace

from conformance.suite.checks import Check
from conformance.suite.run import Run
from conformance.transport.exchange import Exchange, Headers
from conformance.transport.names import OWN_NAMES
from conformance.transport.redaction.accounts import ACCOUNT, EXAMPLE, is_dummy
from conformance.transport.redaction.masks import LEAST_SALT, Masks
from conformance.transport.redaction.names import Names

_OTHERS = "0" * 12


class Concealment:
    """Takes account ids and names out of what a run tells, where its target is somebody's."""

    def __init__(self, run: Run) -> None:
        self._needed = run.target.owned and not run.replays
        self._own = run.target.account
        self._names = Names(OWN_NAMES, Masks(secrets.token_bytes(LEAST_SALT)).name)

    def text(self, text: str) -> str:
        """A text without account ids, and without names that are told by their form."""
        if not self._needed:
            return text
        # The account beside a name tells whether it is anybody's.
        return ACCOUNT.sub(lambda found: self._shown(found[0]), self._names.in_text(text))

    def check(self, check: Check) -> Check:
        """A check without account ids and names, in its message and its exchanges."""
        if not self._needed:
            return check
        exchanges = tuple(self._exchange(each) for each in check.exchanges)
        return replace(check, message=self.text(check.message), exchanges=exchanges)

    def _shown(self, account: str) -> str:
        if account == self._own:
            return EXAMPLE
        return account if is_dummy(account) else _OTHERS

    def _exchange(self, exchange: Exchange) -> Exchange:
        exchange = self._names.in_listing(exchange)
        asked, answer = exchange.request, exchange.response
        asked = replace(
            asked,
            url=self.text(asked.url),
            headers=self._headers(asked.headers),
            body=self._bytes(asked.body),
        )
        if answer is not None:
            headers, body = self._headers(answer.headers), self._bytes(answer.body)
            answer = replace(answer, headers=headers, body=body)
        failure = exchange.failure and self.text(exchange.failure)
        return replace(exchange, request=asked, response=answer, failure=failure)

    def _headers(self, headers: Headers) -> Headers:
        return tuple((name, self.text(value)) for name, value in headers)

    def _bytes(self, body: bytes) -> bytes:
        # Latin-1 maps every byte to a character and back, whatever the body's encoding is.
        return self.text(body.decode("latin-1")).encode("latin-1")
