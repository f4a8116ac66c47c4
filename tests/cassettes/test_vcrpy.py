"""Stock vcrpy plays what this project records, and this project plays what stock vcrpy records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import vcr
from botocore.exceptions import ClientError, HTTPClientError
from served import served
from traffic import (
    ENDPOINT,
    KEY,
    REGION,
    SECRET,
    SESSION,
    calls,
    network_client,
    playing,
    recorded_calls,
    without_metadata,
    write,
)
from vcr.persisters.filesystem import FilesystemPersister
from vcr.serialize import serialize
from vcr.serializers import jsonserializer, yamlserializer

import conformance.vcr
from conformance.reference import ReferenceTransport
from conformance.transport.boto import boto_client
from conformance.transport.cassettes import Interaction
from conformance.transport.cassettes.cassette import read_cassette
from conformance.transport.exchange import Request, Response

HEADERS = (("X-Amz-Target", "AmazonEC2ContainerRegistry_V20150921.ListImages"),)


NOT_THERE = "Can't play back this request"
"""How vcrpy's complaint begins; botocore wraps it."""


def stock(**options: Any) -> Any:
    """A ``vcr.VCR`` that knows what this project registers."""
    return conformance.vcr.register(vcr.VCR(**options))


def list_images(body: str, answer: bytes = b'{"imageIds": []}') -> Interaction:
    """A recorded call of ListImages."""
    response = Response(200, (("Content-Type", "application/x-amz-json-1.1"),), answer)
    return Interaction(Request("POST", f"{ENDPOINT}/", HEADERS, body.encode()), response)


def test_stock_vcrpy_plays_a_recording_of_ours(tmp_path: Path) -> None:
    """boto3 under vcrpy returns what it returned when this project recorded."""
    path = tmp_path / "ours.json"
    returned, interactions = recorded_calls()
    write(path, *interactions)
    with stock().use_cassette(path, serializer="json", record_mode="none") as cassette:
        assert calls(network_client()) == returned
    assert cassette.all_played


def test_without_the_matcher_vcrpy_answers_one_operation_with_another(tmp_path: Path) -> None:
    """By method and address every call of ECR is the same, and boto3 returns nothing, silently."""
    path = tmp_path / "ours.json"
    returned, interactions = recorded_calls()
    described = [each for each in interactions if each.operation == "DescribeImages"]
    write(path, described[1])
    assert returned[5]["imageDetails"]
    options = {"serializer": "json", "record_mode": "none"}
    with vcr.VCR().use_cassette(str(path), **options):
        answer = network_client().list_images(repositoryName="app")
    assert without_metadata(answer) == {}
    with (
        stock().use_cassette(path, **options),
        pytest.raises(HTTPClientError, match="ListImages is asked for"),
    ):
        network_client().list_images(repositoryName="app")


@pytest.mark.parametrize(
    ("recorded", "count"),
    [
        ('{"repositoryName":"app","maxResults":7}', 1),
        ('{ "maxResults" : 7, "repositoryName" : "\\u0061pp" }', True),
        ('{"repositoryName":"app","maxResults":8}', 0),
        ('{"repositoryName":"app"}', 0),
    ],
)
def test_parameters_compare_as_json(tmp_path: Path, recorded: str, count: int) -> None:
    """Spaces, the order of members and escapes make no other request; another value does."""
    path = tmp_path / "one.json"
    write(path, list_images(recorded))
    with stock().use_cassette(path, serializer="json", record_mode="none"):
        client = network_client()
        if count:
            assert client.list_images(repositoryName="app", maxResults=7)["imageIds"] == []
        else:
            with pytest.raises(HTTPClientError, match=NOT_THERE):
                client.list_images(repositoryName="app", maxResults=7)


def test_vcrpy_names_the_nearest_request(tmp_path: Path) -> None:
    """A request that was not recorded is told by the recorded one of the same operation."""
    path = write(tmp_path / "one.json", list_images('{"repositoryName":"app"}'))
    with (
        stock().use_cassette(path, serializer="json", record_mode="none"),
        pytest.raises(HTTPClientError, match=r'recorded with .*"repositoryName":"app"'),
    ):
        network_client().list_images(repositoryName="other")


def test_an_answer_without_a_request_is_for_any_of_its_operation(tmp_path: Path) -> None:
    """What was imported from placebo answers in vcrpy, too, and only its operation."""
    path = tmp_path / "any.json"
    anything = Interaction(
        Request("POST", f"{ENDPOINT}/", HEADERS, b""), list_images("{}").response, any_body=True
    )
    write(path, anything)
    with stock().use_cassette(path, serializer="json", record_mode="none"):
        client = network_client()
        with pytest.raises(HTTPClientError, match=NOT_THERE):
            client.describe_images(repositoryName="whatever")
        assert client.list_images(repositoryName="whatever")["imageIds"] == []


def test_a_missing_answer_is_a_gateway_timeout(tmp_path: Path) -> None:
    """What vcrpy cannot express, that nothing came back, boto3 retries as it retries a time-out."""
    path = tmp_path / "silent.json"
    silent = Interaction(list_images('{"repositoryName":"app"}').request, None, "timed out")
    write(path, silent, list_images('{"repositoryName":"app"}'))
    with stock().use_cassette(path, serializer="json", record_mode="none"):
        answer = network_client(attempts=2).list_images(repositoryName="app")
    assert answer["ResponseMetadata"]["RetryAttempts"] == 1


def test_bodies_that_are_no_text_are_played_byte_for_byte(tmp_path: Path) -> None:
    """A body that is no UTF-8 reaches the client as it was on the wire."""
    path = tmp_path / "bytes.json"
    write(path, list_images('{"repositoryName":"app"}', b"\xff\xfe\x00{"))
    parsed = stock().serializers["json"].deserialize(path.read_text())
    assert parsed["interactions"][0]["response"]["body"]["string"] == b"\xff\xfe\x00{"


@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_ours_plays_what_stock_vcrpy_recorded(tmp_path: Path, suffix: str) -> None:
    """In YAML, where boto3's header fields and other bytes hide in ``!!binary``, and in JSON."""
    path = tmp_path / f"stock.{suffix}"
    recorder = vcr.VCR() if suffix == "yaml" else stock()
    with (
        served(ReferenceTransport()) as endpoint,
        recorder.use_cassette(str(path), serializer=suffix),
    ):
        returned = calls(network_client(endpoint))
    assert ("!!binary" in path.read_text()) == (suffix == "yaml")
    cassette = read_cassette(path)
    assert [each.operation for each in cassette.interactions][:2] == [
        "CreateRepository",
        "ListImages",
    ]
    replayed = calls(boto_client("ecr", playing(cassette.interactions), endpoint, REGION))
    if suffix == "json":  # which has no authorization token any more
        returned[6] = replayed[6]
    assert replayed == returned


def test_vcrpys_own_json_cannot_hold_boto3s_traffic(tmp_path: Path) -> None:
    """The reason for a serializer of ours: boto3's header fields are bytes."""
    path = tmp_path / "stock.yaml"
    with served(ReferenceTransport()) as endpoint, stock().use_cassette(path):
        network_client(endpoint).describe_repositories()
    requests, responses = FilesystemPersister.load_cassette(path, yamlserializer)
    recorded = {"requests": requests, "responses": responses}
    with pytest.raises(TypeError, match="binary data"):
        serialize(recorded, jsonserializer)
    assert "DescribeRepositories" in serialize(recorded, conformance.vcr.JsonSerializer())


def test_the_serializer_writes_no_secret_and_plays_again(tmp_path: Path) -> None:
    """vcrpy with our serializer records without credentials, and replays its own recording."""
    path = tmp_path / "stock.json"
    with (
        served(ReferenceTransport()) as endpoint,
        stock().use_cassette(path, serializer="json"),
    ):
        recorded = calls(network_client(endpoint))
    written = path.read_text()
    token = recorded[6]["authorizationData"][0]["authorizationToken"]
    for secret in (KEY, SECRET, SESSION, token):
        assert secret not in written
        assert secret[4:] not in json.dumps(json.loads(written))
    with stock().use_cassette(path, serializer="json", record_mode="none"):
        replayed = calls(network_client(endpoint))
    assert replayed[5] == recorded[5]
    assert replayed[7] == recorded[7]


def test_refusals_are_refusals_again(tmp_path: Path) -> None:
    """An error's code and message reach boto3 through vcrpy."""
    path = tmp_path / "ours.json"
    _, interactions = recorded_calls()
    write(path, *interactions)
    with (
        stock().use_cassette(path, serializer="json", record_mode="none"),
        pytest.raises(ClientError, match="RepositoryNotFoundException"),
    ):
        network_client().describe_images(repositoryName="absent")
