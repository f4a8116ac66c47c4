"""The commands ``ecr-conformance cassettes``: recordings imported, shown, checked and compared."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from conformance import __version__
from conformance.errors import ExitCode, UsageError
from conformance.transport.cassettes.cassette import Cassette
from conformance.transport.cassettes.importing import ForeignRecording, find_recordings
from conformance.transport.cassettes.origin import Imported
from conformance.transport.cassettes.recording import MANIFEST, is_recording
from conformance.transport.redaction import redact


def import_recordings(sources: Sequence[Path], output: Path) -> ExitCode:
    """Write a cassette for each recording of another tool, without its secrets.

    Raises ``MalformedCassette`` for what is none, ``UsageError`` where nothing is found, two
    recordings have one name, or ``output`` cannot be written to or is a recording of this tool's.
    """
    if is_recording(output):
        raise UsageError(
            f"{output} has a recording of its own ({MANIFEST})", "choose another folder"
        )
    found = [recording for source in sources for recording in find_recordings(source)]
    paths = [output / f"{recording.name}.json" for recording in found]
    for path in paths:
        if paths.count(path) > 1:
            raise UsageError(f"several recordings would be {path}", "import them one by one")
    for recording, path in zip(found, paths, strict=True):
        _cassette(recording).write(path)
        click.echo(f"{path}: {_told(recording)}")
    return ExitCode.CONFORMANT


def _cassette(recording: ForeignRecording) -> Cassette:
    tool = f"ecr-conformance {__version__}"
    return Cassette(
        tuple(interaction.redacted(redact) for interaction in recording.interactions),
        imported=Imported(recording.format, recording.source.name, tool),
    )


def _told(recording: ForeignRecording) -> str:
    count = len(recording.interactions)
    others = f", {recording.others} of other services left out" if recording.others else ""
    return f"{count} exchange{'' if count == 1 else 's'} of {recording.format}{others}"
