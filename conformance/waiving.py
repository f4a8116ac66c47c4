"""The commands ``ecr-conformance waivers``: known failures written down, and checked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import click

from conformance.errors import ExitCode
from conformance.report import Certificate, open_report
from conformance.report.brief import product_name
from conformance.report.judged_profile import ProfileVerdict
from conformance.report.judged_rule import JudgedRule
from conformance.report.waiver_file import check_file, draft_of
from conformance.report.waivers import (
    JudgedWaiver,
    Waiver,
    WaiverState,
    is_waivable,
    judge_waivers,
    refuse_on_aws,
)
from conformance.suite.catalogue import all_rules
from conformance.suite.checks import Check
from conformance.suite.verdicts import Level, Verdict

_GRACE = timedelta(days=90)
"""How long a drafted waiver holds. A known failure that nobody looks at for longer is forgotten."""


def init(report: Path) -> ExitCode:
    """Print a waiver of everything that keeps a report's target from being conformant.

    What is waived already is left out. Raises ``UsageError`` for what is no report, or AWS's.
    """
    certificate = open_report(report)
    target = certificate.provenance.target
    refuse_on_aws(target.name, target.product, target.endpoint)
    expires = (_today() + _GRACE).isoformat()
    drafts = [
        (Waiver(name, "", "", expires, ""), f"{check.verdict.label}: {check.message}")
        for name, check in _in_the_way(certificate)
    ]
    heading = f"Known failures of {product_name(target)}."
    click.echo(draft_of(drafts, heading), nl=False)
    return ExitCode.CONFORMANT


def check(path: Path, report: Path | None) -> ExitCode:
    """Print what is wrong with a file of waivers, also in the light of a report.

    Raises ``UsageError`` for what is no TOML, and for what is no report.
    """
    found = check_file(path)
    judged = [_known(each) for each in found.waivers]
    if report is not None:
        judged = _in_the_light_of(open_report(report), found.waivers)
    complaints = [*found.complaints, *(each.complaint for each in judged if each.state.is_stale)]
    for complaint in complaints:
        click.echo(complaint)
    if complaints:
        return ExitCode.NOT_CONFORMANT
    click.echo(f"{path}: {len(found.waivers)} waivers, all in order")
    return ExitCode.CONFORMANT


def _known(waiver: Waiver) -> JudgedWaiver:
    """What can be said of a waiver without a run."""
    rule = all_rules().get(waiver.rule)
    state = WaiverState.NOT_JUDGED
    if waiver.expires < _today().isoformat():
        state = WaiverState.EXPIRED
    elif rule is None or rule.level is not Level.MUST:
        state = WaiverState.UNMATCHED
    return JudgedWaiver(waiver, state, ())


def _in_the_light_of(certificate: Certificate, waivers: Iterable[Waiver]) -> list[JudgedWaiver]:
    facts = certificate.provenance
    target = facts.target
    refuse_on_aws(target.name, target.product, target.endpoint)
    today = _today().isoformat()
    return list(judge_waivers(waivers, certificate.rules, facts.selection, today))


def _in_the_way(certificate: Certificate) -> Iterator[tuple[str, Check]]:
    """What keeps profiles from being certified: rules, or single checks of them."""
    for profile in certificate.profiles:
        if profile.verdict in (ProfileVerdict.NOT_CERTIFIED, ProfileVerdict.PARTIAL):
            for judged in profile.rules:
                if judged.rule.level is Level.MUST:
                    yield from _unmet(judged, certificate.waived)


def _unmet(judged: JudgedRule, waived: Collection[str]) -> Iterator[tuple[str, Check]]:
    unmet = [each for each in judged.checks if is_waivable(each) and each.id not in waived]
    fails = any(each.verdict is Verdict.FAIL for each in unmet)
    # A rule that was kept in part is waived check by check, so that the rest is not lost sight of.
    if fails and len(unmet) < len(judged.checks):
        yield from ((each.id, each) for each in unmet)
    elif unmet:
        yield judged.rule.id, max(unmet, key=lambda each: each.verdict)


def _today() -> date:
    return datetime.now(timezone.utc).date()
