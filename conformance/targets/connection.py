"""Connecting to a target that is open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from conformance.targets import reference
from conformance.targets.target import Target
from conformance.transport import Transport
from conformance.transport.network import NetworkTransport


class Connection(Transport, Protocol):
    """A transport that is closed after use."""

    def close(self) -> None:
        """Give up what the transport holds."""
        ...


_IN_PROCESS: dict[str, Callable[[], Connection]] = {reference.ENDPOINT: reference.shared_transport}
"""What answers without sockets, by endpoint."""


def connect(target: Target) -> Connection:
    """A transport to the target; the caller closes it."""
    found = _IN_PROCESS.get(target.endpoint)
    return NetworkTransport(target.endpoint) if found is None else found()


@contextmanager
def in_process(endpoint: str, transport: Connection) -> Iterator[None]:
    """Let targets at ``endpoint`` be answered by a transport of this process."""
    _IN_PROCESS[endpoint] = lambda: transport
    try:
        yield
    finally:
        del _IN_PROCESS[endpoint]
