"""What is set for a whole registry, and is put back after each scenario that changes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from conformance.suite.answers import refusal, structure, success
from conformance.suite.outcomes import Withheld
from conformance.suite.registry import Registry
from conformance.suite.running.settling import SETTLED

Answer = Mapping[str, Any]
Request = tuple[str, dict[str, Any]]
"""An operation and its parameters."""
Known = dict[str, "list[Answer | None]"]
"""How the settings of each service were found, in the order of ``SETTINGS``."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of a registry.

    ``reads`` asks for it. ``writes`` sets it to what ``members`` of that answer say, or of the
    structure ``inside`` it; ``deletes`` sets it to nothing, as it was where there was no answer.
    """

    reads: Request
    writes: str
    members: tuple[str, ...]
    inside: str = ""
    deletes: str = ""

    @property
    def called(self) -> str:
        """A name of the setting, unique in its service."""
        operation, parameters = self.reads
        return " ".join([operation, *parameters.values()])

    def restore(self, answer: Answer | None) -> Request | None:
        """The request that sets it to what was answered; ``None`` where nothing does."""
        if answer is None:
            return (self.deletes, {}) if self.deletes else None
        found = structure(answer, self.inside) if self.inside else answer
        return self.writes, {name: found[name] for name in self.members if name in found}


SETTINGS = (
    Setting(
        ("GetRegistryPolicy", {}),
        "PutRegistryPolicy",
        ("policyText",),
        deletes="DeleteRegistryPolicy",
    ),
    Setting(("DescribeRegistry", {}), "PutReplicationConfiguration", ("replicationConfiguration",)),
    Setting(
        ("GetRegistryScanningConfiguration", {}),
        "PutRegistryScanningConfiguration",
        ("scanType", "rules"),
        inside="scanningConfiguration",
    ),
    Setting(
        ("GetSigningConfiguration", {}),
        "PutSigningConfiguration",
        ("signingConfiguration",),
        deletes="DeleteSigningConfiguration",
    ),
    Setting(
        ("GetRegistryCatalogData", {}),
        "PutRegistryCatalogData",
        ("displayName",),
        inside="registryCatalogData",
    ),
    *(
        Setting(("GetAccountSetting", {"name": name}), "PutAccountSetting", ("name", "value"))
        for name in ("BASIC_SCAN_TYPE_VERSION", "REGISTRY_POLICY_SCOPE", "BLOB_MOUNTING")
    ),
)


@contextmanager
def settings_put_back(registry: Registry, known: Known) -> Iterator[list[str]]:
    """The settings of a target may be changed meanwhile, then they are as they were before.

    Whoever changes them has the target alone (see ``running/turns.py``).

    Gives a list that has, at the end, a sentence for each setting that could not be put back.
    ``known`` is how earlier scenarios found the settings, where reads may be stale.
    """
    complaints: list[str] = []
    settings = _here(registry)
    before = _found(registry, settings, known)
    first = len(registry.log.exchanges)
    yield complaints
    for setting, answer in zip(settings, before, strict=True):
        touched = {exchange.operation for exchange in registry.log.exchanges[first:]}
        if touched & {setting.writes, setting.deletes}:
            complaints += _put_back(registry, setting, answer)


def _here(registry: Registry) -> list[Setting]:
    """The settings that the service has and the target knows."""
    return [
        setting
        for setting in SETTINGS
        if setting.reads[0] in registry.contract.operations
        and setting.reads[0] not in registry.capability.lacking
    ]


def _found(registry: Registry, settings: list[Setting], known: Known) -> list[Answer | None]:
    """How the settings are, and not how an earlier scenario had set them.

    A stale read would be put back in the end. What is as it was known is not stale; what differs
    for so long that it has settled, somebody else has changed, because no scenario does meanwhile.
    """
    service = registry.service
    if registry.target.consistency == "strong":
        return _answers(registry, settings)
    if service not in known:
        registry.let_settle()
        known[service] = _answers(registry, settings)
        return known[service]
    for _ in registry.attempts(SETTLED, pause=1.0):
        found = _answers(registry, settings)
        if found == known[service]:
            break
    known[service] = found
    return found


def _answers(registry: Registry, settings: list[Setting]) -> list[Answer | None]:
    found = [_read(registry, setting) for setting in settings]
    _require_readable(registry, settings)
    return found


def _require_readable(registry: Registry, settings: list[Setting]) -> None:
    """Raise ``Withheld`` where somebody's setting may not be read: it would end up deleted."""
    if not registry.target.owned:
        return
    latest = {exchange.operation: exchange.response for exchange in registry.log.exchanges}
    for operation in (setting.reads[0] for setting in settings if setting.deletes):
        response = latest[operation]
        if response is None:
            continue
        registry.require_permitted(operation, response)
        error = refusal(response)
        if error is not None and not error.code.endswith("NotFoundException"):
            raise Withheld(operation, f"{error.code}, so it could not be put back")


def _read(registry: Registry, setting: Setting) -> Answer | None:
    response = registry.client.send(*setting.reads).response
    return None if response is None else success(response)


def _put_back(registry: Registry, setting: Setting, answer: Answer | None) -> list[str]:
    """Set a setting to what it was; gives a sentence where it does not come to be so."""
    wanted = setting.restore(answer)
    stale = registry.target.consistency == "eventual"  # may be what is read, so it says nothing
    if wanted is None or (not stale and _read(registry, setting) == answer):
        return []
    registry.client.send(*wanted)

    def observe() -> None:
        assert _read(registry, setting) == answer, (
            f"{registry.service}: {wanted[0]} did not put back what {setting.reads[0]} gave"
        )

    try:
        registry.eventually(observe)
    except AssertionError as error:
        return [str(error).partition("\n")[0]]
    return []
