"""``NetworkTransport``: requests to one server over connections that are kept and reused."""

from __future__ import annotations

import ssl
import time
from collections import deque
from contextlib import suppress
from types import TracebackType

from botocore.awsrequest import AWSPreparedRequest

from conformance.transport.exchange import Response
from conformance.transport.network.connection import Connection, dial, tls_context
from conformance.transport.network.endpoint import Endpoint
from conformance.transport.network.serialisation import description, serialise
from conformance.transport.network.symptoms import (
    FAILURES,
    Attempt,
    ClosedUnanswered,
    unanswered,
    unreachable,
)


class NetworkTransport:
    """A ``Transport`` to the server at ``endpoint``; threads may share it.

    ``timeout`` bounds one whole exchange and ``connect_timeout`` each attempt to connect, in
    seconds; ``max_body`` bounds an answer in bytes, its head included. Redirects and 5xx are
    answers like any other: nothing is followed, repeated, or sent through a proxy. The request's
    URL gives path, query and the ``Host`` field, never where to connect.

    Raises ``UsageError`` for an endpoint that is not ``http(s)://HOST[:PORT]``.
    """

    # urllib3's pool was measured at twice the overhead, and bounds single reads only. What is
    # left to do here is little: http.client parses, connections wait in a deque.

    def __init__(
        self,
        endpoint: str,
        *,
        timeout: float = 20.0,
        connect_timeout: float = 5.0,
        max_body: int = 64 * 1024 * 1024,
    ) -> None:
        self._endpoint = Endpoint.parse(endpoint)
        self._timeout = timeout
        self._connect_timeout = connect_timeout
        self._max_bytes = max_body
        self._tls: ssl.SSLContext | None = None
        self._kept: deque[Connection] = deque()
        self._closed = False
        if self._endpoint.scheme == "https":
            self._tls = tls_context()

    def __call__(self, request: AWSPreparedRequest, /) -> Response:
        """Send the request, give the complete answer. Raises ``TransportError``."""
        payload = serialise(request)
        deadline = time.monotonic() + self._timeout
        kept = self._kept_connection()
        if kept is not None:
            # A server may close an idle connection just as the request leaves, which looks no
            # different from a crash. A fresh connection tells them apart: one that is closed
            # unanswered as well is reported. So no idle connection is taken for a defect, and
            # a request that crashes the server is still found, at the price of being sent twice.
            with suppress(ClosedUnanswered):
                return self._exchange(kept, request, payload, deadline)
        return self._exchange(self._connect(deadline), request, payload, deadline)

    def close(self) -> None:
        """Close the connections that are kept; those in use follow when they are done."""
        self._closed = True
        while self._kept:
            with suppress(IndexError):  # another thread may have taken the last one
                self._kept.pop().close()

    def __enter__(self) -> NetworkTransport:
        """Give the transport itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the transport."""
        self.close()

    def _kept_connection(self) -> Connection | None:
        while self._kept:
            with suppress(IndexError):
                connection = self._kept.pop()
                if connection.is_quiet():
                    return connection
                connection.close()
        return None

    def _connect(self, deadline: float) -> Connection:
        try:
            return dial(self._endpoint, self._tls, self._connect_timeout, deadline)
        except FAILURES as error:
            waited = min(self._connect_timeout, self._timeout)
            raise unreachable(error, self._endpoint, waited) from error

    def _exchange(
        self, connection: Connection, request: AWSPreparedRequest, payload: bytes, deadline: float
    ) -> Response:
        try:
            response = self._converse(connection, request.method, payload, deadline)
        except FAILURES as error:
            connection.close()
            raise unanswered(error, self._attempt(request), connection.received) from error
        except BaseException:
            connection.close()
            raise
        self._keep(connection)
        return response

    def _converse(
        self, connection: Connection, method: str, payload: bytes, deadline: float
    ) -> Response:
        connection.received = 0
        # A server may refuse a long request and close before it has read it all: its answer
        # then waits to be read, and where there is none, reading says so.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.send(payload, deadline)
        return connection.receive(method, deadline, self._max_bytes)

    def _attempt(self, request: AWSPreparedRequest) -> Attempt:
        return Attempt(self._endpoint, description(request), self._timeout, self._max_bytes)

    def _keep(self, connection: Connection) -> None:
        if connection.keep_alive:
            self._kept.append(connection)
        else:
            connection.close()
        if self._closed:
            self.close()
