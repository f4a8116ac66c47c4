"""What a run comes to: one word for the certificate, one number for the process."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from enum import Enum

from conformance.errors import ExitCode
from conformance.report.judged_profile import JudgedProfile, ProfileVerdict
from conformance.report.judged_rule import JudgedRule
from conformance.report.waivers import JudgedWaiver
from conformance.suite.verdicts import Verdict

__all__ = ["Conclusion", "conclude"]


class Conclusion(str, Enum):
    """What a run comes to."""

    CONFORMANT = "conformant"
    """What the target implements is certified."""
    WITH_WAIVERS = "conformant with waivers"
    """It would be, were it not for what is waived. No profile is certified by that."""
    STALE_WAIVERS = "stale waivers"
    """It is either of these, but a waiver has to be changed or taken away."""
    NOT_CONFORMANT = "not conformant"
    INCONCLUSIVE = "inconclusive"
    """A check ended in an error."""
    NOTHING_RAN = "nothing ran"

    @property
    def exit_code(self) -> ExitCode:
        """What the process ends with."""
        return _EXIT_CODES[self]


_EXIT_CODES = {
    Conclusion.CONFORMANT: ExitCode.CONFORMANT,
    Conclusion.WITH_WAIVERS: ExitCode.CONFORMANT,
    Conclusion.STALE_WAIVERS: ExitCode.NOT_CONFORMANT,
    Conclusion.NOT_CONFORMANT: ExitCode.NOT_CONFORMANT,
    Conclusion.INCONCLUSIVE: ExitCode.UNREACHABLE,
    Conclusion.NOTHING_RAN: ExitCode.NOTHING_RAN,
}
_IN_ORDER = {ProfileVerdict.CERTIFIED, ProfileVerdict.UNSUPPORTED, ProfileVerdict.NOT_JUDGED}


def conclude(profiles: Sequence[JudgedProfile], waivers: Sequence[JudgedWaiver]) -> Conclusion:
    """What the profiles and waivers of a run come to."""
    verdicts = {
        check.verdict for each in profiles for judged in each.rules for check in judged.checks
    }
    if not verdicts:
        return Conclusion.NOTHING_RAN
    if Verdict.ERROR in verdicts:
        return Conclusion.INCONCLUSIVE
    waived = {check for each in waivers for check in each.checks}
    conformant = _conformant(profiles)
    if not conformant and not _conformant(_excused(each, waived) for each in profiles):
        return Conclusion.NOT_CONFORMANT
    if any(each.state.is_stale for each in waivers):
        return Conclusion.STALE_WAIVERS
    return Conclusion.CONFORMANT if conformant else Conclusion.WITH_WAIVERS


def _conformant(profiles: Iterable[JudgedProfile]) -> bool:
    verdicts = {profile.verdict for profile in profiles}
    return ProfileVerdict.CERTIFIED in verdicts and verdicts <= _IN_ORDER


def _excused(profile: JudgedProfile, waived: Collection[str]) -> JudgedProfile:
    """The profile as it would be, did nothing that is waived concern the target."""
    return replace(profile, rules=tuple(_without(judged, waived) for judged in profile.rules))


def _without(judged: JudgedRule, waived: Collection[str]) -> JudgedRule:
    checks = (
        replace(check, verdict=Verdict.NOT_APPLICABLE) if check.id in waived else check
        for check in judged.checks
    )
    return replace(judged, checks=tuple(checks))
