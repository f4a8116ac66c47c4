"""Mutation testing of the reference, with the suite as its tests, by Cosmic Ray.

    python tests/faults/mutation.py --sample 200 --seed 1
    python tests/faults/mutation.py images pushing

Every mutant is a small change of one place in ``conformance/reference/operations``; it survives
where the suite notices nothing. Prints the score and the survivors, and exits with 1 where the
score is below 90 %. Without ``--sample`` all mutants are tried, which takes the better part of an
hour.

The mutants are made in copies of the project, one for each process.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from cosmic_ray.commands.init import init
from cosmic_ray.mutating import mutate_and_test, mutate_code
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_db import use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkResult
from open_points import OPEN

ROOT = Path(__file__).parents[2]
OPERATIONS = Path("conformance/reference/operations")
COMMAND = f"{sys.executable} tests/faults/verdict.py"
SECONDS = 120
LEAST_SCORE = 90

Range = tuple[tuple[int, int], tuple[int, int]]


def mutations(modules: Sequence[str]) -> list[MutationSpec]:
    """Every mutation of some modules, by place, that is a program and another one.

    Left out are those of annotations and class decorators, which nothing reads, those of f-strings,
    which are texts that no rule reads, those that are not Python, such as ``{**a}`` with another
    operator, and those of ``OPEN`` points.
    """
    paths = sorted(
        path
        for path in OPERATIONS.glob("*.py")
        if not path.stem.startswith("_") and (path.stem in modules or not modules)
    )
    with tempfile.TemporaryDirectory() as folder, use_db(f"{folder}/session.sqlite") as session:
        init(paths, session, {})
        found = [mutation for item in session.work_items for mutation in item.mutations]
    unread = {str(path): list(_unread(path)) for path in paths}
    return sorted(
        (
            each
            for each in found
            if not _within(each, unread[str(each.module_path)])
            and not _is_open(each)
            and _compiles(each)
        ),
        key=lambda each: (
            str(each.module_path), each.start_pos, each.operator_name, each.occurrence
        ),
    )  # fmt: skip


def _unread(path: Path) -> Iterator[Range]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        text = node if isinstance(node, ast.JoinedStr) else None
        decorators = node.decorator_list if isinstance(node, ast.ClassDef) else []
        annotations = (getattr(node, "annotation", None), getattr(node, "returns", None))
        for found in (*annotations, *decorators, text):
            if found is not None:
                yield (found.lineno, found.col_offset), (found.end_lineno, found.end_col_offset)


def _within(mutation: MutationSpec, ranges: Sequence[Range]) -> bool:
    return any(start <= tuple(mutation.start_pos) < end for start, end in ranges)


def _is_open(mutation: MutationSpec) -> bool:
    path = Path(mutation.module_path)
    line = path.read_text(encoding="utf-8").splitlines()[mutation.start_pos[0] - 1]
    return any(line.strip().startswith(start) for start in OPEN.get(path.stem, ()))


def _compiles(mutation: MutationSpec) -> bool:
    operator = get_operator(mutation.operator_name)(**mutation.operator_args)
    source = Path(mutation.module_path).read_text(encoding="utf-8")
    try:
        # A mutant may compare literals by identity, of which the compiler warns.
        warnings.simplefilter("ignore", SyntaxWarning)
        compile(mutate_code(source, operator, mutation.occurrence), "mutant", "exec")
    except SyntaxError:
        return False
    return True


def _enter_a_copy(folder: str) -> None:
    """Give this process a copy of the project to work in, inside ``folder``."""
    copy = Path(tempfile.mkdtemp(dir=folder))
    for name in ("conformance", "schemas", "tests/faults"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    os.chdir(copy)
    os.environ["PYTHONPATH"] = str(copy)


def _try(mutation: MutationSpec) -> WorkResult:
    return mutate_and_test([mutation], COMMAND, SECONDS)


def main() -> int:
    """Try the mutants; gives the exit code."""
    parser = argparse.ArgumentParser(description="mutation testing of the reference by the suite")
    parser.add_argument("module", nargs="*", help="modules of the operations, e.g. images (all)")
    parser.add_argument("--sample", type=int, metavar="N", help="try N mutants (all)")
    parser.add_argument("--seed", type=int, default=0, help="which N (0)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (cores)")
    options = parser.parse_args()
    os.chdir(ROOT)
    chosen = found = mutations(options.module)
    if options.sample is not None and options.sample < len(found):
        chosen = random.Random(options.seed).sample(found, options.sample)  # noqa: S311
    subprocess.run(COMMAND.split(), check=True, stdout=subprocess.DEVNULL)
    survivors = 0
    for mutation, result in zip(chosen, _results(chosen, options.jobs), strict=True):
        if result.test_outcome is TestOutcome.SURVIVED:
            survivors += 1
            print(f"\n{mutation.operator_name}\n{result.diff}", flush=True)
    score = 100 * (len(chosen) - survivors) / len(chosen)
    print(
        f"\n{len(chosen)} of {len(found)} mutants tried, {survivors} survive: score {score:.1f} %"
    )
    return int(score < LEAST_SCORE)


def _results(chosen: list[MutationSpec], jobs: int) -> Iterator[WorkResult]:
    with (
        tempfile.TemporaryDirectory(prefix="mutants-") as folder,
        ProcessPoolExecutor(jobs, initializer=_enter_a_copy, initargs=(folder,)) as pool,
    ):
        yield from pool.map(_try, chosen)


if __name__ == "__main__":
    sys.exit(main())
