"""The benchmark of the players runs; how fast they are is not for a test to say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_it_measures_every_player() -> None:
    """One short run plays a cassette with each player."""
    command = [sys.executable, str(Path(__file__).with_name("replaying.py"))]
    tiny = ["--calls", "20", "--rounds", "1", "--no-peer"]
    printed = subprocess.run([*command, *tiny], check=True, capture_output=True, text=True).stdout
    lines = [line.split() for line in printed.splitlines() if line.startswith("│")]
    assert [line[1] for line in lines] == ["floor", "ours", "vcrpy"]
