"""What waiting goes by: real time, or none where nobody has to wait. Seconds throughout."""

from __future__ import annotations

import threading
import time
from typing import Protocol


class Clock(Protocol):
    """What waiting goes by. Python's module ``time`` is one."""

    def time(self) -> float:
        """Seconds since 1970."""
        ...

    def monotonic(self) -> float:
        """Seconds since some moment; it never goes back."""
        ...

    def sleep(self, seconds: float, /) -> None:
        """Return when so many seconds have passed on this clock."""
        ...


class SkippingClock:
    """A clock that goes like this machine's, and jumps over whatever somebody sleeps through.

    For a target in this process that goes by it, too: so nobody has to wait for it.
    """

    def __init__(self) -> None:
        self._skipped = 0.0
        self._lock = threading.Lock()

    def time(self) -> float:
        """Seconds since 1970, and those that were slept through."""
        return time.time() + self._skipped

    def monotonic(self) -> float:
        """Seconds since some moment, and those that were slept through."""
        return time.monotonic() + self._skipped

    def sleep(self, seconds: float, /) -> None:
        """Put the clock forward, and return at once."""
        with self._lock:
            self._skipped += seconds


class ReplayedClock:
    """A clock that shows what another one showed while something was recorded.

    ``began`` is when that was, in seconds since 1970.
    """

    def __init__(self, began: float) -> None:
        self._began = began
        self._passed = 0.0
        self._lock = threading.Lock()

    def time(self) -> float:
        """Seconds since 1970, then."""
        return self._began + self._passed

    def monotonic(self) -> float:
        """Seconds since the beginning."""
        return self._passed

    def sleep(self, seconds: float, /) -> None:
        """Put the clock forward, and return at once."""
        with self._lock:
            self._passed += seconds

    def reach(self, passed: float) -> None:
        """Show what the clock showed when an answer came, unless more has passed."""
        with self._lock:
            self._passed = max(self._passed, passed)
