"""What of a run is not told: credentials, and whose account it was that the run was in.

Credentials never are. Where the target is somebody's, the owner's account becomes the example
account of AWS's documentation, any other one zeros, and names that are not the suite's become
others of their form, as in a recording.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from conformance.once import Once
from conformance.suite.checks import Check
from conformance.suite.run import Run
from conformance.transport.exchange import Exchange, Headers
from conformance.transport.names import OWN_NAMES
from conformance.transport.redaction import known_secrets, redact, redact_text
from conformance.transport.redaction.accounts import ACCOUNT, EXAMPLE, is_dummy
from conformance.transport.redaction.masks import LEAST_SALT, Masks
from conformance.transport.redaction.names import Names

_OTHERS = "0" * 12


@dataclass(frozen=True, slots=True)
class _Told:
    """An exchange as it is told, and the credentials that were in it."""

    exchange: Exchange
    secrets: frozenset[str]


class Concealment:
    """Takes out of checks, where they leave the process that made them, what is not told.

    The checks of a scenario have exchanges in common, and have them in common still.
    """

    def __init__(self, run: Run) -> None:
        self._owned = run.target.owned and not run.replays
        self._own = run.target.account
        self._names = Names(OWN_NAMES, Masks(secrets.token_bytes(LEAST_SALT)).name)
        self._told = Once(self._tell)

    def forget(self) -> None:
        """Let go of the exchanges of a scenario, of which nothing more will be told."""
        self._told.forget()

    def text(self, text: str) -> str:
        """A text without account ids, and without names that are told by their form."""
        if not self._owned:
            return text
        # The account beside a name tells whether it is anybody's.
        return ACCOUNT.sub(lambda found: self._shown(found[0]), self._names.in_text(text))

    def check(self, check: Check) -> Check:
        """A check that may be told: its message and its exchanges."""
        told = [self._told(each) for each in check.exchanges]
        known = frozenset[str]().union(*(each.secrets for each in told))
        message = redact_text(self.text(check.message), known)
        return replace(check, message=message, exchanges=tuple(each.exchange for each in told))

    def _tell(self, exchange: Exchange) -> _Told:
        shown = self._without_owner(exchange) if self._owned else exchange
        return _Told(redact(shown), frozenset(known_secrets(shown, answers=True)))

    def _shown(self, account: str) -> str:
        if account == self._own:
            return EXAMPLE
        return account if is_dummy(account) else _OTHERS

    def _without_owner(self, exchange: Exchange) -> Exchange:
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
