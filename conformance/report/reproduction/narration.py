"""What a script says around its requests, the same in shell and in Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from conformance.report.plain_text import one_line
from conformance.report.reproduction.plan import Plan, Step

__all__ = ["comment", "narrated"]


def comment(text: str) -> str:
    """A comment of one line, whatever the text holds."""
    return f"# {one_line(text)}"


def narrated(plan: Plan, verdict: str, lines: Callable[[Step], list[str]]) -> Iterator[str]:
    """The lines of every step; after the last request, which shows it, what was found."""
    for step in plan.steps:
        yield from lines(step)
    yield comment(verdict)
    if plan.cleanup:
        yield comment("Leave nothing behind, so that this can be repeated.")
    for step in plan.cleanup:
        yield from lines(step)
