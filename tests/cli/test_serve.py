"""Recorded answers behind a port, as SDKs meet them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from command import run, serving
from pushing import push

from conformance.reference import ReferenceTransport
from conformance.suite.artifacts import docker_image
from conformance.tape import use_cassette
from conformance.transport.boto import boto_client
from conformance.transport.cassettes.cassette import read_cassette
from conformance.transport.exchange import Response

JAVASCRIPT = Path(__file__).parent / "javascript"
REGION = "us-east-1"
TAGS = ["1.0", "1.1", "1.2", "2.0", "2.1"]


def client_of(url: str, attempts: int = 1) -> Any:
    """A client as a user makes one."""
    return boto3.client(
        "ecr",
        region_name=REGION,
        endpoint_url=url,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": attempts, "mode": "standard"}),
    )


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the reference answers about two repositories, a cassette each."""
    folder = tmp_path_factory.mktemp("recording")
    client = boto_client("ecr", ReferenceTransport(), "http://127.0.0.1:9", REGION)
    client.create_repository(repositoryName="app")
    for tag in TAGS:
        push(client, "app", docker_image(tag), tag)
    with use_cassette(folder / "app.json") as tape:
        tape.attach(client)
        client.describe_repositories(repositoryNames=["app"])
        for page in client.get_paginator("list_images").paginate(
            repositoryName="app", PaginationConfig={"PageSize": 2}
        ):
            assert page["imageIds"]
    with use_cassette(folder / "more" / "gone.json") as tape:
        tape.attach(client)
        with pytest.raises(client.exceptions.RepositoryNotFoundException):
            client.describe_images(repositoryName="gone")
    _let_fail_twice(folder / "app.json")
    return folder


def _let_fail_twice(path: Path) -> None:
    """Put a time-out and a throttle before the first answer, as a bad day would."""
    cassette = read_cassette(path)
    first = cassette.interactions[0]
    throttle = Response(400, (), b'{"__type": "ThrottlingException", "message": "Rate exceeded"}')
    before = (replace(first, response=None, failure="too slow"), replace(first, response=throttle))
    replace(cassette, interactions=(*before, *cassette.interactions)).write(path)


@pytest.fixture
def served(recording: Path) -> Iterator[str]:
    """The address of the recording."""
    with serving("serve", str(recording), says="serving 7 recorded answers of 2 cassettes") as url:
        yield url


def test_boto3_is_answered_in_turn(served: str) -> None:
    """A time-out and a throttle come first, as recorded; then the last answer stays."""
    with pytest.raises(ClientError, match=r"\(NoResponseException\).*too slow"):
        client_of(served).describe_repositories(repositoryNames=["app"])
    with pytest.raises(ClientError, match=r"\(ThrottlingException\).*Rate exceeded"):
        client_of(served).describe_repositories(repositoryNames=["app"])
    for _ in range(3):
        answer = client_of(served).describe_repositories(repositoryNames=["app"])
        assert [each["repositoryName"] for each in answer["repositories"]] == ["app"]


def test_boto3_retries_what_was_recorded(served: str) -> None:
    """With three attempts a client gets through, and its paginator goes on to the end."""
    client = client_of(served, attempts=3)
    answer = client.describe_repositories(repositoryNames=["app"])
    assert answer["ResponseMetadata"]["RetryAttempts"] == 2
    pages = client.get_paginator("list_images").paginate(
        repositoryName="app", PaginationConfig={"PageSize": 2}
    )
    assert sorted(each["imageTag"] for page in pages for each in page["imageIds"]) == TAGS


def test_what_was_not_recorded_is_an_error_that_names_the_nearest(served: str) -> None:
    """The error has AWS's form, HTTP 400, and tells what differs."""
    with pytest.raises(ClientError) as raised:
        client_of(served, attempts=3).list_images(repositoryName="app", maxResults=3)
    answer = raised.value.response
    assert answer["Error"]["Code"] == "NotRecordedException"
    assert "the nearest: maxResults is '3', recorded is '2'" in answer["Error"]["Message"]
    metadata = answer["ResponseMetadata"]
    assert (metadata["HTTPStatusCode"], metadata["RetryAttempts"]) == (400, 0)


def test_the_aws_cli_is_answered(served: str, tmp_path: Path, aws_cli: Path) -> None:
    """The AWS CLI retries, pages and shows recorded errors as it does with AWS."""

    def asked(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(aws_cli), "--endpoint-url", served, "--region", REGION, "ecr", *arguments],
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(tmp_path),
                "AWS_ACCESS_KEY_ID": "test",
                "AWS_SECRET_ACCESS_KEY": "test",
                "AWS_RETRY_MODE": "standard",
            },
            capture_output=True,
            text=True,
            check=False,
        )

    shown = asked("describe-repositories", "--repository-names", "app")
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["repositories"][0]["repositoryName"] == "app"
    shown = asked("list-images", "--repository-name", "app", "--page-size", "2")
    assert shown.returncode == 0, shown.stderr
    assert sorted(each["imageTag"] for each in json.loads(shown.stdout)["imageIds"]) == TAGS
    assert (
        "(RepositoryNotFoundException)"
        in asked("describe-images", "--repository-name", "gone").stderr
    )
    assert "(NotRecordedException)" in asked("describe-registry").stderr


@pytest.fixture(scope="session")
def node() -> str:
    """Node.js and the AWS SDK. Where one is missing a developer's tests go on, and CI stops."""
    found, missing = shutil.which("node"), ""
    if found is None:
        missing = "Node.js is missing: version 20 or newer, https://nodejs.org"
    elif not (JAVASCRIPT / "node_modules" / "@aws-sdk" / "client-ecr").exists():
        missing = "the AWS SDK is missing: npm install --prefix tests/cli/javascript"
    if missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    return str(found)


def test_the_sdk_for_javascript_is_answered(served: str, node: str) -> None:
    """Another language's SDK retries, pages and raises recorded errors by their names."""
    done = subprocess.run(
        [node, str(JAVASCRIPT / "ask.js"), served],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["uri"].endswith(f".dkr.ecr.{REGION}.amazonaws.com/app")
    assert told["created"] is True
    assert told["attempts"] == 3
    assert sorted(told["tags"]) == TAGS
    assert told["gone"].startswith("RepositoryNotFoundException: ")
    assert told["never-recorded"].startswith("NotRecordedException: DescribeImages was not")


def test_strict_order_lets_no_other_request_pass(recording: Path) -> None:
    """A request that is not due is an error, and the one that is due is answered afterwards."""
    with serving(
        "serve",
        str(recording),
        "--order",
        "strict",
        says="serving 7 recorded answers of 2 cassettes",
    ) as url:
        client = client_of(url, attempts=3)
        with pytest.raises(ClientError, match="another request is due: DescribeImages was not"):
            client.describe_images(repositoryName="gone")
        client.describe_repositories(repositoryNames=["app"])
        for _ in client.get_paginator("list_images").paginate(
            repositoryName="app", PaginationConfig={"PageSize": 2}
        ):
            pass
        with pytest.raises(client.exceptions.RepositoryNotFoundException):
            client.describe_images(repositoryName="gone")
        with pytest.raises(ClientError, match="the recording is at its end"):
            client.describe_images(repositoryName="gone")


@pytest.fixture
def slow(recording: Path, tmp_path: Path) -> Path:
    """A cassette with one answer, which took half a second."""
    cassette = read_cassette(recording / "more" / "gone.json")
    (recorded,) = cassette.interactions
    path = tmp_path / "slow.json"
    replace(cassette, interactions=(replace(recorded, took=0.5),)).write(path)
    return path


@pytest.mark.parametrize(("options", "least"), [(["--latency"], 0.5), ([], 0.0)])
def test_recorded_latency_is_kept_where_asked_for(
    slow: Path, options: list[str], least: float
) -> None:
    """With --latency an answer takes as long as it took."""
    says = "serving 1 recorded answers of 1 cassettes"
    with serving("serve", str(slow), *options, says=says) as url:
        client = client_of(url)
        with pytest.raises(client.exceptions.RepositoryNotFoundException):
            client.describe_images(repositoryName="gone")  # the first call imports a lot
        began = time.monotonic()
        with pytest.raises(client.exceptions.RepositoryNotFoundException):
            client.describe_images(repositoryName="gone")
        seconds = time.monotonic() - began
    assert seconds >= least
    assert bool(least) or seconds < 0.5


def test_a_folder_without_cassettes_is_wrong_usage(tmp_path: Path) -> None:
    """The error names the folder."""
    ended = run("serve", str(tmp_path), "--port", "0")
    assert ended.code == 4
    assert ended.err.startswith(f"error: there is no cassette in {tmp_path}")


def test_what_is_no_cassette_is_wrong_usage(tmp_path: Path) -> None:
    """The error names the file and what is wrong with it."""
    path = tmp_path / "half.json"
    path.write_text('{"version": 1, "interactions": [{"request"')
    ended = run("serve", str(path), "--port", "0")
    assert ended.code == 4
    assert ended.err.startswith(f"error: {path} is not JSON")
