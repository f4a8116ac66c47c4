"""The kill matrix: which rules condemn which broken implementations.

    python tests/faults/matrix.py                         every fault
    python tests/faults/matrix.py --sample 20 --seed 3    some of them
    python tests/faults/matrix.py tags.                   those whose names begin so

Prints each fault with the rules that condemn it and how that differs from what is declared beside
it; then the faults that no rule sees, those that other rules see than declared, and the MUST rules
that no fault breaks. Exits with 1 if there are any.

A fault is shown to the checks alone that have its operations performed; ``--whole`` shows it to all
of them, which takes several times as long and comes to the same, unless what a fault leaves behind
is in the way of others.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections.abc import Callable, Collection, Iterable

from broken import all_faults
from fault import Fault
from imported_anew import imported_anew
from jury import Jury, with_jury
from reach import measured
from trial import Case, Trial

from conformance.suite.catalogue import all_rules
from conformance.suite.stateful import ANY_PROGRAM
from conformance.suite.verdicts import Level


def sampled(count: int | None, seed: int) -> list[str]:
    """The names of some faults, the same for the same seed, or of all of them."""
    names = sorted(all_faults())
    if count is None or count >= len(names):
        return names
    return sorted(random.Random(seed).sample(names, count))  # noqa: S311 (repeatable is the point)


def unbroken_rules(faults: Iterable[Fault]) -> list[str]:
    """The MUST rules that none of the faults breaks."""
    broken = {rule for fault in faults for rule in fault.condemned_by}
    must = {each.id for each in all_rules().values() if each.level is Level.MUST}
    return sorted(must - broken)


def difference(fault: Fault, trial: Trial) -> str:
    """How what the suite said differs from what is declared beside the fault, or nothing."""
    missing = sorted(fault.condemned_by - trial.condemned_by)
    strange = sorted(trial.condemned_by - fault.condemned_by)
    words = [f"not condemned by {each}: {trial.messages.get(each, 'passes')}" for each in missing]
    words += [f"condemned by {each}: {trial.messages[each]}" for each in strange]
    words += [f"error in {each}: {trial.messages[each]}" for each in sorted(trial.errors)]
    return "\n    ".join(words)


def case_of(fault: Fault, checks: Collection[str] | None = None) -> Case:
    """The trial of a fault; by the stateful rule only where that has to see it."""
    programs = any(rule.endswith(ANY_PROGRAM) for rule in fault.condemned_by)
    return Case(fault.name, fault.build, None if programs else checks, with_programs=programs)


class _Matrix:
    """Prints the matrix row by row, and keeps what is wrong with it."""

    def __init__(self) -> None:
        self.unseen: list[str] = []
        self.wrong: list[str] = []

    def add(self, fault: Fault, trial: Trial) -> None:
        """Print a row."""
        print(f"{fault.name}: {fault.story}")
        print(*(f"    {rule}" for rule in sorted(trial.condemned_by)), sep="\n")
        if not trial.condemned_by:
            self.unseen.append(fault.name)
        if other := difference(fault, trial):
            self.wrong.append(f"{fault.name}\n    {other}")
            print(f"  otherwise than declared:\n    {other}")
        sys.stdout.flush()


def main() -> int:
    """Print the matrix; gives the exit code."""
    parser = argparse.ArgumentParser(description="which rules condemn which broken implementations")
    parser.add_argument("prefix", nargs="*", help="only faults whose names begin so")
    parser.add_argument("--sample", type=int, metavar="N", help="try N faults (all)")
    parser.add_argument("--seed", type=int, default=0, help="which N (0)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (cores)")
    parser.add_argument("--whole", action="store_true", help="try every check on every fault")
    options = parser.parse_args()
    chosen = sampled(options.sample, options.seed)
    faults = [all_faults()[name] for name in chosen if name.startswith(tuple(options.prefix) or "")]
    reach: Callable[[Fault], Collection[str] | None]
    reach = (lambda _: None) if options.whole else measured().of_fault
    matrix = _Matrix()

    def judge_all(jury: Jury) -> None:
        cases = [case_of(fault, reach(fault)) for fault in faults]
        for case, trial in jury.trials(cases, options.jobs):
            matrix.add(all_faults()[case.name], trial)

    with_jury(imported_anew({}), judge_all)
    unbroken = unbroken_rules(all_faults().values())
    _section("faults that no rule sees", matrix.unseen)
    _section("faults that other rules see than declared", matrix.wrong)
    _section("MUST rules that no fault breaks", unbroken)
    print(f"\n{len(faults)} of {len(all_faults())} faults tried")
    return int(bool(matrix.unseen or matrix.wrong or unbroken))


def _section(title: str, lines: list[str]) -> None:
    print(f"\n{title}: {len(lines) or 'none'}")
    for line in lines:
        print(f"  {line}")


if __name__ == "__main__":
    sys.exit(main())
