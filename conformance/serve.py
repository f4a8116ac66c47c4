"""The command ``serve``: recorded answers on a port."""

from __future__ import annotations

from pathlib import Path

import click

from conformance.errors import UsageError
from conformance.transport.cassettes.cassette import read_cassette
from conformance.transport.cassettes.interaction import Interaction
from conformance.transport.cassettes.recording import MANIFEST
from conformance.transport.cassettes.replayer import by_request, in_order, replayer
from conformance.transport.serving import bind, serve

ORDERS = {"request": by_request, "strict": in_order}
"""How a recorded answer is found."""

_ENDINGS = (".json", ".yaml", ".yml")


def serve_cassettes(path: Path, host: str, port: int, order: str, *, latency: bool) -> None:
    """Answer from a cassette, or all those of a folder together, until interrupted.

    ``order`` is one of ``ORDERS``. Raises ``UsageError`` where there is no cassette or no port,
    ``MalformedCassette`` for a file that is none.
    """
    files = cassettes_at(path)
    recorded: list[Interaction] = []
    for file in files:
        recorded.extend(read_cassette(file).interactions)
    answer = replayer(ORDERS[order](recorded), latency=latency)
    with bind(host, port) as listening:
        url = f"http://{host}:{listening.getsockname()[1]}"
        click.echo(f"serving {len(recorded)} recorded answers of {len(files)} cassettes at {url}")
        serve(answer, listening)


def cassettes_at(path: Path) -> list[Path]:
    """The cassettes that a path names: itself, or the files of a folder, sorted by path.

    Raises ``UsageError`` where there is none.
    """
    if not path.is_dir():
        return [path]
    found = sorted(
        file
        for file in path.rglob("*")
        if file.suffix in _ENDINGS and file.name != MANIFEST and not _is_hidden(file, path)
    )
    if not found:
        raise UsageError(f"there is no cassette in {path}", "ecr-conformance record makes some")
    return found


def _is_hidden(file: Path, folder: Path) -> bool:
    """Whether a file is in a hidden folder, such as that of a recording that is being made."""
    return any(part.startswith(".") for part in file.relative_to(folder).parts)
