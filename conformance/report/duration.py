"""How long a run took."""

from __future__ import annotations

from conformance.utc import moment_of

__all__ = ["duration"]


def duration(started: str, finished: str) -> str:
    """The time between two moments (ISO 8601, UTC), such as ``12.3 s`` or ``3 min 5 s``."""
    seconds = (moment_of(finished) - moment_of(started)).total_seconds()
    if seconds < 100:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60} s"
