"""The mutants of the reference's operations, as Cosmic Ray makes them, and where each one is."""

from __future__ import annotations

import ast
import difflib
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from pathlib import Path

from cosmic_ray.commands.init import init
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_db import use_db
from cosmic_ray.work_item import MutationSpec
from open_points import OPEN

ROOT = Path(__file__).parents[2]
OPERATIONS = Path("conformance/reference/operations")

Position = tuple[int, int]
Range = tuple[Position, Position]


@dataclass(frozen=True)
class Mutant:
    """One module of the operations with a small change of one place.

    ``path`` is that of the module below the project's root, ``position`` the line, from 1, and the
    column, from 0, of what is changed.
    """

    path: Path
    operator: str
    occurrence: int
    position: Position
    arguments: tuple[tuple[str, object], ...] = ()

    @property
    def module(self) -> str:
        """The module's name as it is imported."""
        return ".".join(self.path.with_suffix("").parts)

    @cached_property
    def source(self) -> str:
        """The changed module."""
        operator = get_operator(self.operator)(**dict(self.arguments))
        changed = mutate_code(text_of(self.path), operator, self.occurrence)
        assert changed is not None, f"{self.operator} has no occurrence {self.occurrence}"
        return str(changed)

    @property
    def line(self) -> str:
        """The changed line, or what stands in its place."""
        return self.source.splitlines()[self.position[0] - 1].strip()

    @property
    def diff(self) -> str:
        """What is changed."""
        right, changed = text_of(self.path).split("\n"), self.source.split("\n")
        return "\n".join(
            difflib.unified_diff(right, changed, str(self.path), self.operator, lineterm="")
        )


@cache
def text_of(path: Path) -> str:
    """The source of a module below the project's root."""
    return (ROOT / path).read_text(encoding="utf-8")


def mutants(modules: Sequence[str]) -> list[Mutant]:
    """Every mutant of some modules, or of all, by place, that is a program and another one.

    Left out are those of annotations and class decorators, which nothing reads, those of f-strings,
    which are texts that no rule reads, those that are not Python, such as ``{**a}`` with another
    operator, and those that compare by identity what was compared by value, where what comes out is
    the interpreter's affair.
    """
    paths = sorted(
        path
        for path in (ROOT / OPERATIONS).glob("*.py")
        if not path.stem.startswith("_") and (path.stem in modules or not modules)
    )
    with tempfile.TemporaryDirectory() as folder, use_db(f"{folder}/session.sqlite") as session:
        init(paths, session, {})
        found = [_mutant(spec) for item in session.work_items for spec in item.mutations]
    unread = {path.relative_to(ROOT): list(_unread(path.relative_to(ROOT))) for path in paths}
    return sorted(
        (
            each
            for each in found
            if not any(start <= each.position < end for start, end in unread[each.path])
            and not each.operator.endswith(("_Eq_Is", "_NotEq_IsNot"))
            and _compiles(each)
        ),
        key=lambda each: (each.path, each.position, each.operator, each.occurrence),
    )


def open_points(mutant: Mutant) -> list[str]:
    """The ``OPEN`` points that a mutant is of, by how they begin."""
    right = text_of(mutant.path).splitlines()[mutant.position[0] - 1].strip()
    starts = chain.from_iterable(OPEN.get(mutant.path.stem, {}).values())
    return [start for start in starts if right.startswith(start) or mutant.line.startswith(start)]


def _mutant(spec: MutationSpec) -> Mutant:
    return Mutant(
        Path(spec.module_path).relative_to(ROOT),
        spec.operator_name,
        spec.occurrence,
        (spec.start_pos[0], spec.start_pos[1]),
        tuple(spec.operator_args.items()),
    )


def _unread(path: Path) -> Iterator[Range]:
    for node in ast.walk(ast.parse(text_of(path))):
        text = node if isinstance(node, ast.JoinedStr) else None
        decorators = node.decorator_list if isinstance(node, ast.ClassDef) else []
        annotations = (getattr(node, "annotation", None), getattr(node, "returns", None))
        for found in (*annotations, *decorators, text):
            if found is not None:
                yield (found.lineno, found.col_offset), (found.end_lineno, found.end_col_offset)


def _compiles(mutant: Mutant) -> bool:
    try:
        # A mutant may compare literals by identity, of which the compiler warns.
        warnings.simplefilter("ignore", SyntaxWarning)
        compile(mutant.source, "mutant", "exec")
    except SyntaxError:
        return False
    return True
