"""Mutation testing of the reference, with the suite as its tests.

    python tests/faults/mutation.py --sample 200 --seed 1
    python tests/faults/mutation.py images pushing

Every mutant is a small change of one place in ``conformance/reference/operations``; it survives
where the suite notices nothing. Prints the survivors and the score, and exits with 1 where the
score is below 90 %. Without ``--sample`` all mutants are tried, which takes the better part of an
hour.

A mutant is shown to the checks alone that run its line; ``--whole`` shows it to all of them, which
takes far longer and has to come to the same.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial

from imported_anew import imported_anew
from jury import Jury, with_jury
from mutants import Mutant, mutants, open_points
from open_points import OPEN
from reach import measured
from trial import Case

from conformance.targets import Connection

LEAST_SCORE = 90

Reach = Callable[[Mutant], Collection[str] | None]


def survivors(jury: Jury, chosen: Sequence[Mutant], reach: Reach, jobs: int) -> Iterator[Mutant]:
    """The mutants that the suite takes for the reference, as they are found."""
    right = Case("reference", partial(imported_anew, {}), until_seen=True)
    for _, trial in jury.trials([right], 1):
        if not trial.kept:
            sys.exit(f"the reference itself does not keep every rule: {trial.messages}")
    cases = (
        Case(str(index), _build(mutant), reach(mutant), until_seen=True)
        for index, mutant in enumerate(chosen)
    )
    for case, trial in jury.trials(cases, jobs):
        if trial.kept:
            yield chosen[int(case.name)]


def _build(mutant: Mutant) -> Callable[[], Connection]:
    return lambda: imported_anew({mutant.module: mutant.source})


def main() -> int:
    """Try the mutants; gives the exit code."""
    parser = argparse.ArgumentParser(description="mutation testing of the reference by the suite")
    parser.add_argument("module", nargs="*", help="modules of the operations, e.g. images (all)")
    parser.add_argument("--sample", type=int, metavar="N", help="try N mutants (all)")
    parser.add_argument("--seed", type=int, default=0, help="which N (0)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (cores)")
    parser.add_argument("--whole", action="store_true", help="try every check on every mutant")
    options = parser.parse_args()
    made = mutants(options.module)
    chosen = found = [each for each in made if not open_points(each)]
    if not found:
        parser.error(f"no mutant is made of {', '.join(options.module)}")
    if options.sample is not None and options.sample < len(found):
        chosen = random.Random(options.seed).sample(found, options.sample)  # noqa: S311
    reach = (lambda _: None) if options.whole else measured().of_mutant

    def print_survivors(jury: Jury) -> int:
        found = []
        for mutant in survivors(jury, chosen, reach, options.jobs):
            print(f"\n{mutant.operator}\n{mutant.diff}", flush=True)
            found.append(mutant)
        return len(found)

    survive = with_jury(imported_anew({}), print_survivors)
    score = 100 * (len(chosen) - survive) / len(chosen)
    print(
        f"\n{len(chosen)} of {len(found)} mutants tried, {survive} survive: "
        f"score {score:.1f} %; {len(made) - len(found)} more are of open points"
    )
    idle = _idle_points(made)
    print(*(f"no mutant is of the open point {each!r}" for each in idle), sep="\n")
    return int(score < LEAST_SCORE or bool(idle))


def _idle_points(made: list[Mutant]) -> list[str]:
    """The open points of the modules tried that are of no mutant, because the line has changed."""
    known = {start for mutant in made for start in open_points(mutant)}
    points = (OPEN.get(module, {}) for module in {mutant.path.stem for mutant in made})
    return sorted(
        start
        for each in points
        for starts in each.values()
        for start in starts
        if start not in known
    )


if __name__ == "__main__":
    sys.exit(main())
