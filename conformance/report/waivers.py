"""Waivers: known failures that a project accepts for now.

What is waived is judged all the same, and keeps its verdict; a waiver only keeps it from deciding
the exit code. A waiver that is of no more use is stale, and fails the run: otherwise nobody would
ever take it away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from conformance.errors import UsageError
from conformance.report.judged_rule import JudgedRule
from conformance.report.provenance import Selection
from conformance.suite.checks import Check
from conformance.suite.verdicts import Level, Verdict

__all__ = ["JudgedWaiver", "Waiver", "WaiverState", "is_waivable", "judge_waivers", "refuse_on_aws"]

_WAIVABLE = (Verdict.FAIL, Verdict.UNTESTABLE, Verdict.UNSUPPORTED)
"""What keeps a profile from being certified, but for errors, which tell nothing of the target."""

_AWS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")
"""https://docs.aws.amazon.com/general/latest/gr/ecr.html"""


@dataclass(frozen=True, slots=True)
class Waiver:
    """That the failure of a rule or check is accepted.

    ``id`` is a rule's, and then all its checks are meant, or a check's. ``expires`` is the last day
    it holds, ISO 8601. ``place`` is where it stands: ``FILE:LINE``.
    """

    id: str
    reason: str
    issue: str
    expires: str
    place: str

    @property
    def rule(self) -> str:
        """The id of the rule that it is about."""
        return self.id.partition("[")[0]

    @classmethod
    def from_json(cls, parsed: Mapping[str, Any]) -> Waiver:
        """The waiver of an item of ``waivers`` in ``report.json``."""
        names = ("id", "reason", "issue", "expires", "place")
        return cls(**{name: parsed[name] for name in names})


class WaiverState(str, Enum):
    """What became of a waiver."""

    ACCEPTED = "accepted"
    """There is a failure, and it is accepted."""
    NOT_JUDGED = "not judged"
    """What it is about was not chosen, or ended in an error."""
    EXPIRED = "expired"
    UNMATCHED = "unmatched"
    """No MUST rule or check has its id, or what has it does not apply to the target."""
    PASSES = "passes"
    """What it waives passes."""

    @property
    def is_stale(self) -> bool:
        """Whether the waiver has to be changed or taken away."""
        return self in (WaiverState.EXPIRED, WaiverState.UNMATCHED, WaiverState.PASSES)


_COMPLAINTS = {
    WaiverState.EXPIRED: "the waiver of {0.id} expired on {0.expires}",
    WaiverState.UNMATCHED: "no MUST rule or check that applies here is called {0.id}",
    WaiverState.PASSES: "{0.id} passes: take its waiver away",
}


@dataclass(frozen=True, slots=True)
class JudgedWaiver:
    """A waiver, what became of it, and the ids of the checks that it accepts, sorted."""

    waiver: Waiver
    state: WaiverState
    checks: tuple[str, ...]

    @property
    def complaint(self) -> str:
        """What is wrong with a stale waiver, and where it stands."""
        return f"{self.waiver.place}: {_COMPLAINTS[self.state].format(self.waiver)}"

    def to_json(self) -> dict[str, Any]:
        """The waiver as an item of ``waivers`` in ``report.json``."""
        return {
            "id": self.waiver.id,
            "reason": self.waiver.reason,
            "issue": self.waiver.issue,
            "expires": self.waiver.expires,
            "place": self.waiver.place,
            "state": self.state.value,
            "checks": list(self.checks),
        }


def judge_waivers(
    waivers: Iterable[Waiver], rules: Sequence[JudgedRule], selection: Selection, today: str
) -> tuple[JudgedWaiver, ...]:
    """What became of each waiver in a run that ended ``today`` (ISO 8601)."""
    required = {
        judged.rule.id: judged.checks for judged in rules if judged.rule.level is Level.MUST
    }
    return tuple(
        _judged(waiver, required.get(waiver.rule, ()), selection, today) for waiver in waivers
    )


def refuse_on_aws(*addresses: str) -> None:
    """Raise ``UsageError`` where a target's name, product or endpoint is AWS's.

    AWS is the measure, and a recording of it is, too.
    """
    for address in addresses:
        host = urlsplit(address).hostname or address
        if host == "aws" or host.endswith(_AWS):
            raise UsageError(
                f"no waiver is accepted on {address}", "leave --waivers out: AWS is the measure"
            )


def is_waivable(check: Check) -> bool:
    """Whether a check of a MUST rule is in the way of a certificate, and may be waived."""
    return check.verdict in _WAIVABLE


def _judged(
    waiver: Waiver, checks: Sequence[Check], selection: Selection, today: str
) -> JudgedWaiver:
    covered = [check for check in checks if waiver.id in (check.rule, check.id)]
    state = _state(waiver, covered, selection, today)
    accepted = state is WaiverState.ACCEPTED
    return JudgedWaiver(
        waiver, state, tuple(each.id for each in covered if accepted and is_waivable(each))
    )


def _state(
    waiver: Waiver, covered: Sequence[Check], selection: Selection, today: str
) -> WaiverState:
    verdicts = {check.verdict for check in covered}
    if waiver.expires < today[: len("2026-01-02")]:
        return WaiverState.EXPIRED
    if any(is_waivable(check) for check in covered):
        return WaiverState.ACCEPTED
    if Verdict.ERROR in verdicts or (not verdicts and _may_be_left_out(waiver, selection)):
        return WaiverState.NOT_JUDGED
    return WaiverState.PASSES if Verdict.PASS in verdicts else WaiverState.UNMATCHED


def _may_be_left_out(waiver: Waiver, selection: Selection) -> bool:
    service, _, rest = waiver.rule.partition(".")
    return selection.leaves_out(service, rest.partition(".")[0])
