"""The reference as a target: in this process, no sockets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from conformance import __version__
from conformance.reference import ReferenceTransport
from conformance.reference.protocol import DEFAULT_ACCOUNT
from conformance.targets.kind import TargetKind
from conformance.targets.target import Target
from conformance.transport.clock import SkippingClock

NAME = "reference"

ENDPOINT = "http://reference.invalid"
"""An address that is nowhere (RFC 2606): what the target's URLs begin with."""

CLOCK = SkippingClock()
"""The clock of the one reference of this process."""


@contextmanager
def _open(name: str, region: str) -> Iterator[Target]:
    yield Target(name, ENDPOINT, NAME, __version__, region, account=DEFAULT_ACCOUNT)


@cache
def shared_transport() -> ReferenceTransport:
    """The one reference of this process: whoever connects sees the same registries.

    Worker processes have one each, which is as good: a scenario makes all that it needs.
    """
    return ReferenceTransport(clock=CLOCK.time)


KIND = TargetKind(NAME, lambda name: name == NAME, _open)
