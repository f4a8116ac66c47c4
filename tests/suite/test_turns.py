"""Scenarios of several processes at one target: together, or one alone."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from multiprocessing import get_context
from multiprocessing.synchronize import Event, Semaphore
from pathlib import Path
from typing import Any

import pytest
from canned import Answer, serve
from scenario_session import run_scenarios

from conformance.errors import TargetUnavailable, UsageError
from conformance.suite.generated.varied_requests import NEED_SETTINGS
from conformance.suite.run import Run
from conformance.suite.running import turns
from conformance.suite.running.opening import surveyed
from conformance.suite.running.turns import Turns, changes_settings
from conformance.suite.verdicts import Verdict
from conformance.targets import Target, reference
from conformance.transport.cassettes.origin import Origin
from conformance.transport.cassettes.scene import Mode
from conformance.transport.cassettes.use import CassetteUse

SPAWN = get_context("spawn")
ORIGIN = Origin("moto", "moto", "5", "us-east-1", "2026-01-01T00:00:00Z", "t", "c", 1)
AT_REGISTRY = "other processes are at the registry"
AT_SETTINGS = "other processes are at the settings of the registry, or wait for them"


class Busy(Exception):
    """Others did not come to an end."""


@pytest.fixture
def endpoint(tmp_path: Path) -> str:
    """An address that no other test knows."""
    return f"http://{tmp_path.name}.invalid"


def run_at(endpoint: str, cassettes: CassetteUse | None = None) -> Run:
    return Run(Target("here", endpoint, "here", None, "us-east-1"), 1, cassettes=cassettes)


@contextmanager
def turn(endpoint: str, *, alone: bool) -> Iterator[None]:
    """A turn of a process that begins with it."""
    mine = Turns(run_at(endpoint))
    try:
        with mine.take(alone=alone, busy=Busy):
            yield
    finally:
        mine.close()


def stay(endpoint: str, began: Semaphore, leave: Semaphore, *, alone: bool) -> None:
    """Be at a target until told to leave it."""
    with turn(endpoint, alone=alone):
        began.release()
        leave.acquire()


@contextmanager
def another(endpoint: str, *, alone: bool) -> Iterator[Any]:
    """Another process at a target."""
    began, leave = SPAWN.Semaphore(0), SPAWN.Semaphore(0)
    process = SPAWN.Process(target=stay, args=(endpoint, began, leave), kwargs={"alone": alone})
    process.start()
    try:
        assert began.acquire(timeout=60)
        yield process
    finally:
        leave.release()
        process.join()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever does not get its turn at once does not wait for it."""
    monkeypatch.setattr(turns, "_PATIENCE", 0.0)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("theirs_alone", "alone", "message"),
    [
        pytest.param(True, False, AT_SETTINGS, id="settings-changed"),
        pytest.param(False, True, AT_REGISTRY, id="scenario-going-on"),
        pytest.param(True, True, AT_REGISTRY, id="two-that-change"),
    ],
)
def test_whoever_changes_settings_is_alone(
    endpoint: str, message: str, *, theirs_alone: bool, alone: bool
) -> None:
    """Who changes settings begins beside no scenario of another process, and none beside it."""
    with (
        another(endpoint, alone=theirs_alone),
        pytest.raises(Busy, match=message),
        turn(endpoint, alone=alone),
    ):
        pytest.fail("it began")
    with turn(endpoint, alone=alone):
        pass


@pytest.mark.usefixtures("impatient")
def test_others_go_on_together(endpoint: str) -> None:
    """Scenarios that change no settings are at a target at the same time."""
    with another(endpoint, alone=False) as process, turn(endpoint, alone=False):
        assert process.is_alive()


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("stay", [0.0, 60.0])
def test_who_stays_from_scenario_to_scenario_leaves_in_time(
    endpoint: str, monkeypatch: pytest.MonkeyPatch, stay: float
) -> None:
    """Between its scenarios a process may stay for a while, to the end of its run at most."""
    monkeypatch.setattr(turns, "_STAY", stay)
    mine = Turns(run_at(endpoint))
    with mine.take(alone=False, busy=Busy):
        pass
    with (
        nullcontext() if stay == 0 else pytest.raises(Busy, match=AT_REGISTRY),
        turn(endpoint, alone=True),
    ):
        pass
    mine.close()
    with turn(endpoint, alone=True):
        pass


@pytest.mark.usefixtures("impatient")
def test_who_stays_leaves_to_be_alone(endpoint: str) -> None:
    """A process that has stayed with others is alone in its next scenario all the same."""
    mine = Turns(run_at(endpoint))
    with mine.take(alone=False, busy=Busy):
        pass
    with (
        mine.take(alone=True, busy=Busy),
        pytest.raises(Busy, match=AT_SETTINGS),
        turn(endpoint, alone=False),
    ):
        pytest.fail("it began")
    mine.close()


@pytest.mark.usefixtures("impatient")
def test_a_killed_process_is_in_nobody_s_way(endpoint: str) -> None:
    """The turn of a process ends with it, however it ends."""
    with another(endpoint, alone=True) as process:
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        with turn(endpoint, alone=True):
            assert process.exitcode == -signal.SIGKILL


def relay(endpoint: str, here: Semaphore, there: Semaphore, end: Event) -> None:
    """Be at a target again and again, each time until another one is, or was kept from it."""
    turns._PATIENCE = 0.1
    mine = Turns(run_at(endpoint))
    while not end.is_set():
        try:
            with mine.take(alone=False, busy=Busy):
                here.release()
                there.acquire(timeout=60)
        except Busy:
            here.release()
    here.release()
    mine.close()


def test_an_endless_relay_of_others_is_interrupted(
    endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who wants a target alone gets it, even if others would be there at every moment."""
    monkeypatch.setattr(turns, "_PATIENCE", 20.0)
    one, two, end = SPAWN.Semaphore(0), SPAWN.Semaphore(0), SPAWN.Event()
    first = SPAWN.Process(target=relay, args=(endpoint, one, two, end))
    second = SPAWN.Process(target=relay, args=(endpoint, two, one, end))
    first.start()
    assert one.acquire(timeout=60)
    second.start()
    assert two.acquire(timeout=60)
    two.release()
    try:
        with turn(endpoint, alone=True):
            assert first.is_alive()
            assert second.is_alive()
    finally:
        end.set()
        first.join()
        second.join()


def test_nobody_waits_at_what_no_other_process_reaches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A target in this process, and a recording, are nobody else's, so nothing is locked."""
    monkeypatch.setattr(turns, "_lock_of", pytest.fail)
    replayed = CassetteUse(str(tmp_path), Mode.NONE, ORIGIN)
    for run in (run_at(reference.ENDPOINT), run_at("http://replayed.invalid", replayed)):
        mine = Turns(run)
        with mine.take(alone=True, busy=Busy), mine.take(alone=True, busy=Busy):
            mine.close()


@pytest.mark.usefixtures("impatient")
def test_the_survey_takes_its_turn(endpoint: str) -> None:
    """What a target lacks is not found out while somebody else changes its settings."""
    with turn(endpoint, alone=True), pytest.raises(TargetUnavailable, match=AT_SETTINGS):
        surveyed(run_at(endpoint))


def test_where_turns_cannot_be_taken_is_said(
    endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder for temporary files that is none ends a run with one clear error."""
    (tmp_path / "file").touch()
    monkeypatch.setattr(turns, "gettempdir", lambda: str(tmp_path / "file"))
    with pytest.raises(UsageError, match="cannot write"):
        Turns(run_at(endpoint))


def test_what_a_scenario_takes_says_whether_it_is_alone() -> None:
    """Alone is who takes the settings, or arranges requests that need them changed."""
    (changing, *_), keeping = sorted(NEED_SETTINGS), "ListImages"
    assert changes_settings(["registry", "settings", "backfills"], [keeping])
    assert changes_settings(["registry", "arrangement"], [changing])
    assert not changes_settings(["registry", "arrangement"], [keeping])
    assert not changes_settings(["registry"], [changing])


SCENARIOS = """
from conformance.suite.running import turns

turns._PATIENCE = 0.0

@declare("tags.ordinary")
def test_ordinary(repository):
    '''It changes no settings.'''

@declare("tags.started")
def test_started(registry, backfills):
    '''It starts backfills, for which settings are changed.'''

@declare("tags.arranged", operations=("PutRegistryPolicy",))
def test_arranged(registry, arrangement):
    '''Its requests change settings.'''
"""

MEANWHILE = """
@pytest.fixture(scope="session", autouse=True)
def somebody_else(run):
    elsewhere = turns.Turns(run)
    with elsewhere.take(alone={alone}, busy=RuntimeError):
        yield
    elsewhere.close()
"""


def empty_registry(operation: str, parameters: dict[str, Any]) -> Answer:
    """A registry that makes repositories and lists none."""
    if operation == "CreateRepository":
        return 200, {"repository": {"repositoryName": parameters["repositoryName"]}}
    return 200, {"repositories": []}


@pytest.mark.parametrize("alone", [False, True])
def test_a_scenario_decides_at_its_beginning(pytester: pytest.Pytester, *, alone: bool) -> None:
    """Beside others a scenario that changes settings does not begin; beside such a one, none."""
    with serve(empty_registry) as target:
        outcome = run_scenarios(pytester, target, SCENARIOS + MEANWHILE.format(alone=alone))
    found = {rule: check.verdict for rule, check in outcome.checks.items()}
    busy = Verdict.UNTESTABLE
    ordinary = busy if alone else Verdict.PASS
    assert found == {
        "ecr.tags.ordinary": ordinary,
        "ecr.tags.started": busy,
        "ecr.tags.arranged": busy,
    }
    told = outcome.checks["ecr.tags.arranged"].message
    assert told.startswith(f"prerequisite PutRegistryPolicy failed: {AT_REGISTRY}")


@pytest.mark.usefixtures("impatient")
def test_a_turn_ends_after_the_clean_up(pytester: pytest.Pytester) -> None:
    """While repositories of a scenario or the survey are deleted, nobody changes settings."""
    made, deleted = [], []

    def answer(operation: str, parameters: dict[str, Any]) -> Answer:
        name = parameters.get("repositoryName")
        if operation == "CreateRepository":
            made.append(name)
        if operation == "DeleteRepository" and name in made:
            with pytest.raises(Busy), turn(target, alone=True):
                pass
            deleted.append(name)
        return empty_registry(operation, parameters)

    with serve(answer) as target:
        run_scenarios(pytester, target, SCENARIOS, "-k", "ordinary")
        assert deleted == made != []
        with turn(target, alone=True):
            pass
