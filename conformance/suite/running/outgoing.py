"""What every request passes through on its way from a run to its target."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from botocore.awsrequest import AWSPreparedRequest

from conformance.transport import Transport
from conformance.transport.exchange import Response

Through = Callable[[str, Transport], Transport]
"""Gives the way to the target of what is called by a name, which is a scenario or a shared part."""

THROUGH = pytest.StashKey[Through]()


def straight(name: str, transport: Transport) -> Transport:
    """The way as it is."""
    return transport


class Allowance:
    """How many requests a process may send before it starts no further scenario.

    ``limit`` is ``None`` where there is none. Threads may share it.
    """

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._numbers = count(1)  # the next number is taken by one thread alone
        self._sent = 0

    def through(self, _: str, transport: Transport) -> Transport:
        """The transport, on whose way to the target requests are counted."""

        def counting(request: AWSPreparedRequest, /) -> Response:
            self._sent = next(self._numbers)
            return transport(request)

        return counting

    @property
    def left(self) -> int | None:
        """How many may still be sent; ``None`` for any number."""
        return None if self._limit is None else max(self._limit - self._sent, 0)
