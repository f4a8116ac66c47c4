"""Recordings: a folder that ``record`` has made, replayed without a network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from conformance.errors import UsageError
from conformance.targets.kind import TargetKind
from conformance.targets.target import Target
from conformance.transport.cassettes.parsing import MalformedCassette
from conformance.transport.cassettes.recording import is_recording, read_recording


@contextmanager
def _open(name: str, _region: str) -> Iterator[Target]:
    """The target as it was when it was recorded.

    Raises ``UsageError`` for a folder without a recording, ``MalformedCassette`` for a broken one.
    """
    folder = Path(name)
    if not is_recording(folder):
        raise UsageError(
            f"there is no recording in {name}", "ecr-conformance record TARGET --cassettes DIR"
        )
    recording = read_recording(folder)
    try:
        recorded = Target.from_json(dict(recording.target))
    except TypeError as error:
        raise MalformedCassette(f"{folder}: the target of the recording: {error}") from error
    yield replace(recorded, name=name, recording=str(folder), command=None)


KIND = TargetKind("cassettes/DIR", lambda name: Path(name).is_dir(), _open)
