"""Files of recordings, read as plain data: whatever a file holds, nothing in it is obeyed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.errors import ConformanceError, ExitCode

if TYPE_CHECKING:
    import yaml

_LARGEST_JSON = 1 << 30
_LARGEST_YAML = 1 << 26
"""Bytes up to which a file is read; YAML is some hundred times as slow."""

_DEEPEST_YAML = 100
"""How deep what is written in YAML may be nested: libyaml's loader has no limit but the stack, and
ends the process there. A cassette of vcrpy is nested some six deep."""

_YAML_NAMES = (".yaml", ".yml")


class MalformedCassette(ConformanceError):
    """A file that is no cassette."""

    code = "malformed-cassette"
    exit_code = ExitCode.USAGE


def parsed_file(path: Path) -> Any:
    """What a JSON or YAML file holds. Raises ``MalformedCassette`` where it cannot be read."""
    yaml = path.suffix.lower() in _YAML_NAMES
    largest = _LARGEST_YAML if yaml else _LARGEST_JSON
    try:
        if path.stat().st_size > largest:
            raise MalformedCassette(
                f"{path} has more than {largest >> 20} MiB", "record fewer exchanges in one file"
            )
        content = path.read_bytes()
    except OSError as error:
        raise MalformedCassette(f"cannot read {path}: {error.strerror or error}") from error
    return _from_yaml(content, path) if yaml else _from_json(content, path)


def _from_json(content: bytes, path: Path) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise MalformedCassette(f"{path} is not JSON: {_reason(error)}") from error


def _from_yaml(content: bytes, path: Path) -> Any:
    import yaml

    # Never a loader that makes objects of whatever a file names.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _refuse_traps(yaml.parse(content, Loader=loader))
        return yaml.load(content, Loader=loader)  # noqa: S506 (it is the safe one)
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        raise MalformedCassette(f"{path} is not plain YAML: {_reason(error)}") from error


def _refuse_traps(events: Any) -> None:
    """Raise ``ValueError`` for what a few lines of YAML can make of themselves in memory."""
    import yaml

    depth = 0
    for event in events:
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST_YAML:
                raise ValueError("nested too deeply")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif _is_merge(event):
            # Each copies what it merges, so that merges of merges fill any memory.
            raise ValueError("it merges mappings (<<), which vcrpy never writes")


def _is_merge(event: yaml.Event) -> bool:
    import yaml

    return isinstance(event, yaml.ScalarEvent) and event.value == "<<" and event.implicit[0]


def _reason(error: Exception) -> str:
    return (
        "nested too deeply" if isinstance(error, RecursionError) else " ".join(str(error).split())
    )
