"""What waiting takes: real time, or none where what is waited for was recorded."""

from __future__ import annotations

import threading
import time
from typing import Protocol


class Clock(Protocol):
    """What tells the time and lets it pass. Seconds throughout."""

    def time(self) -> float:
        """Now, since the epoch."""
        ...

    def monotonic(self) -> float:
        """A count that never goes back; only differences mean anything."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        ...


class SystemClock:
    """The machine's own clock."""

    def time(self) -> float:
        """Now, since the epoch."""
        return time.time()

    def monotonic(self) -> float:
        """A count that never goes back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class ReplayedClock:
    """A clock that shows what one showed during a recording; waiting for it takes no time.

    ``began`` is when the recording began, since the epoch.
    """

    def __init__(self, began: float) -> None:
        self._began = began
        self._passed = 0.0
        self._lock = threading.Lock()

    def time(self) -> float:
        """The time of the recording, since the epoch."""
        return self._began + self._passed

    def monotonic(self) -> float:
        """How long the recording had gone on."""
        return self._passed

    def sleep(self, seconds: float) -> None:
        """Let recorded time pass."""
        with self._lock:
            self._passed += seconds

    def reach(self, passed: float) -> None:
        """Show what the clock showed when an answer came, unless more has passed."""
        with self._lock:
            self._passed = max(self._passed, passed)
