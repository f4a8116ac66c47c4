"""Runs that are killed at random moments, what one sweep leaves of them, and what they told.

``python tests/account/killed_runs.py 20`` kills twenty and prints what came of it.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from rehearsed import Account, rehearsed_account, told_secrets

EVERYTHING = ("--allow-registry-changes",)


@dataclass(frozen=True)
class Outcome:
    """Whether all is as before, what the sweep said, and where secrets were told.

    ``ended_before`` counts the runs that were at their end before they could be killed.
    """

    untouched: bool
    swept: str
    ended_before: int
    secrets: list[str]


def outcome_of(account: Account, kills: int, seed: int, *selection: str) -> Outcome:
    """Kill some runs of some rules, put back what the first has found, and sweep."""
    source = random.Random(seed)  # noqa: S311 (no secret)
    account.furnish()
    before = account.snapshot()
    ended = sum(_killed(account, number, source, selection) for number in range(kills))
    restored = account.run("aws", "restore", str(_first_saved(account)), "--yes")
    swept = account.run("aws", "sweep", "--older-than", "0", "--yes")
    assert (restored.code, swept.code) == (0, 0), (restored, swept)
    return Outcome(account.snapshot() == before, swept.out, ended, told_secrets(account))


def _killed(
    account: Account, number: int, source: random.Random, selection: tuple[str, ...]
) -> bool:
    """Start a run and kill it after some checks; gives whether it had ended before."""
    output = account.folder / f"run{number}"
    command = ["certify", "aws", "--yes", *EVERYTHING, "--settings-backup", f"settings{number}"]
    if source.random() < 0.3:
        command[:1] = ["record"]
        command += ["--cassettes", f"cassettes{number}"]
    run = account.start(*command, "--output", str(output), *selection)
    checks = int(10 ** source.uniform(0, 2.5))
    while run.poll() is None and _lines(output / "results.jsonl") <= checks:
        time.sleep(0.01)
    time.sleep(source.random() / 10)
    ended = run.poll() is not None
    if ended:
        account.ended(run)
    else:
        account.kill(run)
    return ended


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0


def _first_saved(account: Account) -> Path:
    """The settings as the first run that was killed has found them."""
    return min(account.folder.glob("settings*"), key=lambda path: path.stat().st_mtime)


def main() -> int:
    """Kill as many runs as the argument says."""
    kills = int(sys.argv[1])
    seed = random.randrange(2**32)  # noqa: S311 (no secret)
    with (
        tempfile.TemporaryDirectory() as folder,
        rehearsed_account(Path(folder), "--throttle", "0.05") as account,
    ):
        outcome = outcome_of(account, kills, seed, *sys.argv[2:])
    sys.stdout.write(f"seed {seed}, {kills} runs, {outcome}\n")
    return int(not outcome.untouched or bool(outcome.secrets))


if __name__ == "__main__":
    sys.exit(main())
