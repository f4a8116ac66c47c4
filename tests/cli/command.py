"""The command as a user runs it: in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

COMMAND = (sys.executable, "-c", "from conformance.cli import main; main()")


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def run(*arguments: str, timeout: float = 300) -> Ended:
    """Run the command to its end, which has to come within ``timeout`` seconds."""
    done = subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, timeout=timeout, check=False
    )
    return Ended(done.returncode, done.stdout, done.stderr)
