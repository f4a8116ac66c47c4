"""Which members a real answer always carries, and what says so.

No output shape of ECR has a required member, so the model alone accepts ``{}`` everywhere. The
presence overlay, written by hand and committed under ``schemas/``, adds what AWS's documentation
and recordings of AWS show. Of every other member of an answer it says why that may be absent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from conformance.contract.folder import service_document

Level = Literal["must", "should"]
"""How binding an expectation is: ``must`` decides certification, ``should`` is reported."""


@dataclass(frozen=True, slots=True)
class Source:
    """What an expectation rests on: documentation, a recording, or a report of AWS's behaviour.

    ``where`` is the operation or shape it is about, ``quote`` the sentence or fact, ``url`` its
    public address.
    """

    kind: Literal["documented", "recorded", "observed"]
    where: str
    quote: str
    url: str


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds for a structure whose ``member`` has one of ``values``.

    ``member`` may be a path through structures, such as ``imageScanStatus.status``.
    """

    member: str
    values: tuple[str | bool, ...]

    def holds(self, structure: Mapping[str, object]) -> bool:
        """Tell whether ``structure``, a JSON object, meets the condition."""
        value: object = structure
        for name in self.member.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        return value in self.values


@dataclass(frozen=True, slots=True)
class Expectation:
    """A member that real answers carry.

    ``since`` is the year AWS added it, for members that are not as old as their shape. ``within``
    limits the expectation to structures held by certain members of other shapes, such as
    ``ListImagesResponse.imageIds``; ``when`` to structures of a kind.
    """

    member: str
    level: Level
    since: int | None
    within: tuple[str, ...]
    when: Condition | None
    evidence: tuple[Source, ...]

    def concerns(self, structure: Mapping[str, object], holder: str) -> bool:
        """Tell whether it applies to ``structure``, held by the member ``holder``."""
        held = not self.within or holder in self.within
        return held and (self.when is None or self.when.holds(structure))


@dataclass(frozen=True, eq=False)
class Presence:
    """The presence overlay of one service: what to expect in each shape, by its name."""

    service: str
    api_version: str
    shapes: Mapping[str, tuple[Expectation, ...]]

    def missing(
        self, shape_name: str, structure: Mapping[str, object], holder: str = ""
    ) -> list[Expectation]:
        """Return what ``structure`` lacks: for each member, its most binding expectation."""
        lacking: dict[str, Expectation] = {}
        for expectation in self.shapes.get(shape_name, ()):
            absent = structure.get(expectation.member) is None
            if absent and expectation.concerns(structure, holder):
                known = lacking.get(expectation.member)
                if known is None or known.level == "should":
                    lacking[expectation.member] = expectation
        return list(lacking.values())


@cache
def load_presence(service: str, api_version: str) -> Presence:
    """Read the overlay of a service; raise ``ConformanceError`` when there is none."""
    overlay = service_document(service, api_version, "presence", "presence overlay")
    sources = {key: Source(**source) for key, source in overlay["sources"].items()}
    shapes = {
        name: tuple(e for entry in entries for e in _expectations(entry, sources))
        for name, entries in overlay["shapes"].items()
    }
    return Presence(overlay["service"], overlay["apiVersion"], MappingProxyType(shapes))


def _expectations(entry: Mapping[str, Any], sources: Mapping[str, Source]) -> Iterator[Expectation]:
    if "optional" in entry:
        return
    when = entry.get("when")
    for member in entry["members"]:
        yield Expectation(
            member=member,
            level=entry["level"],
            since=entry.get("since"),
            within=tuple(entry.get("within", ())),
            when=Condition(when["member"], tuple(when["values"])) if when else None,
            evidence=tuple(sources[key] for key in entry["evidence"]),
        )
