"""The two clients on the seam: the lean wire client and boto3."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from conformance.contract import load_contract
from conformance.errors import TransportError
from conformance.transport.boto import _session, boto_client
from conformance.transport.exchange import Response
from conformance.transport.log import ExchangeLog
from conformance.transport.wire import WireClient

ENDPOINT = "http://127.0.0.1:1"
JSON = (("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-RequestId", "an-id"))


def answering(status: int, body: bytes) -> Callable[[AWSPreparedRequest], Response]:
    """A transport with one answer."""
    return lambda _: Response(status, JSON, body)


def wire(service: str, log: ExchangeLog, region: str = "us-east-1") -> WireClient:
    """A wire client of a service."""
    return WireClient(load_contract(service), log, ENDPOINT, region)


@pytest.mark.parametrize(
    ("service", "prefix"),
    [
        ("ecr", "AmazonEC2ContainerRegistry_V20150921"),
        ("ecr-public", "SpencerFrontendService"),
    ],
)
def test_a_request_names_its_operation_and_scope(service: str, prefix: str) -> None:
    """The target header has the service's prefix, the signature its name and region."""
    log = ExchangeLog(answering(200, b"{}"), service)
    exchange = wire(service, log, "eu-west-3").send("PutImage", {"repositoryName": "a"})
    headers = dict(exchange.request.headers)
    assert headers["X-Amz-Target"] == f"{prefix}.PutImage"
    assert headers["Content-Type"] == "application/x-amz-json-1.1"
    assert f"/eu-west-3/{service}/aws4_request" in headers["Authorization"]
    assert (exchange.operation, exchange.service) == ("PutImage", service)
    assert log.exchanges == [exchange]


@given(st.binary(max_size=200))
def test_raw_bytes_are_sent_as_they_are(body: bytes) -> None:
    """A malformed body leaves the client byte for byte."""
    exchange = wire("ecr", ExchangeLog(answering(400, b"{}"), "ecr")).send("PutImage", body)
    assert exchange.request.body == body


@given(st.binary(max_size=200))
def test_a_blob_is_sent_as_base64(blob: bytes) -> None:
    """Bytes among the parameters go over the wire in base64."""
    exchange = wire("ecr", ExchangeLog(answering(200, b"{}"), "ecr")).send("A", {"blob": blob})
    assert base64.b64decode(json.loads(exchange.request.body)["blob"]) == blob


def test_what_boto3_would_refuse_is_sent() -> None:
    """The wire client validates nothing."""
    exchange = wire("ecr", ExchangeLog(answering(400, b"{}"), "ecr")).send(
        "ListImages", {"maxResults": "many", "unknown": None}
    )
    assert json.loads(exchange.request.body) == {"maxResults": "many", "unknown": None}


def test_a_failed_exchange_is_kept_with_its_reason() -> None:
    """The log keeps a request without a response, and its callers learn why there is none."""

    def dead(_: AWSPreparedRequest) -> Response:
        raise TransportError("nobody there")

    told: list[Any] = []
    log = ExchangeLog(dead, "ecr", told.append)
    exchange = wire("ecr", log).send("PutImage", {})
    assert (exchange.response, exchange.failure) == (None, "nobody there")
    assert log.exchanges == told == [exchange]
    with pytest.raises(TransportError, match="nobody there"):
        boto_client("ecr", log, ENDPOINT, "us-east-1").describe_repositories()


def test_boto3_sends_through_the_transport() -> None:
    """A boto3 call is one exchange in the log, signed and serialised by botocore."""
    log = ExchangeLog(answering(200, b'{"repositories": []}'), "ecr")
    answer = boto_client("ecr", log, ENDPOINT, "us-east-1").describe_repositories(maxResults=5)
    assert answer["repositories"] == []
    assert answer["ResponseMetadata"]["RequestId"] == "an-id"
    assert [each.operation for each in log.exchanges] == ["DescribeRepositories"]
    assert json.loads(log.exchanges[0].request.body) == {"maxResults": 5}


def test_the_users_own_settings_are_not_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A profile of the user's, even one that does not exist, changes nothing in the client."""
    settings = tmp_path / "config"
    settings.write_text("[default]\nregion = eu-west-1\nmax_attempts = 9\n")
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(settings))
    _session.cache_clear()
    log = ExchangeLog(answering(200, b'{"repositories": []}'), "ecr")
    boto_client("ecr", log, ENDPOINT, "us-east-1").describe_repositories()
    assert "/us-east-1/ecr/" in dict(log.exchanges[0].request.headers)["Authorization"]


def test_boto3_is_whole() -> None:
    """Paginators, waiters and presigned URLs are boto3's own."""
    client = boto_client("ecr", ExchangeLog(answering(200, b"{}"), "ecr"), ENDPOINT, "us-east-1")
    assert client.can_paginate("describe_images")
    assert not client.can_paginate("put_image")
    assert client.get_paginator("list_images")
    assert client.get_waiter("image_scan_complete")
    url = client.generate_presigned_url("describe_repositories")
    assert url.startswith(ENDPOINT)
    assert "X-Amz-Signature=" in url


def test_boto3_raises_what_the_answer_says() -> None:
    """An error answer becomes the service's typed exception, and nothing is tried again."""
    body = b'{"__type":"RepositoryNotFoundException","message":"gone"}'
    log = ExchangeLog(answering(400, body), "ecr")
    client = boto_client("ecr", log, ENDPOINT, "us-east-1")
    with pytest.raises(client.exceptions.RepositoryNotFoundException, match="gone"):
        client.list_images(repositoryName="gone")
    server_fault = ExchangeLog(answering(500, b'{"__type":"ServerException"}'), "ecr")
    with pytest.raises(ClientError):
        boto_client("ecr", server_fault, ENDPOINT, "us-east-1").list_images(repositoryName="ab")
    assert len(server_fault.exchanges) == 1
