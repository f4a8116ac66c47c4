"""The target's own clock, so that a skewed one on either side accuses nobody."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from conformance.suite.registry import Registry


def clock(registry: Registry) -> float:
    """What the target's clock showed at its last answer, in seconds since the epoch.

    Taken from the answer's ``Date`` header; the clock of the run where there is none.
    """
    response = registry.log.exchanges[-1].response
    date = None if response is None else response.header("Date")
    try:
        if date is not None:
            return parsedate_to_datetime(date).timestamp()
    except ValueError:
        pass
    return registry.clock.time()
