"""Plays one cassette with one player; a process of ``replaying.py``, which explains it.

Takes player, cassette, how many interactions that has and which of them to ask for (1: each, 2:
every other one...) from the command line, and writes what it measured to standard output. Imports
no player but the one.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from described_images import ANSWER, REGION, parameters, write_cassetters

WARM_UP = 20
Player = Callable[[Path, Any], AbstractContextManager[Any]]
"""Has what a file holds played to a client."""


class _Body:
    def stream(self) -> Iterator[bytes]:
        yield ANSWER


def answer(request: Any, **_: Any) -> AWSResponse:
    """The same to every request, at once."""
    headers = {"Content-Type": "application/x-amz-json-1.1"}
    return AWSResponse(request.url, 200, headers, _Body())


@contextmanager
def floor(_: Path, client: Any) -> Iterator[None]:
    """Nothing is looked up: what boto3 itself takes."""
    client.meta.events.register_first("before-send", answer)
    yield
    client.meta.events.unregister("before-send", answer)


def ours(path: Path, client: Any) -> AbstractContextManager[Any]:
    """The player of this project."""
    from conformance.tape import use_cassette

    @contextmanager
    def attached() -> Iterator[None]:
        with use_cassette(path, "none") as tape:
            tape.attach(client)
            yield

    return attached()


def vcrpy(path: Path, _: Any) -> AbstractContextManager[Any]:
    """vcrpy, with a matcher that tells ECR's requests apart."""
    import vcr

    def target(request: Any) -> str:
        named = request.headers["X-Amz-Target"]  # as bytes from boto3, as text from the cassette
        return named.decode() if isinstance(named, bytes) else str(named)

    def operation(one: Any, other: Any) -> bool:
        return target(one) == target(other)

    def json_body(one: Any, other: Any) -> bool:
        return bool(json.loads(one.body) == json.loads(other.body))

    player = vcr.VCR(serializer="json", record_mode="none")
    player.register_matcher("operation", operation)
    player.register_matcher("json_body", json_body)
    context: AbstractContextManager[Any] = player.use_cassette(
        str(path), match_on=["method", "uri", "operation", "json_body"]
    )
    return context


def cassetter(path: Path, _: Any) -> AbstractContextManager[Any]:
    """cassetter; all requests here are of one operation, so that it need not look at that."""
    from cassetter import use_cassette

    # A cassette of its own, in TOML, which it reads faster than YAML.
    own = path.with_suffix(".toml")
    write_cassetters(own, sum(1 for line in path.open() if line.startswith('{"request"')))
    return use_cassette(
        own, record_mode="none", match_on=["method", "uri", "json_body"], intercept=["urllib3"]
    )


PLAYERS: dict[str, Player] = {
    "floor": floor, "ours": ours, "cassetter": cassetter, "vcrpy": vcrpy
}  # fmt: skip


def main() -> None:
    """Load, play, and tell the CPU seconds of loading and of each call."""
    name, path, count, step = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    client = boto3.client(
        "ecr", region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test"
    )
    with floor(path, client):
        for _ in range(WARM_UP):
            client.describe_images(**parameters(0))
    played = PLAYERS[name](path, client)
    seconds = []
    began = time.process_time()
    with played:
        loaded = last = time.process_time()
        for number in range(0, count, step):
            client.describe_images(**parameters(number))
            now = time.process_time()
            seconds.append(now - last)
            last = now
    json.dump({"load": loaded - began, "calls": seconds}, sys.stdout)


if __name__ == "__main__":
    main()
