"""Where a recording and the suite that it is judged by have come apart, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.report.judging import Judging

_NAMED = 10


def replay_notes(judging: Judging) -> Iterator[str]:
    """What a replay could not use, or did not."""
    if judging.unrecorded:
        yield f"Not judged: {judging.unrecorded} scenarios are not in the recording."
    if judging.orphaned:
        count = _counted(len(judging.orphaned), "cassette")
        yield f"Not used: {count} of no scenario any more: {_some(judging.orphaned)}"
    if judging.unused:
        count = _counted(len(judging.unused), "scenario")
        yield f"Not asked for: some of what was recorded of {count}: {_some(judging.unused)}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _some(names: Sequence[str]) -> str:
    rest = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
