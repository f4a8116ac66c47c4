"""The suite, collected once; it judges each implementation in a copy of the process."""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from itertools import islice
from multiprocessing import connection, get_context
from time import monotonic
from typing import TypeVar

import pytest
from trial import KEPT, Case, Trial, broken_down
from trial_clock import without_waiting

from conformance.certify import run_suite
from conformance.reference import ReferenceTransport
from conformance.report.judging import Judging
from conformance.suite.checks import Check
from conformance.suite.run import Run
from conformance.suite.running.assignment import ASSIGNMENT
from conformance.suite.running.execution import EXECUTION, Execution
from conformance.suite.running.opening import surveyed
from conformance.suite.stateful import ANY_PROGRAM
from conformance.targets import Connection, Target, in_process

SEED = 1
SECONDS = 900
"""How long a trial may take on a busy machine; who hangs the checks is seen."""
SHARP = 20
"""How many rules are remembered that saw somebody lately."""
WITHOUT_PROGRAMS = f"not {ANY_PROGRAM}"
"""Every rule but the stateful one, as ``-k`` names them."""

_FORK = get_context("fork")

T = TypeVar("T")


class Jury:
    """The suite, collected and ready in this process; judges implementations in forks of it.

    So none of them waits for Python to start, for pytest to collect, or for what another one left.
    """

    def __init__(self, session: pytest.Session, judging: Judging) -> None:
        self._session = session
        self._judging = judging
        self._sharp: list[str] = []

    def trials(self, cases: Iterable[Case], jobs: int) -> Iterator[tuple[Case, Trial]]:
        """Try implementations, some at a time; gives what the suite says as soon as it does.

        An exception counts as an error: behind a port it would be an answer of HTTP 500.
        """
        waiting = iter(cases)
        running = [_Fork(case, self._judge) for case in islice(waiting, jobs)]
        while running:
            ended = _first_to_end(running)
            trial = ended.trial()
            if ended.case.until_seen and trial.messages:
                self._remember(next(iter(trial.messages)))
            running.remove(ended)
            running += [_Fork(case, self._judge) for case in islice(waiting, 1)]
            yield ended.case, trial

    def _remember(self, rule: str) -> None:
        self._sharp = [rule, *(each for each in self._sharp if each != rule)][:SHARP]

    def _judge(self, case: Case) -> Trial:
        """What the suite says of a case. The process is of no use afterwards."""
        endpoint = f"http://trial-{os.getpid()}.invalid"  # so that nobody waits for its settings
        with without_waiting(), in_process(endpoint, case.build()):
            right = self._judging.run
            run = surveyed(replace(right, target=replace(right.target, endpoint=endpoint)))
            if case.until_seen and run.capabilities != right.capabilities:
                return Trial(kept=False)
            self._execute(run)
            return self._run(case)

    def _execute(self, run: Run) -> None:
        """Let the scenarios, which were collected for another run, be of this one."""
        session = self._session
        session.config.pluginmanager.unregister(name=EXECUTION)
        session.config.pluginmanager.register(Execution(run), EXECUTION)
        session.config.hook.pytest_collection_modifyitems(
            session=session, config=session.config, items=session.items
        )

    def _run(self, case: Case) -> Trial:
        watch = _UntilSeen() if case.until_seen else None
        if watch:
            self._judging.watchers.append(watch)
        items = self._items(case)
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if watch and watch.seen:
                break
        self._judging.pytest_sessionfinish(self._session, pytest.ExitCode.OK)
        assert self._judging.certificate is not None
        return Trial.of(self._judging.certificate)

    def _items(self, case: Case) -> list[pytest.Item]:
        """The scenarios that judge a case; if the first to see it ends that, the sharpest first."""
        items = [item for item in self._session.items if case.wants(item.stash[ASSIGNMENT])]
        if case.until_seen:
            items.sort(key=lambda item: item.stash[ASSIGNMENT].rule.id not in self._sharp)
        return items


class _UntilSeen:
    """Is told of checks, and knows whether one of them is not kept."""

    def __init__(self) -> None:
        self.seen = False

    def __call__(self, check: Check) -> None:
        self.seen |= check.verdict not in KEPT


class _Fork:
    """A case in a process of its own."""

    def __init__(self, case: Case, judge: Callable[[Case], Trial]) -> None:
        self.case = case
        self.receiver, sender = _FORK.Pipe(duplex=False)
        self.deadline = monotonic() + SECONDS
        self._process = _FORK.Process(target=_answer, args=(case, judge, sender))
        self._process.start()
        sender.close()

    def trial(self) -> Trial:
        """What the suite said; ends the process."""
        try:
            said = self.receiver.recv() if self.receiver.poll() else None
        except EOFError:
            said = broken_down("the process ended")
        self._process.kill()
        self._process.join()
        self.receiver.close()
        return said or broken_down(f"no end in {SECONDS} seconds")


def _answer(case: Case, judge: Callable[[Case], Trial], sender: connection.Connection) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        said = judge(case)
    except BaseException as error:  # noqa: BLE001 (whatever it is, it is told)
        said = broken_down(f"{type(error).__name__}: {error}")
    sender.send(said)
    os._exit(0)  # nothing is open that would have to be closed


def _first_to_end(running: list[_Fork]) -> _Fork:
    """The one that has an answer first, or has had its time."""
    oldest = min(running, key=lambda each: each.deadline)
    patience = max(0.0, oldest.deadline - monotonic())
    ready = connection.wait([each.receiver for each in running], patience)
    return next((each for each in running if each.receiver in ready), oldest)


@contextlib.contextmanager
def judging_of(transport: Connection) -> Iterator[Judging]:
    """A run of the suite that is about to judge an implementation."""
    endpoint = f"http://judged-{os.getpid()}.invalid"
    with in_process(endpoint, transport):
        run = surveyed(Run(Target("judged", endpoint, "judged", None, "us-east-1"), SEED))
        with Judging(run, None) as judging:
            yield judging


class _Summons:
    """A pytest plugin that has something done where the suite would have run."""

    def __init__(self, work: Callable[[pytest.Session], None]) -> None:
        self._work = work

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Print what the work prints, and nothing of pytest's."""
        plugins = session.config.pluginmanager
        plugins.unregister(name="terminalreporter")
        with plugins.getplugin("capturemanager").global_and_fixture_disabled():
            self._work(session)
        return True


def with_jury(right: Connection, work: Callable[[Jury], T]) -> T:
    """Collect the suite and give what ``work`` gives, which may have it judge.

    ``right`` is the reference, of which is known what a target can.
    """
    done: Future[T] = Future()
    with judging_of(right) as judging:

        def have_it_done(session: pytest.Session) -> None:
            gc.freeze()  # forks share what they do not look through
            try:
                done.set_result(work(Jury(session, judging)))
            except BaseException as error:  # noqa: BLE001 (raised again below, past pytest)
                done.set_exception(error)

        run_suite(judging, _Summons(have_it_done))
        if not done.done():
            raise RuntimeError(f"the suite cannot be collected: {judging.breakdown}")
    return done.result()


def tried(cases: Sequence[Case], jobs: int) -> dict[str, Trial]:
    """What the suite says of some implementations, by the cases' names."""
    return with_jury(
        ReferenceTransport(),
        lambda jury: {case.name: trial for case, trial in jury.trials(cases, jobs)},
    )
