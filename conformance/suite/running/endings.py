"""How a scenario, or one point of it, ended: its verdict, and the check that tells it."""

from __future__ import annotations

from conformance.errors import TransportError
from conformance.suite.checks import Check, digest_of
from conformance.suite.outcomes import NotApplicable, TargetGone, Unsupported, Untestable
from conformance.suite.running.assignment import Assignment
from conformance.suite.verdicts import Level, Verdict
from conformance.transport.cassettes import NotRecorded
from conformance.transport.exchange import Exchange


def judge(assignment: Assignment, error: BaseException | None) -> tuple[Verdict, str]:
    """The verdict on a scenario that ended with ``error``, or without, and the words for it."""
    if error is None:
        return Verdict.PASS, ""
    if isinstance(error, NotRecorded):
        return Verdict.UNTESTABLE, f"stale: {error.message}"
    for kind, verdict in _TOLD.items():
        if isinstance(error, kind):
            return verdict, str(error)
    if isinstance(error, AssertionError):
        return _UNMET[assignment.rule.level], _first_paragraph(str(error))
    return Verdict.ERROR, f"the scenario itself failed: {type(error).__name__}: {error}"


_TOLD = {
    NotApplicable: Verdict.NOT_APPLICABLE,
    Unsupported: Verdict.UNSUPPORTED,
    Untestable: Verdict.UNTESTABLE,
    TransportError: Verdict.ERROR,
    TargetGone: Verdict.ERROR,
}
"""What a scenario says of itself by raising it, in its own words."""

_UNMET = {Level.MUST: Verdict.FAIL, Level.SHOULD: Verdict.WARN, Level.INFO: Verdict.PASS}


def check_of(
    assignment: Assignment,
    verdict: Verdict,
    message: str,
    exchanges: list[Exchange],
    seconds: float,
) -> Check:
    """A scenario's check; exchanges are kept where somebody may want to repeat them."""
    keep = verdict not in (Verdict.PASS, Verdict.NOT_APPLICABLE)
    return Check(
        rule=assignment.rule.id,
        id=assignment.check_id,
        operations=assignment.operations,
        verdict=verdict,
        message=message,
        exchanges=tuple(exchanges) if keep else (),
        digest=digest_of(exchanges),
        seconds=round(seconds, 4),
    )


def _first_paragraph(text: str) -> str:
    """An assertion's own words; pytest's explanation of the expression comes after them."""
    return " ".join(text.partition("\nassert ")[0].split()) or "the assertion does not hold"
