"""The way to AWS: signed by the user's credentials, and sent again where AWS asks for patience."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from itertools import count
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest
from botocore.credentials import Credentials

from conformance.errors import TransportError
from conformance.targets.aws.patience import Patience
from conformance.targets.aws.refusals import reason
from conformance.targets.aws.signing import signed
from conformance.transport import Transport
from conformance.transport.clock import Clock
from conformance.transport.error_answers import refusal
from conformance.transport.exchange import Response
from conformance.transport.network import NetworkTransport


class AwsConnection:
    """A connection to whatever services of AWS requests name by their URL; threads may share it.

    What is throttled, and what AWS itself fails at for a moment, is sent again. Credentials that
    AWS does not take are a ``CredentialsRefused``, a ``TransportError``: they accuse nobody.
    ``opened`` makes the way to an address, for tests.
    """

    def __init__(
        self,
        credentials: Credentials,
        attempts: int,
        clock: Clock = time,
        opened: Callable[[str], NetworkTransport] = NetworkTransport,
    ) -> None:
        self._credentials = credentials
        self._patience = Patience(attempts)
        self._clock = clock
        self._open = opened
        self._ways: dict[str, NetworkTransport] = {}
        self._lock = threading.Lock()

    def __call__(self, request: AWSPreparedRequest, /) -> Response:
        """Send the request. Raises ``TransportError`` where no attempt was answered."""
        for attempt in count(1):
            response, pause = self._attempt(request, attempt)
            if pause is None and response is not None:
                return response
            self._clock.sleep(pause or 0)
        raise AssertionError("it does not stop counting")  # pragma: no cover

    def close(self) -> None:
        """Close the connections to all services."""
        with self._lock:
            while self._ways:
                self._ways.popitem()[1].close()

    def _attempt(
        self, request: AWSPreparedRequest, attempt: int
    ) -> tuple[Response | None, float | None]:
        """An answer with no pause, or what came of an attempt with the pause after it."""
        own = signed(request, self._credentials)
        sent = request if own is None else own
        try:
            response = self._way(sent.url)(sent)
        except TransportError as failure:
            return None, self._patience.pause_after(attempt, failure)
        error = refusal(response)
        code = "" if error is None else error.code
        if own is not None and error is not None:
            refused = reason(code, error.message, response.header("Date"))
            if refused is not None:
                raise refused
        return response, self._patience.pause(attempt, response, code)

    def _way(self, url: str) -> Transport:
        parts = urlsplit(url)
        address = f"{parts.scheme}://{parts.netloc}"
        with self._lock:
            if address not in self._ways:
                self._ways[address] = self._open(address)
            return self._ways[address]
