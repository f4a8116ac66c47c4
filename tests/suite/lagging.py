"""A reference whose reads lag behind writes, the suite against it, and nobody who waits for it."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from conformance.certify import run_suite
from conformance.reference import Behaviour, ReferenceTransport
from conformance.report.judging import Judging
from conformance.suite.checks import Check
from conformance.suite.run import Run
from conformance.suite.verdicts import Verdict
from conformance.targets import Target, in_process
from conformance.transport.clock import SkippingClock

LAG = 5.0
"""Seconds by which reads lag at most."""

RIGHT = Behaviour()
ENDPOINT = "http://lagging.invalid"
TARGET = Target("lagging", ENDPOINT, "reference", None, "us-east-1", "eventual")


@contextmanager
def lagging_reference(behaviour: Behaviour = RIGHT) -> Iterator[ReferenceTransport]:
    """The reference that answers for ``TARGET``; its reads lag whatever else it does."""
    clock = SkippingClock()
    reference = ReferenceTransport(clock=clock.time, behaviour=replace(behaviour, lag=LAG))
    with in_process(ENDPOINT, reference, clock):
        yield reference


def judge(run: Run, expression: str = "") -> Judging:
    """Let the suite, or the rules that an expression names, judge the target of a run."""
    with Judging(run, None, expression) as judging, contextlib.redirect_stdout(io.StringIO()):
        run_suite(judging, expression=expression)
    return judging


def verdicts(judging: Judging) -> dict[str, Verdict]:
    """The verdict on each check."""
    return {check.id: check.verdict for check in checks(judging)}


def checks(judging: Judging) -> list[Check]:
    """Each check of a run that has come to its end."""
    assert judging.certificate is not None, judging.breakdown
    return [check for judged in judging.certificate.rules for check in judged.checks]
