"""A cassette: the exchanges of one scenario, and where they come from."""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance.errors import ConformanceError, ExitCode
from conformance.files import write_whole
from conformance.transport.cassettes.interaction import Interaction
from conformance.transport.cassettes.origin import Origin

VERSION = 1
"""The version of vcrpy's format."""

BLOCK = "recorded"
"""The name of the block that vcrpy does not know. Not ``metadata``: newer releases of vcrpy write one
of that name, on which pytest-recording 0.14.1 stumbles."""

_LARGEST_JSON = 1 << 30
_LARGEST_YAML = 1 << 26
"""Bytes up to which a file is read; YAML is some hundred times as slow."""


class MalformedCassette(ConformanceError):
    """A file that is no cassette."""

    code = "malformed-cassette"
    exit_code = ExitCode.USAGE


@dataclass(frozen=True, slots=True)
class Cassette:
    """The exchanges of a scenario in their order.

    ``scenario`` and ``origin`` are ``None`` for what another tool recorded.
    """

    interactions: tuple[Interaction, ...]
    scenario: str | None = None
    origin: Origin | None = None

    def write(self, path: Path) -> None:
        """Write the cassette, whole or not at all. Raises ``UsageError`` where that fails."""
        lines = ",\n".join(json.dumps(each.to_json()) for each in self.interactions)
        head = f'{{"version": {VERSION},\n"{BLOCK}": {json.dumps(self._block(lines))},\n'
        write_whole(path, f'{head}"interactions": [\n{lines}\n]}}\n')

    def _block(self, interactions: str) -> dict[str, Any]:
        origin = {} if self.origin is None else self.origin.to_json()
        block = {"scenario": self.scenario, **origin}
        return {**block, "digest": digest_of(block, interactions)}


def digest_of(block: Mapping[str, Any], interactions: str) -> str:
    """What tells whether a cassette was changed: sha256 over its block and its interactions.

    ``interactions`` is their text, line by line, as the file has it.
    """
    state = hashlib.sha256(json.dumps(block, sort_keys=True).encode())
    state.update(interactions.encode())
    return f"sha256:{state.hexdigest()}"


def read_cassette(path: Path) -> Cassette:
    """Read a cassette of ours, or one that vcrpy or pytest-recording wrote, in JSON or YAML.

    Raises ``MalformedCassette`` for what is none.
    """
    with _no_collection():
        return cassette_of(parsed_file(path), path)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Look for no cyclic garbage: reading makes none, and the search doubles the time it takes."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def parsed_file(path: Path) -> Any:
    """What a JSON or YAML file holds. Raises ``MalformedCassette`` where it cannot be read."""
    yaml = path.suffix.lower() in (".yaml", ".yml")
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


def cassette_of(parsed: Any, path: Path) -> Cassette:
    """The cassette that a file's content is. Raises ``MalformedCassette`` where it is none."""
    if not isinstance(parsed, dict) or not isinstance(parsed.get("interactions"), list):
        raise MalformedCassette(
            f"{path} is no cassette: it has no list of interactions",
            "cassettes import takes recordings of other forms",
        )
    if parsed.get("version") != VERSION:
        raise MalformedCassette(
            f"{path} is a cassette of version {parsed.get('version')!r}, not {VERSION}"
        )
    block = parsed.get(BLOCK)
    try:
        origin = None if block is None else Origin.from_json(block)
        scenario = None if block is None else block.get("scenario")
    except (KeyError, TypeError, AttributeError) as error:
        raise MalformedCassette(f"{path}: {BLOCK}: {_words(error)}") from error
    return Cassette(_interactions(parsed["interactions"], path), scenario, origin)


def _interactions(parsed: list[Any], path: Path) -> tuple[Interaction, ...]:
    found = []
    for number, each in enumerate(parsed):
        try:
            found.append(Interaction.from_json(each))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise MalformedCassette(f"{path}: interactions[{number}]: {_words(error)}") from error
    return tuple(found)


def _words(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)


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
        return yaml.load(content, Loader=loader)  # noqa: S506 (it is the safe one)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise MalformedCassette(f"{path} is not plain YAML: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    return (
        "nested too deeply" if isinstance(error, RecursionError) else " ".join(str(error).split())
    )
