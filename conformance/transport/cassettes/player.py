"""Finding the answer to a request among recorded ones: one look, however many there are."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence

from conformance.errors import ConformanceError
from conformance.transport.cassettes.interaction import Interaction
from conformance.transport.cassettes.matching import ANYTHING, Key, key_of
from conformance.transport.cassettes.nearest import tell_nearest
from conformance.transport.exchange import Request


class NotRecorded(ConformanceError):
    """A request that no recording answers."""

    code = "not-recorded"


class Player:
    """Gives each recorded answer once, in the order of recording where a request was repeated.

    With ``last_stays`` the last answer to a request is given as often as it is asked for. May be
    asked by several threads at once.
    """

    def __init__(self, interactions: Sequence[Interaction], *, last_stays: bool = False) -> None:
        self._last_stays = last_stays
        self._recorded = interactions
        self._waiting: dict[Key, deque[Interaction]] = {}
        for interaction in interactions:
            self._waiting.setdefault(_key(interaction), deque()).append(interaction)
        self._lock = threading.Lock()

    def find(self, request: Request) -> Interaction | None:
        """The next answer to a request, ``None`` where there is none left."""
        wanted = key_of(request)
        with self._lock:
            for key in (wanted, (wanted[0], ANYTHING)):
                if queue := self._waiting.get(key):
                    stays = self._last_stays and len(queue) == 1
                    return queue[0] if stays else queue.popleft()
        return None

    def miss(self, request: Request) -> NotRecorded:
        """What to tell of a request that is not found: the nearest recorded one, what differs."""
        return NotRecorded(
            tell_nearest(request, self._recorded),
            "the scenario or the seed is another than when it was recorded: record it again",
        )

    @property
    def unused(self) -> list[Interaction]:
        """What nobody has asked for, in the order of recording."""
        with self._lock:
            left = {id(each) for queue in self._waiting.values() for each in queue}
        return [each for each in self._recorded if id(each) in left]


def _key(interaction: Interaction) -> Key:
    key = key_of(interaction.request)
    return (key[0], ANYTHING) if interaction.any_body else key
