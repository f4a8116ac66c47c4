"""Scenarios in several processes of this machine: forks of the one that has collected them.

None of them starts Python, imports or collects again, and what they tell is pickled, a quarter of
a second's at a time. (pytest-xdist, which reaches other hosts as well, does all that anew in each
process and sends several messages for each phase of a scenario: more than it gains in a run of a
few seconds.)
"""

from __future__ import annotations

import signal
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain, pairwise
from multiprocessing import connection, get_context
from typing import TypeVar, cast

import pytest

from conformance.suite.run import Run
from conformance.suite.running.carried import CHECKS, carried
from conformance.suite.running.execution import EXECUTION, Execution
from conformance.suite.running.recordings import in_worker

_OFTEN = 0.25
"""Seconds after which a fork tells what it has not told yet."""

_PARTS = 8
"""In how many parts a fork takes what would be its share of the scenarios that nobody has begun:
many at first, neighbours that share what they set up, and single ones at the end, so that no fork
waits long for another."""

_FORK = get_context("fork")

T = TypeVar("T")


class Forks:
    """A pytest plugin that runs the scenarios in ``count`` forks, and tells here how they ended.

    ``here`` are the plugins that have no business where scenarios run.
    """

    def __init__(self, run: Run, count: int, *here: object) -> None:
        self._run = run
        self._count = count
        self._here = here

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Have all scenarios run. Raises ``RuntimeError`` where a fork does not come to its end.

        Whatever ends the run, forks clean up before they are gone; who is interrupted twice does
        not wait for that.
        """
        if session.testsfailed:
            return None  # pytest has words of its own for what cannot be collected
        remaining = Remaining(len(session.items), self._count)
        forks = [
            _Fork(partial(self._work, session, remaining, f"fork{number}"))
            for number in range(self._count)
        ]
        try:
            _tell(session, forks)
        except BaseException:
            for fork in forks:
                fork.interrupt()
            _tell(session, forks)
            raise
        finally:
            for fork in forks:
                fork.end()
        return True

    def _work(
        self, session: pytest.Session, remaining: Remaining, name: str, teller: Teller
    ) -> None:
        """Be a fork: run scenarios as long as there are any."""
        config = session.config
        for plugin in self._here:
            config.pluginmanager.unregister(plugin)
        config.pluginmanager.register(teller)
        execution = cast("Execution", config.pluginmanager.get_plugin(EXECUTION))
        execution.go_on_as(in_worker(self._run, name, self._count), config)
        try:
            for item, following in pairwise(chain(remaining.taken(session.items), [None])):
                config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        finally:
            config.hook.pytest_sessionfinish(session=session, exitstatus=pytest.ExitCode.OK)
            teller.tell()


class Remaining:
    """Who runs which of ``total`` scenarios: each of ``count`` forks takes some, and then more."""

    def __init__(self, total: int, count: int) -> None:
        self._total = total
        self._shares = count * _PARTS
        self._begun = _FORK.Value("l", 0)

    def taken(self, items: Sequence[T]) -> Iterator[T]:
        """The items that are a fork's, taken when it asks for them."""
        while part := self._take():
            yield from (items[number] for number in part)

    def _take(self) -> range:
        with self._begun.get_lock():
            first = self._begun.value
            end = min(first + max(1, (self._total - first) // self._shares), self._total)
            self._begun.value = end
        return range(first, end)


class Teller:
    """A pytest plugin of a fork that tells the process before it how scenarios ended.

    A scenario's reports are told together, because they have exchanges in common; that nothing was
    in the way of its beginning is not told, because that is a third of all reports.
    """

    def __init__(self, sender: connection.Connection) -> None:
        self._sender = sender
        self._untold: list[pytest.TestReport] = []
        self._told_at = 0.0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep a report, and tell what is kept once in a while."""
        if report.when != "setup" or not report.passed or any(carried([report], CHECKS)):
            self._untold.append(report)
        if report.when == "teardown" and time.monotonic() - self._told_at > _OFTEN:
            self.tell()

    def tell(self) -> None:
        """Tell what is kept."""
        self._sender.send(self._untold)
        self._untold = []
        self._told_at = time.monotonic()


class _Fork:
    """A process that does some work, and how far it has told so."""

    def __init__(self, work: Callable[[Teller], None]) -> None:
        self.receiver, sender = _FORK.Pipe(duplex=False)
        self.told_all = False
        self._process = _FORK.Process(target=_live, args=(work, sender), daemon=True)
        self._process.start()
        sender.close()

    def reports(self) -> Sequence[pytest.TestReport]:
        """What it tells next. Raises ``RuntimeError`` where it has ended without saying so."""
        try:
            told: list[pytest.TestReport] | str = self.receiver.recv()
        except EOFError:
            self._process.join()
            told = f"a process of the run ended by itself ({_ending(self._process.exitcode)})"
        if not isinstance(told, str):
            return told
        self.told_all = True
        if told:
            raise RuntimeError(told)
        return ()

    def interrupt(self) -> None:
        """Let it clean up and end."""
        self._process.terminate()

    def end(self) -> None:
        """Wait for it, which is at its end or is not waited for any more."""
        if not self.told_all:
            self._process.kill()
        self._process.join()
        self.receiver.close()


def _live(work: Callable[[Teller], None], sender: connection.Connection) -> None:
    """Do a fork's work, and say in the end what went wrong with it, or nothing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of which the process before it tells
    signal.signal(signal.SIGTERM, _interrupt)
    said = ""
    try:
        work(Teller(sender))
    except KeyboardInterrupt:
        pass
    except BaseException:  # noqa: BLE001 (whatever it is, it is told)
        said = traceback.format_exc()
    sender.send(said)


def _interrupt(number: int, _: object) -> None:
    signal.signal(number, signal.SIG_IGN)  # it is cleaning up
    raise KeyboardInterrupt


def _ending(code: int | None) -> str:
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"


def _tell(session: pytest.Session, forks: Sequence[_Fork]) -> None:
    """Tell everybody here what forks tell, until they have told all."""
    telling = [fork for fork in forks if not fork.told_all]
    while telling:
        ready = connection.wait([fork.receiver for fork in telling])
        for fork in telling:
            if fork.receiver in ready:
                for report in fork.reports():
                    session.config.hook.pytest_runtest_logreport(report=report)
        telling = [fork for fork in telling if not fork.told_all]
