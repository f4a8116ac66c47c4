"""What an API answers differently in one recording than in another: the same requests compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance.transport.cassettes.cassette import read_cassette
from conformance.transport.cassettes.folders import cassettes_in
from conformance.transport.cassettes.matching import Key, parameters_of
from conformance.transport.cassettes.recording import is_recording, read_recording
from conformance.transport.cassettes.settled import IGNORED, Answer, Settled, settled
from conformance.transport.names import names_of_seed

_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Change:
    """One place of an answer, by JSON Pointer, and what stands there in ``a`` and ``b``, if any."""

    place: str
    values: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """The change as a JSON object: ``place``, ``a`` and ``b``."""
        return {"place": self.place, **self.values}


@dataclass(frozen=True, slots=True)
class RequestDifference:
    """A request that is answered differently, or was only made in one of the two (``only``).

    ``parameters`` is ``None`` where they are no JSON object.
    """

    operation: str
    parameters: Mapping[str, Any] | None
    only: str | None
    changes: Sequence[Change]

    def to_json(self) -> dict[str, Any]:
        """The difference as a JSON object."""
        return {
            "operation": self.operation,
            "parameters": self.parameters,
            "only": self.only,
            "changes": [change.to_json() for change in self.changes],
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two recordings, by scenario; ``compared`` is how many both have."""

    compared: int
    only_a: Sequence[str]
    only_b: Sequence[str]
    scenarios: Mapping[str, Sequence[RequestDifference]]

    @property
    def differ(self) -> bool:
        """Whether there is any difference."""
        return bool(self.only_a or self.only_b or self.scenarios)

    def to_json(self) -> dict[str, Any]:
        """The difference as a JSON object (``schemas/cassettes-diff.schema.json``)."""
        return {
            "format": "ecr-conformance-cassettes-diff/1",
            "differ": self.differ,
            "compared": self.compared,
            "ignored": list(IGNORED),
            "only_a": list(self.only_a),
            "only_b": list(self.only_b),
            "scenarios": {
                name: [each.to_json() for each in differences]
                for name, differences in self.scenarios.items()
            },
        }


def difference(a: Path, b: Path) -> Difference:
    """Compare two recordings, each a file or a folder.

    Raises ``MalformedCassette`` for a file that is no cassette, ``UsageError`` for a folder without
    any.
    """
    if a.is_file() and b.is_file():
        one, other = {a.stem: a}, {a.stem: b}
    else:
        one, other = _by_scenario(a), _by_scenario(b)
    both = sorted(one.keys() & other.keys())
    ours = _own_names(a), _own_names(b)
    found = {name: list(_compared((one[name], other[name]), ours)) for name in both}
    return Difference(
        len(both),
        sorted(one.keys() - other.keys()),
        sorted(other.keys() - one.keys()),
        {name: differences for name, differences in found.items() if differences},
    )


def _by_scenario(top: Path) -> dict[str, Path]:
    """Cassettes by their place below the folder, which tells the scenario whoever recorded it."""
    return {
        path.relative_to(top if top.is_dir() else top.parent).with_suffix("").as_posix(): path
        for path in cassettes_in(top)
    }


def _own_names(top: Path) -> str:
    """What the names of a recording's run begin with, for other cassettes what any name does."""
    return names_of_seed(read_recording(top).origin.seed) if is_recording(top) else ""


def _compared(paths: tuple[Path, Path], ours: tuple[str, str]) -> Iterator[RequestDifference]:
    one, other = map(_by_request, paths, ours)
    for key in dict.fromkeys((*one, *other)):
        asked_a, asked_b = one.get(key, []), other.get(key, [])
        operation = (asked_a or asked_b)[0].operation
        if not asked_a or not asked_b:
            only = "a" if asked_a else "b"
            yield RequestDifference(operation, parameters_of(key), only, ())
        elif changes := list(_changes(_answers(asked_a, asked_b))):
            yield RequestDifference(operation, parameters_of(key), None, changes)


def _by_request(path: Path, own_names: str) -> dict[Key, list[Settled]]:
    asked: dict[Key, list[Settled]] = defaultdict(list)
    for each in settled(read_cassette(path).interactions, own_names):
        asked[each.key].append(each)
    return asked


def _answers(a: list[Settled], b: list[Settled]) -> list[tuple[Answer, Answer]]:
    """The answers to compare. Who asked more often had to wait: then only the last ones tell."""
    pairs = zip(a, b, strict=True) if len(a) == len(b) else [(a[-1], b[-1])]
    return [(one.answer, other.answer) for one, other in pairs]


def _changes(answers: list[tuple[Answer, Answer]]) -> Iterator[Change]:
    for one, other in answers:
        yield from _between(one, other, "")


def _between(a: Any, b: Any, place: str) -> Iterator[Change]:
    if isinstance(a, dict) and isinstance(b, dict):
        for name in dict.fromkeys((*a, *b)):
            yield from _between(a.get(name, _ABSENT), b.get(name, _ABSENT), f"{place}/{name}")
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for index, (one, other) in enumerate(zip(a, b, strict=True)):
            yield from _between(one, other, f"{place}/{index}")
    elif type(a) is not type(b) or a != b:
        present = {"a": a, "b": b}
        yield Change(place, {name: v for name, v in present.items() if v is not _ABSENT})
