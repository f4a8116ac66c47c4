"""The certificate: a frozen value; everything a report shows is a view of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from conformance.errors import ExitCode
from conformance.report.conclusion import Conclusion, conclude
from conformance.report.judged_profile import JudgedProfile
from conformance.report.judged_rule import JudgedOperation, JudgedRule
from conformance.report.provenance import Provenance
from conformance.report.waivers import JudgedWaiver, Waiver, judge_waivers
from conformance.suite.rules import PROFILES, SERVICES

__all__ = ["Certificate"]

REPORT_FORMAT = "ecr-conformance-report/1"


@dataclass(frozen=True)
class Certificate:
    """What a run found. ``finished`` is ISO 8601 in UTC; rules and operations are sorted.

    Made by ``judge`` from checks, or by ``from_json`` from ``report.json``. What follows from the
    checks is concluded once, when it is first asked for.
    """

    provenance: Provenance
    finished: str
    rules: tuple[JudgedRule, ...]
    operations: tuple[JudgedOperation, ...]
    waivers: tuple[Waiver, ...] = ()

    @cached_property
    def profiles(self) -> tuple[JudgedProfile, ...]:
        """The profiles that have a selected rule, services and profiles in their usual order."""
        rules = defaultdict[tuple[str, str], list[JudgedRule]](list)
        for judged in self.rules:
            rules[judged.rule.service, judged.rule.profile].append(judged)
        return tuple(
            JudgedProfile(service, profile, tuple(rules[service, profile]))
            for service in SERVICES
            for profile in PROFILES
            if (service, profile) in rules
        )

    @cached_property
    def judged_waivers(self) -> tuple[JudgedWaiver, ...]:
        """What became of each waiver."""
        selection = self.provenance.selection
        return judge_waivers(self.waivers, self.rules, selection, self.finished)

    @cached_property
    def waived(self) -> dict[str, Waiver]:
        """By check id, what is waived, and by which waiver."""
        return {check: each.waiver for each in self.judged_waivers for check in each.checks}

    @cached_property
    def conclusion(self) -> Conclusion:
        """What the run comes to."""
        return conclude(self.profiles, self.judged_waivers)

    @property
    def exit_code(self) -> ExitCode:
        """What the process that made this certificate ends with."""
        return self.conclusion.exit_code

    def heading(self) -> dict[str, Any]:
        """The content of ``report.json`` but for its rules and its seal."""
        return {
            "format": REPORT_FORMAT,
            **self.provenance.to_json(),
            "finished": self.finished,
            "conclusion": self.conclusion.value,
            "exit_code": int(self.exit_code),
            "profiles": [profile.to_json() for profile in self.profiles],
            "operations": [operation.to_json() for operation in self.operations],
            "waivers": [waiver.to_json() for waiver in self.judged_waivers],
        }

    @classmethod
    def from_json(cls, parsed: Mapping[str, Any]) -> Certificate:
        """The certificate of a ``report.json``; what follows from the checks is concluded anew."""
        return cls(
            provenance=Provenance.from_json(parsed),
            finished=parsed["finished"],
            rules=tuple(JudgedRule.from_json(item) for item in parsed["rules"]),
            operations=tuple(JudgedOperation.from_json(item) for item in parsed["operations"]),
            waivers=tuple(Waiver.from_json(item) for item in parsed["waivers"]),
        )
