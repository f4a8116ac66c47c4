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
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from mutants import Mutant, mutants, open_points
from open_points import OPEN
from reach import measured
from trial import WITHOUT_PROGRAMS, judging_of
from verdict import Jury, imported_anew

from conformance.certify import run_suite
from conformance.report.judging import Judging

LEAST_SCORE = 90

Reach = Callable[[Mutant], frozenset[str] | None]


class Trials:
    """A pytest plugin that tries mutants where the suite would have run."""

    def __init__(self, judging: Judging, chosen: list[Mutant], reach: Reach, jobs: int) -> None:
        self._judging = judging
        self._chosen = chosen
        self._reach = reach
        self._jobs = jobs
        self.survivors = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Print the survivors, and nothing of pytest's."""
        plugins = session.config.pluginmanager
        plugins.unregister(name="terminalreporter")
        with plugins.getplugin("capturemanager").global_and_fixture_disabled():
            self._try(Jury(session, self._judging))
        return True

    def _try(self, jury: Jury) -> None:
        if not jury.passes({}):
            sys.exit("the reference itself does not keep every rule")

        def survives(mutant: Mutant) -> bool:
            return jury.passes({mutant.module: mutant.source}, self._reach(mutant))

        with ThreadPoolExecutor(self._jobs) as pool:
            for mutant, survived in zip(
                self._chosen, pool.map(survives, self._chosen), strict=True
            ):
                if survived:
                    self.survivors += 1
                    print(f"\n{mutant.operator}\n{mutant.diff}", flush=True)


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
    if options.sample is not None and options.sample < len(found):
        chosen = random.Random(options.seed).sample(found, options.sample)  # noqa: S311
    reach = (lambda _: None) if options.whole else measured().checks
    with judging_of(imported_anew({})) as judging:
        trials = Trials(judging, chosen, reach, options.jobs)
        run_suite(judging, trials, expression=WITHOUT_PROGRAMS)
    score = 100 * (len(chosen) - trials.survivors) / len(chosen)
    print(
        f"\n{len(chosen)} of {len(found)} mutants tried, {trials.survivors} survive: "
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
