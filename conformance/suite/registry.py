"""The client that scenarios use: one service of one target, as one scenario sees it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn, TypeVar

from conformance.contract import Contract, only_reads
from conformance.errors import TransportError
from conformance.suite.answers import ErrorAnswer, describe, refusal, success
from conformance.suite.clients import wire_client
from conformance.suite.outcomes import Unsupported, Untestable, Withheld
from conformance.suite.running.capability import Capability
from conformance.suite.running.permissions import (
    ACCESS_DENIED,
    LEFT_ALONE,
    left_alone,
    missing_action,
)
from conformance.suite.running.settling import SETTLED
from conformance.targets import Target
from conformance.transport.clock import Clock
from conformance.transport.exchange import Exchange, Response
from conformance.transport.log import ExchangeLog
from conformance.transport.redaction.accounts import EXAMPLE
from conformance.transport.wire import WireClient

_T = TypeVar("_T")
CONSISTENCY_DEADLINE = 30.0
"""Seconds that an eventually consistent target gets to show what was written."""
_LONGEST_PAUSE = 2.0


@dataclass(frozen=True, slots=True)
class Registry:
    """What a scenario talks to.

    ``concerned`` are the operations that the scenario's check is about. An unexpected answer of
    one of them fails the check; of any other operation it only makes the check untestable.
    """

    service: str
    contract: Contract
    target: Target
    log: ExchangeLog
    client: WireClient
    concerned: Collection[str]
    capability: Capability
    name_prefix: str
    """Every repository the scenario makes starts with this."""
    content_seed: str
    """Its layers and manifests are made from this: the same for the same seed of the run."""
    clock: Clock
    """What it waits by."""

    def signed_for(self, region: str) -> Registry:
        """The same registry client, whose requests are signed for another Region."""
        return replace(self, client=wire_client(self.target, self.contract, self.log, region))

    def send(self, operation: str, parameters: Mapping[str, Any] | bytes) -> Response:
        """Send anything at all and give the response, whatever it is.

        Raises ``TransportError`` when there is none. For an operation that the target says it
        lacks, raises ``Unsupported`` where the check is about it, else ``Untestable``.
        """
        return self._send(operation, parameters, self._may_come(parameters))

    def require_usable(self, operation: str) -> None:
        """Raise ``Untestable`` for an operation that is not to be asked for.

        The target said that it lacks it, or its owner has not given leave to change so much.
        """
        lacking = self.capability.lacking
        if operation in lacking:
            raise Withheld(operation, lacking[operation])
        if operation in left_alone(self.target):
            raise Withheld(operation, LEFT_ALONE)

    def require_permitted(self, operation: str, response: Response) -> None:
        """Raise ``Untestable`` where the owner of the target has not permitted an operation."""
        if self.target.owned:
            action = missing_action(refusal(response), self.service, operation)
            if action is not None:
                raise Withheld(operation, f"permission for {action} is missing")

    def call(self, operation: str, /, **parameters: Any) -> dict[str, Any]:
        """Call an operation that has to succeed; gives the members of its answer.

        One that only reads has to do so eventually.
        """
        return self._call(operation, parameters, blame=operation in self.concerned)

    def given(self, operation: str, /, **parameters: Any) -> dict[str, Any]:
        """Arrange something by a call; when it does not succeed, the check is untestable.

        One that only reads is given time, as by ``call``.
        """
        return self._call(operation, parameters, blame=False)

    def refused(
        self, operation: str, code: str | Collection[str], /, **parameters: Any
    ) -> ErrorAnswer:
        """Call an operation that has to be refused with ``code``, or one of several codes.

        One that only reads has to be so eventually.
        """
        codes = [code] if isinstance(code, str) else sorted(code)

        def attempt() -> ErrorAnswer:
            response = self._send(operation, parameters, codes)
            error = refusal(response)
            if error is None or error.code not in codes:
                wanted = f"refusal with {' or '.join(codes)}"
                _unexpected(operation, response, wanted, blame=operation in self.concerned)
            return error

        return self._in_time(operation, attempt)

    def eventually(self, observe: Callable[[], _T]) -> _T:
        """Repeat ``observe`` while it fails, as long as the target's reads may lag its writes.

        A strongly consistent target gets one attempt and no sleep.
        """
        if self.target.consistency == "eventual":
            for _ in self.attempts(CONSISTENCY_DEADLINE, pause=1.0):
                try:
                    return observe()
                except Withheld:
                    raise
                except (AssertionError, Untestable):
                    pass
        return observe()

    def attempts(self, patience: float, pause: float = 0.1) -> Iterator[None]:
        """Come round at once, and again until ``patience`` seconds have passed.

        In between it sleeps, first for ``pause`` seconds, then longer and longer.
        """
        deadline = self.clock.monotonic() + patience
        while True:
            yield
            if self.clock.monotonic() > deadline:
                return
            self.clock.sleep(pause)
            pause = min(1.2 * pause, _LONGEST_PAUSE)

    def let_settle(self) -> None:
        """Wait until every read sees what one has seen, and what was written.

        On a strongly consistent target all of them do.
        """
        if self.target.consistency == "eventual":
            self.clock.sleep(SETTLED)

    def settle(self, operation: str, observe: Callable[[], _T]) -> _T:
        """Arrange that ``observe`` holds, as ``eventually`` does; else the check is untestable.

        ``operation`` is the one that stands in the way then.
        """
        try:
            return self.eventually(observe)
        except AssertionError as error:
            raise Untestable(operation, str(error)) from None

    def _send(
        self,
        operation: str,
        parameters: Mapping[str, Any] | bytes,
        may_come: Collection[str],
    ) -> Response:
        self.require_usable(operation)
        response = _response(self.client.send(operation, parameters))
        if self._says_no(operation, response):
            outcome = Unsupported if operation in self.concerned else Withheld
            raise outcome(operation, describe(response))
        if ACCESS_DENIED not in may_come:
            self.require_permitted(operation, response)
        return response

    def _may_come(self, parameters: Mapping[str, Any] | bytes) -> Collection[str]:
        """Errors that say nothing of what the target's owner permits: of another's registry."""
        asked = parameters.get("registryId") if isinstance(parameters, Mapping) else None
        return () if asked in (None, self.target.account or EXAMPLE) else (ACCESS_DENIED,)

    def _says_no(self, operation: str, response: Response) -> bool:
        """Whether an operation that no survey tried turns out to be lacking.

        Where it was answered in another way before, it is there, and this answer is a crash.
        """
        capability = self.capability
        if operation in capability.tried or not capability.says_no(response, operation):
            return False
        return all(
            capability.says_no(exchange.response, operation)
            for exchange in self.log.exchanges
            if exchange.operation == operation and exchange.response is not None
        )

    def _call(
        self, operation: str, parameters: Mapping[str, Any], *, blame: bool
    ) -> dict[str, Any]:
        def attempt() -> dict[str, Any]:
            response = self.send(operation, parameters)
            answer = success(response)
            if answer is None:
                _unexpected(operation, response, "success", blame=blame)
            return answer

        return self._in_time(operation, attempt)

    def _in_time(self, operation: str, attempt: Callable[[], _T]) -> _T:
        """What only reads may see too little at first; a change is never stale, nor repeated."""
        return self.eventually(attempt) if only_reads(operation) else attempt()


def _unexpected(operation: str, response: Response, wanted: str, *, blame: bool) -> NoReturn:
    __tracebackhide__ = True
    came = describe(response)
    if not blame:
        raise Untestable(operation, came)
    raise AssertionError(f"{operation}: expected {wanted}, got {came}")


def _response(exchange: Exchange) -> Response:
    if exchange.response is None:
        raise TransportError(f"{exchange.operation}: {exchange.failure}")
    return exchange.response
