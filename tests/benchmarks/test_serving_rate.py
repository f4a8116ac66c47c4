"""The benchmark of the server runs; how fast it is is not for a test to say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

COMMAND = [sys.executable, str(Path(__file__).with_name("serving.py"))]


def test_it_measures_both_servers() -> None:
    """One short run asks moto and the recording of moto, and every request is answered."""
    tiny = ["--requests", "20", "--rounds", "1", "--connections", "2"]
    printed = subprocess.run([*COMMAND, *tiny], check=True, capture_output=True, text=True).stdout
    lines = [line.split() for line in printed.splitlines() if line.startswith("│")]
    assert [line[1] for line in lines] == ["moto", "serve"]


def test_it_measures_memory() -> None:
    """One short run tells the server's memory after each tenth of the requests."""
    printed = subprocess.run(
        [*COMMAND, "--memory", "50"], check=True, capture_output=True, text=True
    ).stdout
    lines = [line.split() for line in printed.splitlines() if line.startswith("│")]
    assert [line[1] for line in lines] == [str(count) for count in range(5, 55, 5)]
