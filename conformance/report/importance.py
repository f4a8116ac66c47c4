"""Which failures a reader is told first, where there is no room for all.

What a client does all day comes before the form of messages, and a wrong answer to a right request
before a right answer to a wrong one. Profiles take turns, so that a few lines tell of many topics.
"""

from __future__ import annotations

from itertools import chain, groupby, zip_longest

from conformance.report.certificate import Certificate
from conformance.report.findings import rules_with
from conformance.report.judged_rule import JudgedRule
from conformance.suite.rules import PROFILES, SERVICES
from conformance.suite.verdicts import Verdict

__all__ = ["by_importance", "most_important"]

_FIRST = ("tags", "images", "layers", "pagination", "repositories", "client", "authorization")
_LAST = ("protocol", "shapes", "validation")
_ORDER = (*_FIRST, *(name for name in PROFILES if name not in _FIRST + _LAST), *_LAST)


def most_important(certificate: Certificate, verdict: Verdict = Verdict.FAIL) -> list[JudgedRule]:
    """The rules with a check of that verdict, one of each profile in turn."""
    found = by_importance(rules_with(certificate, verdict))
    groups = [list(group) for _, group in groupby(found, _profile)]
    turns = chain.from_iterable(zip_longest(*groups))
    return [judged for judged in turns if judged is not None]


def by_importance(rules: list[JudgedRule]) -> list[JudgedRule]:
    """The rules by service and profile, and in a profile those of right requests first."""
    return sorted(rules, key=lambda judged: (_profile(judged), _of_refusal(judged)))


def _profile(judged: JudgedRule) -> tuple[int, int]:
    return SERVICES.index(judged.rule.service), _ORDER.index(judged.rule.profile)


def _of_refusal(judged: JudgedRule) -> bool:
    return "refuse" in judged.rule.title
