"""``ecr-conformance certify``: the suite under pytest, with a screen of its own."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from conformance.errors import ConformanceError, ExitCode, Interrupted, NothingRan, UsageError
from conformance.report.judging import Judging, exit_code_of
from conformance.report.screen import Detail, Screen
from conformance.report.waiver_file import read_waivers
from conformance.report.waivers import refuse_on_aws
from conformance.suite.catalogue import all_rules
from conformance.suite.rules import PROFILES, SERVICES, require_known
from conformance.suite.run import Run
from conformance.suite.running.assignment import ASSIGNMENT
from conformance.suite.running.execution import EXECUTION, Execution
from conformance.suite.running.opening import Plan, open_run
from conformance.suite.running.recordings import keep_recording
from conformance.targets import Target
from conformance.targets.target import UNKNOWN_PRODUCT

_PYTEST_INI = Path(__file__).parent / "suite" / "pytest.ini"

_CAN_FORK = sys.platform == "linux"
"""Whether a process that has spoken with a target can go on in forks: on macOS, what is below
Python may end them, and Windows has none. pytest-xdist starts its processes anew."""

_UNUSED = ("cacheprovider", "logging", "threadexception", "unraisableexception", "warnings")
"""Plugins of pytest's own whose findings nobody reads here. They wrap each phase of each scenario,
and some collect garbage at the end of a run, five times over."""


@dataclass(frozen=True, slots=True)
class Certification:
    """What the user asked for.

    ``expression`` is pytest's ``-k``, empty for all rules. With ``exit_zero`` every run that is
    complete ends with 0, whatever its verdict.
    """

    plan: Plan
    expression: str
    output: Path
    jobs: int = 1
    exit_zero: bool = False
    waivers: Path | None = None
    detail: Detail = Detail.NORMAL

    def __post_init__(self) -> None:
        """Refuse shards that could not be combined."""
        if self.plan.shard is None:
            return
        if self.plan.seed is None:
            raise UsageError("a shard needs a seed", "give every shard the same --seed")
        if self.waivers is not None:
            raise UsageError("a shard takes no waivers", "give them to ecr-conformance combine")

    def run(self) -> ExitCode:
        """Judge the target, print the summary, write the files. Raises ``ConformanceError``."""
        waivers = () if self.waivers is None else read_waivers(self.waivers, self.plan.target)
        with (
            open_run(self.plan) as opened,
            Judging(opened, self.output, self.expression, waivers) as judging,
        ):
            if waivers:
                refuse_on_aws(opened.target.product, opened.target.endpoint)
            screen = Screen(judging, self.detail)
            workers, options = _workers(self.jobs, opened, judging, screen)
            status = run_suite(
                judging, screen, *workers, expression=self.expression, options=options
            )
            code = exit_code_of(status, judging)
            self._complain(code, judging)
            if code.completed:
                keep_recording(opened)
            screen.summarise()
            return ExitCode.CONFORMANT if self.exit_zero and code.completed else code

    def _complain(self, code: ExitCode, judging: Judging) -> None:
        if code is ExitCode.NOTHING_RAN:
            raise NothingRan(
                "no rule matches what was chosen", "ecr-conformance rules lists what there is"
            )
        if code is ExitCode.INTERRUPTED:
            raise Interrupted(
                "interrupted; nothing is certified",
                f"what was decided so far is in {judging.output}",
            )
        if code is ExitCode.USAGE:
            raise _no_expression(self.expression)
        if judging.certificate is None:
            raise ConformanceError(
                f"the suite broke down before it could judge: {judging.breakdown}",
                "this is our fault: please report it with what is printed above",
            )


def rules_chosen(
    services: Sequence[str] = (), profiles: Sequence[str] = (), expression: str = ""
) -> frozenset[str]:
    """The ids of the rules that these options choose. Raises ``UsageError`` for wrong ones."""
    require_known("service", services, SERVICES)
    require_known("profile", profiles, PROFILES)
    nowhere = Target("nowhere", "http://nowhere.invalid", UNKNOWN_PRODUCT, None, "us-east-1")
    run = Run(nowhere, 0, tuple(services), tuple(profiles))
    if not expression:
        return frozenset(rule.id for rule in all_rules().values() if run.selects(rule))
    collection = Collection(run)
    with contextlib.redirect_stdout(io.StringIO()):
        status = run_suite(collection, expression=expression)
    if status == pytest.ExitCode.USAGE_ERROR:
        raise _no_expression(expression)
    return frozenset(collection.rules)


class Collection:
    """A pytest plugin that finds out which scenarios a run has, and runs none.

    ``rules`` are the ids of those that they decide.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self.rules: set[str] = set()

    def pytest_configure(self, config: pytest.Config) -> None:
        """Choose scenarios as the run does."""
        config.option.collectonly = True
        config.pluginmanager.register(Execution(self._run), EXECUTION)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Keep whose they are."""
        chosen = (item.stash[ASSIGNMENT] for item in session.items if ASSIGNMENT in item.stash)
        self.rules = {assignment.rule.id for assignment in chosen}


def _no_expression(expression: str) -> UsageError:
    return UsageError(
        f"-k {expression!r} is no expression",
        "names, joined by and, or and not, with parentheses, as for pytest",
    )


def _workers(jobs: int, run: Run, *here: object) -> tuple[Sequence[object], Sequence[str]]:
    """The plugins and the options of pytest that have scenarios run in ``jobs`` processes.

    ``here`` are the plugins that are for this process alone.
    """
    if jobs == 1:
        return (), ()
    if _CAN_FORK:
        from conformance.suite.running.forks import Forks

        return [Forks(run, jobs, *here)], ()
    return (), ("-p", "xdist", "-n", str(jobs), "--dist", "worksteal")


def run_suite(*plugins: object, expression: str = "", options: Sequence[str] = ()) -> int:
    """Run the scenarios under pytest with these plugins, ``Judging`` among them.

    Gives pytest's exit status. Nothing of the user's own configuration takes part in a verdict.
    """
    arguments = ["-c", str(_PYTEST_INI), "--rootdir", str(_PYTEST_INI.parent)]
    arguments += ["-p", "conformance.pytest_plugin", "-q"]
    # pytest would read those of the folder it is called in, too: the user's own.
    arguments += ["--noconftest", "-p", "conformance.suite.conftest"]
    arguments += [part for name in _UNUSED for part in ("-p", f"no:{name}")]
    # Nobody reads pytest's tracebacks here either, and what is printed comes from Python.
    arguments += ["--tb", "no", "--capture", "sys"]
    if expression:
        arguments += ["-k", expression]
    arguments += [*options, "--pyargs", "conformance.suite"]
    with _plain_pytest():
        return int(pytest.main(arguments, plugins=plugins))


@contextmanager
def _plain_pytest() -> Iterator[None]:
    """Run pytest without what the environment would add: options, other plugins."""
    changed = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "", "PYTEST_PLUGINS": ""}
    before = {name: os.environ.get(name) for name in changed}
    os.environ.update(changed)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
