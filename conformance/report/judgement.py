"""From checks to a certificate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from conformance.report.certificate import Certificate
from conformance.report.explanation import explained
from conformance.report.judged_rule import JudgedOperation, JudgedRule
from conformance.report.provenance import Provenance
from conformance.report.results import Results
from conformance.report.waivers import Waiver
from conformance.suite.catalogue import all_rules
from conformance.suite.checks import Check
from conformance.suite.rules import PROFILES, SERVICES, Rule
from conformance.suite.verdicts import Level, worst

__all__ = ["judge", "judge_run"]


def judge(
    provenance: Provenance,
    rules: Iterable[Rule],
    checks: Iterable[Check],
    finished: str,
    waivers: Iterable[Waiver] = (),
) -> Certificate:
    """The certificate of a run that ended at ``finished`` (ISO 8601, UTC).

    ``rules`` are those selected, also the ones that gave no check. A check id may occur several
    times (every scenario observes the rules of exchanges): the first of its worst outcomes stays.
    What the stateful rule found is told with the rules that explain it.
    Raises ``ValueError`` for a check of a rule that was not selected.
    """
    selected = {rule.id: rule for rule in sorted(rules, key=_order)}
    outcomes = explained(checks, selected)
    return Certificate(
        provenance=provenance,
        finished=finished,
        rules=_judged_rules(selected, outcomes),
        operations=_judged_operations(selected, outcomes),
        waivers=tuple(waivers),
    )


def judge_run(results: Results, waivers: Iterable[Waiver] = ()) -> Certificate:
    """The certificate of a run that has finished: of the rules that it decided.

    Raises ``ValueError`` for results of a run that was cut off, or of rules that there are not.
    """
    if results.finished is None:
        raise ValueError("a run that was cut off certifies nothing")
    decided = {check.rule for check in results.checks}
    rules = (rule for name, rule in all_rules().items() if name in decided)
    return judge(results.provenance, rules, results.checks, results.finished, waivers)


def _order(rule: Rule) -> tuple[int, int, str]:
    return SERVICES.index(rule.service), PROFILES.index(rule.profile), rule.id


def _judged_rules(rules: Mapping[str, Rule], checks: Iterable[Check]) -> tuple[JudgedRule, ...]:
    folded: dict[str, dict[str, Check]] = {rule: {} for rule in rules}
    for check in checks:
        if check.rule not in folded:
            raise ValueError(f"{check.id}: the rule {check.rule} was not selected")
        known = folded[check.rule].get(check.id)
        if known is None or check.verdict > known.verdict:
            folded[check.rule][check.id] = check
    return tuple(JudgedRule(rules[name], _sorted(found)) for name, found in folded.items())


def _sorted(checks: Mapping[str, Check]) -> tuple[Check, ...]:
    return tuple(check for _, check in sorted(checks.items()))


def _judged_operations(
    rules: Mapping[str, Rule], checks: Iterable[Check]
) -> tuple[JudgedOperation, ...]:
    found = defaultdict(list)
    for check in checks:
        if rules[check.rule].level is Level.MUST:
            for operation in check.operations:
                found[SERVICES.index(rules[check.rule].service), operation].append(check.verdict)
    return tuple(
        JudgedOperation(SERVICES[service], operation, worst(verdicts))
        for (service, operation), verdicts in sorted(found.items())
    )
