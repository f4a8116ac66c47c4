"""A moto server for the scripts to run against, and the words reports are made of."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from recorder import Recorder
from served import served

from conformance.reference import ReferenceTransport


@pytest.fixture(scope="session")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of a moto server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("moto") / "log"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with (
        log.open("wb") as output,
        subprocess.Popen(command, stdout=output, stderr=output) as server,
    ):
        endpoint = f"http://127.0.0.1:{port}"
        try:
            _wait(endpoint, server, log)
            yield endpoint
        finally:
            server.terminate()


def _wait(endpoint: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(f"{endpoint}/moto-api/", timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"moto did not start: {log.read_text()}")


@pytest.fixture
def reference() -> Iterator[str]:
    """The endpoint of a reference, which keeps accounts apart."""
    with served(ReferenceTransport()) as endpoint:
        yield endpoint


@pytest.fixture
def record(moto: str) -> Recorder:
    """A recorder of exchanges with moto."""
    return Recorder(moto)


@pytest.fixture
def run_script(aws_cli: Path, tmp_path: Path) -> Callable[[str, str], str]:
    """Runs a script as a user would who pastes it; gives what it printed."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        "PATH": f"{aws_cli.parent}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
    }

    def run(kind: str, script: str) -> str:
        command = [sys.executable, "-"] if kind == "boto3" else ["sh"]
        done = subprocess.run(
            command,
            input=script,
            env=environment,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        assert list(tmp_path.iterdir()) == [], "the script left a file behind"
        return done.stdout

    return run
