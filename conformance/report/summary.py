"""The outcome of a run in a few facts: what the terminal, a job summary and a script start with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from conformance.report.certificate import Certificate
from conformance.report.commands import certify_command, explain_command
from conformance.report.importance import most_important
from conformance.report.judged_profile import ProfileVerdict
from conformance.report.judged_rule import JudgedRule
from conformance.suite.verdicts import Verdict

__all__ = ["SHOWN", "Finding", "Summary", "summarise"]

SUMMARY_FORMAT = "ecr-conformance-summary/1"
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is broken or could not be judged: what it requires and what came.

    ``unmet`` of its ``checks`` have that verdict; ``message`` is that of the first.
    """

    rule: str
    title: str
    message: str
    unmet: int
    checks: int

    @classmethod
    def of(cls, judged: JudgedRule, verdict: Verdict) -> Finding:
        """What a rule's checks of a verdict come to."""
        first = judged.first(verdict)
        return cls(
            rule=judged.rule.id,
            title=judged.rule.title,
            message=first.message if first else "",
            unmet=sum(check.verdict is verdict for check in judged.checks),
            checks=len(judged.checks),
        )


@dataclass(frozen=True, slots=True)
class Summary:
    """``verdict`` is that on the whole; ``profiles`` are those of the profiles, by ``ecr.tags``.

    ``failing`` counts the MUST rules with a failing check; ``failures`` are the most important of
    them. ``files`` were written; ``leftovers`` say what is still on the target; ``next`` are
    commands to type now.
    """

    product: str
    version: str | None
    verdict: str
    exit_code: int
    profiles: tuple[tuple[str, str], ...]
    failing: int
    failures: tuple[Finding, ...]
    files: tuple[str, ...]
    leftovers: tuple[str, ...]
    next: tuple[str, ...]

    @property
    def certified(self) -> int:
        """How many profiles are certified."""
        return sum(verdict == ProfileVerdict.CERTIFIED.value for _, verdict in self.profiles)

    def to_json(self) -> dict[str, Any]:
        """What ``certify --format json`` prints."""
        return {"format": SUMMARY_FORMAT, **asdict(self), "profiles": dict(self.profiles)}

    @classmethod
    def from_json(cls, parsed: Mapping[str, Any]) -> Summary:
        """The inverse of ``to_json``."""
        members = {name: value for name, value in parsed.items() if name != "format"}
        return cls(
            **{
                **members,
                "profiles": tuple(parsed["profiles"].items()),
                "failures": tuple(Finding(**item) for item in parsed["failures"]),
                "files": tuple(parsed["files"]),
                "leftovers": tuple(parsed["leftovers"]),
                "next": tuple(parsed["next"]),
            }
        )


def summarise(
    certificate: Certificate,
    files: Sequence[Path] = (),
    leftovers: Sequence[str] = (),
    shown: int = SHOWN,
) -> Summary:
    """The summary of a certificate, with its ``shown`` most important failures."""
    facts = certificate.provenance
    failing = most_important(certificate)
    first = [judged.rule.id for judged in failing[:1]]
    return Summary(
        product=facts.target.product,
        version=facts.target.version,
        verdict=certificate.conclusion.value,
        exit_code=int(certificate.exit_code),
        profiles=tuple(
            (f"{each.service}.{each.profile}", each.verdict.value) for each in certificate.profiles
        ),
        failing=len(failing),
        failures=tuple(Finding.of(judged, Verdict.FAIL) for judged in failing[:shown]),
        files=tuple(str(path) for path in files),
        leftovers=tuple(leftovers),
        next=tuple(
            command
            for rule in first
            for command in (explain_command(rule), certify_command(facts, rule))
        ),
    )
