"""What the suite says of one implementation."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from conformance.report.certificate import Certificate
from conformance.suite.running.assignment import Assignment
from conformance.suite.stateful import ANY_PROGRAM
from conformance.suite.verdicts import Verdict
from conformance.targets import Connection

KEPT = (Verdict.PASS, Verdict.NOT_APPLICABLE)


@dataclass(frozen=True)
class Case:
    """An implementation to try.

    ``build`` makes it, in a process of its own. ``checks`` are the ids of those that judge it,
    ``None`` for all: the stateful rule among them only ``with_programs``, because it sees most
    faults, besides the rules that are there for them. A trial ``until_seen`` ends with the first
    check that is not kept.
    """

    name: str
    build: Callable[[], Connection]
    checks: Collection[str] | None = None
    with_programs: bool = False
    until_seen: bool = False

    def wants(self, assignment: Assignment) -> bool:
        """Whether a check takes part."""
        if assignment.rule.id.endswith(ANY_PROGRAM) and not self.with_programs:
            return False
        return self.checks is None or assignment.check_id in self.checks


@dataclass(frozen=True)
class Trial:
    """What the suite said: rules by id, and the profiles it certified."""

    kept: bool
    """Whether every check passes or does not apply."""
    condemned_by: frozenset[str] = frozenset()
    """The rules that are not kept: MUST rules that fail, SHOULD rules that warn."""
    errors: frozenset[str] = frozenset()
    certified: tuple[str, ...] = ()
    messages: dict[str, str] = field(default_factory=dict)
    """What the report says of each rule that condemns or could not be judged."""

    @classmethod
    def of(cls, certificate: Certificate) -> Trial:
        """What a certificate says."""
        rules = certificate.rules
        return cls(
            kept=all(check.verdict in KEPT for judged in rules for check in judged.checks),
            condemned_by=frozenset(
                judged.rule.id
                for judged in rules
                if {Verdict.FAIL, Verdict.WARN} & {check.verdict for check in judged.checks}
            ),
            errors=frozenset(each.rule.id for each in rules if each.verdict is Verdict.ERROR),
            certified=tuple(
                f"{each.service} {each.profile}"
                for each in certificate.profiles
                if each.verdict.value == "certified"
            ),
            messages={
                judged.rule.id: check.message
                for judged in rules
                for check in judged.checks
                if check.verdict > Verdict.PASS and check.message
            },
        )


def broken_down(reason: str) -> Trial:
    """A trial that came to no end."""
    return Trial(kept=False, errors=frozenset({"trial"}), messages={"trial": reason})
