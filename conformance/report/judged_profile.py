"""A profile and what is certified of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

from conformance.report.judged_rule import JudgedRule
from conformance.report.results import verdict_counts
from conformance.suite.verdicts import Level, Verdict

__all__ = ["JudgedProfile", "ProfileVerdict"]


class ProfileVerdict(str, Enum):
    """What is certified of a profile. Only its MUST rules count."""

    CERTIFIED = "certified"
    """Every rule passes, and there is one."""
    PARTIAL = "partial"
    """None fails; some could not be judged, or concern what the target does not implement."""
    UNSUPPORTED = "unsupported"
    """The target implements nothing of what could be judged."""
    NOT_JUDGED = "not judged"
    """No rule was selected, or none applies."""
    INCONCLUSIVE = "inconclusive"
    """None fails, but the suite or the connection did."""
    NOT_CERTIFIED = "not certified"
    """A rule fails."""


_LEARNED = {Verdict.PASS, Verdict.WARN, Verdict.UNSUPPORTED}
"""What a check tells of the target when nothing fails."""


@dataclass(frozen=True)
class JudgedProfile:
    """The selected rules of one profile of one service."""

    service: str
    profile: str
    rules: tuple[JudgedRule, ...]

    @cached_property
    def verdict(self) -> ProfileVerdict:
        """What is certified."""
        return _profile_verdict([rule for rule in self.rules if rule.rule.level is Level.MUST])

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many MUST and SHOULD rules have each verdict."""
        binding = (rule for rule in self.rules if rule.rule.level is not Level.INFO)
        return verdict_counts(rule.verdict for rule in binding)

    @property
    def info(self) -> int:
        """How many INFO rules were observed."""
        return sum(rule.rule.level is Level.INFO for rule in self.rules)

    def to_json(self) -> dict[str, Any]:
        """The profile as an item of ``profiles`` in ``report.json``."""
        return {
            "service": self.service,
            "profile": self.profile,
            "verdict": self.verdict.value,
            "counts": self.counts,
            "info": self.info,
        }


def _profile_verdict(rules: list[JudgedRule]) -> ProfileVerdict:
    verdicts = {rule.verdict for rule in rules} - {Verdict.NOT_APPLICABLE}
    learned = {check.verdict for rule in rules for check in rule.checks} & _LEARNED
    if any(rule.failed for rule in rules):
        return ProfileVerdict.NOT_CERTIFIED
    if Verdict.ERROR in verdicts:
        return ProfileVerdict.INCONCLUSIVE
    if not verdicts:
        return ProfileVerdict.NOT_JUDGED
    # Not the rules' verdicts, because one missing operation of many makes a rule unsupported; and
    # an untestable check is undecided: where creating a repository is unsupported, most are.
    if learned == {Verdict.UNSUPPORTED}:
        return ProfileVerdict.UNSUPPORTED
    return ProfileVerdict.CERTIFIED if verdicts == {Verdict.PASS} else ProfileVerdict.PARTIAL
