"""Targets that already run: ``http://HOST:PORT`` and ``https://HOST[:PORT]``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from conformance.errors import TargetUnavailable, TransportError
from conformance.targets.kind import TargetKind
from conformance.targets.product import product_of
from conformance.targets.target import Target
from conformance.transport.network import Endpoint


@contextmanager
def _open(name: str, region: str) -> Iterator[Target]:
    """Raises ``UsageError`` for a malformed URL, ``TargetUnavailable`` without an HTTP answer."""
    address = Endpoint.parse(name).url
    try:
        product, version = product_of(address)
    except TransportError as error:
        raise TargetUnavailable(error.message, error.hint) from error
    yield Target(name, address, product, version, region)


KIND = TargetKind("http(s)://HOST:PORT", lambda name: "://" in name, _open)
