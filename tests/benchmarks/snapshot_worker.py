"""Compares answers with a snapshot of older ones; a process of ``drift.py``, which explains it.

Takes how many there are from the command line, and writes the CPU seconds to standard output.
Imports localstack-snapshot and nothing of this project, so that it runs where that is installed.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from localstack_snapshot.snapshots import SnapshotAssertionError, SnapshotSession
from localstack_snapshot.snapshots.transformer import TimestampTransformer
from recorded_answers import MADE_UP, as_boto3, calls


def answers(count: int, day: int, *, changed: bool = False) -> list[Any]:
    """The answers of a day, as a test has them of boto3."""
    return [as_boto3(answer) for _, _, answer in calls(count, day, changed=changed)]


def session(base: Path, observed: Sequence[Any], *, update: bool) -> SnapshotSession:
    """A session of one test, in which each answer is matched under a key of its own."""
    made = SnapshotSession(
        base_file_path=str(base), scope_key="drift", update=update, verify=not update
    )
    made.add_transformer(TimestampTransformer())
    made.add_transformer(made.transform.key_value(MADE_UP))
    for number, answer in enumerate(observed):
        made.match(f"answer-{number}", answer)
    return made


def record(base: Path, observed: Sequence[Any]) -> None:
    """Write a snapshot, as the fixture of localstack-snapshot does at the end of a test."""
    made = session(base, observed, update=True)
    made.verify = True  # else nothing is transformed
    made._assert_all()
    made._persist_state()


def matches(base: Path, observed: Sequence[Any]) -> bool:
    """Whether answers are as in the snapshot."""
    try:
        found = session(base, observed, update=False)._assert_all()
    except SnapshotAssertionError:
        return False
    assert len(found) == len(observed)
    return True


def main() -> None:
    """See that a change is noticed, then measure where there is none."""
    count = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder, "test_drift")
        record(base, answers(count, day=0))
        assert not matches(base, answers(count, day=1, changed=True))
        newer = answers(count, day=1)
        began = time.process_time()
        assert matches(base, newer)
        sys.stdout.write(str(time.process_time() - began))


if __name__ == "__main__":
    main()
