"""Which divergences of the stateful rule the run's other rules explain already.

Scenarios run in several processes and in any order, so this is known only when all is decided.

A rule that is not kept explains a divergence where it is about the same operation and tells of the
same outcome: an error code, or a server's fault, that came in only one of the two answers. Where
both answers are of one kind and their contents differ, the operation has to do, and rules on the
form of messages explain nothing. That is a likeness, no proof, so a divergence that is explained
stays what it is and only names the rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from conformance.suite.checks import Check
from conformance.suite.rules import Rule
from conformance.suite.stateful import ANY_PROGRAM
from conformance.suite.verdicts import Verdict

__all__ = ["explained"]

_FORMAL = {"protocol", "shapes", "validation", "pagination", "authorization", "client"}
_OUTCOME = re.compile(r"HTTP 5\d\d|\b(?:[A-Z][a-z0-9]+){2,}\b")
_NOT_KEPT = (Verdict.WARN, Verdict.FAIL)
_NAMED = 3
"""How many rules a divergence names; more of them say no more."""


def explained(checks: Iterable[Check], rules: Mapping[str, Rule]) -> tuple[Check, ...]:
    """The checks, those of the stateful rule with the rules that explain them in their words."""
    decided = tuple(checks)
    unmet = [each for each in decided if each.verdict in _NOT_KEPT]
    others = [each for each in unmet if not _is_divergence(each)]
    return tuple(
        _told(each, others, rules) if each.verdict in _NOT_KEPT and _is_divergence(each) else each
        for each in decided
    )


def _is_divergence(check: Check) -> bool:
    return check.rule.partition(".")[2] == ANY_PROGRAM


def _told(divergence: Check, others: Iterable[Check], rules: Mapping[str, Rule]) -> Check:
    found = (each for each in others if _explains(each, rules.get(each.rule), divergence))
    names = list(dict.fromkeys(sorted(each.rule for each in found)))
    if not names:
        return divergence
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    words = f"{divergence.message}; explained by {', '.join(names[:_NAMED])}{more}"
    return replace(divergence, message=words)


def _explains(check: Check, rule: Rule | None, divergence: Check) -> bool:
    service, _, _ = divergence.rule.partition(".")
    suspects = {*divergence.operations, *(each.operation for each in divergence.exchanges[-1:])}
    if rule is None or rule.service != service or not suspects & set(check.operations):
        return False
    expected, _, got = divergence.message.partition(", got ")
    outcomes = (_outcomes(expected) ^ _outcomes(got)) - suspects
    if outcomes:
        return bool(outcomes & _outcomes(f"{check.message} {rule.title}"))
    return rule.profile not in _FORMAL


def _outcomes(words: str) -> set[str]:
    return set(_OUTCOME.findall(words))
