"""How long a recording takes to load and to play through boto3, by this project and by its peers.

    python tests/benchmarks/replaying.py                     1,000 and 5,000 calls; some minutes
    python tests/benchmarks/replaying.py --calls 200         fewer
    python tests/benchmarks/replaying.py --full              every call by vcrpy, too; many minutes

The same calls of DescribeImages, each for another image, are made of one client with

- floor: a handler of ``before-send`` that answers at once: what boto3 itself takes;
- ours: ``conformance.tape``;
- cassetter: https://pypi.org/project/cassetter, from a file of its own. It runs in an environment
  of its own, made at first in ``tests/benchmarks/.peers``, because its pytest plugin and that
  of pytest-recording do not go together;
- vcrpy: from the file that ours plays. It looks through its list for each request, so what a call
  takes grows with its place in the list; a sample of calls, evenly spread, tells all of them.

A process each, one after the other, some rounds of them. What counts is the CPU seconds, because
other programs must not count; where these disturb nevertheless, the least of all rounds is nearest
to the truth, a few calls at a time. Python's imports and the client's first calls are not in it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from comparison import Row, cheaper
from described_images import write_ours
from environments import python_of
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
PEER = "cassetter"
PEER_NEEDS = ("cassetter==0.16.1", f"boto3=={version('boto3')}")
PLAYERS = ("floor", "ours", PEER, "vcrpy")
SAMPLE = 100
SLICE = 20
"""Calls that are measured as one: so short that few are disturbed in every round."""

ENDS = 0.1
"""The share of all calls that counts as the first ones, and as the last ones."""


@dataclass(frozen=True)
class Measured:
    """CPU seconds of loading, and of one call on the average of each slice of calls."""

    load: float
    slices: tuple[float, ...]

    @classmethod
    def of(cls, load: float, calls: list[float]) -> Measured:
        """What one round measured."""
        starts = range(0, len(calls), SLICE)
        return cls(load, tuple(statistics.mean(calls[each : each + SLICE]) for each in starts))

    def or_better(self, other: Measured) -> Measured:
        """The least of two rounds, slice by slice."""
        slices = map(min, zip(self.slices, other.slices, strict=True))
        return Measured(min(self.load, other.load), tuple(slices))

    @property
    def call(self) -> float:
        """What a call takes on the average."""
        return statistics.mean(self.slices)

    @property
    def first(self) -> float:
        """What one of the first calls takes."""
        return statistics.median(self.slices[: self._end])

    @property
    def last(self) -> float:
        """What one of the last calls takes."""
        return statistics.median(self.slices[-self._end :])

    @property
    def _end(self) -> int:
        return max(1, round(ENDS * len(self.slices)))


def measure(player: str, path: Path, calls: int, step: int) -> Measured:
    """Let a player play every ``step``-th of a cassette's calls, in a process of its own."""
    python = python_of(PEER, *PEER_NEEDS) if player == PEER else sys.executable
    worker = [python, str(HERE / "players.py")]
    printed = subprocess.run(
        [*worker, player, str(path), str(calls), str(step)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    measured = json.loads(printed)
    return Measured.of(measured["load"], measured["calls"])


def measure_all(
    players: Sequence[str], calls: int, rounds: int, *, full: bool
) -> dict[str, Measured]:
    """Measure each player in each round, but all calls of vcrpy in one only."""
    found: dict[str, Measured] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "recording.json")
        write_ours(path, calls)
        for turn in range(rounds):
            for player in players:
                if turn and player == "vcrpy" and full:
                    continue
                sampled = player == "vcrpy" and not full
                step = max(1, calls // SAMPLE) if sampled else 1
                measured = measure(player, path, calls, step)
                found[player] = measured.or_better(found.get(player, measured))
    return found


def table(calls: int, found: dict[str, Measured]) -> Table:
    """One line a player."""
    shown = Table(title=f"{calls} calls of DescribeImages: CPU seconds")
    for column in ("player", "load", "load and play", "vcrpy / it", "it / floor"):
        shown.add_column(column, justify="left" if column == "player" else "right")
    for column in ("first call, ms", "last call, ms", "last / first"):
        shown.add_column(column, justify="right")
    whole = {player: each.load + calls * each.call for player, each in found.items()}
    for player, each in found.items():
        shown.add_row(
            player,
            f"{each.load:.2f}",
            f"{whole[player]:.2f}",
            f"{whole['vcrpy'] / whole[player]:.1f}",
            f"{whole[player] / whole['floor']:.2f}",
            f"{each.first * 1e3:.2f}",
            f"{each.last * 1e3:.2f}",
            f"{each.last / each.first:.2f}",
        )
    return shown


def rows(*, small: bool, peers: bool) -> Iterator[Row]:
    """Load and replay through boto3; and what is left of that without boto3's own time."""
    calls, rounds = (20, 1) if small else (5000, 3)
    players = [player for player in PLAYERS if peers or player != PEER]
    found = measure_all(players, calls, rounds, full=False)
    whole = {player: each.load + calls * each.call for player, each in found.items()}
    ours, work = whole["ours"], f"{calls:,} interactions loaded and replayed"
    for peer, wanted in (("vcrpy", 50), (PEER, 1.2)):
        if peer in whole:
            yield cheaper(work, peer, wanted, ours=ours, theirs=whole[peer], unit="CPU s")
    bare = {player: seconds - whole["floor"] for player, seconds in whole.items()}
    for peer in ("vcrpy", PEER):
        if peer in bare:
            alone = {"ours": bare["ours"], "theirs": bare[peer]}
            yield cheaper(f"{work}, without boto3", peer, None, **alone, unit="CPU s")


def main() -> None:
    """Measure, and print a table for each number of calls."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--calls", type=int, nargs="+", default=[1000, 5000], metavar="N")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--full", action="store_true", help="no sample of vcrpy's calls")
    parser.add_argument("--no-peer", action="store_true", help=f"without {PEER}")
    options = parser.parse_args()
    players = [player for player in PLAYERS if not (options.no_peer and player == PEER)]
    if min(*options.calls, options.rounds, 1) < 1:
        parser.error("calls and rounds are 1 or more")
    console = Console(width=120)
    for calls in options.calls:
        found = measure_all(players, calls, options.rounds, full=options.full)
        console.print(table(calls, found))


if __name__ == "__main__":
    main()
