"""Recorded answers for people's own boto3 tests."""

from __future__ import annotations

import json
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import canned
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from conformance.errors import UsageError
from conformance.tape import NotRecorded, OldCassette, UnusedRecordings, use_cassette
from conformance.transport.cassettes import Cassette, Interaction
from conformance.transport.cassettes.cassette import read_cassette
from conformance.transport.cassettes.origin import Origin
from conformance.transport.exchange import Exchange, Request, Response

NOWHERE = "http://127.0.0.1:9"
"""Nothing listens there, so a request that leaves the process is refused."""

ORIGIN = Origin("aws", "AWS", None, "us-east-1", "2026-01-01T00:00:00Z", "tool", "botocore", 0)


def client_of(url: str = NOWHERE, *, mode: str = "standard", attempts: int = 1) -> Any:
    """A client as a user makes one."""
    return boto3.client(
        "ecr",
        region_name="us-east-1",
        endpoint_url=url,
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="secret",
        config=Config(
            retries={"mode": mode, "total_max_attempts": attempts}, proxies={}, read_timeout=1
        ),
    )


@pytest.fixture
def asked() -> list[str]:
    """The repositories that the server was asked for, in order."""
    return []


@pytest.fixture
def server(asked: list[str]) -> Iterator[str]:
    """A service that counts: each answer tells how many requests it has seen."""

    def answer(operation: str, parameters: dict[str, Any]) -> canned.Answer:
        asked.append(parameters["repositoryName"])
        return 200, {"imageIds": [{"imageTag": str(len(asked))}]}

    with canned.serve(answer) as url:
        yield url


def tag_of(client: Any, repository: str = "app") -> str:
    """What the service answered."""
    tag: str = client.list_images(repositoryName=repository)["imageIds"][0]["imageTag"]
    return tag


def interaction(
    parameters: dict[str, Any], status: int = 200, answer: Any = None, failure: str | None = None
) -> Interaction:
    """A recorded ListImages."""
    request = Request(
        "POST",
        "https://api.ecr.us-east-1.amazonaws.com/",
        (("X-Amz-Target", "AmazonEC2ContainerRegistry_V20150921.ListImages"),),
        json.dumps(parameters).encode(),
    )
    response = Response(status, (), json.dumps(answer or {}).encode())
    return Interaction(request, None if failure else response, failure)


@pytest.fixture
def cassette(tmp_path: Path) -> Callable[..., Path]:
    """Writes a cassette."""

    def write(*interactions: Interaction) -> Path:
        path = tmp_path / "made.json"
        Cassette(interactions, "made", ORIGIN).write(path)
        return path

    return write


@contextmanager
def ignoring_unused() -> Iterator[None]:
    """For tests that leave recordings unused, and are about something else."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UnusedRecordings)
        yield


def test_what_was_recorded_once_is_played_from_then_on(
    server: str, asked: list[str], tmp_path: Path
) -> None:
    """The second time the same answers come in the same order, and nothing leaves the process."""
    path = tmp_path / "new" / "tape.json"
    with use_cassette(path) as tape:
        client = tape.attach(client_of(server))
        recorded = [tag_of(client, name) for name in ("app", "base", "app")]
    assert recorded == ["1", "2", "3"]
    with use_cassette(path) as tape:
        client = tape.attach(client_of())
        assert [tag_of(client, name) for name in ("app", "app", "base")] == ["1", "3", "2"]
    assert asked == ["app", "base", "app"]
    origin = read_cassette(path).origin
    assert origin is not None
    assert (origin.product, origin.region) == ("127.0.0.1", "us-east-1")


def test_credentials_and_accounts_are_not_written(tmp_path: Path) -> None:
    """The access key is replaced, and the account by the one of AWS's documentation."""
    path = tmp_path / "tape.json"
    told = {"repositories": [{"registryId": "482915073646", "repositoryName": "app"}]}
    with canned.serve(lambda *_: (200, told)) as url, use_cassette(path) as tape:
        tape.attach(client_of(url)).describe_repositories()
    written = path.read_text()
    assert "AKIAIOSFODNN7EXAMPLE" not in written
    assert "482915073646" not in written
    with use_cassette(path) as tape:
        (played,) = tape.attach(client_of()).describe_repositories()["repositories"]
    assert played == {"registryId": "123456789012", "repositoryName": "app"}


def test_a_function_of_the_users_own_redacts(server: str, tmp_path: Path) -> None:
    """What is written is what the function gives."""

    def redact(exchange: Exchange) -> Exchange:
        return replace(exchange, request=replace(exchange.request, headers=(("X-Mine", "1"),)))

    path = tmp_path / "tape.json"
    with use_cassette(path, redact=redact) as tape:
        tag_of(tape.attach(client_of(server)))
    (recorded,) = read_cassette(path).interactions
    assert recorded.request.headers == (("X-Mine", "1"),)


@pytest.mark.parametrize(
    ("mode", "answers", "written"),
    [
        ("once", ["1"], ["1"]),
        ("new_episodes", ["1", "2"], ["1", "2"]),
        ("all", ["2", "3"], ["1", "2", "3"]),
        ("rewrite", ["2", "3"], ["2", "3"]),
    ],
)
def test_a_mode_says_what_is_played_recorded_and_kept(
    server: str, tmp_path: Path, mode: str, answers: list[str], written: list[str]
) -> None:
    """The modes do what vcrpy's do; rewrite keeps nothing of what was there."""
    path = tmp_path / "tape.json"
    with use_cassette(path, "once") as tape:
        tag_of(tape.attach(client_of(server)))
    with use_cassette(path, mode) as tape:
        client = tape.attach(client_of(server))
        assert [tag_of(client) for _ in answers] == answers
    kept = [each.response and json.loads(each.response.body) for each in _interactions(path)]
    assert [each and each["imageIds"][0]["imageTag"] for each in kept] == written


def _interactions(path: Path) -> tuple[Interaction, ...]:
    return read_cassette(path).interactions


def test_mode_none_needs_a_cassette(tmp_path: Path) -> None:
    """Without a cassette there is nothing to play, and the error names the file."""
    with pytest.raises(UsageError, match=r"there is no cassette .*gone\.json"):
        use_cassette(tmp_path / "gone.json", "none").__enter__()


def test_an_unknown_mode_is_refused(tmp_path: Path) -> None:
    """The error lists the modes."""
    with pytest.raises(UsageError, match="there is no mode 'always'"):
        use_cassette(tmp_path / "tape.json", "always").__enter__()


def test_an_exception_leaves_the_cassette_as_it_was(server: str, tmp_path: Path) -> None:
    """A test that fails half way does not leave half a recording."""
    path = tmp_path / "tape.json"
    with pytest.raises(ZeroDivisionError), use_cassette(path) as tape:  # noqa: PT012
        tag_of(tape.attach(client_of(server)))
        _ = 1 / 0
    assert list(tmp_path.iterdir()) == []


def test_a_client_gets_its_own_connection_back(
    server: str, asked: list[str], cassette: Callable[..., Path]
) -> None:
    """After the block the client asks the service again."""
    client = client_of(server)
    with use_cassette(cassette(interaction({"repositoryName": "app"})), "none") as tape:
        tape.attach(client).list_images(repositoryName="app")
    assert asked == []
    assert tag_of(client) == "1"


def test_a_miss_tells_the_nearest_recording(cassette: Callable[..., Path]) -> None:
    """A request that was not recorded is an error that tells what differs, and is not retried."""
    path = cassette(interaction({"repositoryName": "app", "maxResults": 5}))
    with ignoring_unused(), use_cassette(path, "none") as tape:
        client = tape.attach(client_of(attempts=3))
        with pytest.raises(NotRecorded, match=r"maxResults is '6', recorded is '5'.*made\.json"):
            client.list_images(repositoryName="app", maxResults=6)
        assert len(tape.missed) == 1


def test_recordings_that_nobody_asks_for_are_reported(cassette: Callable[..., Path]) -> None:
    """They can be asked for, and there is a warning at the end."""
    path = cassette(interaction({"repositoryName": "app"}), interaction({"repositoryName": "base"}))
    with warnings.catch_warnings(record=True) as warned, use_cassette(path, "none") as tape:
        warnings.simplefilter("always")
        tape.attach(client_of()).list_images(repositoryName="base")
        assert [json.loads(each.request.body) for each in tape.unused] == [
            {"repositoryName": "app"}
        ]
    (warning,) = (each for each in warned if each.category is UnusedRecordings)
    assert str(warning.message) == f"recorded, but not asked for in {path}: ListImages (1)"
    assert warning.filename == __file__


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
def test_throttles_and_time_outs_are_retried_without_waiting(
    cassette: Callable[..., Path], mode: str
) -> None:
    """botocore's own retries see what was recorded and go on until the answer, at no cost."""
    asked = {"repositoryName": "app"}
    throttled = interaction(asked, 400, {"__type": "ThrottlingException", "message": "slow down"})
    silent = interaction(asked, failure="ReadTimeoutError: too slow")
    found = interaction(asked, answer={"imageIds": []})
    path = cassette(*[throttled, silent, throttled, found] * 4)
    with use_cassette(path, "none") as tape:
        client = tape.attach(client_of(mode=mode, attempts=4))
        began = time.monotonic()
        retried = [
            client.list_images(**asked)["ResponseMetadata"]["RetryAttempts"] for _ in range(4)
        ]
        seconds = time.monotonic() - began
    assert retried == [3] * 4
    assert seconds < 1  # botocore alone would have slept through about ten of them


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
def test_retries_end_where_the_client_gives_up(cassette: Callable[..., Path], mode: str) -> None:
    """As many recorded throttles as there are attempts are the error that boto3 raises."""
    throttled = {"__type": "ThrottlingException", "message": "slow down"}
    path = cassette(*[interaction({"repositoryName": "app"}, 400, throttled)] * 2)
    with use_cassette(path, "none") as tape:
        client = tape.attach(client_of(mode=mode, attempts=2))
        with pytest.raises(ClientError, match="ThrottlingException"):
            client.list_images(repositoryName="app")


def test_a_refused_connection_is_recorded_and_played(tmp_path: Path) -> None:
    """No response is an answer too: the same exception comes back."""
    path = tmp_path / "tape.json"
    for _ in range(2):
        with use_cassette(path) as tape:
            client = tape.attach(client_of())
            with pytest.raises(EndpointConnectionError, match="Could not connect"):
                client.list_images(repositoryName="app")
    assert len(_interactions(path)) == 1


def test_a_missing_response_of_unknown_kind_is_a_time_out(cassette: Callable[..., Path]) -> None:
    """What the suite recorded has reasons of its own; botocore takes them for a time-out."""
    path = cassette(interaction({"repositoryName": "app"}, failure="no answer within 10 s"))
    with use_cassette(path, "none") as tape:
        client = tape.attach(client_of())
        with pytest.raises(ReadTimeoutError):
            client.list_images(repositoryName="app")


def test_other_clients_wait_as_ever(
    cassette: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a tape does to its clients touches no other one, of the same session included."""
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    throttled = {"__type": "ThrottlingException", "message": "slow down"}
    path = cassette(*[interaction({"repositoryName": "app"}, 400, throttled)] * 2)
    with use_cassette(path, "none") as tape:
        for client in (tape.attach(client_of(attempts=2)), client_of(attempts=2)):
            with pytest.raises((ClientError, EndpointConnectionError)):
                client.list_images(repositoryName="app")
    played, real = slept
    assert played == 0 < real


@pytest.mark.parametrize(("days", "warned"), [(36500, 0), (1, 1)])
def test_an_old_cassette_is_told(cassette: Callable[..., Path], days: int, warned: int) -> None:
    """A cassette older than it may be is a warning, which can be made an error."""
    path = cassette(interaction({"repositoryName": "app"}))
    with warnings.catch_warnings(record=True) as warned_of:
        warnings.simplefilter("always")
        with use_cassette(path, "none", max_age=timedelta(days=days)) as tape:
            tape.attach(client_of()).list_images(repositoryName="app")
    assert [each.category for each in warned_of] == [OldCassette] * warned


def test_eight_threads_get_every_answer_once(cassette: Callable[..., Path]) -> None:
    """The same request by many threads at once: no answer is given twice, none is lost."""
    calls = 1600
    tags = [str(number) for number in range(calls)]
    path = cassette(
        *(
            interaction({"repositoryName": "app"}, answer={"imageIds": [{"imageTag": tag}]})
            for tag in tags
        )
    )
    with use_cassette(path, "none") as tape, ThreadPoolExecutor(8) as threads:
        clients = [tape.attach(client_of()) for _ in range(8)]
        by_thread = list(
            threads.map(lambda client: [tag_of(client) for _ in range(calls // 8)], clients)
        )
    assert Counter(tag for given in by_thread for tag in given) == Counter(tags)
    for given in by_thread:
        assert given == sorted(given, key=int)


def test_eight_threads_record_every_answer_once(server: str, tmp_path: Path) -> None:
    """What threads record at once is all there, and is played in the order it was answered in."""
    path = tmp_path / "tape.json"
    with use_cassette(path) as tape, ThreadPoolExecutor(8) as threads:
        clients = [tape.attach(client_of(server)) for _ in range(8)]
        tags = list(threads.map(tag_of, clients * 10))
    with use_cassette(path) as tape:
        client = tape.attach(client_of())
        assert sorted(tag_of(client) for _ in tags) == sorted(tags)
