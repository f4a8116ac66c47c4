"""How old a recording may be."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

from conformance.errors import ConformanceError, ExitCode
from conformance.transport.cassettes.inspection import inspect
from conformance.transport.cassettes.recording import cassette_files


class RecordingTooOld(ConformanceError):
    """A recording that is older than its user allows."""

    code = "recording-too-old"
    exit_code = ExitCode.USAGE


def require_age(folder: Path, most: float) -> None:
    """Raise ``RecordingTooOld`` where the oldest cassette of a recording is over ``most`` days old.

    Raises ``MalformedCassette`` where there is one that is none.
    """
    age = inspect(cassette_files(folder), folder).age(datetime.now(timezone.utc))
    if age is not None and age > most:
        raise RecordingTooOld(
            f"the oldest cassette in {folder} is {age:.1f} days old, {most:g} are allowed",
            "record it again: ecr-conformance record TARGET --cassettes DIR --mode rewrite",
        )
