"""Drift: what AWS answers or promises otherwise than before, and which verdicts that puts in doubt.

A rule is touched where the scenarios that decide it were answered differently in a later recording,
or where the installed botocore says something else of its operations than the contract lock. What
was judged by a touched rule may have been judged by what holds no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance.errors import UsageError
from conformance.report.brief import Brief, brief
from conformance.report.certificate import Certificate
from conformance.report.difference import decided
from conformance.report.touched_rules import ContractDrift, Touched, contract_drift, touched_rules
from conformance.suite.rules import Rule
from conformance.suite.verdicts import Verdict
from conformance.transport.cassettes.difference import Difference, difference
from conformance.transport.cassettes.origin import Origin
from conformance.transport.cassettes.recording import read_recording

__all__ = ["Doubt", "Drift", "Questioned", "drift"]

DRIFT_FORMAT = "ecr-conformance-drift/1"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A verdict on a touched rule, with what was said of its worst check."""

    rule: Rule
    verdict: Verdict
    message: str

    def to_json(self) -> dict[str, Any]:
        """The verdict as a JSON object."""
        return {
            "rule": self.rule.id,
            "level": self.rule.level.value,
            "verdict": self.verdict.label,
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class Questioned:
    """A certificate, with its verdicts that are in question."""

    certificate: Brief
    verdicts: Sequence[Doubt]

    def to_json(self) -> dict[str, Any]:
        """The certificate in brief and the verdicts, as a JSON object."""
        return {
            "certificate": self.certificate.to_json(),
            "verdicts": [each.to_json() for each in self.verdicts],
        }


@dataclass(frozen=True, slots=True)
class Drift:
    """What drifted from one recording to another, and from the contract lock to botocore."""

    before: Origin
    after: Origin
    answers: Difference
    contracts: Sequence[ContractDrift]
    rules: Sequence[Touched]
    reports: Sequence[Questioned]

    @property
    def drifted(self) -> bool:
        """Whether anything did. That one recording has more scenarios is no drift."""
        return bool(self.answers.scenarios) or any(each.changes for each in self.contracts)

    def to_json(self) -> dict[str, Any]:
        """The drift as a JSON object (``schemas/drift.schema.json``)."""
        return {
            "format": DRIFT_FORMAT,
            "drifted": self.drifted,
            "before": self.before.to_json(),
            "after": self.after.to_json(),
            "answers": self.answers.to_json(),
            "contracts": [each.to_json() for each in self.contracts],
            "rules": [each.to_json() for each in self.rules],
            "reports": [each.to_json() for each in self.reports],
        }


def drift(before: Path, after: Path, reports: Sequence[Certificate]) -> Drift:
    """What drifted from recording ``before`` to ``after``, and what it means for reports.

    Raises ``MalformedCassette`` for what is no recording, ``UsageError`` for two that cannot be
    compared: of different products, Regions or seeds, or without a scenario in common.
    """
    origins = read_recording(before).origin, read_recording(after).origin
    _require_comparable(*origins)
    answers = difference(before, after)
    if not answers.compared:
        raise UsageError(
            f"{before} and {after} have no scenario in common", "record the same rules in both"
        )
    contracts = list(contract_drift())
    touched = touched_rules(answers, contracts)
    questioned = [Questioned(brief(each), list(_doubts(each, touched))) for each in reports]
    return Drift(*origins, answers, contracts, touched, questioned)


def _require_comparable(before: Origin, after: Origin) -> None:
    for name in ("product", "region", "seed"):
        one, other = getattr(before, name), getattr(after, name)
        if one != other:
            raise UsageError(
                f"the recordings have not the same {name}: {one} and {other}",
                "`ecr-conformance cassettes diff` compares any two",
            )


def _doubts(report: Certificate, touched: Sequence[Touched]) -> Iterator[Doubt]:
    judged = {each.rule.id: each for each in report.rules}
    for each in touched:
        found = judged.get(each.rule.id)
        verdict = decided(found)
        if found is not None and verdict is not None:
            worst = found.first(verdict)
            yield Doubt(each.rule, verdict, "" if worst is None else worst.message)
