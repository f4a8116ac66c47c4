"""The reference as unforgiving as AWS, to rehearse against: signatures, throttling, stale reads."""

from __future__ import annotations

import random
from collections.abc import Iterable

from conformance.errors import UsageError
from conformance.reference.signatures import SignedRequests
from conformance.reference.throttling import Throttled
from conformance.reference.transport import Behaviour, ReferenceTransport
from conformance.transport import Transport


def rehearsal(pairs: Iterable[str], lag: float, throttle: float, seed: int | None) -> Transport:
    """An empty reference that is strict as asked for.

    ``pairs`` are the credentials to let in, each ``KEY:SECRET``; without any, signatures are not
    checked. ``lag`` is in seconds, ``throttle`` the share of requests to refuse. Raises
    ``UsageError`` for a pair without a colon or an empty half.
    """
    transport: Transport = ReferenceTransport(behaviour=Behaviour(lag=lag))
    credentials = dict(_credentials(pair) for pair in pairs)
    if throttle:
        transport = Throttled(transport, throttle, random.Random(seed))  # noqa: S311 (no secret)
    return SignedRequests(transport, credentials) if credentials else transport


def _credentials(pair: str) -> tuple[str, str]:
    key, colon, secret = pair.partition(":")
    if not (key and colon and secret):
        raise UsageError(
            "--credentials is not an access key and a secret, joined by a colon",
            "For example: --credentials test:test",
        )
    return key, secret
