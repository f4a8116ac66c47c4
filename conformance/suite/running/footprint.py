"""What rules ask of a target: which actions, on whose resources, and about how many requests.

``schemas/footprint.json`` has it of every rule, as seen in a run against the reference. What
scenarios share, the survey, the walk and arrangements, has names of its own there.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from conformance.contract import schemas_folder
from conformance.file_schemas import read_json, require_valid
from conformance.suite.running.scenes import survey_scene

FILE = "footprint.json"

_NOTHING: frozenset[str] = frozenset()
_SEPARATOR = ",\n"
_SETS = ("own", "impossible", "beyond", "shares")


@dataclass(frozen=True, slots=True)
class Footprint:
    """What something asks of a target.

    ``own`` are the actions of IAM, such as ``ecr:PutImage``, that it takes on repositories of the
    run, ``impossible`` those on repositories that nobody has, because their names are refused,
    ``beyond`` those on anything else, such as the whole registry. ``requests`` and
    ``repositories``, how many it makes, are those of one run: another target may take more.
    ``shares`` names what it stands on and others do, too.
    """

    requests: int = 0
    repositories: int = 0
    own: frozenset[str] = _NOTHING
    impossible: frozenset[str] = _NOTHING
    beyond: frozenset[str] = _NOTHING
    shares: frozenset[str] = _NOTHING

    def __add__(self, other: Footprint) -> Footprint:
        """What both ask together."""
        return Footprint(
            self.requests + other.requests,
            self.repositories + other.repositories,
            self.own | other.own,
            self.impossible | other.impossible,
            self.beyond | other.beyond,
            self.shares | other.shares,
        )

    @property
    def actions(self) -> frozenset[str]:
        """All actions."""
        return self.own | self.impossible | self.beyond

    @property
    def asked(self) -> tuple[frozenset[str], ...]:
        """All but how many requests it takes, which is a matter of time, too."""
        return self.own, self.impossible, self.beyond, self.shares

    def to_json(self) -> dict[str, Any]:
        """The footprint as a JSON object."""
        return {
            "requests": self.requests,
            "repositories": self.repositories,
            **{name: sorted(found) for name in _SETS if (found := getattr(self, name))},
        }

    @classmethod
    def from_json(cls, parsed: Mapping[str, Any]) -> Footprint:
        """The inverse of ``to_json``."""
        sets = {name: frozenset(parsed.get(name, ())) for name in _SETS}
        return cls(parsed["requests"], parsed["repositories"], **sets)


@dataclass(frozen=True, slots=True)
class Footprints:
    """The footprints of rules, by id, and of what they share.

    ``changing`` is what takes leave to change what is set for a whole registry: scenarios of rules
    as a whole, of what they share single requests. ``ordinary`` is all else.
    """

    ordinary: Mapping[str, Footprint]
    changing: Mapping[str, Footprint]

    def of(self, rules: Collection[str], services: Iterable[str], *, changes: bool) -> Footprint:
        """What these rules ask of these services, the survey and all that they share included."""
        kinds = (self.ordinary, self.changing) if changes else (self.ordinary,)
        chosen = _sum(kinds, rules)
        surveys = (survey_scene(service) for service in services)
        return chosen + _sum(kinds, {*chosen.shares, *surveys})

    def asks_the_same(self, other: Footprints) -> bool:
        """Whether all that others ask for is the same, however often."""
        return all(
            {name: each.asked for name, each in own.items()}
            == {name: each.asked for name, each in others.items()}
            for own, others in ((self.ordinary, other.ordinary), (self.changing, other.changing))
        )

    def to_json(self) -> dict[str, Any]:
        """The footprints as a JSON object."""
        kinds = {"ordinary": self.ordinary, "changing": self.changing}
        return {
            kind: {name: found.to_json() for name, found in sorted(footprints.items())}
            for kind, footprints in kinds.items()
        }


def _sum(kinds: Iterable[Mapping[str, Footprint]], names: Collection[str]) -> Footprint:
    found = (kind[name] for kind in kinds for name in names if name in kind)
    return sum(found, Footprint())


@cache
def known_footprints() -> Footprints:
    """Those of every rule, as they are committed."""
    return read_footprints(schemas_folder() / FILE)


def read_footprints(path: Path) -> Footprints:
    """The inverse of ``text_of``. Raises ``MalformedFile`` for a file that says something else."""
    parsed = read_json(path)
    require_valid(parsed, "footprint", str(path))
    kinds = (
        {name: Footprint.from_json(each) for name, each in parsed[kind].items()}
        for kind in ("ordinary", "changing")
    )
    return Footprints(*kinds)


def text_of(footprints: Footprints) -> str:
    """Footprints as a text of JSON, a line for each."""
    kinds = []
    for kind, named in footprints.to_json().items():
        lines = (f"{json.dumps(name)}: {json.dumps(each)}" for name, each in named.items())
        kinds.append(f"{json.dumps(kind)}: {{\n{_SEPARATOR.join(lines)}\n}}")
    schema = '"$schema": "./footprint.schema.json"'
    return "{\n" + _SEPARATOR.join([schema, *kinds]) + "\n}\n"


def only_of(services: Iterable[str], actions: Iterable[str]) -> frozenset[str]:
    """The actions that belong to one of these services."""
    chosen = set(services)
    return frozenset(action for action in actions if action.partition(":")[0] in chosen)
