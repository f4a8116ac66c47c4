"""How a run uses cassettes: what its processes share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from conformance.transport import Transport
from conformance.transport.cassettes.cassette import Cassette, read_cassette
from conformance.transport.cassettes.interaction import Interaction
from conformance.transport.cassettes.origin import Origin
from conformance.transport.cassettes.recording import cassette_path
from conformance.transport.cassettes.scene import Mode, Scene
from conformance.transport.clock import Clock, ReplayedClock


@dataclass(frozen=True, slots=True)
class CassetteUse:
    """Where cassettes are and what becomes of exchanges.

    ``folder`` holds the recording, ``staging`` what is recorded until the run is complete (empty in
    a run that only replays). ``salt``, hexadecimal, makes the replacements of secrets unguessable,
    ``account`` is whose registry is recorded, empty where it is not known yet; neither is written.
    """

    folder: str
    mode: Mode
    origin: Origin
    staging: str = ""
    salt: str = ""
    account: str = ""

    @property
    def records(self) -> bool:
        """Whether the target is asked for what was not recorded."""
        return self.mode is not Mode.NONE

    def has(self, name: str) -> bool:
        """Whether the scene called ``name`` was recorded."""
        return cassette_path(Path(self.folder), name).exists()

    def scene(self, name: str, inner: Transport | None, clock: Clock) -> Scene:
        """The scene called ``name``, with its cassette where there is one.

        ``inner`` answers what is recorded, and goes by ``clock``.
        """
        path = cassette_path(Path(self.folder), name)
        before = read_cassette(path) if path.exists() else None
        if not self.mode.records(before):
            origin = self.origin if before is None else before.origin or self.origin
            clock = ReplayedClock(origin.began)
        return Scene(self.mode, before, inner, clock)

    def keep(self, name: str, interactions: tuple[Interaction, ...]) -> None:
        """Write the cassette of a scene to where it waits for the end of the run."""
        path = cassette_path(Path(self.staging), name)
        Cassette(interactions, name, self.origin).write(path)

    def to_json(self) -> dict[str, Any]:
        """The use as a JSON object, to hand it to worker processes."""
        return {**asdict(self), "mode": self.mode.value}

    @classmethod
    def from_json(cls, parsed: Mapping[str, Any]) -> CassetteUse:
        """The inverse of ``to_json``."""
        changed = {"mode": Mode(parsed["mode"]), "origin": Origin.from_json(parsed["origin"])}
        return cls(**{**parsed, **changed})
