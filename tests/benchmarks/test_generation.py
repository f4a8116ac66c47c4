"""The benchmark of the generators runs; how fast they are is not for a test to say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

COMMAND = [sys.executable, str(Path(__file__).parent / "generation.py"), "--no-peer"]


def test_it_measures_an_operation() -> None:
    """One short run measures every generator, and finds what ours makes valid."""
    tiny = ["--operations", "DeleteRepository", "--seconds", "0.01"]
    printed = subprocess.run(
        [*COMMAND, *tiny], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    summary = {line.split()[1]: line.split() for line in printed if " 100.0% " in line}
    assert summary.keys() == {"ours", "naive", "floor"}


def test_an_unknown_operation_is_refused() -> None:
    """An operation that there is not, or that has no parameters, is a clear error."""
    asked = [*COMMAND, "--operations", "DescribeRegistry"]
    run = subprocess.run(asked, check=False, capture_output=True, text=True)
    assert run.returncode == 2
    assert "no operation with parameters is called DescribeRegistry" in run.stderr
