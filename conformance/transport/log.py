"""The capture of exchanges: a transport that remembers what went through it."""

from __future__ import annotations

import time
from collections.abc import Callable

from botocore.awsrequest import AWSPreparedRequest

from conformance.errors import TransportError
from conformance.transport import Transport
from conformance.transport.exchange import Exchange, Response
from conformance.transport.prepared import operation_of, read


class ExchangeLog:
    """A ``Transport`` over another that keeps every exchange, failed ones included, in order.

    ``on_exchange`` is told of each exchange as soon as it is complete.
    """

    def __init__(
        self,
        inner: Transport,
        service: str,
        on_exchange: Callable[[Exchange], None] | None = None,
    ) -> None:
        self.exchanges: list[Exchange] = []
        self._inner = inner
        self._service = service
        self._on_exchange = on_exchange

    def beside(self, service: str) -> ExchangeLog:
        """A log of another service over the same transport, whose exchanges are kept here, too."""
        other = ExchangeLog(self._inner, service, self._on_exchange)
        other.exchanges = self.exchanges
        return other

    def __call__(self, request: AWSPreparedRequest, /) -> Response:
        """Send the request on. Raises ``TransportError`` as the inner transport does."""
        exchange = self.exchange(request)
        if exchange.response is None:
            raise TransportError(exchange.failure or "no response")
        return exchange.response

    def exchange(self, request: AWSPreparedRequest) -> Exchange:
        """Send the request on; an exchange without a response tells why there is none."""
        sent = read(request)
        started = time.perf_counter()
        response, failure = None, None
        try:
            response = self._inner(request)
        except TransportError as error:
            failure = error.message
        seconds = time.perf_counter() - started
        exchange = Exchange(self._service, operation_of(sent), sent, response, failure, seconds)
        self.exchanges.append(exchange)
        if self._on_exchange is not None:
            self._on_exchange(exchange)
        return exchange
