"""What became of each rule from one certificate to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from conformance.report.brief import Brief, Disagreement, brief, disagreements
from conformance.report.certificate import Certificate
from conformance.report.judged_rule import JudgedRule
from conformance.suite.rules import Rule
from conformance.suite.verdicts import Verdict

__all__ = ["Change", "Difference", "RuleChange", "compare", "decided"]

DIFFERENCE_FORMAT = "ecr-conformance-difference/1"

_UNMET = (Verdict.WARN, Verdict.FAIL)
_DECIDED = (Verdict.PASS, *_UNMET)


class Change(str, Enum):
    """What became of a rule, the worst first."""

    REGRESSED = "regressed"
    """It was kept and is broken; or it was broken, and a check of it that passed fails."""
    LOST = "lost sight of"
    """It was decided and is not any more: unsupported, untestable, or not chosen."""
    FIXED = "fixed"
    """It was broken and is kept."""
    DECIDED = "now decided"
    """It could not be decided before, or was not chosen."""
    NEW = "new"
    """The tool that judged before did not have it."""
    GONE = "gone"
    """The tool that judges now does not have it."""


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that changed; a verdict is ``None`` where the rule was not judged.

    ``checks`` are those that passed and fail now; ``message`` is what is said of the worst of the
    rule's checks, of the later ones if there are any.
    """

    rule: Rule
    change: Change
    before: Verdict | None
    after: Verdict | None
    checks: tuple[str, ...]
    message: str

    def to_json(self) -> dict[str, Any]:
        """The change as a JSON object."""
        return {
            "id": self.rule.id,
            "title": self.rule.title,
            "level": self.rule.level.value,
            "service": self.rule.service,
            "profile": self.rule.profile,
            "operations": list(self.rule.operations),
            "change": self.change.value,
            "before": None if self.before is None else self.before.label,
            "after": None if self.after is None else self.after.label,
            "checks": list(self.checks),
            "message": self.message,
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """How two certificates differ. ``unchanged`` counts rules: kept, broken and undecided."""

    before: Brief
    after: Brief
    disagreements: tuple[Disagreement, ...]
    rules: tuple[RuleChange, ...]
    unchanged: Mapping[str, int]

    def of(self, change: Change) -> list[RuleChange]:
        """The rules that changed in one way."""
        return [each for each in self.rules if each.change is change]

    def to_json(self) -> dict[str, Any]:
        """The difference as a JSON object, the form of ``diff --format json``."""
        return {
            "format": DIFFERENCE_FORMAT,
            "before": self.before.to_json(),
            "after": self.after.to_json(),
            "disagreements": {each.what: list(each.values) for each in self.disagreements},
            "counts": {change.value: len(self.of(change)) for change in Change},
            "unchanged": dict(self.unchanged),
            "rules": [each.to_json() for each in self.rules],
        }


def compare(before: Certificate, after: Certificate) -> Difference:
    """How a later certificate differs from an earlier one."""
    old = {judged.rule.id: judged for judged in before.rules}
    new = {judged.rule.id: judged for judged in after.rules}
    changes: list[RuleChange] = []
    unchanged = Counter[str](kept=0, broken=0, undecided=0)
    # In the order of the later one; what only the earlier one has comes last.
    for name, shown in {**new, **{k: v for k, v in old.items() if k not in new}}.items():
        change = _change(before, after, old.get(name), new.get(name))
        if change is None:
            unchanged[_standing(shown)] += 1
        else:
            changes.append(_rule_change(change, shown, old.get(name), new.get(name)))
    briefs = (brief(before), brief(after))
    return Difference(*briefs, disagreements(briefs), tuple(changes), dict(unchanged))


def _change(
    before: Certificate,
    after: Certificate,
    earlier: JudgedRule | None,
    later: JudgedRule | None,
) -> Change | None:
    if later is None and earlier is not None and not _leaves_out(after, earlier.rule):
        return Change.GONE
    if earlier is None and later is not None and not _leaves_out(before, later.rule):
        return Change.NEW
    was, is_now = decided(earlier), decided(later)
    if was is None or is_now is None:
        return {(True, False): Change.LOST, (False, True): Change.DECIDED}.get(
            (was is not None, is_now is not None)
        )
    if was is Verdict.PASS:
        return Change.REGRESSED if is_now in _UNMET else None
    if is_now is Verdict.PASS:
        return Change.FIXED
    return Change.REGRESSED if list(_broken(earlier, later)) else None


def _leaves_out(certificate: Certificate, rule: Rule) -> bool:
    return certificate.provenance.selection.leaves_out(rule.service, rule.profile)


def _verdict(judged: JudgedRule) -> Verdict:
    # A failure counts even if another check ended in an error.
    return Verdict.FAIL if judged.failed else judged.verdict


def decided(judged: JudgedRule | None) -> Verdict | None:
    """The verdict, if it says whether the target keeps the rule."""
    verdict = None if judged is None else _verdict(judged)
    return verdict if verdict in _DECIDED else None


def _standing(judged: JudgedRule) -> str:
    verdict = decided(judged)
    if verdict is None:
        return "undecided"
    return "kept" if verdict is Verdict.PASS else "broken"


def _broken(earlier: JudgedRule | None, later: JudgedRule | None) -> Iterator[str]:
    """The checks that passed and fail now."""
    if earlier is None or later is None:
        return
    passed = {check.id for check in earlier.checks if check.verdict is Verdict.PASS}
    yield from (each.id for each in later.checks if each.verdict in _UNMET and each.id in passed)


def _rule_change(
    change: Change, shown: JudgedRule, earlier: JudgedRule | None, later: JudgedRule | None
) -> RuleChange:
    worst = shown.first(_verdict(shown))
    return RuleChange(
        rule=shown.rule,
        change=change,
        before=None if earlier is None else _verdict(earlier),
        after=None if later is None else _verdict(later),
        checks=tuple(_broken(earlier, later)),
        message="" if worst is None else worst.message,
    )
