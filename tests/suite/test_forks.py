"""Scenarios run in forks of the process that has collected them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from itertools import islice
from threading import Event
from typing import Any

import pytest
from canned import Answer, error, serve
from hypothesis import given
from hypothesis import strategies as st
from scenario_session import run_scenarios, write_scenarios

from conformance.suite.running.capability import MADE_UP_OPERATION
from conformance.suite.running.forks import Remaining
from conformance.suite.verdicts import Verdict


def registry_of(operation: str, parameters: dict[str, Any]) -> Answer:
    """A registry that makes, lists and deletes whatever it is asked to."""
    if operation == MADE_UP_OPERATION:
        return error("UnknownOperationException")
    return 200, {"repository": {"repositoryName": parameters.get("repositoryName", "")}}


@given(st.integers(0, 300), st.integers(1, 5), st.data())
def test_every_scenario_is_taken_once(total: int, count: int, data: st.DataObject) -> None:
    """However fast each fork is, each scenario is run by one of them, and none is left."""
    remaining = Remaining(total, count)
    forks = [remaining.taken(range(total)) for _ in range(count)]
    order = data.draw(st.lists(st.sampled_from(forks), max_size=total))
    taken = [number for fork in order for number in islice(fork, 1)]
    taken += [number for fork in forks for number in fork]
    assert sorted(taken) == list(range(total))


MANY = """
import os

@declare("tags.many")
@pytest.mark.parametrize("number", range(40))
def test_many(registry, number):
    '''It tells which process it runs in.'''
    registry.call("DescribeRepositories", nextToken=str(os.getpid()))
"""


def test_forks_share_the_scenarios(pytester: pytest.Pytester) -> None:
    """Each of two processes runs some of them, neither is that which judges, each runs once."""
    asked: list[str] = []

    def answer(operation: str, parameters: dict[str, Any]) -> Answer:
        if "nextToken" in parameters:
            asked.append(parameters["nextToken"])
            if len(set(asked)) < 2:
                second.wait(60)
            second.set()
        return registry_of(operation, parameters)

    second = Event()
    with serve(answer) as endpoint:
        outcome = run_scenarios(pytester, endpoint, MANY, forked=True)
    assert (len(asked), len(set(asked))) == (40, 2)
    assert [check.verdict for check in outcome.checks.values()] == [Verdict.PASS] * 40


DYING = """
import os

@declare("tags.passes")
def test_passes(registry):
    '''It passes.'''
    registry.call("DescribeRepositories")

@declare("tags.dies")
def test_dies(registry):
    '''Its process is killed.'''
    os.kill(os.getpid(), 9)
"""


def test_a_fork_that_is_killed_ends_the_run(pytester: pytest.Pytester) -> None:
    """Nothing is certified by what is left of a run, and it is said what became of the process."""
    with serve(registry_of) as endpoint:
        outcome = run_scenarios(pytester, endpoint, DYING, forked=True)
    assert outcome.exit_code == pytest.ExitCode.INTERNAL_ERROR
    assert "a process of the run ended by itself (signal 9)" in outcome.output
    assert not (pytester.path / "out" / "report.json").exists()


BREAKING = """
@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item):
    raise ZeroDivisionError("beside every scenario")
"""


def test_what_breaks_in_a_fork_is_told(pytester: pytest.Pytester) -> None:
    """An error of a plugin beside the scenarios ends the run with its traceback."""
    with serve(registry_of) as endpoint:
        write_scenarios(pytester, MANY, forked=True)
        conftest = pytester.path / "conftest.py"
        conftest.write_text("import pytest\n" + conftest.read_text() + BREAKING)
        result = pytester.runpytest_subprocess("--conformance-target", endpoint)
    assert int(result.ret) == pytest.ExitCode.INTERNAL_ERROR
    result.stdout.fnmatch_lines(["*pytest_runtest_protocol*", "*beside every scenario*"])


WAITING = """
@declare("tags.waits")
@pytest.mark.parametrize("number", range(2))
def test_waits(registry, repository, number):
    '''It waits for an answer that does not come.'''
    registry.call("DescribeRepositories", nextToken="wait")
"""


@pytest.mark.parametrize("whole_group", [False, True], ids=["one process", "the whole group"])
def test_forks_clean_up_when_the_run_is_interrupted(
    pytester: pytest.Pytester, *, whole_group: bool
) -> None:
    """Both delete what they made, whether one process is interrupted or, as by a terminal, all."""
    made: set[str] = set()
    deleted: set[str] = set()
    both, ended = Event(), Event()
    waiting: list[str] = []

    def answer(operation: str, parameters: dict[str, Any]) -> Answer:
        if operation == "CreateRepository":
            made.add(parameters["repositoryName"])
        if operation == "DeleteRepository":
            deleted.add(parameters["repositoryName"])
        if "nextToken" in parameters:
            waiting.append(operation)
            if len(waiting) == 2:
                both.set()
            ended.wait(60)
        return registry_of(operation, parameters)

    write_scenarios(pytester, WAITING, forked=True)
    with serve(answer) as endpoint:
        command = [sys.executable, "-m", "pytest", "-q", "--conformance-target", endpoint]
        with subprocess.Popen(
            command, cwd=pytester.path, stdout=subprocess.DEVNULL, start_new_session=True
        ) as process:
            assert both.wait(60)
            (os.killpg if whole_group else os.kill)(process.pid, signal.SIGINT)
            assert process.wait(60) == pytest.ExitCode.INTERRUPTED
            ended.set()
    assert made
    assert deleted >= made
