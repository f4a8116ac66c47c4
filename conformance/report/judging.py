"""Judging a run while it happens: a pytest plugin of the controlling process.

Scenarios run here or in workers; their checks arrive as they are decided, are streamed to
``results.jsonl``, and become the certificate at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime, timezone
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

from conformance.errors import ExitCode
from conformance.report import remove_report, write_report
from conformance.report.certificate import Certificate
from conformance.report.judgement import judge_run
from conformance.report.provenance import (
    Provenance,
    Selection,
    TargetIdentity,
    contract_here,
)
from conformance.report.results import RESULTS_FILE, Results, ResultsWriter
from conformance.report.waivers import Waiver
from conformance.suite.checks import Check
from conformance.suite.run import Run
from conformance.suite.running.carried import CHECKS, LEFT, UNUSED, carried
from conformance.suite.running.execution import EXECUTION, ORPHANED, UNRECORDED, Execution
from conformance.utc import text_of


class Judging:
    """Collects the checks of one run.

    ``output`` is the folder for the report files, or ``None`` to write none. ``certificate`` is
    set once the run has ended by itself. ``leftovers`` are sentences about what could not be
    deleted from the target. ``breakdown`` says why the scenarios could not be read, or did not
    come to their end. ``unrecorded`` counts the scenarios that a recording has nothing about,
    ``orphaned`` names the cassettes whose scenarios are no more, ``unused`` the scenarios that did
    not ask for all that they were answered. ``watchers`` are told of each check as it arrives.
    """

    def __init__(
        self,
        run: Run,
        output: Path | None,
        expression: str = "",
        waivers: Sequence[Waiver] = (),
    ) -> None:
        self.run = run
        self.output = output
        self.provenance = _provenance(run, expression)
        self.certificate: Certificate | None = None
        self.files: list[Path] = []
        self.leftovers: list[str] = []
        self.breakdown = ""
        self.unrecorded = 0
        self.orphaned: list[str] = []
        self.unused: list[str] = []
        self.watchers: list[Callable[[Check], None]] = []
        self._waivers = waivers
        self._checks: list[Check] = []
        self._writer: ResultsWriter | None = None
        self._open = ExitStack()

    def __enter__(self) -> Judging:
        """Start ``results.jsonl``. Raises ``UsageError`` when the folder cannot be written.

        A certificate of an earlier run goes, so that a run that is cut off cannot pass for it.
        """
        if self.output is not None:
            remove_report(self.output)
            path = self.output / RESULTS_FILE
            self._writer = self._open.enter_context(ResultsWriter(path, self.provenance))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    def pytest_configure(self, config: pytest.Config) -> None:
        """Run scenarios in this process too, unless there are workers."""
        self._execution = Execution(self.run)
        config.pluginmanager.register(self._execution, EXECUTION)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker what the run is."""
        node.workerinput["conformance"] = self.run.to_json()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Learn from a worker what it left out; they all leave out the same."""
        output = getattr(node, "workeroutput", {})  # none where it crashed
        self.unrecorded = max(self.unrecorded, output.get(UNRECORDED, 0))
        self.orphaned = output.get(ORPHANED, self.orphaned)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep why a module of scenarios could not be imported: pytest calls that interrupted."""
        if report.failed:
            self.breakdown = report.longreprtext.strip().rpartition("\n")[2]

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Keep what broke, beside the scenarios themselves."""
        self.breakdown = excinfo.exconly().rpartition("\n")[2]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the checks that a scenario decided."""
        self._take(list(carried([report], CHECKS)))
        self.leftovers += carried([report], LEFT)
        self.unused += carried([report], UNUSED)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Conclude, unless the run was interrupted or broke down: then nothing is certified."""
        if exitstatus not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            return
        self.unrecorded = max(self.unrecorded, self._execution.unrecorded)
        self.orphaned = self.orphaned or self._execution.orphaned
        self._conclude()
        if self.certificate is not None:
            session.exitstatus = int(self.certificate.exit_code)

    def _take(self, checks: Sequence[Check]) -> None:
        self._checks += checks
        if self._writer is not None:
            self._writer.write(checks)
        for watcher in self.watchers:
            for check in checks:
                watcher(check)

    def _conclude(self) -> None:
        finished = _now()
        results = Results(self.provenance, tuple(self._checks), finished)
        self.certificate = judge_run(results, self._waivers)
        if self.output is not None and self._writer is not None:
            self._writer.finish(finished)
            self.files = [self.output / RESULTS_FILE, *write_report(self.certificate, self.output)]


def exit_code_of(status: int, judging: Judging) -> ExitCode:
    """What the command ends with after pytest ended with ``status``."""
    if judging.certificate is not None:
        return judging.certificate.exit_code
    if judging.breakdown:
        return ExitCode.UNREACHABLE
    return {
        int(pytest.ExitCode.INTERRUPTED): ExitCode.INTERRUPTED,
        int(pytest.ExitCode.USAGE_ERROR): ExitCode.USAGE,
        int(pytest.ExitCode.NO_TESTS_COLLECTED): ExitCode.NOTHING_RAN,
    }.get(status, ExitCode.UNREACHABLE)


def _provenance(run: Run, expression: str) -> Provenance:
    return Provenance(
        contract=contract_here(),
        target=TargetIdentity.of(run.target, _recorded(run)),
        started=_now(),
        seed=run.seed,
        selection=Selection(run.services, run.profiles, expression, run.shard),
        exploration=run.exploration,
    )


def _recorded(run: Run) -> str | None:
    return run.cassettes.origin.time if run.cassettes is not None and run.replays else None


def _now() -> str:
    return text_of(datetime.now(timezone.utc))
