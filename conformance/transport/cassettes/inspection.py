"""What a cassette holds, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from conformance.transport.cassettes.cassette import Cassette, read_cassette
from conformance.transport.cassettes.origin import Imported, Origin

_NAMELESS = "none"
"""Stands for the operation of a request that names none, such as the download of a layer."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What one cassette holds.

    ``operations`` counts the exchanges by operation, ``unanswered`` those without a response;
    ``size`` is in bytes, ``seconds`` how long the recording took as far as it is known.
    """

    path: str
    scenario: str | None
    origin: Origin | None
    imported: Imported | None
    operations: Counter[str]
    unanswered: int
    size: int
    seconds: float

    @property
    def exchanges(self) -> int:
        """How many there are."""
        return self.operations.total()

    def to_json(self) -> dict[str, Any]:
        """The contents as a JSON object."""
        return {
            **asdict(self),
            "exchanges": self.exchanges,
            "operations": dict(sorted(self.operations.items())),
        }


@dataclass(frozen=True, slots=True)
class Inspection:
    """What some cassettes hold."""

    cassettes: Sequence[Contents]

    @property
    def operations(self) -> Counter[str]:
        """The exchanges by operation, in all cassettes."""
        return sum((each.operations for each in self.cassettes), Counter())

    @property
    def origins(self) -> list[Origin]:
        """Where they come from, each origin once, the oldest first."""
        return sorted(
            {each.origin for each in self.cassettes if each.origin is not None},
            key=lambda origin: origin.time,
        )

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(each.size for each in self.cassettes)

    def age(self, now: datetime) -> float | None:
        """Days since the oldest was recorded; ``None`` where that is not known of any."""
        if not self.origins:
            return None
        return age_in_days(self.origins[0], now)

    def to_json(self, now: datetime) -> dict[str, Any]:
        """The inspection as a JSON object (``schemas/cassettes-inspect.schema.json``)."""
        age = self.age(now)
        return {
            "format": "ecr-conformance-cassettes-inspect/1",
            "exchanges": self.operations.total(),
            "size": self.size,
            "age_days": None if age is None else round(age, 2),
            "origins": [origin.to_json() for origin in self.origins],
            "operations": dict(sorted(self.operations.items())),
            "cassettes": [each.to_json() for each in self.cassettes],
        }


def inspect(paths: Sequence[Path], top: Path) -> Inspection:
    """Count what cassettes hold; they are named as seen from ``top``.

    Raises ``MalformedCassette`` for a file that is none.
    """
    return Inspection([_contents(path, read_cassette(path), top) for path in paths])


def age_in_days(origin: Origin, now: datetime) -> float:
    """Days since a recording began."""
    return (now.timestamp() - origin.began) / 86_400


def _contents(path: Path, cassette: Cassette, top: Path) -> Contents:
    interactions = cassette.interactions
    return Contents(
        path=str(path.relative_to(top)) if path.is_relative_to(top) else str(path),
        scenario=cassette.scenario,
        origin=cassette.origin,
        imported=cassette.imported,
        operations=Counter(each.operation or _NAMELESS for each in interactions),
        unanswered=sum(each.response is None for each in interactions),
        size=path.stat().st_size,
        seconds=max((each.at for each in interactions), default=0.0),
    )
