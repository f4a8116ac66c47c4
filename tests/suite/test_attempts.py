"""A scenario that a stale read may have misled is run once more, with care."""

from __future__ import annotations

import textwrap

import pytest
from lagging import TARGET, checks, lagging_reference, verdicts
from scenario_session import HEADER

from conformance.report.judging import Judging
from conformance.suite.opening import surveyed
from conformance.suite.run import Run
from conformance.suite.verdicts import Verdict
from conformance.targets import Target

READS_ONCE = """
@declare("tags.reads-once", operations=("DescribeRepositories",))
def test_reads_once(registry):
    '''It reads once what it has just made.'''
    name = registry.name_prefix
    registry.given("CreateRepository", repositoryName=name)
    found = registry.send("DescribeRepositories", {"repositoryNames": [name]})
    assert found.status == 200, "what was made is not described"
"""


class Told:
    """A plugin that keeps what it is told of."""

    def __init__(self) -> None:
        self.phases: list[tuple[str, str]] = []
        self.begun = 0

    def pytest_runtest_logstart(self) -> None:
        """Count the scenarios that are said to begin."""
        self.begun += 1

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what a phase came to."""
        self.phases.append((str(report.when), report.outcome))


def run_here(pytester: pytest.Pytester, target: Target, source: str) -> tuple[Judging, Told]:
    """Let scenarios of a test's own judge a target of this process."""
    pytester.makeconftest("from conformance.suite.conftest import *  # noqa: F403")
    pytester.makepyfile(test_scenarios=HEADER + textwrap.dedent(source))
    with Judging(surveyed(Run(target, 1)), None) as judging:
        told = Told()
        pytester.inline_run("-p", "no:randomly", plugins=[judging, told])
    return judging, told


def test_a_stale_read_accuses_nobody(pytester: pytest.Pytester) -> None:
    """A scenario that a stale read let fail passes in the end, and leaves nothing behind."""
    with lagging_reference() as reference:
        judging, told = run_here(pytester, TARGET, READS_ONCE)
    assert verdicts(judging) == {"ecr.tags.reads-once": Verdict.PASS}
    assert told.begun == 1
    assert told.phases == [("setup", "passed"), ("call", "passed"), ("teardown", "passed")]
    assert not any(registry.repositories for registry in reference.world.values())


def test_a_strong_target_has_one_attempt(pytester: pytest.Pytester) -> None:
    """Where a target says that its reads see every write, a stale one fails the rule."""
    strong = Target("strong", TARGET.endpoint, "reference", None, "us-east-1")
    with lagging_reference():
        judging, _ = run_here(pytester, strong, READS_ONCE)
    assert verdicts(judging) == {"ecr.tags.reads-once": Verdict.FAIL}


def test_what_fails_with_care_fails(pytester: pytest.Pytester) -> None:
    """A scenario that fails twice is told once, with the exchanges of the second attempt alone."""
    source = READS_ONCE + "    assert False, 'it is wrong'\n"
    with lagging_reference():
        judging, told = run_here(pytester, TARGET, source)
    (check,) = checks(judging)
    assert (check.verdict, check.message) == (Verdict.FAIL, "it is wrong")
    operations = [exchange.operation for exchange in check.exchanges]
    assert operations == ["CreateRepository", "DescribeRepositories"]
    assert told.phases == [("setup", "passed"), ("call", "failed"), ("teardown", "passed")]


def test_what_one_attempt_leaves_is_told(pytester: pytest.Pytester) -> None:
    """What the first attempt could not delete is told, though the second one counts."""
    source = """
    import pytest
    from conformance.suite.assignment import CAREFUL, LEFTOVERS

    @declare("tags.leaves")
    def test_leaves(request, registry):
        '''It leaves something behind at the first attempt.'''
        if not request.node.stash.get(CAREFUL, False):
            request.node.stash[LEFTOVERS] = ["something"]
            raise Untestable("PutImage", "for once")
    """
    with lagging_reference():
        judging, _ = run_here(pytester, TARGET, source)
    assert verdicts(judging) == {"ecr.tags.leaves": Verdict.PASS}
    assert judging.leftovers == ["something"]


def test_further_checks_are_those_of_the_attempt_that_counts(pytester: pytest.Pytester) -> None:
    """A scenario with several checks is run again for one of them, and each is told once."""
    source = """
    @declare("tags.in-points", operations=("DescribeRepositories",))
    def test_in_points(registry, separately):
        '''It decides two points.'''
        name = registry.name_prefix
        with separately.check("made"):
            registry.given("CreateRepository", repositoryName=name)
        with separately.check("described"):
            found = registry.send("DescribeRepositories", {"repositoryNames": [name]})
            assert found.status == 200, "what was made is not described"
    """
    with lagging_reference():
        judging, _ = run_here(pytester, TARGET, source)
    assert [(each.id, each.verdict) for each in checks(judging)] == [
        ("ecr.tags.in-points[described]", Verdict.PASS),
        ("ecr.tags.in-points[made]", Verdict.PASS),
    ]
