"""The command ``serve``: recorded answers on a port."""

from __future__ import annotations

from pathlib import Path

import click

from conformance.transport.cassettes.cassette import read_cassette
from conformance.transport.cassettes.folders import cassettes_in
from conformance.transport.cassettes.interaction import Interaction
from conformance.transport.cassettes.replayer import by_request, in_order, replayer
from conformance.transport.serving import bind, serve

ORDERS = {"request": by_request, "strict": in_order}
"""How a recorded answer is found."""


def serve_cassettes(path: Path, host: str, port: int, order: str, *, latency: bool) -> None:
    """Answer from a cassette, or all those of a folder together, until interrupted.

    ``order`` is one of ``ORDERS``. Raises ``UsageError`` where there is no cassette or no port,
    ``MalformedCassette`` for a file that is none.
    """
    files = cassettes_in(path)
    recorded: list[Interaction] = []
    for file in files:
        recorded.extend(read_cassette(file).interactions)
    answer = replayer(ORDERS[order](recorded), latency=latency)
    with bind(host, port) as listening:
        url = f"http://{host}:{listening.getsockname()[1]}"
        click.echo(f"serving {len(recorded)} recorded answers of {len(files)} cassettes at {url}")
        serve(answer, listening)
