"""The kill matrix: which rules condemn which broken implementations.

    python tests/faults/matrix.py                         every fault
    python tests/faults/matrix.py --sample 20 --seed 3    some of them
    python tests/faults/matrix.py tags.                   those whose names begin so

Prints each fault with the rules that condemn it, then the faults that no rule sees, the faults that
other rules see than those declared beside them, and the MUST rules that no fault breaks. Exits with
1 if there are any. A whole run takes a few minutes.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor

from broken import all_faults
from fault import Fault
from trial import Trial, tried

from conformance.suite.catalogue import all_rules
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


def _try(name: str) -> tuple[str, Trial]:
    return name, tried(all_faults()[name])


def _tried(names: list[str], jobs: int) -> Iterator[tuple[Fault, Trial]]:
    with ProcessPoolExecutor(jobs) as pool:
        for name, trial in pool.map(_try, names):
            yield all_faults()[name], trial


def main() -> int:
    """Print the matrix; gives the exit code."""
    parser = argparse.ArgumentParser(description="which rules condemn which broken implementations")
    parser.add_argument("prefix", nargs="*", help="only faults whose names begin so")
    parser.add_argument("--sample", type=int, metavar="N", help="try N faults (all)")
    parser.add_argument("--seed", type=int, default=0, help="which N (0)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (cores)")
    options = parser.parse_args()
    chosen = sampled(options.sample, options.seed)
    names = [name for name in chosen if name.startswith(tuple(options.prefix) or "")]
    unseen, wrong = [], []
    for fault, trial in _tried(names, options.jobs):
        print(f"{fault.name}: {fault.story}", flush=True)
        print(*(f"    {rule}" for rule in sorted(trial.condemned_by)), sep="\n")
        if not trial.condemned_by:
            unseen.append(fault.name)
        if difference(fault, trial):
            wrong.append(f"{fault.name}\n    {difference(fault, trial)}")
    unbroken = unbroken_rules(all_faults().values())
    _section("faults that no rule sees", unseen)
    _section("faults that other rules see than declared", wrong)
    _section("MUST rules that no fault breaks", unbroken)
    print(f"\n{len(names)} of {len(all_faults())} faults tried")
    return int(bool(unseen or wrong or unbroken))


def _section(title: str, lines: list[str]) -> None:
    print(f"\n{title}: {len(lines) or 'none'}")
    for line in lines:
        print(f"  {line}")


if __name__ == "__main__":
    sys.exit(main())
