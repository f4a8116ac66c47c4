"""Where a recording comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from conformance.utc import moment_of

FORMATS = ("vcrpy", "har", "placebo")
"""What is imported."""

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", re.ASCII)
_SEEDS = 1 << 32


@dataclass(frozen=True, slots=True)
class Origin:
    """What was recorded, when, and by what.

    ``target`` is how the user named it, ``version`` ``None`` where it does not tell one. ``time``
    is ISO 8601 in UTC; ``contract`` what it was judged by, such as ``botocore 1.44.5``; ``seed``
    what every byte but names came from.
    """

    target: str
    product: str
    version: str | None
    region: str
    time: str
    tool: str
    contract: str
    seed: int

    @property
    def began(self) -> float:
        """When the recording began, in seconds since the epoch."""
        return moment_of(self.time).timestamp()

    def to_json(self) -> dict[str, Any]:
        """The origin as a JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, parsed: Mapping[str, Any]) -> Origin:
        """The inverse of ``to_json``; other members are ignored.

        Raises ``KeyError``, ``TypeError`` or ``ValueError`` for what is none.
        """
        members = {name: parsed[name] for name in cls.__slots__}
        for name, value in members.items():
            _require_type(name, value)
        origin = cls(**members)
        if not _TIME.fullmatch(origin.time) or origin.began < 0:
            raise ValueError(f"{origin.time!r} is no time of a recording: ISO 8601, UTC, with Z")
        if not 0 <= origin.seed < _SEEDS:
            raise ValueError("the seed has more than 32 bits")
        return origin


@dataclass(frozen=True, slots=True)
class Imported:
    """What a cassette was made from that another tool recorded.

    ``format`` is one of ``FORMATS``, ``source`` the name of the file or folder,
    ``tool`` what imported it. When and of what it was recorded is not known.
    """

    format: str
    source: str
    tool: str

    def to_json(self) -> dict[str, Any]:
        """The import as a JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, parsed: Mapping[str, Any]) -> Imported:
        """The inverse of ``to_json``; other members are ignored.

        Raises ``KeyError``, ``TypeError`` or ``ValueError`` for what is none.
        """
        members = {name: parsed[name] for name in cls.__slots__}
        for name, value in members.items():
            _require_type(name, value)
        imported = cls(**members)
        if imported.format not in FORMATS:
            raise ValueError(f"{imported.format!r} is none of the formats {', '.join(FORMATS)}")
        return imported


def _require_type(name: str, value: object) -> None:
    wanted = int if name == "seed" else str
    if type(value) is not wanted and not (name == "version" and value is None):
        raise TypeError(f"{name} is {type(value).__name__}, not {wanted.__name__}")
