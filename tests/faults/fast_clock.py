"""A clock that runs ahead, for references on trial."""

from __future__ import annotations

import time
from collections.abc import Callable

_FAST = 8.0
"""Seconds that pass on it while one passes here."""


def fast_clock() -> Callable[[], float]:
    """A clock for a reference on trial, so that nobody waits long for a preview to be complete."""
    start = time.time()
    return lambda: start + _FAST * (time.time() - start)
