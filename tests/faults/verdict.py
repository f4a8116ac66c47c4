"""Exits with 0 where the reference keeps every rule, with 1 at the first rule it breaks.

An exception counts as broken: behind a port it would be an answer of HTTP 500.
"""

from __future__ import annotations

import os

from trial import judging_of

from conformance.certify import run_suite
from conformance.reference import ReferenceTransport
from conformance.suite.checks import Check
from conformance.suite.verdicts import Verdict

_KEPT = (Verdict.PASS, Verdict.NOT_APPLICABLE)


def _stop_at(check: Check) -> None:
    if check.verdict not in _KEPT:
        os._exit(1)  # nothing is open that would have to be closed


with judging_of(ReferenceTransport(secret=b"mutant")) as judging:
    judging.watchers.append(_stop_at)
    run_suite(judging)
assert judging.certificate is not None
