"""The command as a user runs it: in a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

HANGS = 900
"""Seconds after which a command hangs, rather than shares its machine with other tests."""

COMMAND = (sys.executable, "-c", "from conformance.cli import main; main()")


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def run(*arguments: str, timeout: float = HANGS) -> Ended:
    """Run the command to its end, which has to come within ``timeout`` seconds."""
    done = subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, timeout=timeout, check=False
    )
    return Ended(done.returncode, done.stdout, done.stderr)


@contextmanager
def serving(*arguments: str, says: str) -> Iterator[str]:
    """The address at which a command serves, on any free port; then it is interrupted.

    The command has to tell the address after what it ``says``, and to end in order.
    """
    command = [*COMMAND, *arguments, "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        assert server.stderr is not None
        line = server.stdout.readline()
        assert line.startswith(f"{says} at http://127.0.0.1:"), (line, server.stderr.read())
        yield line.split()[-1]
        server.send_signal(signal.SIGINT)
        assert server.wait(30) == 0
        assert server.stderr.read() == ""
