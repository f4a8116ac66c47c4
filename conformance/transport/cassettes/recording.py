"""A recording: a folder of cassettes that were made in one run, or were added to in later ones.

While it is made, its new cassettes are beside it in a folder of their own; they take their places
when the run is complete. So a run that is killed leaves every cassette as it was.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from conformance.errors import UsageError
from conformance.file_schemas import breach
from conformance.files import unwritable, write_whole
from conformance.transport.cassettes.origin import Origin
from conformance.transport.cassettes.parsing import MalformedCassette, parsed_file

MANIFEST = "recording.json"
FORMAT = "ecr-conformance-recording/1"
SCHEMA = "recording"
"""The schema of the manifest."""
STAGING = ".recording"
"""The folder in a recording of what a run has not completed yet."""
_LOCK = "lock"
_LONGEST_NAME = 150


@dataclass(frozen=True, slots=True)
class Recording:
    """What the manifest of a recording says.

    ``target`` and ``exploration`` are what the run was given, as JSON objects, to open it again; no
    account is in them.
    """

    origin: Origin
    target: Mapping[str, Any]
    exploration: Mapping[str, Any]

    def write(self, folder: Path) -> None:
        """Write the manifest. Raises ``UsageError`` where that fails."""
        written = {
            "format": FORMAT,
            "origin": self.origin.to_json(),
            "target": dict(self.target),
            "exploration": dict(self.exploration),
        }
        if (words := breach(written, SCHEMA)) is not None:
            raise MalformedCassette(f"{folder / MANIFEST}: {words}")
        write_whole(folder / MANIFEST, json.dumps(written, indent=2) + "\n")


def is_recording(folder: Path) -> bool:
    """Whether a folder has a recording's manifest."""
    return (folder / MANIFEST).is_file()


def read_recording(folder: Path) -> Recording:
    """Read the manifest of a recording. Raises ``MalformedCassette`` where there is none."""
    path = folder / MANIFEST
    parsed = parsed_file(path)
    if not isinstance(parsed, dict) or parsed.get("format") != FORMAT:
        raise MalformedCassette(f"{path} is no manifest of a recording ({FORMAT})")
    if (words := breach(parsed, SCHEMA)) is not None:
        raise MalformedCassette(f"{path}: {words}")
    try:
        origin = Origin.from_json(parsed["origin"])
    except ValueError as error:
        raise MalformedCassette(f"{path}: origin: {error}") from error
    return Recording(origin, parsed["target"], parsed["exploration"])


def cassette_path(folder: Path, scenario: str) -> Path:
    """Where the cassette of a scenario is: ``<service>/<the rest of its id>.json``."""
    service, _, rest = scenario.partition(".")
    name = quote(rest, safe="[]=,+ ").replace(" ", "_")
    if len(name) > _LONGEST_NAME:
        raise ValueError(f"the name of the scenario {scenario} is too long for a file")
    return folder / service / f"{name}.json"


def cassette_files(folder: Path) -> list[Path]:
    """The cassettes of a recording, sorted by path, without those that are being made."""
    return sorted(
        path for path in folder.glob("*/**/*.json") if STAGING not in path.relative_to(folder).parts
    )


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """A folder for the cassettes of a run that records into ``folder``; it is gone afterwards.

    Raises ``UsageError`` where another run records there, or it cannot be written to.
    """
    from filelock import FileLock, Timeout

    place = folder / STAGING
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    lock = FileLock(place / _LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise UsageError(
            f"another run records into {folder}", "wait for its end, or choose another folder"
        ) from None
    try:
        _empty(place)  # of what a run that was killed left
        yield place
    finally:
        _empty(place)
        lock.release()
        with suppress(OSError):
            (place / _LOCK).unlink(missing_ok=True)
            place.rmdir()


def publish(place: Path, folder: Path) -> None:
    """Give the cassettes of a run that is complete their places. Raises ``UsageError``."""
    try:
        for new in sorted(place.rglob("*.json")):
            path = folder / new.relative_to(place)
            path.parent.mkdir(parents=True, exist_ok=True)
            new.replace(path)
    except OSError as error:
        raise unwritable(folder, error) from error


def _empty(place: Path) -> None:
    for found in place.iterdir():
        if found.is_dir():
            shutil.rmtree(found)
        elif found.name != _LOCK:
            found.unlink()
