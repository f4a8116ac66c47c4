"""The ladder of verdicts and the levels of rules."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, IntEnum


class Verdict(IntEnum):
    """The outcome of a check or a rule, worst last; a rule takes the worst of its checks."""

    NOT_APPLICABLE = 0
    PASS = 1
    WARN = 2
    """A SHOULD rule is not met."""
    UNSUPPORTED = 3
    """The target itself says that it does not implement the operation."""
    UNTESTABLE = 4
    """A prerequisite failed, so nothing was learned. Never green."""
    FAIL = 5
    ERROR = 6
    """The suite's own fault, or the target could not be reached: neither for nor against it."""

    @property
    def label(self) -> str:
        """The word used in reports, e.g. ``not_applicable``."""
        return self.name.lower()


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of some verdicts; ``not_applicable`` when there are none."""
    return max(verdicts, default=Verdict.NOT_APPLICABLE)


class Level(str, Enum):
    """What a rule's failure means."""

    MUST = "must"
    """Decides certification."""
    SHOULD = "should"
    """Reported as a warning, never blocks."""
    INFO = "info"
    """Observed and printed; nothing hangs on it."""


MUST, SHOULD, INFO = Level.MUST, Level.SHOULD, Level.INFO
