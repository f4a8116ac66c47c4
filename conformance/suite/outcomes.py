"""How a scenario ends when it neither passes nor fails."""

from __future__ import annotations


class Untestable(Exception):
    """A prerequisite failed, so nothing was learned about the rule."""

    def __init__(self, operation: str, reason: str) -> None:
        super().__init__(f"prerequisite {operation} failed: {reason}")
        self.operation = operation


class Withheld(Untestable):
    """The prerequisite is not to be had, now or later, so that no waiting helps."""


class Unsupported(Exception):
    """The target itself says that it does not implement an operation the rule is about."""

    def __init__(self, operation: str, answer: str) -> None:
        super().__init__(f"the target does not implement {operation}: {answer}")
        self.operation = operation


class NotApplicable(Exception):
    """What the rule is about does not exist on this target, and need not."""


class TargetGone(Exception):
    """The target stopped answering earlier in the run, so nothing more can be decided."""
