"""``ReferenceTransport``: the specification as something that answers requests."""

from __future__ import annotations

import random
import secrets
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from types import MappingProxyType

from botocore.awsrequest import AWSPreparedRequest

from conformance.contract import only_reads
from conformance.reference.access import own_registry, registry_asked_for, require_access
from conformance.reference.call import Answer, Call, Operation, Parameters
from conformance.reference.history import History, World
from conformance.reference.operations.downloads import PREFIX, download
from conformance.reference.operations.table import OPERATIONS
from conformance.reference.protocol import (
    DEFAULT_ACCOUNT,
    answered,
    caller_of,
    operation_of,
    origin_of,
    preflight,
    refused,
)
from conformance.reference.refusal import Refusal, unknown_operation
from conformance.reference.state import Registry
from conformance.reference.validation import Excuse, excuse_nothing, read_parameters
from conformance.transport.exchange import Request, Response
from conformance.transport.prepared import read


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a reference does; by default what AWS documents.

    ``operations`` are functions by service and name. ``excuse`` says which broken constraints of a
    request are overlooked. With a ``lag``, an operation that only reads sees the registries as they
    were at some moment of the last ``lag`` seconds: ECR does not promise that a read sees every
    write before it. ``account`` is whose the access keys are that are no account themselves.
    """

    operations: Mapping[str, Mapping[str, Operation]] = field(default_factory=lambda: OPERATIONS)
    excuse: Excuse = excuse_nothing
    lag: float = 0.0
    account: str = DEFAULT_ACCOUNT


class ReferenceTransport:
    """A ``Transport`` to registries in memory, of every account and region.

    ``world`` is what there is at first; a registry that it does not name is empty. Threads may
    share it. ``clock`` gives seconds since 1970, ``identifiers`` a new UUID at each
    call, ``secret`` decides tokens, signatures and the order of listings.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        identifiers: Callable[[], uuid.UUID] = uuid.uuid4,
        secret: bytes | None = None,
        behaviour: Behaviour = Behaviour(),
        world: World = MappingProxyType({}),
    ) -> None:
        self._history = History(behaviour.lag, world)
        self._behaviour = behaviour
        self._lock = threading.Lock()
        self._clock = clock
        self._identifiers = identifiers
        self._secret = secrets.token_bytes(32) if secret is None else secret

    @classmethod
    def seeded(cls, seed: int, start: float = 1_700_000_000.0) -> ReferenceTransport:
        """One that answers the same requests the same way every time, a second for each."""
        source = random.Random(seed)  # noqa: S311 (repeatable is what it has to be)
        seconds = count()
        return cls(
            clock=lambda: start + next(seconds),
            identifiers=lambda: uuid.UUID(int=source.getrandbits(128), version=4),
            secret=source.randbytes(32),
        )

    @property
    def world(self) -> World:
        """The registries as they are now; later requests do not change what is given."""
        return self._history.now

    def __call__(self, request: AWSPreparedRequest, /) -> Response:
        """Answer a request."""
        asked = read(request)
        # Both may keep state of their own, such as a seed's, so no two threads use them at once.
        with self._lock:
            now, fresh = self._clock(), self._identifiers()
        if asked.method == "OPTIONS":
            return preflight(asked, fresh)
        if asked.method == "GET" and PREFIX in asked.url:
            return self._download(asked, now)
        try:
            return answered(self._answer(asked, now, fresh), fresh, now)
        except Refusal as refusal:
            return refused(refusal, fresh, now)

    def close(self) -> None:
        """Nothing is open; the world stays as it is."""

    def _answer(self, request: Request, now: float, fresh: uuid.UUID) -> Answer:
        service, name = operation_of(request)
        operation = self._behaviour.operations[service].get(name)
        if operation is None:
            raise unknown_operation(name)
        given = read_parameters(service, name, request.body, self._behaviour.excuse)
        caller = caller_of(request, self._behaviour.account)
        call = Call(
            operation=name,
            key=own_registry(service, caller.account, caller.region),
            caller=caller.account,
            region=caller.region,
            origin=origin_of(request),
            now=now,
            fresh=fresh,
            secret=self._secret,
            lag=self._behaviour.lag,
        )
        return self._perform(operation, given, replace(call, key=registry_asked_for(call, given)))

    def _perform(self, operation: Operation, given: Parameters, call: Call) -> Answer:
        with self._lock:
            seen = self._as_seen(call)
            world = self._history.now if seen is call else self._history.at(seen.now, call.now)
            registry = world.get(call.key, Registry())
            require_access(registry, given, call)
            changed, answer = operation(registry, given, seen)
            if not only_reads(call.operation):
                self._history.write(call.key, changed, call.now)
        return answer

    def _as_seen(self, call: Call) -> Call:
        """A call that reads as if it had come a moment ago, where reads lag; else as it is."""
        if not self._behaviour.lag or not only_reads(call.operation):
            return call
        ago = self._behaviour.lag * random.Random(call.fresh.int).random()  # noqa: S311
        return replace(call, now=call.now - ago)

    def _download(self, request: Request, now: float) -> Response:
        content = download(self._history.now, request.url, now, self._secret)
        if content is None:
            return Response(403, (("Content-Length", "0"),), b"")
        headers = (
            ("Content-Type", "application/octet-stream"),
            ("Content-Length", str(len(content))),
        )
        return Response(200, headers, content)
