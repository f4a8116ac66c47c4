"""Every benchmark runs; how fast anything is is not for a test to say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, str(Path(__file__).with_name("table.py")), "--small", "--no-peer"]
LINES = {
    "sending": 2,
    "generation": 0,  # a line for each peer
    "client": 1,
    "judging": 1,
    "replaying": 2,
    "drift": 0,  # a line for its peer
    "serving": 1,
    "suite": 2,
    "jobs": 2,
    "start-up": 1,
    "memory": 1,
}


@pytest.mark.parametrize("work", LINES)
def test_a_benchmark_fills_its_lines(work: str) -> None:
    """A tiny run measures ours, and its peer where that is installed."""
    printed = subprocess.run([*COMMAND, work], check=True, capture_output=True, text=True).stdout
    assert len([line for line in printed.splitlines() if line.startswith("│")]) == LINES[work]


def test_unknown_work_is_refused() -> None:
    """What there is no benchmark of is a clear error."""
    run = subprocess.run([*COMMAND, "knitting"], check=False, capture_output=True, text=True)
    assert run.returncode == 2
    assert "knitting" in run.stderr
