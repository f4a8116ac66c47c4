"""Runs scenarios of a test's own under pytest against a canned target, and gives their checks."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import pytest

from conformance.report.results import read_results
from conformance.suite.checks import Check

HEADER = """
import pytest
from conformance.suite.evidence import documented, unverified
from conformance.suite.outcomes import NotApplicable, Untestable
from conformance.suite.rules import rule
from conformance.suite.verdicts import INFO, MUST, SHOULD

def declare(name, level=MUST, operations=("DescribeRepositories",), services=("ecr",)):
    return rule(name, level=level, operations=operations, services=services,
                evidence=[documented("PutImage", "x")])
"""

CONFTEST = "from conformance.suite.conftest import *  # noqa: F403"

FORKS = """
from conformance.suite.running.forks import Forks

def pytest_sessionstart(session):
    plugins = session.config.pluginmanager
    here = [plugins.get_plugin(name) for name in ("conformance-judging", "terminalreporter")]
    plugins.register(Forks(here[0].run, 2, *here))
"""


@dataclass(frozen=True)
class Outcome:
    """What a session came to."""

    exit_code: int
    checks: dict[str, Check]
    output: str


def write_scenarios(pytester: pytest.Pytester, source: str, *, forked: bool = False) -> None:
    """Have a suite of the scenarios in ``source``, which two forks run where it is ``forked``."""
    pytester.makeconftest(CONFTEST + FORKS * forked)
    pytester.makepyfile(test_scenarios=HEADER + textwrap.dedent(source))


def run_scenarios(
    pytester: pytest.Pytester, endpoint: str, source: str, *options: str, forked: bool = False
) -> Outcome:
    """Run the scenarios in ``source`` against ``endpoint``, in processes of their own."""
    write_scenarios(pytester, source, forked=forked)
    result = pytester.runpytest_subprocess(
        "--conformance-target", endpoint, "--conformance-output", "out", "-p", "no:randomly",
        *options,
    )  # fmt: skip
    path = pytester.path / "out" / "results.jsonl"
    checks = read_results(path, allow_partial=True).checks if path.exists() else ()
    return Outcome(int(result.ret), {check.id: check for check in checks}, result.stdout.str())
