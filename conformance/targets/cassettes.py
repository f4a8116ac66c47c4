"""Recordings: folders that ``record`` has made, replayed without a network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from conformance.errors import UsageError
from conformance.targets.kind import TargetKind
from conformance.targets.target import Target
from conformance.transport.cassettes.parsing import MalformedCassette
from conformance.transport.cassettes.recording import MANIFEST, is_recording, read_recording

SHIPPED = "cassettes"
"""What the names of recordings begin with that come with the tool."""


@contextmanager
def _open(name: str, _region: str) -> Iterator[Target]:
    """The target as it was when it was recorded.

    Raises ``UsageError`` for a folder without a recording, ``MalformedCassette`` for a broken one.
    """
    folder = recording_folder(name)
    recording = read_recording(folder)
    try:
        recorded = Target.from_json(dict(recording.target))
    except TypeError as error:
        raise MalformedCassette(f"{folder}: the target of the recording: {error}") from error
    yield replace(recorded, name=name, recording=str(folder), command=None)


def recording_folder(name: str) -> Path:
    """Where a recording is: a folder, or one of those that come with the tool.

    Raises ``UsageError`` where there is none.
    """
    for folder in (Path(name), *(place / name for place in _places())):
        if is_recording(folder):
            return folder
    come = sorted(
        str(each.parent.relative_to(place))
        for place in _places()
        for each in place.glob(f"{SHIPPED}/*/*/{MANIFEST}")
    )
    with_the_tool = f"; with the tool come {', '.join(come)}" if come else ""
    raise UsageError(
        f"there is no recording in {name}",
        f"ecr-conformance record TARGET --cassettes DIR{with_the_tool}",
    )


def _places() -> tuple[Path, Path]:
    """What holds the folder of shipped recordings: the package, or what a checkout has it in."""
    package = Path(__file__).resolve().parents[1]
    return package, package.parent


def _claims(name: str) -> bool:
    return bool(name) and (Path(name).is_dir() or Path(name).parts[:1] == (SHIPPED,))


KIND = TargetKind("cassettes/PRODUCT/VERSION", _claims, _open)
