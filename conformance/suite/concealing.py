"""Whose account it was that a run was in: not told by what the run says.

The owner's account becomes the example account of AWS's documentation, any other one zeros.
"""

from __future__ import annotations

from dataclasses import replace

from conformance.suite.checks import Check
from conformance.suite.run import Run
from conformance.transport.exchange import Exchange, Headers
from conformance.transport.redaction.accounts import ACCOUNT, EXAMPLE, is_dummy

_OTHERS = "0" * 12


class Concealment:
    """Takes the account ids out of what a run tells, where its target is somebody's."""

    def __init__(self, run: Run) -> None:
        self._needed = run.target.owned and not run.replays
        self._own = run.target.account

    def text(self, text: str) -> str:
        """A text without account ids."""
        return ACCOUNT.sub(lambda found: self._shown(found[0]), text) if self._needed else text

    def check(self, check: Check) -> Check:
        """A check without account ids, in its message and its exchanges."""
        if not self._needed:
            return check
        exchanges = tuple(self._exchange(each) for each in check.exchanges)
        return replace(check, message=self.text(check.message), exchanges=exchanges)

    def _shown(self, account: str) -> str:
        if account == self._own:
            return EXAMPLE
        return account if is_dummy(account) else _OTHERS

    def _exchange(self, exchange: Exchange) -> Exchange:
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
