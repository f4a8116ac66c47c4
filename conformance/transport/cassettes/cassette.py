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

from conformance.file_schemas import breach
from conformance.files import write_whole
from conformance.transport.cassettes.interaction import Interaction
from conformance.transport.cassettes.origin import Imported, Origin
from conformance.transport.cassettes.parsing import MalformedCassette, parsed_file

VERSION = 1
"""The version of vcrpy's format."""

BLOCK = "recorded"
"""The name of the block that vcrpy does not know. Not ``metadata``: newer releases of vcrpy write
one of that name, on which pytest-recording 0.14.1 stumbles."""

SCHEMA = "cassette"
"""The schema of the cassettes that this tool writes."""

_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Cassette:
    """The exchanges of a scenario in their order.

    ``scenario`` and ``origin`` are ``None`` for what another tool recorded; ``imported`` tells what
    it was, once it is imported.
    """

    interactions: tuple[Interaction, ...]
    scenario: str | None = None
    origin: Origin | None = None
    imported: Imported | None = None

    def write(self, path: Path) -> None:
        """Write the cassette, whole or not at all. Raises ``UsageError`` where that fails."""
        interactions = [each.to_json() for each in self.interactions]
        block = self._block(interactions)
        written = {"version": VERSION, BLOCK: block, "interactions": interactions}
        if (words := breach(written, SCHEMA)) is not None:
            raise MalformedCassette(f"{path}: {words}")
        head = f'{{"version": {VERSION},\n"{BLOCK}": {json.dumps(block)},\n'
        write_whole(path, f'{head}"interactions": [\n{_lines(interactions)}\n]}}\n')

    def _block(self, interactions: list[dict[str, Any]]) -> dict[str, Any]:
        block: dict[str, Any] = {"scenario": self.scenario}
        if self.origin is not None:
            block |= self.origin.to_json()
        if self.imported is not None:
            block["imported"] = self.imported.to_json()
        return {**block, "digest": digest_of(block, interactions)}


def digest_of(block: Mapping[str, Any], interactions: list[Any]) -> str:
    """What tells whether a cassette was changed: sha256 over its block and its interactions.

    Both are as they stand in the file, the block without its digest.
    """
    state = hashlib.sha256(json.dumps(block, sort_keys=True).encode())
    state.update(_lines(interactions).encode())
    return f"sha256:{state.hexdigest()}"


def _lines(interactions: list[Any]) -> str:
    return ",\n".join(map(json.dumps, interactions))


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


def cassette_of(parsed: Any, path: Path) -> Cassette:
    """The cassette that a file's content is. Raises ``MalformedCassette`` where it is none."""
    if not isinstance(parsed, dict) or not isinstance(parsed.get("interactions"), list):
        raise MalformedCassette(
            f"{path} is no cassette: it has no list of interactions",
            "cassettes import takes recordings of other forms",
        )
    version = parsed.get("version")
    if version != VERSION:
        told = repr(version) if isinstance(version, (int, str)) else "another form"
        raise MalformedCassette(f"{path} is a cassette of version {told[:_SHOWN]}, not {VERSION}")
    interactions = _interactions(parsed["interactions"], path)
    block = parsed.get(BLOCK)
    if block is None:
        return Cassette(interactions)
    try:
        return _with_block(interactions, block)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MalformedCassette(f"{path}: {BLOCK}: {_words(error)}") from error


def _with_block(interactions: tuple[Interaction, ...], block: Mapping[str, Any]) -> Cassette:
    scenario = block["scenario"]
    if scenario is not None and not isinstance(scenario, str):
        raise TypeError("the scenario is no text")
    if "imported" in block:
        return Cassette(interactions, scenario, imported=Imported.from_json(block["imported"]))
    return Cassette(interactions, scenario, Origin.from_json(block))


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
