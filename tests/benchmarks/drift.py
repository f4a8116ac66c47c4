"""How long two recordings of the same calls take to compare, beside localstack-snapshot.

Both look for what an API answers otherwise than before, and see past times and past ids that the
service makes up, wherever these come again. Beyond that they do not do the same:

- ours (``cassettes diff``) reads two files of exchanges as they were on the wire, and pairs what
  was asked alike in any order. What is volatile it knows from the contract, with the order of
  lists, on which page an item is, and how often something was asked.
- localstack-snapshot (https://pypi.org/project/localstack-snapshot) reads one file; the newer
  answers are in memory, as boto3 parses them, each under a key that its test chose. What is
  volatile the test has to say by transformers: here those of timestamps and of ``uploadId``.
  Requests, statuses and the order of lists are not its matter. It tells differences by deepdiff,
  and runs in an environment of its own. It needs Python 3.11; on an older one there is no line.

What counts is CPU time, without imports. Before it is measured each has to see one changed value.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from comparison import Row, cheaper, in_turns
from environments import python_of
from recorded_answers import calls, write_cassette

from conformance.transport.cassettes.difference import Difference, difference

PEER = "localstack-snapshot"
PEER_NEEDS = (f"{PEER}==0.4.0",)
PEER_PYTHON = (3, 11)
WORKER = Path(__file__).with_name("snapshot_worker.py")


def compared(count: int, *, changed: bool = False) -> tuple[Difference, float]:
    """What differs between the answers of two days, and the CPU seconds of comparing them."""
    with tempfile.TemporaryDirectory() as folder:
        a, b = Path(folder, "a.json"), Path(folder, "b.json")
        write_cassette(a, calls(count, day=0))
        write_cassette(b, calls(count, day=1, changed=changed))
        began = time.process_time()
        found = difference(a, b)
        return found, time.process_time() - began


def ours(count: int) -> float:
    """The CPU seconds of finding that nothing differs."""
    assert compared(count, changed=True)[0].differ
    found, seconds = compared(count)
    assert not found.differ, found.to_json()
    return seconds


def theirs(count: int) -> float:
    """The same of localstack-snapshot, in a process of its own."""
    python = python_of(PEER, *PEER_NEEDS)
    command = [python, str(WORKER), str(count)]
    printed = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return float(printed)


def rows(*, small: bool, peers: bool) -> Iterator[Row]:
    """Two recordings that differ in nothing but what always differs."""
    rounds, count = (1, 20) if small else (5, 1000)
    if not peers or sys.version_info < PEER_PYTHON:
        ours(count)
        return
    found = in_turns(rounds, ours=partial(ours, count), theirs=partial(theirs, count))
    work = f"{count:,} recorded answers compared with newer ones"
    yield cheaper(work, PEER, None, **found, unit="CPU s")
