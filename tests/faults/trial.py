"""One broken implementation under the whole suite, in this process."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass

from fault import Fault

from conformance.certify import run_suite
from conformance.report.judging import Judging
from conformance.suite.opening import surveyed
from conformance.suite.run import Run
from conformance.suite.stateful import ANY_PROGRAM
from conformance.suite.verdicts import Verdict
from conformance.targets import Connection, Target, in_process

ENDPOINT = f"http://fault-{os.getpid()}.invalid"
"""Another one in each process, so that none waits for another's settings."""
SEED = 1
WITHOUT_PROGRAMS = f"not {ANY_PROGRAM}"
"""Every rule but the stateful one, which asks a reference what is right."""


@dataclass(frozen=True)
class Trial:
    """What the suite said: rules by id, and the profiles it certified."""

    condemned_by: frozenset[str]
    """The rules that are not kept: MUST rules that fail, SHOULD rules that warn."""
    errors: frozenset[str]
    certified: tuple[str, ...]
    messages: dict[str, str]
    """What the report says of each rule that condemns or could not be judged."""


@contextlib.contextmanager
def judging_of(transport: Connection) -> Iterator[Judging]:
    """A run of the suite that is about to judge an implementation."""
    with in_process(ENDPOINT, transport):
        run = surveyed(Run(Target("fault", ENDPOINT, "fault", None, "us-east-1"), SEED))
        with Judging(run, None) as judging:
            yield judging


def tried(fault: Fault) -> Trial:
    """Judge a fault by the whole suite, by the stateful rule only where that has to see it.

    The stateful rule sees most faults, besides the rules that are there for them, so to name it
    beside each would say nothing.
    """
    names = {rule.partition(".")[2] for rule in fault.condemned_by}
    return try_out(fault.build(), "" if ANY_PROGRAM in names else WITHOUT_PROGRAMS)


def try_out(transport: Connection, expression: str = "") -> Trial:
    """Judge an implementation by the rules whose ids match, as ``-k`` does."""
    with judging_of(transport) as judging, contextlib.redirect_stdout(io.StringIO()):
        run_suite(judging, expression=expression)
    certificate = judging.certificate
    assert certificate is not None
    rules = certificate.rules
    return Trial(
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
