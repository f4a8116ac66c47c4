"""Which checks run which lines of the reference's operations; they alone can see mutants there."""

from __future__ import annotations

import ast
import contextlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from coverage import Coverage
from mutants import OPERATIONS, ROOT, Mutant, text_of
from trial import WITHOUT_PROGRAMS, judging_of
from verdict import imported_anew

from conformance.certify import run_suite
from conformance.suite.assignment import ASSIGNMENT

_IMPORT = ""
"""Coverage's name for what runs before anything else is named."""
_SURVEY = "survey"

Contexts = Mapping[Path, Mapping[int, frozenset[str]]]
"""By module and line, the ids of the checks that run it, ``_IMPORT`` and ``_SURVEY`` among them."""


@dataclass(frozen=True)
class Reach:
    """What ran where while the suite judged the right reference."""

    contexts: Contexts

    def checks(self, mutant: Mutant) -> frozenset[str] | None:
        """The ids of the checks that can see a mutant; ``None`` where any may."""
        lines = _lines(ast.parse(text_of(mutant.path)), mutant.position[0])
        if lines is None:
            return None
        found = frozenset[str]().union(
            *(self.contexts[mutant.path].get(line, frozenset()) for line in lines)
        )
        checks = found - {_IMPORT, _SURVEY}
        return None if _IMPORT in found or (found and not checks) else checks


class _Naming:
    """A pytest plugin that tells which check runs."""

    def __init__(self, coverage: Coverage) -> None:
        self._coverage = coverage

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
    with judging_of(reference) as judging, contextlib.redirect_stdout(io.StringIO()):
        run_suite(judging, _Naming(coverage), expression=WITHOUT_PROGRAMS)
    coverage.stop()
    data = coverage.get_data()
    return Reach(
        {
            Path(name).relative_to(ROOT): {
                line: frozenset(found) for line, found in data.contexts_by_lineno(name).items()
            }
            for name in data.measured_files()
        }
    )


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
