"""Which checks run which lines of the reference's operations; they alone can see a change there."""

from __future__ import annotations

import ast
import contextlib
import io
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import cast

import pytest
from coverage import Coverage
from fault import Fault
from imported_anew import imported_anew
from jury import WITHOUT_PROGRAMS, judging_of
from mutants import OPERATIONS, ROOT, Mutant, text_of
from trial_clock import without_waiting

from conformance.certify import run_suite
from conformance.reference.operations.table import OPERATIONS as TABLE
from conformance.suite.running.assignment import ASSIGNMENT

_IMPORT = ""
"""Coverage's name for what runs before anything else is named."""
_SURVEY = "survey"
_SHARED = frozenset({"arrangement", "conversation"})
"""The fixtures that one scenario may have made for another."""

Contexts = Mapping[Path, Mapping[int, frozenset[str]]]
"""By module and line, the ids of the checks that run it, ``_IMPORT`` and ``_SURVEY`` among them."""


@dataclass(frozen=True)
class Reach:
    """What ran where while the suite judged the right reference."""

    contexts: Contexts
    sharing: Mapping[str, frozenset[str]]
    """By check id, the ids of those that share what one of them arranges."""

    def of_mutant(self, mutant: Mutant) -> frozenset[str] | None:
        """The ids of the checks that can see a mutant; ``None`` where any may."""
        lines = _lines(ast.parse(text_of(mutant.path)), mutant.position[0])
        return None if lines is None else self._of_lines(mutant.path, lines)

    def of_fault(self, fault: Fault) -> frozenset[str] | None:
        """The ids of the checks that can see a fault; ``None`` where any may.

        Who never has the broken operations performed talks to the right reference.
        """
        if not fault.operations:
            return None
        found = [self._of_operation(each) for each in _operations(fault.operations)]
        return None if None in found else frozenset[str]().union(*found)

    def _of_operation(self, operation: FunctionType) -> frozenset[str] | None:
        """The ids of the checks in which an operation is performed."""
        code = operation.__code__
        lines = {line for _, _, line in code.co_lines() if line} - {code.co_firstlineno}
        return self._of_lines(Path(code.co_filename).relative_to(ROOT), lines)

    def _of_lines(self, path: Path, lines: Iterable[int]) -> frozenset[str] | None:
        ran = frozenset[str]().union(
            *(self.contexts[path].get(line, frozenset()) for line in lines)
        )
        checks = ran - {_IMPORT, _SURVEY}
        if _IMPORT in ran or (ran and not checks):
            return None
        return checks.union(*(self.sharing.get(each, frozenset()) for each in checks))


class _Naming:
    """A pytest plugin that tells which check runs, and which share what they stand on."""

    def __init__(self, coverage: Coverage) -> None:
        self._coverage = coverage
        self.sharing: dict[str, frozenset[str]] = {}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Put those together that ask for the same arrangement, or the same conversation."""
        groups = defaultdict(set)
        for item in session.items:
            assignment = item.stash[ASSIGNMENT]
            for fixture in _SHARED.intersection(item.fixturenames):
                operations = assignment.operations if fixture == "arrangement" else ()
                groups[assignment.rule.service, fixture, operations].add(assignment.check_id)
        for group in map(frozenset, groups.values()):
            self.sharing.update(dict.fromkeys(group, group))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Everything until the next check belongs to this one."""
        self._coverage.switch_context(item.stash[ASSIGNMENT].check_id)


def measured() -> Reach:
    """Let the suite judge the right reference, line by line."""
    coverage = Coverage(
        data_file=None, config_file=False, include=[str(ROOT / OPERATIONS / "*.py")]
    )
    coverage.start()
    reference = imported_anew({})
    coverage.switch_context(_SURVEY)
    naming = _Naming(coverage)
    output = contextlib.redirect_stdout(io.StringIO())
    with without_waiting(), judging_of(reference) as judging, output:
        run_suite(judging, naming, expression=WITHOUT_PROGRAMS)
    coverage.stop()
    data = coverage.get_data()
    return Reach(
        {
            Path(name).relative_to(ROOT): {
                line: frozenset(found) for line, found in data.contexts_by_lineno(name).items()
            }
            for name in data.measured_files()
        },
        naming.sharing,
    )


def _operations(names: Collection[str]) -> Iterator[FunctionType]:
    """The right operations of some names, of either service."""
    for table in TABLE.values():
        yield from (cast("FunctionType", table[name]) for name in names if name in table)


def _lines(module: ast.Module, line: int) -> range | None:
    """The lines of the statement at a line, without a block below it.

    ``None`` where the statement is in no function, so that it runs when the module is imported.
    """
    around = [each for each in ast.walk(module) if isinstance(each, ast.stmt) and _has(each, line)]
    if not any(isinstance(each, ast.FunctionDef) for each in around[:-1]):
        return None
    innermost = around[-1]  # ast.walk comes to the outer nodes first
    body = getattr(innermost, "body", None)
    return range(innermost.lineno, body[0].lineno if body else innermost.end_lineno + 1)


def _has(statement: ast.stmt, line: int) -> bool:
    return statement.lineno <= line <= (statement.end_lineno or statement.lineno)
