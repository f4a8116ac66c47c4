"""A rule and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from conformance.once import Once
from conformance.report.reproduction import reproduce
from conformance.suite.checks import Check, exchange_to_json
from conformance.suite.evidence import Evidence, EvidenceKind
from conformance.suite.rules import Rule
from conformance.suite.verdicts import Level, Verdict, worst
from conformance.transport.exchange import Exchange

__all__ = ["JudgedOperation", "JudgedRule"]


@dataclass(frozen=True, slots=True)
class JudgedRule:
    """A rule that was selected, with one check for each check id, sorted by it."""

    rule: Rule
    checks: tuple[Check, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of the checks; a rule that was never checked taught nothing."""
        return worst(check.verdict for check in self.checks) if self.checks else Verdict.UNTESTABLE

    @property
    def failed(self) -> bool:
        """Whether a check fails, even if another one ended in an error."""
        return any(check.verdict is Verdict.FAIL for check in self.checks)

    def first(self, verdict: Verdict) -> Check | None:
        """The first check with a verdict."""
        return next((check for check in self.checks if check.verdict is verdict), None)

    def to_json(self) -> dict[str, Any]:
        """The rule as an item of ``rules`` in ``report.json``."""
        shown = Once(exchange_to_json)
        return {
            "id": self.rule.id,
            "title": self.rule.title,
            "level": self.rule.level.value,
            "profile": self.rule.profile,
            "service": self.rule.service,
            "operations": list(self.rule.operations),
            "evidence": [_evidence_to_json(item) for item in self.rule.evidence],
            "scenario": self.rule.scenario,
            "verdict": self.verdict.label,
            "checks": [_check_to_json(check, shown) for check in self.checks],
        }

    @classmethod
    def from_json(cls, parsed: Mapping[str, Any]) -> JudgedRule:
        """The inverse of ``to_json``."""
        rule = Rule(
            id=parsed["id"],
            title=parsed["title"],
            level=Level(parsed["level"]),
            profile=parsed["profile"],
            service=parsed["service"],
            operations=tuple(parsed["operations"]),
            evidence=tuple(_evidence_from_json(item) for item in parsed["evidence"]),
            scenario=parsed["scenario"],
        )
        checks = (Check.from_json({**item, "rule": rule.id}) for item in parsed["checks"])
        return cls(rule, tuple(checks))


@dataclass(frozen=True, slots=True)
class JudgedOperation:
    """The worst verdict of the MUST checks that concern an operation."""

    service: str
    operation: str
    verdict: Verdict

    def to_json(self) -> dict[str, Any]:
        """The operation as an item of ``operations`` in ``report.json``."""
        return {
            "service": self.service,
            "operation": self.operation,
            "verdict": self.verdict.label,
        }

    @classmethod
    def from_json(cls, parsed: Mapping[str, Any]) -> JudgedOperation:
        """The inverse of ``to_json``."""
        return cls(parsed["service"], parsed["operation"], Verdict[parsed["verdict"].upper()])


def _check_to_json(check: Check, shown: Callable[[Exchange], Any]) -> dict[str, Any]:
    scripts = reproduce(check)
    members = {name: value for name, value in check.to_json(shown).items() if name != "rule"}
    return {**members, "reproduce": None if scripts is None else asdict(scripts)}


def _evidence_to_json(evidence: Evidence) -> dict[str, str]:
    return {
        "kind": evidence.kind.value,
        "where": evidence.where,
        "quote": evidence.quote,
        "url": evidence.url,
    }


def _evidence_from_json(parsed: Mapping[str, str]) -> Evidence:
    kind = EvidenceKind(parsed["kind"])
    return Evidence(kind, parsed["where"], parsed["quote"], parsed["url"])
