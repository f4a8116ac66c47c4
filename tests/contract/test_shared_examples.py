"""A campaign of properties over several processes, which share what they found."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROPERTY = """
import os, sys
from unittest import SkipTest
from hypothesis import Phase, given, settings
from hypothesis.extra.redis import RedisExampleDatabase
from redis import Redis
from conformance.contract import load_contract
from conformance.contract.generators import from_shape

examples = RedisExampleDatabase(Redis(unix_socket_path=os.environ["SHARED"]))
phases = [Phase[name] for name in sys.argv[1:]]

@settings(database=examples, phases=phases, derandomize=False, deadline=None)
@given(from_shape(load_contract("ecr"), "DescribeRepositoriesRequest"))
def few_names(request):
    assert len(request.get("repositoryNames", [])) < 2

try:
    few_names()
except SkipTest:  # there was no example to try
    pass
except AssertionError:
    sys.exit(1)
"""


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Path]:
    """The socket of a Redis. Where it is missing a developer's tests go on, and CI stops."""
    found = shutil.which("redis-server")
    if found is None:
        missing = "Redis, for a test of shared examples, is missing: apt-get install redis-server"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    socket = tmp_path / "redis.sock"
    kept = ("--save", "", "--dir", str(tmp_path))
    command = [str(found), "--port", "0", "--unixsocket", str(socket), *kept]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            assert any("ready to accept connections" in line.lower() for line in server.stdout)
            yield socket
        finally:
            server.terminate()


def fails(redis: Path, *phases: str) -> bool:
    """Whether a process of its own finds the property broken in some phases of Hypothesis."""
    done = subprocess.run(
        [sys.executable, "-c", PROPERTY, *phases],
        env={**os.environ, "SHARED": str(redis)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr
    return done.returncode == 1


def test_what_one_process_found_another_one_tries_first(redis: Path) -> None:
    """An example that broke a property on one machine breaks it on the next without a search."""
    assert not fails(redis, "reuse")
    assert fails(redis, "generate")
    assert fails(redis, "reuse")
