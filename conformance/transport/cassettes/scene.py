"""A scene: the transport of one scenario, whose exchanges are recorded, replayed, or both."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from typing import Protocol

from botocore.awsrequest import AWSPreparedRequest

from conformance.errors import TransportError
from conformance.transport import Transport
from conformance.transport.cassettes.cassette import Cassette
from conformance.transport.cassettes.interaction import Interaction
from conformance.transport.cassettes.matching import without_blob
from conformance.transport.cassettes.player import NotRecorded, Player
from conformance.transport.clock import Clock, ReplayedClock
from conformance.transport.exchange import Exchange, Request, Response
from conformance.transport.prepared import operation_of, read, read_question


class Mode(str, Enum):
    """When a scene records, in vcrpy's words.

    ``none`` only replays. ``once`` records where there is no cassette yet, and else replays.
    ``new_episodes`` replays what was recorded and records the rest. ``all`` records everything,
    after what is there; ``rewrite`` everything, instead of what is there.
    """

    NONE = "none"
    ONCE = "once"
    NEW_EPISODES = "new_episodes"
    ALL = "all"
    REWRITE = "rewrite"

    def records(self, before: Cassette | None) -> bool:
        """Whether the target is asked for what nothing answers, where there is that cassette."""
        return self is not Mode.NONE and not (self is Mode.ONCE and before is not None)


class ScenarioTransport(Transport, Protocol):
    """What one scenario speaks through.

    ``clock`` is what it waits by, ``missed`` the requests that it made and nothing could answer
    because they were not recorded. ``plays`` tells whether it may be answered from a recording, and
    so has to ask by the names of the recording.
    """

    clock: Clock
    missed: list[NotRecorded]
    plays: bool


class Live:
    """A scenario's way to a target whose answers nobody keeps."""

    def __init__(self, inner: Transport, clock: Clock) -> None:
        self.clock = clock
        self.missed: list[NotRecorded] = []
        self.plays = False
        self._inner = inner

    def __call__(self, request: AWSPreparedRequest, /) -> Response:
        """Give the target's response. Raises ``TransportError`` as ``inner`` does."""
        return self._inner(request)


class Scene:
    """A ``ScenarioTransport`` that plays a cassette, records one, or both, as the mode says.

    ``before`` is the cassette that there is, ``inner`` answers what is recorded. ``clock`` is
    that of the recording where nothing is recorded any more. Several threads may use it at once.
    """

    def __init__(
        self, mode: Mode, before: Cassette | None, inner: Transport | None, clock: Clock
    ) -> None:
        self.kept = () if before is None or mode is Mode.REWRITE else before.interactions
        self.records = mode.records(before)
        """Whether what nothing answers is asked of ``inner``."""
        self.exchanges: list[Exchange] = []
        """What was asked of it, as it was on the wire, secrets included."""
        self.missed: list[NotRecorded] = []
        self.clock = clock
        self.plays = mode is Mode.NONE or (mode is not Mode.ALL and bool(self.kept))
        self._inner = inner if self.records else None
        self._player = Player(self.kept if self.plays else ())
        self._answered: list[float] = []
        self._offset = (self.kept[-1].at if self.kept else 0.0) - clock.monotonic()
        self._lock = threading.Lock()

    def __call__(self, request: AWSPreparedRequest, /) -> Response:
        """Give the recorded answer, or else ask for one.

        Raises ``TransportError`` where there was none, ``NotRecorded`` where nothing may be asked.
        """
        asked = read_question(request)
        found = self._player.find(asked)
        if found is not None:
            if isinstance(self.clock, ReplayedClock):
                self.clock.reach(found.at)
            return _response(found)
        if self._inner is None:
            missed = self._player.miss(asked)
            self.missed.append(missed)
            raise missed
        return _response(self._ask(read(request), request, self._inner))

    def interactions(self, redact: Callable[[Exchange], Exchange]) -> tuple[Interaction, ...]:
        """What the cassette is to hold now: what is kept of it, and what was asked, redacted."""
        new = (
            Interaction.of(_short(redact(exchange)), at)
            for exchange, at in zip(self.exchanges, self._answered, strict=True)
        )
        return (*self.kept, *new)

    @property
    def unused(self) -> list[Interaction]:
        """What was recorded and is not asked for."""
        return self._player.unused

    def _ask(self, sent: Request, request: AWSPreparedRequest, inner: Transport) -> Exchange:
        response, failure = None, None
        began = time.monotonic()
        try:
            response = inner(request)
        except TransportError as error:
            failure = error.message
        seconds = time.monotonic() - began
        # The request itself tells the service.
        exchange = Exchange("", operation_of(sent), sent, response, failure, seconds)
        with self._lock:
            self.exchanges.append(exchange)
            self._answered.append(self.clock.monotonic() + self._offset)
        return exchange


def _response(answered: Exchange | Interaction) -> Response:
    if answered.response is None:
        raise TransportError(answered.failure or "no response")
    return answered.response


def _short(exchange: Exchange) -> Exchange:
    request = replace(exchange.request, body=without_blob(exchange.request.body))
    return replace(exchange, request=request)
