"""``ecr-conformance certify``: the suite under pytest, with a screen of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from conformance.errors import ConformanceError, ExitCode, NothingRan, UsageError
from conformance.report.judging import Judging, exit_code_of
from conformance.report.screen import Detail, Screen
from conformance.suite.exploration import Exploration
from conformance.suite.opening import open_run
from conformance.suite.run import fresh_seed

_PYTEST_INI = Path(__file__).parent / "suite" / "pytest.ini"


@dataclass(frozen=True, slots=True)
class Certification:
    """What the user asked for. Empty ``services`` and ``profiles`` mean all of them."""

    target: str
    services: Sequence[str]
    profiles: Sequence[str]
    expression: str
    region: str
    output: Path
    seed: int | None
    exploration: Exploration
    jobs: int
    detail: Detail = Detail.NORMAL

    def run(self) -> ExitCode:
        """Judge the target, print the summary, write the files. Raises ``ConformanceError``."""
        with (
            open_run(
                self.target,
                region=self.region,
                seed=fresh_seed() if self.seed is None else self.seed,
                services=self.services,
                profiles=self.profiles,
            ) as opened,
            Judging(
                replace(opened, exploration=self.exploration), self.output, self.expression
            ) as judging,
        ):
            screen = Screen(judging, self.detail)
            status = run_suite(judging, screen, expression=self.expression, jobs=self.jobs)
            code = exit_code_of(status, judging)
            self._complain(code, judging)
            screen.summarise()
            return code

    def _complain(self, code: ExitCode, judging: Judging) -> None:
        if code is ExitCode.NOTHING_RAN:
            raise NothingRan(
                "no rule matches what was chosen", "ecr-conformance rules lists what there is"
            )
        if code is ExitCode.INTERRUPTED:
            raise Interrupted(judging)
        if code is ExitCode.USAGE:
            raise UsageError(
                f"-k {self.expression!r} is no expression",
                "names, joined by and, or and not, with parentheses, as for pytest",
            )
        if judging.certificate is None:
            raise ConformanceError(
                f"the suite broke down before it could judge: {judging.breakdown}",
                "this is our fault: please report it with what is printed above",
            )


class Interrupted(ConformanceError):
    """The user stopped the run."""

    code = "interrupted"
    exit_code = ExitCode.INTERRUPTED

    def __init__(self, judging: Judging) -> None:
        kept = f"what was decided so far is in {judging.output}" if judging.output else ""
        super().__init__("interrupted; nothing is certified", kept)


def run_suite(*plugins: object, expression: str = "", jobs: int = 1) -> int:
    """Run the scenarios under pytest with these plugins, ``Judging`` among them.

    Gives pytest's exit status. Nothing of the user's own configuration takes part in a verdict.
    """
    arguments = ["-c", str(_PYTEST_INI), "--rootdir", str(_PYTEST_INI.parent)]
    arguments += ["-p", "conformance.pytest_plugin", "-p", "no:cacheprovider", "-q"]
    if expression:
        arguments += ["-k", expression]
    if jobs > 1:
        arguments += ["-p", "xdist", "-n", str(jobs), "--dist", "worksteal"]
    with _plain_pytest():
        return int(pytest.main([*arguments, "--pyargs", "conformance.suite"], plugins=plugins))


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
