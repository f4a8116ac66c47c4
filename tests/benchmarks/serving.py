"""How many requests a second ``ecr-conformance serve`` answers, and moto's server beside it.

    python tests/benchmarks/serving.py                       some rounds of 2,000 requests each
    python tests/benchmarks/serving.py --memory 1000000      whether memory stays flat; some minutes

Both are asked the same DescribeRepositories, moto about a repository that it has, ``serve`` with
the recording of moto's answer, in turns by the same load generator (``load.py``) over the same
number of connections. The median of all rounds counts.
"""

from __future__ import annotations

import argparse
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from comparison import Row, faster
from rich.console import Console
from rich.table import Table

from conformance.tape import use_cassette

COMMAND = "from conformance.cli import main; main()"
HOST = "127.0.0.1"
REPOSITORY = "team/app"
STARTING_SECONDS = 30


@dataclass
class Server:
    """A running server, and the requests a second that each round found."""

    name: str
    port: int
    process: int
    rates: list[float] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://{HOST}:{self.port}"

    def memory(self) -> float:
        """Its resident memory in MiB."""
        asked = ["ps", "-o", "rss=", "-p", str(self.process)]
        return int(subprocess.run(asked, stdout=subprocess.PIPE, check=True).stdout) / 1024


@contextmanager
def started(name: str, *arguments: str) -> Iterator[Server]:
    """A server that takes its port as the last argument, until the end of the block."""
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, *arguments, str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(port)
            yield Server(name, port, process.pid)
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    ends = time.monotonic() + STARTING_SECONDS
    while True:
        try:
            socket.create_connection((HOST, port)).close()
        except OSError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.1)
        else:
            return


def record(moto: Server, cassette: Path) -> None:
    """Make the repository, and record how it is described."""
    client: Any = boto3.client(
        "ecr",
        region_name="us-east-1",
        endpoint_url=moto.url,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    client.create_repository(repositoryName=REPOSITORY)
    with use_cassette(cassette) as tape:
        tape.attach(client)
        client.describe_repositories(repositoryNames=[REPOSITORY])


def ask(server: Server, connections: int, count: int) -> float:
    """Let the load generator ask; give the requests a second."""
    body = json.dumps({"repositoryNames": [REPOSITORY]}).encode()
    # moto tells services apart by the scope of the signature.
    scope = "Credential=test/20260101/us-east-1/ecr/aws4_request"
    head = (
        f"POST / HTTP/1.1\r\nHost: {HOST}:{server.port}\r\n"
        "X-Amz-Target: AmazonEC2ContainerRegistry_V20150921.DescribeRepositories\r\n"
        f"Authorization: AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0\r\n"
        f"Content-Type: application/x-amz-json-1.1\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    load = [sys.executable, str(Path(__file__).with_name("load.py"))]
    numbers = [HOST, str(server.port), str(connections), str(count)]
    done = subprocess.run(
        [*load, *numbers], input=head.encode() + body, stdout=subprocess.PIPE, check=True
    )
    return count / float(done.stdout)


def rates_table(servers: list[Server]) -> Table:
    """One line a server."""
    shown = Table(title="Requests a second")
    for column in ("server", "median", "least", "most", "it / moto", "MiB"):
        shown.add_column(column, justify="left" if column == "server" else "right")
    slow = statistics.median(servers[0].rates)
    for server in servers:
        median = statistics.median(server.rates)
        numbers = (median, min(server.rates), max(server.rates))
        counted = (f"{number:,.0f}" for number in numbers)
        shown.add_row(server.name, *counted, f"{median / slow:.1f}", f"{server.memory():.1f}")
    return shown


def memory_table(server: Server, connections: int, count: int) -> Table:
    """How large a server is after each tenth of so many requests."""
    shown = Table(title=f"Memory of {server.name}")
    for column in ("requests", "MiB", "requests a second"):
        shown.add_column(column, justify="right")
    for tenth in range(1, 11):
        rate = ask(server, connections, count // 10)
        shown.add_row(f"{count // 10 * tenth:,}", f"{server.memory():.1f}", f"{rate:,.0f}")
    return shown


@contextmanager
def both_started() -> Iterator[tuple[Server, Server]]:
    """moto, and ours with a recording of it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        moto = stack.enter_context(started("moto", "-m", "moto.server", "-p"))
        cassette = folder / "described.json"
        record(moto, cassette)
        served = ("-c", COMMAND, "serve", str(cassette), "--port")
        yield moto, stack.enter_context(started("serve", *served))


def ask_both(servers: tuple[Server, Server], rounds: int, connections: int, count: int) -> None:
    """Ask them in turns."""
    for _ in range(rounds):
        for server in servers:
            server.rates.append(ask(server, connections, count))


def rows(*, small: bool, peers: bool) -> Iterator[Row]:
    """The medians of the rates."""
    with both_started() as servers:
        ask_both(servers, 1 if small else 7, 8, 20 if small else 2000)
    moto, ours = (statistics.median(server.rates) for server in servers)
    unit = "requests a second"
    yield faster("replay server", "moto's server", 5, ours=ours, theirs=moto, unit=unit)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--requests", type=int, default=2000, metavar="N", help="a round")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--connections", type=int, default=8, metavar="N")
    parser.add_argument("--memory", type=int, default=0, metavar="N", help="requests for memory")
    options = parser.parse_args()
    console = Console(width=100)
    with both_started() as servers:
        if options.memory:
            console.print(memory_table(servers[1], options.connections, options.memory))
            return
        ask_both(servers, options.rounds, options.connections, options.requests)
        console.print(rates_table(list(servers)))


if __name__ == "__main__":
    main()
