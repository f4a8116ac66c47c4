"""Whole runs of the suite: beside the target's own time, in two processes, and their memory.

- suite: ``certify`` on moto, beside a bare replay of the very requests that it sends: one after
  another, answers read and forgotten. By the wall, and by the CPU seconds of both processes, that
  of who asks and that of who answers, which others on the machine disturb less.
- jobs: a run in one process and in two, by the wall. Of the reference, which is in each of them and
  is never waited for: there what cannot be shared, start and report, counts for most. And of an
  endpoint that is waited for, as any on a network is.
- memory: the greatest that ``certify`` on moto takes until its report is written, beside pytest
  that collected nothing, with boto3 and a client of it loaded.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from comparison import Row, faster, in_turns
from processes import HERE, OURS, Taken, cpu_of, run
from serving import Server, started

SEED = ("--seed", "1")
FEW = ("-k", "ecr.tags.delete-last-tag-deletes-image")
WAITED_FOR = ("--profile", "images", "--profile", "tags", "-k", "not thousand")
"""Scenarios of which none takes as long as all others of a worker."""
IDLE = """
import boto3, pytest, sys
boto3.client("ecr", "us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
pytest.main(["-q", "-p", "no:cacheprovider", sys.argv[1]])
"""


def certified(target: str, folder: Path, *options: str) -> Taken:
    """A whole run on a target, with its report."""
    judging = ("certify", target, *SEED, *options)
    return run(*OURS, *judging, "--output", folder / "report", "--exit-zero")


def keep_requests(kept: Path, *options: str) -> None:
    """Keep all that such a run sends to moto, in the order in which it is sent."""
    with started("moto", "-m", "moto.server", "-p") as moto:
        run(sys.executable, HERE / "sent_requests.py", kept, moto.url, *SEED, *options)


def replayed(kept: Path, server: Server) -> dict[str, float]:
    """What a bare replay of them takes (see ``bare_replay.py``)."""
    command = [sys.executable, str(HERE / "bare_replay.py"), str(kept), str(server.port)]
    printed = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    found: dict[str, float] = json.loads(printed)
    return found


def suite(*, small: bool, peers: bool) -> Iterator[Row]:
    """A run beside the target's own time."""
    chosen = FEW if small else ()
    walls: list[tuple[float, float]] = []
    cpus: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as made:
        folder, kept = Path(made), Path(made, "sent.json")
        keep_requests(kept, *chosen)
        for _ in range(1 if small else 3):
            with started("moto", "-m", "moto.server", "-p") as moto:
                before = cpu_of(moto.process)
                taken = certified(moto.url, folder, *chosen)
                both = taken.cpu + cpu_of(moto.process) - before
            with started("moto", "-m", "moto.server", "-p") as moto:
                before = cpu_of(moto.process)
                bare = replayed(kept, moto)
                walls.append((taken.wall, bare["wall"]))
                cpus.append((both, bare["cpu"] + cpu_of(moto.process) - before))
    work, peer = "whole suite on moto", f"its {bare['count']:,} requests replayed bare"
    for unit, found in (("s", walls), ("CPU s", cpus)):
        ours, theirs = (statistics.median(each) for each in zip(*found, strict=True))
        ratio = ours / (theirs or float("nan"))
        yield Row(work, peer, unit, ours, theirs, ratio, 1.5, at_most=True)


def jobs(*, small: bool, peers: bool) -> Iterator[Row]:
    """A run in two processes beside one in one."""
    rounds = 1 if small else 5
    work = "whole suite on the reference, --jobs 2"
    yield _in_two(work, "reference", FEW if small else (), rounds)
    with started("reference", str(HERE / "distant_endpoint.py")) as distant:
        work = "profiles images and tags, each answer 10 ms on its way, --jobs 2"
        yield _in_two(work, distant.url, FEW if small else WAITED_FOR, rounds)


def _in_two(work: str, target: str, chosen: tuple[str, ...], rounds: int) -> Row:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        found = in_turns(
            rounds,
            two=lambda: 60 / certified(target, folder, *chosen, "--jobs", "2").wall,
            one=lambda: 60 / certified(target, folder, *chosen).wall,
        )
    unit = "runs a minute"
    return faster(work, "one process", 1.7, ours=found["two"], theirs=found["one"], unit=unit)


def memory(*, small: bool, peers: bool) -> Iterator[Row]:
    """The memory of a run."""
    with tempfile.TemporaryDirectory() as made:
        folder, empty = Path(made), Path(made, "empty")
        empty.mkdir()
        with started("moto", "-m", "moto.server", "-p") as moto:
            ours = certified(moto.url, folder, *(FEW if small else ())).memory
        idle = run(sys.executable, "-c", IDLE, empty, folder=empty).memory
    work, peer = "peak memory of a run with its report", "pytest with boto3, idle"
    yield Row(work, peer, "MiB", ours, idle, ours - idle, 150, "MiB more", at_most=True)
