"""Finding recordings of other tools in files and folders."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance.contract import SERVICES
from conformance.errors import UsageError
from conformance.transport.cassettes.cassette import cassette_of
from conformance.transport.cassettes.contracts import contract_of
from conformance.transport.cassettes.importing.har import har_interactions, is_har
from conformance.transport.cassettes.importing.placebo import (
    FILE_NAME,
    is_placebo,
    placebo_interaction,
)
from conformance.transport.cassettes.interaction import Interaction
from conformance.transport.cassettes.parsing import MalformedCassette, parsed_file

_SUFFIXES = {".har", ".json", ".yaml", ".yml"}
_FORMS = "taken are cassettes of vcrpy (YAML or JSON), HAR files, and the JSON files of placebo"


@dataclass(frozen=True, slots=True)
class ForeignRecording:
    """A recording of another tool, as far as it is of ECR.

    ``format`` is ``vcrpy``, ``har`` or ``placebo``; ``source`` the file or folder, ``name`` what to
    call it, without a suffix; ``others`` counts the exchanges that asked for no operation of ECR.
    """

    format: str
    source: Path
    name: Path
    interactions: tuple[Interaction, ...]
    others: int


def find_recordings(source: Path) -> list[ForeignRecording]:
    """The recordings in a file, or in the files of a folder and of the folders in it.

    Files of a folder that are of no form known here are passed over. Raises ``MalformedCassette``
    for a broken file, and ``UsageError`` where nothing is found.
    """
    top = source if source.is_dir() else source.parent
    parsed = [(path, parsed_file(path)) for path in _files(source)]
    flights = [(path, content) for path, content in parsed if _by_placebo(path, content)]
    found = [
        *_of_placebo(flights, top),
        *(
            _from_file(path, content, path.relative_to(top).with_suffix(""))
            for path, content in parsed
            if _is_file_of_exchanges(content)
        ),
    ]
    if not found:
        raise UsageError(f"there is no recording in {source}", _FORMS)
    return found


def _files(source: Path) -> list[Path]:
    if not source.is_dir():
        return [source]
    return sorted(path for path in source.rglob("*") if path.suffix.lower() in _SUFFIXES)


def _is_file_of_exchanges(parsed: object) -> bool:
    return is_har(parsed) or (isinstance(parsed, dict) and "interactions" in parsed)


def _from_file(path: Path, parsed: Any, name: Path) -> ForeignRecording:
    with _telling(path):
        if is_har(parsed):
            return _of_ecr("har", path, name, har_interactions(parsed))
        return _of_ecr("vcrpy", path, name, cassette_of(parsed, path).interactions)


def _by_placebo(path: Path, parsed: object) -> bool:
    return FILE_NAME.fullmatch(path.name) is not None and is_placebo(parsed)


def _of_placebo(files: Sequence[tuple[Path, Any]], top: Path) -> Iterator[ForeignRecording]:
    """The files of a folder are one recording, or several where their names begin differently."""
    series: dict[Path, dict[str, list[tuple[Path, Any]]]] = defaultdict(lambda: defaultdict(list))
    for path, parsed in files:
        series[path.parent][_named(path)["series"]].append((path, parsed))
    for folder, several in series.items():
        ours = {prefix: each for prefix, each in several.items() if _service(each[0][0])}
        others = sum(map(len, several.values())) - sum(map(len, ours.values()))
        for prefix, each in ours.items():
            place = Path(folder.name) if folder == top else folder.relative_to(top)
            name = place if len(ours) == 1 else place.with_name(f"{place.name}.{prefix}")
            interactions = _placebo_interactions(each)
            yield ForeignRecording("placebo", folder, name, interactions, others)


def _placebo_interactions(files: list[tuple[Path, Any]]) -> tuple[Interaction, ...]:
    interactions = []
    for path, parsed in sorted(files, key=lambda file: _order(file[0])):
        with _telling(path):
            named = _named(path)
            interactions.append(placebo_interaction(named["service"], named["operation"], parsed))
    return tuple(interactions)


def _order(path: Path) -> tuple[str, int]:
    named = _named(path)
    return named["operation"], int(named["index"])


def _service(path: Path) -> str | None:
    service = _named(path)["service"]
    return service if service in SERVICES else None


def _named(path: Path) -> re.Match[str]:
    named = FILE_NAME.fullmatch(path.name)
    if named is None:
        raise ValueError(f"{path} is no name of placebo's")
    return named


def _of_ecr(form: str, path: Path, name: Path, every: Iterable[Interaction]) -> ForeignRecording:
    every = tuple(every)
    kept = tuple(each for each in every if contract_of(each.request) is not None)
    return ForeignRecording(form, path, name, kept, len(every) - len(kept))


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    """Tell which file it is that is not what it seemed."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        words = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise MalformedCassette(f"{path}: {words}") from error
