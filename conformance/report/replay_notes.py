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
        count = len(judging.orphaned)
        yield f"Not used: {count} cassettes are of no scenario any more: {_some(judging.orphaned)}"
    if judging.unused:
        count = len(judging.unused)
        yield f"Not asked for: some of what {count} scenarios recorded: {_some(judging.unused)}"


def _some(names: Sequence[str]) -> str:
    rest = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {rest} more" if rest > 0 else "")
