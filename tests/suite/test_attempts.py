"""A scenario that a stale read may have misled is run once more, with care."""

from __future__ import annotations

import contextlib
import io
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pytest
from lagging import TARGET, checks, lagging_reference
from scenario_session import HEADER

from conformance.report.judging import Judging
from conformance.suite.checks import Check
from conformance.suite.run import Run
from conformance.suite.running.opening import surveyed
from conformance.suite.verdicts import Verdict
from conformance.targets import Target

SCENARIOS = (
    HEADER
    + """
from conformance.suite.outcomes import Withheld
from conformance.suite.running.assignment import CAREFUL, LEFTOVERS

attempts = []

def read_once(registry):
    name = registry.name_prefix
    registry.given("CreateRepository", repositoryName=name)
    found = registry.send("DescribeRepositories", {"repositoryNames": [name]})
    assert found.status == 200, "what was made is not described"

@declare("tags.misled")
def test_misled(registry):
    '''It reads once what it has just made.'''
    read_once(registry)

@declare("tags.wrong")
def test_wrong(registry):
    '''It does so, and finds something wrong.'''
    read_once(registry)
    assert False, "it is wrong"

@declare("tags.in-points")
def test_in_points(registry, separately):
    '''It decides two points, and does so in one of them.'''
    with separately.check("misled"):
        read_once(registry)
    with separately.check("never"):
        pass

@declare("tags.leaves")
def test_leaves(request, registry):
    '''It leaves something behind at the first attempt.'''
    if not request.node.stash.get(CAREFUL, False):
        request.node.stash[LEFTOVERS] = ["something"]
        raise Untestable("PutImage", "for once")

@declare("tags.withheld")
def test_withheld(registry):
    '''It needs what is not to be had.'''
    attempts.append(1)
    raise Withheld("PutImage", f"at attempt {len(attempts)}")
"""
)


class Told:
    """A plugin that keeps what it is told of, by the names of the scenarios."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.phases: dict[str, list[str]] = defaultdict(list)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Keep which scenario begins."""
        self.begun.append(_name(nodeid))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what a phase came to."""
        self.phases[_name(report.nodeid)].append(f"{report.when} {report.outcome}")


def _name(nodeid: str) -> str:
    return nodeid.rpartition("::")[2].partition("[")[0]


@dataclass(frozen=True)
class Session:
    """What a run of the scenarios came to."""

    checks: dict[str, Check]
    told: Told
    leftovers: list[str]
    repositories: int

    def verdict(self, name: str) -> Verdict:
        """The verdict on a check."""
        return self.checks[f"ecr.tags.{name}"].verdict


def run_here(folder: Path, target: Target) -> Session:
    """Let the scenarios judge a target of this process."""
    path = folder / "test_attempted.py"
    path.write_text(SCENARIOS, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    arguments = ["-c", str(folder / "pytest.ini"), "--noconftest", "--import-mode=importlib"]
    arguments += ["-p", "conformance.suite.conftest", "-p", "no:randomly", str(path)]
    told = Told()
    with (
        lagging_reference() as reference,
        Judging(surveyed(Run(target, 1)), None) as judging,
        contextlib.redirect_stdout(io.StringIO()),
    ):
        pytest.main(arguments, plugins=[judging, told])
    left = sum(len(registry.repositories) for registry in reference.world.values())
    return Session({each.id: each for each in checks(judging)}, told, judging.leftovers, left)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A run of the scenarios on a target whose reads lag."""
    return run_here(tmp_path_factory.mktemp("eventual"), TARGET)


def test_a_stale_read_accuses_nobody(session: Session) -> None:
    """A scenario that a stale read let fail passes in the end."""
    assert session.verdict("misled") is Verdict.PASS
    assert session.told.phases["test_misled"] == ["setup passed", "call passed", "teardown passed"]


def test_only_the_attempt_that_counts_is_told(session: Session) -> None:
    """Every scenario is told to begin once, however often it was run."""
    assert sorted(session.told.begun) == [
        "test_in_points", "test_leaves", "test_misled", "test_withheld", "test_wrong",
    ]  # fmt: skip


def test_what_fails_with_care_fails(session: Session) -> None:
    """What fails twice is told with the exchanges of the second attempt alone."""
    check = session.checks["ecr.tags.wrong"]
    assert (check.verdict, check.message) == (Verdict.FAIL, "it is wrong")
    operations = [exchange.operation for exchange in check.exchanges]
    assert operations == ["CreateRepository", "DescribeRepositories"]
    assert session.told.phases["test_wrong"] == ["setup passed", "call failed", "teardown passed"]


def test_points_are_those_of_the_attempt_that_counts(session: Session) -> None:
    """A scenario of several checks is run again for one of them, and each is told once."""
    assert session.verdict("in-points[misled]") is Verdict.PASS
    assert session.verdict("in-points[never]") is Verdict.PASS


def test_what_any_attempt_leaves_is_told(session: Session) -> None:
    """What the first attempt could not delete is told; all else is cleaned up after each."""
    assert session.verdict("leaves") is Verdict.PASS
    assert session.leftovers == ["something"]
    assert session.repositories == 0


def test_what_is_withheld_is_not_tried_again(session: Session) -> None:
    """A scenario that needs what is not to be had is run once."""
    check = session.checks["ecr.tags.withheld"]
    assert check.verdict is Verdict.UNTESTABLE
    assert check.message.endswith("at attempt 1")


def test_a_strong_target_has_one_attempt(tmp_path: Path) -> None:
    """Where a target says that its reads see every write, a stale one fails the rule."""
    strong = Target("strong", TARGET.endpoint, "reference", None, "us-east-1")
    assert run_here(tmp_path, strong).verdict("misled") is Verdict.FAIL
