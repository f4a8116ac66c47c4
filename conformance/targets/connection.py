"""Connecting to a target that is open, and waiting for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from conformance.targets import reference
from conformance.targets.aws.connection import AwsConnection
from conformance.targets.aws.session import address, attempts_of, credentials_of
from conformance.targets.target import Target
from conformance.transport import Transport
from conformance.transport.clock import Clock
from conformance.transport.network import NetworkTransport


class Connection(Transport, Protocol):
    """A transport that is closed after use."""

    def close(self) -> None:
        """Give up what the transport holds."""
        ...


@dataclass(frozen=True, slots=True)
class _Inside:
    """What answers in this process, and the clock that it goes by."""

    connect: Callable[[], Connection]
    clock: Clock


_IN_PROCESS = {reference.ENDPOINT: _Inside(reference.shared_transport, reference.CLOCK)}
"""What answers without sockets, by endpoint."""


def connect(target: Target) -> Connection:
    """A transport to the target; the caller closes it."""
    if target.access is not None:
        return AwsConnection(credentials_of(target.access), attempts_of(target.access))
    found = _IN_PROCESS.get(target.endpoint)
    return NetworkTransport(target.endpoint) if found is None else found.connect()


def address_of(target: Target, service: str, region: str) -> str:
    """The URL, without a path, at which requests of a service are sent for a Region."""
    if target.access is None:
        return target.endpoint
    return address(target.access, service, region)


def clock_of(target: Target) -> Clock:
    """What waiting for the target goes by."""
    found = _IN_PROCESS.get(target.endpoint)
    return time if found is None else found.clock


def is_in_process(target: Target) -> bool:
    """Whether this process answers for the target, so that no other one can reach it."""
    return target.recording is not None or target.endpoint in _IN_PROCESS


@contextmanager
def in_process(endpoint: str, transport: Connection, clock: Clock = time) -> Iterator[None]:
    """Let targets at ``endpoint`` be answered by a transport of this process.

    ``clock`` is the one that the transport goes by.
    """
    _IN_PROCESS[endpoint] = _Inside(lambda: transport, clock)
    try:
        yield
    finally:
        del _IN_PROCESS[endpoint]
