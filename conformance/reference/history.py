"""The world of registries over time, for reads that lag behind writes."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from types import MappingProxyType

from conformance.reference.state import Registry, RegistryKey

World = Mapping[RegistryKey, Registry]
"""Every registry there is, of every account and region."""


class History:
    """The world now, and as it was up to ``lag`` seconds ago. Its user keeps threads apart.

    ``world`` is how it begins.
    """

    def __init__(self, lag: float, world: World) -> None:
        self._lag = lag
        self._now = world
        self._past: deque[tuple[float, World]] = deque()
        """Each world with the time at which another took its place."""

    @property
    def now(self) -> World:
        """The world as all writes so far have made it; later ones do not change what is given."""
        return MappingProxyType(self._now)

    def write(self, key: RegistryKey, registry: Registry, now: float) -> None:
        """Give the world a newer state of one registry."""
        if self._lag:
            self._past.append((now, self._now))
        self._now = {**self._now, key: registry}

    def at(self, moment: float, now: float) -> World:
        """The world as it was at ``moment``, at most ``lag`` seconds before ``now``."""
        while self._past and self._past[0][0] < now - self._lag:
            self._past.popleft()
        return next((world for ended, world in self._past if ended > moment), self._now)
