"""Whether the suite sees that one module of the reference is another one."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Mapping
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from multiprocessing import connection, get_context
from types import ModuleType

import pytest
from fast_clock import fast_clock

from conformance.report.judging import Judging
from conformance.suite.assignment import ASSIGNMENT
from conformance.suite.checks import Check
from conformance.suite.opening import surveyed
from conformance.suite.verdicts import Verdict
from conformance.targets import Connection, in_process

REFERENCE = "conformance.reference"
SECONDS = 600
"""How long all checks together may take on a busy machine; a mutant that hangs them is seen."""
SHARP = 20
"""How many checks are remembered that failed somebody lately."""

_KEPT = (Verdict.PASS, Verdict.NOT_APPLICABLE)
_FORK = get_context("fork")


class _OtherSources:
    """Python's way to modules whose source is another one than the file's."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        """Tell of the modules that are known here."""
        return spec_from_loader(name, self) if name in self._sources else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave that to Python."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the other source."""
        exec(compile(self._sources[module.__name__], module.__name__, "exec"), module.__dict__)  # noqa: S102


def imported_anew(sources: Mapping[str, str]) -> Connection:
    """A reference of modules that are imported for it, some with another source, by name."""
    for name in [name for name in sys.modules if name.startswith(REFERENCE)]:
        del sys.modules[name]
    sys.meta_path.insert(0, _OtherSources(sources))  # type: ignore[arg-type]
    try:
        reference = import_module(REFERENCE)
    finally:
        del sys.meta_path[0]
    transport: Connection = reference.ReferenceTransport(clock=fast_clock(), secret=b"mutant")
    return transport


class Jury:
    """The suite, collected and ready in this process; judges references in copies of the process.

    So none of them waits for Python to start, for pytest to collect, or for what another one left.
    """

    def __init__(self, session: pytest.Session, judging: Judging) -> None:
        self._items = {item.stash[ASSIGNMENT].check_id: item for item in session.items}
        self._judging = judging
        self._sharp: list[str] = []

    def passes(self, sources: Mapping[str, str], checks: Collection[str] | None = None) -> bool:
        """Whether a reference with other sources, by module, passes some checks, or all.

        An exception counts as a failure: behind a port it would be an answer of HTTP 500.
        """
        receiver, sender = _FORK.Pipe(duplex=False)
        arguments = sources, self._in_order(self._items if checks is None else checks), sender
        process = _FORK.Process(target=self._judge, args=arguments)
        process.start()
        sender.close()
        try:
            failed = receiver.recv() if receiver.poll(SECONDS) else "time"
        except EOFError:
            failed = "exception"
        process.kill()
        process.join()
        if failed in self._items:
            self._sharp = [failed, *(each for each in self._sharp if each != failed)][:SHARP]
        return not failed

    def _in_order(self, checks: Collection[str]) -> list[str]:
        """The checks that failed others lately, which soon decides most; then the rest."""
        first = [check for check in self._sharp if check in checks]
        return first + [each for each in self._items if each in checks and each not in first]

    def _judge(
        self, sources: Mapping[str, str], checks: list[str], sender: connection.Connection
    ) -> None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)

        def end(failed: str) -> None:
            sender.send(failed)
            os._exit(0)  # nothing is open that would have to be closed

        def stop_at(check: Check) -> None:
            if check.verdict not in _KEPT:
                end(item.stash[ASSIGNMENT].check_id)

        self._judging.watchers.append(stop_at)
        run = self._judging.run
        with in_process(run.target.endpoint, imported_anew(sources)):
            if surveyed(run) != run:
                end("survey")
            items = [self._items[check] for check in checks]
            for item, following in zip(items, [*items[1:], None], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        end("")
