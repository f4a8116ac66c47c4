"""The settings of registries as they were before a run, in a file from which they are put back."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from conformance.contract import load_contract
from conformance.errors import TransportError
from conformance.file_schemas import read_json, require_valid
from conformance.files import write_whole
from conformance.suite.answers import refusal, success
from conformance.suite.clients import wire_client
from conformance.suite.registry import CONSISTENCY_DEADLINE
from conformance.suite.topics.registry_settings import SETTINGS, Answer, Setting
from conformance.targets import Target, connect
from conformance.transport.log import ExchangeLog
from conformance.transport.wire import WireClient

_NOTE = (
    "Private: it tells the account, and what is set in it. ecr-conformance aws restore reads it."
)
_OWNER_ONLY = 0o600
_PAUSE = 2.0
"""Seconds between two looks at settings that may be shown late."""


@dataclass(frozen=True, slots=True)
class SavedSettings:
    """What was set in an account.

    ``settings`` are by service and then by what ``Setting.called`` calls them; ``None`` is one that
    was not set.
    """

    account: str
    region: str
    settings: Mapping[str, Mapping[str, Answer | None]]

    def write(self, path: Path) -> None:
        """Write the file, whole, for its owner alone. Raises ``UsageError`` where it fails."""
        said = {
            "$schema": "saved-settings.schema.json",
            "note": _NOTE,
            "account": self.account,
            "region": self.region,
            "settings": self.settings,
        }
        write_whole(path, json.dumps(said, indent=2) + "\n", _OWNER_ONLY)

    @classmethod
    def read(cls, path: Path) -> SavedSettings:
        """The inverse of ``write``. Raises ``MalformedFile`` for a file that is none of these."""
        parsed = read_json(path)
        require_valid(parsed, "saved-settings", str(path))
        return cls(parsed["account"], parsed["region"], parsed["settings"])


@contextmanager
def registries(target: Target) -> Iterator[Mapping[str, WireClient]]:
    """A client of each service of a target, by its name."""
    with closing(connect(target)) as transport:
        yield {
            service: wire_client(target, load_contract(service), ExchangeLog(transport, service))
            for service in target.services
        }


def settings_of(client: WireClient, service: str) -> dict[str, Answer | None]:
    """What is set for a registry now; what may not be read is left out.

    Raises ``TransportError`` where there is no answer.
    """
    found: dict[str, Answer | None] = {}
    for setting in settings_in(service):
        exchange = client.send(*setting.reads)
        if exchange.response is None:
            raise TransportError(f"{exchange.operation}: {exchange.failure}")
        answer, error = success(exchange.response), refusal(exchange.response)
        if answer is not None or (error is not None and error.code.endswith("NotFoundException")):
            found[setting.called] = answer
    return found


def settings_in(service: str) -> Iterator[Setting]:
    """The settings that a service has."""
    known = load_contract(service).operations
    return (setting for setting in SETTINGS if setting.reads[0] in known)


def different_in_the_end(
    saved: SavedSettings, clients: Mapping[str, WireClient]
) -> list[tuple[str, Setting, Answer | None]]:
    """The settings that are still different when reads have had time to show them."""
    deadline = time.monotonic() + CONSISTENCY_DEADLINE
    while (found := different(saved, clients)) and time.monotonic() < deadline:
        time.sleep(_PAUSE)
    return found


def different(
    saved: SavedSettings, clients: Mapping[str, WireClient]
) -> list[tuple[str, Setting, Answer | None]]:
    """The settings that are not as they were saved: service, setting, and how it was.

    One that cannot be read any more counts as different.
    """
    return [
        (service, setting, before[setting.called])
        for service, before in saved.settings.items()
        for setting, now in _now(clients[service], service)
        if setting.called in before and now != (before[setting.called],)
    ]


def _now(client: WireClient, service: str) -> Iterator[tuple[Setting, tuple[Answer | None, ...]]]:
    """Each setting with what it is now, or with nothing where it cannot be read."""
    found = settings_of(client, service)
    for setting in settings_in(service):
        yield setting, (found[setting.called],) if setting.called in found else ()
