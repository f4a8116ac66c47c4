"""Connecting to a target that is open."""

from __future__ import annotations

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


def connect(target: Target) -> Connection:
    """A transport to the target; the caller closes it."""
    if target.endpoint == reference.ENDPOINT:
        return reference.shared_transport()
    return NetworkTransport(target.endpoint)
