"""What stands out in a certificate, for summaries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from conformance.report.certificate import Certificate
from conformance.report.judged_profile import JudgedProfile, ProfileVerdict
from conformance.report.judged_rule import JudgedRule
from conformance.suite.checks import Check
from conformance.suite.verdicts import Level, Verdict

_INFORMATIVE = {Verdict.PASS, Verdict.WARN, Verdict.FAIL, Verdict.UNSUPPORTED}

__all__ = [
    "accepted",
    "not_implemented",
    "not_met",
    "profiles_to_tell",
    "rules_with",
    "stale_waivers",
    "why_untestable",
]


def profiles_to_tell(certificate: Certificate) -> tuple[list[JudgedProfile], dict[str, int]]:
    """The profiles that are worth a row each.

    Besides, by service, how many profiles it has, where not one of several is implemented.
    """
    told: list[JudgedProfile] = []
    missing: dict[str, int] = {}
    for service, group in groupby(certificate.profiles, lambda profile: profile.service):
        found = list(group)
        if len(found) > 1 and {each.verdict for each in found} == {ProfileVerdict.UNSUPPORTED}:
            missing[service] = len(found)
        else:
            told += found
    return told, missing


def rules_with(certificate: Certificate, verdict: Verdict) -> list[JudgedRule]:
    """The MUST rules with a check that fails; with ``ERROR`` the rules of any level that erred.

    Checks that are waived are left out of them.
    """
    waived = certificate.waived
    return [
        judged
        for judged in (_without(judged, waived) for judged in certificate.rules)
        if judged.first(verdict) and (verdict is Verdict.ERROR or judged.rule.level is Level.MUST)
    ]


def accepted(certificate: Certificate) -> list[str]:
    """How much is waived, in a sentence, if anything is."""
    waived = certificate.waived
    waivers = len(set(waived.values()))
    return [f"{len(waived)} checks, by {waivers} waivers"] if waived else []


def stale_waivers(certificate: Certificate) -> list[str]:
    """What is wrong with each waiver that is stale, with its file and line."""
    return [each.complaint for each in certificate.judged_waivers if each.state.is_stale]


def not_met(certificate: Certificate) -> list[JudgedRule]:
    """The SHOULD rules that are not met."""
    found = (judged for judged in certificate.rules if judged.rule.level is Level.SHOULD)
    return [judged for judged in found if judged.verdict in {Verdict.WARN, Verdict.FAIL}]


def not_implemented(certificate: Certificate) -> list[str]:
    """By service, the operations that nothing but "not implemented" is known of.

    ``ecr: PutImage, ListImages``, or ``ecr-public: all 16 operations``.
    """
    refused, judged = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for service, check in _checks(certificate):
        known = refused if check.verdict is Verdict.UNSUPPORTED else judged
        if check.verdict in _INFORMATIVE:
            known[service].update(check.operations)
    missing = {service: names - judged[service] for service, names in refused.items()}
    return [
        f"{service}: {', '.join(sorted(names)) if judged[service] else _all(names)}"
        for service, names in missing.items()
        if names
    ]


def _without(judged: JudgedRule, waived: Mapping[str, object]) -> JudgedRule:
    kept = tuple(each for each in judged.checks if each.id not in waived)
    return judged if len(kept) == len(judged.checks) else replace(judged, checks=kept)


def _all(names: set[str]) -> str:
    return f"all {len(names)} operations" if len(names) > 1 else next(iter(names))


def why_untestable(certificate: Certificate) -> list[str]:
    """The reasons why checks are untestable, commonest first, each with its number of checks."""
    reasons = Counter(
        check.message.partition(":")[0] or "no reason given"
        for _, check in _checks(certificate)
        if check.verdict is Verdict.UNTESTABLE
    )
    unchecked = sum(not judged.checks for judged in certificate.rules)
    if unchecked:
        reasons["never checked"] = unchecked
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    return [f"{reason} ({count})" for reason, count in ordered]


def _checks(certificate: Certificate) -> Iterator[tuple[str, Check]]:
    for judged in certificate.rules:
        for check in judged.checks:
            yield judged.rule.service, check
