"""The certificate: a frozen value; everything a report shows is a view of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.errors import ExitCode
from conformance.report.judged_profile import JudgedProfile, ProfileVerdict
from conformance.report.judged_rule import JudgedOperation, JudgedRule
from conformance.report.provenance import Provenance
from conformance.suite.rules import PROFILES, SERVICES
from conformance.suite.verdicts import Verdict

__all__ = ["Certificate"]

REPORT_FORMAT = "ecr-conformance-report/1"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a run found. ``finished`` is ISO 8601 in UTC; rules and operations are sorted.

    Made by ``judge`` from checks, or by ``from_json`` from ``report.json``.
    """

    provenance: Provenance
    finished: str
    rules: tuple[JudgedRule, ...]
    operations: tuple[JudgedOperation, ...]

    @property
    def profiles(self) -> tuple[JudgedProfile, ...]:
        """The profiles that have a selected rule, services and profiles in their usual order."""
        found = (
            JudgedProfile(service, profile, self._rules_of(service, profile))
            for service in SERVICES
            for profile in PROFILES
        )
        return tuple(profile for profile in found if profile.rules)

    @property
    def exit_code(self) -> ExitCode:
        """What the process that made this certificate ends with."""
        verdicts = [check.verdict for rule in self.rules for check in rule.checks]
        if not verdicts:
            return ExitCode.NOTHING_RAN
        if Verdict.ERROR in verdicts:
            return ExitCode.UNREACHABLE
        return _conformance(profile.verdict for profile in self.profiles)

    def to_json(self) -> dict[str, Any]:
        """The content of ``report.json``."""
        return {
            "format": REPORT_FORMAT,
            **self.provenance.to_json(),
            "finished": self.finished,
            "exit_code": int(self.exit_code),
            "profiles": [profile.to_json() for profile in self.profiles],
            "operations": [operation.to_json() for operation in self.operations],
            "rules": [rule.to_json() for rule in self.rules],
        }

    @classmethod
    def from_json(cls, parsed: Mapping[str, Any]) -> Certificate:
        """The inverse of ``to_json``; what follows from the checks is concluded anew."""
        return cls(
            provenance=Provenance.from_json(parsed),
            finished=parsed["finished"],
            rules=tuple(JudgedRule.from_json(item) for item in parsed["rules"]),
            operations=tuple(JudgedOperation.from_json(item) for item in parsed["operations"]),
        )

    def _rules_of(self, service: str, profile: str) -> tuple[JudgedRule, ...]:
        wanted = (service, profile)
        return tuple(r for r in self.rules if (r.rule.service, r.rule.profile) == wanted)


def _conformance(verdicts: Iterable[ProfileVerdict]) -> ExitCode:
    found = set(verdicts)
    allowed = {ProfileVerdict.CERTIFIED, ProfileVerdict.UNSUPPORTED, ProfileVerdict.NOT_JUDGED}
    conformant = ProfileVerdict.CERTIFIED in found and found <= allowed
    return ExitCode.CONFORMANT if conformant else ExitCode.NOT_CONFORMANT
