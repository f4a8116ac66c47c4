"""Letting what was written become visible, on targets whose reads may lag behind writes."""

from __future__ import annotations

import math
import threading
from http import HTTPStatus

from botocore.awsrequest import AWSPreparedRequest

from conformance.contract import only_reads
from conformance.errors import TransportError
from conformance.transport.cassettes.player import NotRecorded
from conformance.transport.cassettes.scene import ScenarioTransport
from conformance.transport.clock import Clock
from conformance.transport.exchange import Response
from conformance.transport.prepared import operation_of, read_question

SETTLED = 10.0
"""Seconds after which every read is taken to see a write. AWS promises no number; this is twice the
lag that the reference rehearses."""


class UnhurriedTransport:
    """A ``ScenarioTransport`` over another in which no read can be stale.

    It sends what only reads when ``SETTLED`` seconds have passed since the last change that went
    through it. Several threads may use it at once.
    """

    def __init__(self, inner: ScenarioTransport) -> None:
        self.clock: Clock = inner.clock
        self.missed: list[NotRecorded] = inner.missed
        self.plays = inner.plays
        self._inner = inner
        self._changed = -math.inf
        self._lock = threading.Lock()

    def __call__(self, request: AWSPreparedRequest, /) -> Response:
        """Give the response. Raises ``TransportError`` as the inner transport does."""
        operation = operation_of(read_question(request))
        if not operation:  # the download of a layer, or no operation of this API at all
            return self._inner(request)
        return self._read(request) if only_reads(operation) else self._change(request)

    def _read(self, request: AWSPreparedRequest) -> Response:
        with self._lock:
            missing = self._changed + SETTLED - self.clock.monotonic()
        if missing > 0:
            self.clock.sleep(missing)
        return self._inner(request)

    def _change(self, request: AWSPreparedRequest) -> Response:
        try:
            response = self._inner(request)
        except TransportError:
            self._note_change()  # it may have arrived
            raise
        if not _refused(response):
            self._note_change()
        return response

    def _note_change(self) -> None:
        with self._lock:
            self._changed = self.clock.monotonic()


def _refused(response: Response) -> bool:
    return HTTPStatus.BAD_REQUEST <= response.status < HTTPStatus.INTERNAL_SERVER_ERROR
