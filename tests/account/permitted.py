"""What a run comes to that may do only what a policy allows, in a process of its own."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from conformance.certify import run_suite
from conformance.reference import ReferenceTransport
from conformance.reference.authorization import AuthorizedRequests
from conformance.reference.identity_policy_grammar import read_identity_policy
from conformance.reference.protocol import DEFAULT_ACCOUNT
from conformance.report.judging import Judging
from conformance.suite.checks import Check
from conformance.suite.run import Run
from conformance.suite.running.opening import surveyed
from conformance.targets import Target, in_process
from conformance.transport import Transport
from conformance.transport.clock import SkippingClock
from conformance.transport.wire import LOCAL_CREDENTIALS

_ENDPOINT = "http://permitted.invalid"


class _Permitted:
    """A connection to a reference that does for the suite what a policy allows."""

    def __init__(self, policy: str, clock: SkippingClock) -> None:
        policies = {LOCAL_CREDENTIALS.access_key: read_identity_policy(policy.encode(), "policy")}
        reference = ReferenceTransport(clock=clock.time)
        self._inner: Transport = AuthorizedRequests(reference, policies, DEFAULT_ACCOUNT)

    def __call__(self, request: Any, /) -> Any:
        return self._inner(request)

    def close(self) -> None:
        """Nothing is held."""


def checks_with(policy: str, expression: str, *, changes: bool) -> Mapping[str, Any]:
    """The verdict and message of each check, and what was left behind, as ``main`` prints them."""
    command = [sys.executable, __file__, expression, "changes" if changes else "none"]
    done = subprocess.run(
        command, input=policy, capture_output=True, text=True, timeout=600, check=True
    )
    parsed: dict[str, Any] = json.loads(done.stdout)
    return parsed


def main() -> None:
    """Judge the rules that an expression chooses by the policy on standard input."""
    expression, changes = sys.argv[1:]
    clock = SkippingClock()
    target = Target(
        "aws", _ENDPOINT, "permitted", None, "us-east-1", account=DEFAULT_ACCOUNT, owned=True,
        registry_changes=changes == "changes",
    )  # fmt: skip
    checks: list[Check] = []
    with (
        in_process(_ENDPOINT, _Permitted(sys.stdin.read(), clock), clock),
        Judging(surveyed(Run(target, 1)), None) as judging,
        contextlib.redirect_stdout(io.StringIO()),
    ):
        judging.watchers.append(checks.append)
        run_suite(judging, expression=expression)
    found = {check.id: [check.verdict.label, check.message] for check in checks}
    json.dump({"checks": found, "left": judging.leftovers}, sys.stdout)


if __name__ == "__main__":
    main()
