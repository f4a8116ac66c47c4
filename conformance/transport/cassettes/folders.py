"""The cassettes in a folder, whoever wrote them."""

from __future__ import annotations

from pathlib import Path

from conformance.errors import UsageError
from conformance.transport.cassettes.recording import MANIFEST, STAGING

_SUFFIXES = (".json", ".yaml", ".yml")


def cassettes_in(path: Path) -> list[Path]:
    """The cassettes that a path means: itself, or all in a folder, sorted.

    The manifest of a recording is none, nor is what a run is just recording. Raises ``UsageError``
    where there is none.
    """
    if not path.is_dir():
        return [path]
    found = sorted(
        file
        for file in path.rglob("*")
        if file.name.lower().endswith(_SUFFIXES)
        and file.name != MANIFEST
        and STAGING not in file.relative_to(path).parts
    )
    if not found:
        raise UsageError(f"there is no cassette in {path}", "cassettes are JSON or YAML files")
    return found
