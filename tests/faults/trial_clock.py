"""Time for implementations on trial: it passes while somebody sleeps, and hardly otherwise.

So nobody waits for a preview to be complete, and how busy the machine is changes no verdict.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from unittest import mock

_TICK = 0.001
"""Seconds from one look at the clock to the next, so that what is done later is later."""


@dataclass
class _Sleeper:
    """Sleeps without waiting, and knows how long it has slept."""

    seconds: float = 0.0

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


_SLEEPER = _Sleeper()


def trial_clock() -> Callable[[], float]:
    """A clock for a reference on trial. Gives seconds since the epoch."""
    start, looks = time.time(), count()
    return lambda: start + _SLEEPER.seconds + _TICK * next(looks)


@contextmanager
def without_waiting() -> Iterator[None]:
    """Let ``time.sleep`` only move the clocks on: those of references, and ``time.monotonic``."""
    right = time.monotonic
    with mock.patch.multiple(
        time, sleep=_SLEEPER.sleep, monotonic=lambda: right() + _SLEEPER.seconds
    ):
        yield
