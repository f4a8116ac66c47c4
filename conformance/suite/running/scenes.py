"""The transports of a run: one connection for all scenarios, or for each a cassette of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from conformance.suite.run import Run
from conformance.suite.running.outgoing import Through, straight
from conformance.targets import Connection, clock_of, connect
from conformance.transport.cassettes.scene import Live, ScenarioTransport
from conformance.transport.exchange import Exchange
from conformance.transport.names import OWN_NAMES
from conformance.transport.redaction.accounts import account_told
from conformance.transport.redaction.recordings import Redactor


def survey_scene(service: str) -> str:
    """What the survey of a service is called, in a recording, too."""
    return f"{service}.survey"


def walk_scene(service: str) -> str:
    """What the walk through a service is called, in a recording, too."""
    return f"{service}.walk"


def arrangement_scene(service: str, operation: str) -> str:
    """What scenarios of generated requests of an operation share is called."""
    return f"{service}.arrangement.{operation}"


class Scenes:
    """Opens what a scenario, or something that scenarios share, speaks through.

    All that it asks of the target goes ``through``.
    """

    def __init__(self, run: Run, through: Through = straight) -> None:
        self._through = through
        self._use = run.cassettes
        here, written = run.name_beginning, run.seed_beginning
        self._words = {here: written, here.upper(): written.upper()}
        self._connection: Connection | None = None if run.replays else connect(run.target)
        self._clock = clock_of(run.target)
        self.account = "" if run.cassettes is None else run.cassettes.account
        """Whose registry is recorded: told by the first answers, where it was not known before."""

    @contextmanager
    def open(self, name: str) -> Iterator[ScenarioTransport]:
        """The transport of what is called ``name``; what it recorded is kept at the end."""
        way = self._connection and self._through(name, self._connection)
        if self._use is None:
            if way is None:
                raise ValueError("a run without cassettes has a connection")
            yield Live(way, self._clock)
            return
        scene = self._use.scene(name, way, self._clock)
        yield scene
        if scene.records:
            self._use.keep(name, scene.interactions(self._redactor(scene.exchanges)))

    def close(self) -> None:
        """Give up the connection."""
        if self._connection is not None:
            self._connection.close()

    def _redactor(self, exchanges: list[Exchange]) -> Redactor:
        self.account = self.account or account_told(exchanges) or ""
        salt = b"" if self._use is None else bytes.fromhex(self._use.salt)
        redactor = Redactor(
            words=self._words,
            own_account=self.account or None,
            salt=salt,
            own_names=OWN_NAMES,
        )
        redactor.learn(exchanges)
        return redactor
