"""Commands that are measured: what a process takes until its end, and endpoints that run beside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
OURS = (sys.executable, "-c", "from conformance.cli import main; main()")
"""``ecr-conformance`` of this checkout."""
AS_INSTALLED = {"PYTHONDONTWRITEBYTECODE": ""}
"""An installed package is compiled already, and so is this one after the first time."""


@dataclass(frozen=True)
class Taken:
    """What a process took: seconds by the wall and of the CPU, and its greatest memory in MiB.

    The CPU seconds are also those of processes that it started and waited for. The memory is never
    less than what the process had that started it, which therefore has to stay small.
    """

    wall: float
    cpu: float
    memory: float


def run(
    *command: str | Path,
    codes: tuple[int, ...] = (0,),
    folder: Path | None = None,
) -> Taken:
    """Run a command to its end. Raises ``RuntimeError`` where that is none of ``codes``."""
    began = time.perf_counter()
    with subprocess.Popen(
        [str(word) for word in command],
        cwd=folder,
        env={**os.environ, **AS_INSTALLED},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        assert process.stdout is not None
        printed = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in codes:
        raise RuntimeError(f"{command} ended with {process.returncode}: {printed.decode()}")
    return Taken(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def cpu_of(process: int) -> float:
    """The CPU seconds that a running process has taken, without those of its children."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Endpoint:
    """A canned endpoint (``canned_endpoint.py``)."""

    url: str

    def asked(self) -> list[float]:
        """When requests came since the last call, in seconds."""
        with urllib.request.urlopen(f"{self.url}/asked") as answer:
            times: list[float] = json.load(answer)
        return times


@contextmanager
def canned_endpoint() -> Iterator[Endpoint]:
    """A canned endpoint in a process of its own, until the end of the block."""
    command = [sys.executable, str(HERE / "canned_endpoint.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield Endpoint(f"http://127.0.0.1:{int(process.stdout.readline())}")
        finally:
            process.terminate()
