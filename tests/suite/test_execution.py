"""From how a scenario ends to its verdict."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from canned import Answer, error, serve
from scenario_session import run_scenarios

from conformance.certify import run_suite
from conformance.errors import ExitCode
from conformance.report.judging import Judging, exit_code_of
from conformance.suite.run import Run
from conformance.suite.running.assignment import LOG
from conformance.suite.running.capability import MADE_UP_OPERATION
from conformance.suite.verdicts import Verdict
from conformance.targets import Target


def registry_of(operation: str, parameters: dict[str, Any]) -> Answer:
    """A registry that makes repositories, lists none, and lacks PutImage."""
    if operation in (MADE_UP_OPERATION, "PutImage"):
        return error("UnknownOperationException")
    if operation == "CreateRepository":
        return 200, {"repository": {"repositoryName": parameters["repositoryName"]}}
    if operation == "GetRepositoryPolicy":
        return error("RepositoryPolicyNotFoundException")
    return 200, {"repositories": []}


SCENARIOS = """
@declare("tags.passes")
def test_passes(registry):
    '''It passes.'''
    registry.call("DescribeRepositories")

@declare("tags.fails")
def test_fails(registry):
    '''It fails.'''
    assert registry.call("DescribeRepositories") == 1, "one was expected"

@declare("tags.warns", level=SHOULD)
def test_warns(registry):
    '''It warns.'''
    assert False, "only a warning"

@declare("tags.informs", level=INFO)
def test_informs(registry, observe):
    '''It informs.'''
    observe.append("something was seen")

@declare("tags.blames-its-own", operations=("GetRepositoryPolicy",))
def test_blames_its_own(registry):
    '''An unexpected answer of its own operation fails it.'''
    registry.call("GetRepositoryPolicy")

@declare("tags.blames-no-other")
def test_blames_no_other(registry):
    '''An unexpected answer of another operation teaches nothing.'''
    registry.call("GetRepositoryPolicy")

@declare("tags.arranges", operations=("GetRepositoryPolicy",))
def test_arranges(registry):
    '''A failing arrangement teaches nothing.'''
    registry.given("GetRepositoryPolicy")

@declare("tags.lacks", operations=("PutImage",))
def test_lacks(registry):
    '''It is about an operation that the target lacks.'''
    raise AssertionError("never reached")

@declare("tags.needs-what-is-lacking")
def test_needs(registry):
    '''It needs an operation that the target lacks.'''
    registry.given("PutImage")

@declare("tags.does-not-apply")
def test_does_not_apply(registry):
    '''It is about what the target need not have.'''
    raise NotApplicable("there is no second service")

@declare("tags.crashes")
def test_crashes(registry):
    '''It crashes.'''
    {}["nothing"]

@declare("tags.varies")
@pytest.mark.parametrize("operation", ["DescribeRepositories", "PutImage"])
def test_varies(registry, operation):
    '''It varies the operation.'''
    registry.call(operation)

@declare("tags.refused", operations=("GetRepositoryPolicy",))
def test_refused(registry):
    '''It is refused with a declared code.'''
    error = registry.refused("GetRepositoryPolicy", "RepositoryPolicyNotFoundException")
    assert error.message == "because"

@declare("tags.refused-otherwise", operations=("GetRepositoryPolicy",))
def test_refused_otherwise(registry):
    '''It is refused with another code.'''
    registry.refused("GetRepositoryPolicy", ["RepositoryNotFoundException"])
"""

EXPECTED = {
    "tags.passes": (Verdict.PASS, ""),
    "tags.fails": (Verdict.FAIL, "one was expected"),
    "tags.warns": (Verdict.WARN, "only a warning"),
    "tags.informs": (Verdict.PASS, "something was seen"),
    "tags.blames-its-own": (Verdict.FAIL, "GetRepositoryPolicy: expected success, got HTTP 400"),
    "tags.blames-no-other": (Verdict.UNTESTABLE, "prerequisite GetRepositoryPolicy failed"),
    "tags.arranges": (Verdict.UNTESTABLE, "prerequisite GetRepositoryPolicy failed"),
    "tags.lacks": (Verdict.UNSUPPORTED, "does not implement PutImage"),
    "tags.needs-what-is-lacking": (Verdict.UNTESTABLE, "prerequisite PutImage failed"),
    "tags.does-not-apply": (Verdict.NOT_APPLICABLE, "there is no second service"),
    "tags.crashes": (Verdict.ERROR, "the scenario itself failed: KeyError: 'nothing'"),
    "tags.varies[DescribeRepositories]": (Verdict.PASS, ""),
    "tags.varies[PutImage]": (Verdict.UNSUPPORTED, "does not implement PutImage"),
    "tags.refused": (Verdict.PASS, ""),
    "tags.refused-otherwise": (
        Verdict.FAIL,
        "expected refusal with RepositoryNotFoundException, got HTTP 400 "
        "RepositoryPolicyNotFoundException: 'because'",
    ),
}


@pytest.mark.parametrize(
    ("options", "forked"),
    [((), False), (("-n", "2"), False), ((), True), (("--tb=no",), False)],
    ids=["one process", "two workers", "two forks", "without tracebacks"],
)
def test_every_way_a_scenario_ends_has_its_verdict(
    pytester: pytest.Pytester, options: tuple[str, ...], *, forked: bool
) -> None:
    """Each ending gives its verdict and its words, in one process and in several alike."""
    with serve(registry_of) as endpoint:
        outcome = run_scenarios(pytester, endpoint, SCENARIOS, *options, forked=forked)
    assert {f"ecr.{name}" for name in EXPECTED} == set(outcome.checks)
    for name, (verdict, words) in EXPECTED.items():
        check = outcome.checks[f"ecr.{name}"]
        assert (check.verdict, words in check.message) == (verdict, True), check


@pytest.mark.parametrize(("style", "shown"), [("no", 0), ("short", 1)])
def test_tracebacks_are_made_where_they_are_shown(
    pytester: pytest.Pytester, style: str, shown: int
) -> None:
    """A user of pytest sees where a scenario failed, and why in a line if no more is wanted."""
    with serve(registry_of) as endpoint:
        outcome = run_scenarios(
            pytester, endpoint, SCENARIOS, "-k", "tags.fails", f"--tb={style}", "-rf"
        )
    assert outcome.output.count('assert registry.call("DescribeRepositories") == 1') == shown
    assert "FAILED test_scenarios.py::test_fails[ecr] - AssertionError: one was" in outcome.output


def test_a_crash_costs_one_scenario_and_the_run_is_inconclusive(pytester: pytest.Pytester) -> None:
    """An error of the suite ends the run with exit code 3, the other checks decided."""
    with serve(registry_of) as endpoint:
        outcome = run_scenarios(pytester, endpoint, SCENARIOS, "-k", "crashes or passes")
    assert outcome.exit_code == 3
    assert outcome.checks["ecr.tags.passes"].verdict is Verdict.PASS


def test_a_target_that_dies_makes_the_rest_errors_and_still_a_report(
    pytester: pytest.Pytester,
) -> None:
    """Once the target is silent, nothing more is asked of it, and the report is written."""
    source = """
    @declare("tags.kills")
    @pytest.mark.parametrize("n", range(20))
    def test_kills(registry, n):
        '''The target dies of it.'''
        registry.call("DescribeRepositories", maxResults=n)
    """
    asked = []

    def answer(operation: str, parameters: dict[str, Any]) -> Answer:
        asked.append(parameters)
        if parameters.get("maxResults", 0) >= 3 or dead:
            dead.append(True)
            raise ConnectionAbortedError
        return registry_of(operation, parameters)

    dead: list[bool] = []
    with serve(answer) as endpoint:
        outcome = run_scenarios(pytester, endpoint, source, "-p", "no:xdist")
    verdicts = [check.verdict for check in outcome.checks.values()]
    assert verdicts.count(Verdict.PASS) == 3
    assert verdicts.count(Verdict.ERROR) == 17
    assert len([p for p in asked if "maxResults" in p]) <= 5
    assert outcome.exit_code == 3
    assert (pytester.path / "out" / "report.json").exists()


def test_what_a_scenario_made_is_deleted_also_when_it_was_not_to_be_made(
    pytester: pytest.Pytester,
) -> None:
    """Clean-up deletes by the answers, so a name that was wrongly accepted goes too."""
    source = """
    @declare("repositories.name", operations=("CreateRepository",))
    def test_name(registry):
        '''Upper case is refused.'''
        registry.refused("CreateRepository", "InvalidParameterException", repositoryName="UPPER")
    """
    deleted = []

    def answer(operation: str, parameters: dict[str, Any]) -> Answer:
        if operation == "DeleteRepository":
            deleted.append((parameters["repositoryName"], parameters.get("force")))
        return registry_of(operation, parameters)

    with serve(answer) as endpoint:
        outcome = run_scenarios(pytester, endpoint, source)
    assert outcome.checks["ecr.repositories.name"].verdict is Verdict.FAIL
    assert ("UPPER", True) in deleted


def test_without_a_target_the_suite_says_what_it_needs(pytester: pytest.Pytester) -> None:
    """Plain pytest without a target ends with one sentence and a usage error."""
    result = pytester.runpytest_subprocess("--pyargs", "conformance.suite")
    assert int(result.ret) == 4
    result.stderr.fnmatch_lines(["*name what to judge: --conformance-target*"])


def test_a_module_that_cannot_be_read_is_no_interruption(tmp_path: Path) -> None:
    """A module of scenarios that cannot be imported breaks the run, and the reason is kept."""
    (tmp_path / "test_broken.py").write_text("from nowhere import nothing\n")
    target = Target("reference", "http://reference.invalid", "reference", None, "us-east-1")
    judging = Judging(Run(target, 1), None)
    arguments = ["-q", "-p", "no:cacheprovider", "-c", str(tmp_path / "none.ini"), str(tmp_path)]
    (tmp_path / "none.ini").write_text("[pytest]\n")
    status = pytest.main(arguments, plugins=[judging])
    assert exit_code_of(int(status), judging) is ExitCode.UNREACHABLE
    assert judging.breakdown == "E   ModuleNotFoundError: No module named 'nowhere'"


class KeptLogs:
    """A pytest plugin that counts the scenarios that have a log, in the end and before."""

    def __init__(self) -> None:
        self.used = 0
        self.kept: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        """Count a scenario that has had exchanges."""
        self.used += bool(item.stash[LOG].exchanges)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Look at all scenarios."""
        self.kept = [item.name for item in session.items if LOG in item.stash]


def test_exchanges_are_forgotten_after_their_scenario() -> None:
    """A run does not keep what it has judged: its memory would grow with every exchange."""
    target = Target("reference", "http://reference.invalid", "reference", None, "us-east-1")
    logs, judging = KeptLogs(), Judging(Run(target, 1), None)
    run_suite(judging, logs, expression="ecr.tags.delete-last-tag-deletes-image")
    assert logs.used == 1
    assert logs.kept == []
