"""The screen of ``certify``: counts while the run goes, the summary when it has ended."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from enum import Enum

import click
import pytest
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from conformance.file_schemas import require_valid
from conformance.report.judging import Judging
from conformance.report.replay_notes import replay_notes
from conformance.report.summary import summarise
from conformance.report.terminal import print_conclusion, print_summary
from conformance.suite.checks import Check
from conformance.suite.verdicts import Verdict

_STYLES = {
    Verdict.PASS: "green",
    Verdict.WARN: "yellow",
    Verdict.UNSUPPORTED: "cyan",
    Verdict.UNTESTABLE: "magenta",
    Verdict.FAIL: "red",
    Verdict.ERROR: "bold red",
}

LOG_WIDTH = 120
"""Columns of a summary that goes to a file or a pipe."""


class Detail(str, Enum):
    """How much of a run is shown."""

    QUIET = "quiet"
    """The verdict in one row, and no progress."""
    NORMAL = "normal"
    """A summary that fits a screen."""
    VERBOSE = "verbose"
    """The summary with all that fails."""
    JSON = "json"
    """The summary for a program."""


class Screen:
    """A pytest plugin that takes the place of pytest's own terminal reporter.

    Progress goes to standard error and only where that is a terminal; the summary goes to standard
    output.
    """

    def __init__(self, judging: Judging, detail: Detail = Detail.NORMAL) -> None:
        self._judging = judging
        self._detail = detail
        self._progresses = detail is not Detail.QUIET and sys.stderr.isatty()
        self._worst: dict[str, Verdict] = {}
        self._counts = Counter[Verdict]()
        self._console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("scenarios"),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=not self._progresses,
        )
        self._task = self._progress.add_task("starting", total=None)
        if self._progresses:
            judging.watchers.append(self._count)

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Silence pytest's own reporter, which speaks of tests, not of rules."""
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            config.pluginmanager.unregister(reporter)

    def pytest_unconfigure(self) -> None:
        """Take the progress line away."""
        self._progress.stop()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Learn how many scenarios there are."""
        if session.items:
            self._progress.update(self._task, total=len(session.items))

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Learn it from a worker."""
        self._progress.update(self._task, total=len(ids))

    def pytest_runtest_logstart(self) -> None:
        """Show progress. Not earlier: a process that is forked has no thread that draws."""
        self._progress.start()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a scenario when it has been cleaned up."""
        self._progress.start()
        if self._progresses and report.when == "teardown":
            self._progress.advance(self._task)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Tell why a scenario module could not be read."""
        if report.failed:
            self._console.print(report.longreprtext, style="red", markup=False)

    def pytest_internalerror(self, excrepr: object) -> None:
        """Tell what broke."""
        self._console.print(str(excrepr), style="red", markup=False)

    def summarise(self) -> None:
        """Print what was certified, what fails and why, and where the files are."""
        certificate, files = self._judging.certificate, self._judging.files
        if certificate is None:
            return
        for note in replay_notes(self._judging):
            click.echo(note, err=True)
        if self._detail is Detail.JSON:
            summary = summarise(certificate, files, self._judging.leftovers).to_json()
            require_valid(summary, "summary", "standard output")
            sys.stdout.write(json.dumps(summary, indent=1) + "\n")
        elif self._detail is Detail.QUIET:
            print_conclusion(certificate, summary_console())
        else:
            print_summary(
                certificate,
                summary_console(),
                files=files,
                leftovers=self._judging.leftovers,
                verbose=self._detail is Detail.VERBOSE,
            )

    def _count(self, check: Check) -> None:
        known = self._worst.get(check.id)
        if known is not None and known >= check.verdict:
            return
        self._worst[check.id] = check.verdict
        self._counts.update({check.verdict: 1} if known is None else {known: -1, check.verdict: 1})
        shown = (
            f"[{style}]{self._counts[verdict]} {verdict.label}[/]"
            for verdict, style in _STYLES.items()
            if self._counts[verdict]
        )
        self._progress.update(self._task, description=" ".join(shown))


def summary_console() -> Console:
    """Standard output: as wide as it is, and wide enough to read in a CI log."""
    console = Console()
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = LOG_WIDTH
    return console
