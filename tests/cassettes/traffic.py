"""Calls of boto3 whose answers tests record with one tool and play with another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import boto3
from botocore.awsrequest import AWSPreparedRequest
from botocore.config import Config
from botocore.exceptions import ClientError

from conformance.errors import TransportError
from conformance.reference import ReferenceTransport
from conformance.transport import Response, Transport
from conformance.transport.boto import boto_client
from conformance.transport.cassettes import Cassette, Interaction, Player
from conformance.transport.cassettes.origin import Origin
from conformance.transport.log import ExchangeLog
from conformance.transport.prepared import read

ENDPOINT = "http://reference.invalid"
REGION = "us-east-1"
KEY = "AKIAI44QH8DHBEXAMPLE"
SECRET = "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY"
SESSION = "AQoDYXdzEJr-session-token-of-some-length-EXAMPLE=="
ORIGIN = Origin(
    target="reference",
    product="reference",
    version="1",
    region=REGION,
    time="2026-01-02T03:04:05.678Z",
    tool="ecr-conformance 0",
    contract="botocore 1.44.5",
    seed=0,
)
MANIFEST = (
    '{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": []}'
)


def calls(client: Any) -> list[Any]:
    """Several operations, one of them refused, one repeated after a change; what boto3 returned."""
    answers = [
        client.create_repository(repositoryName="app"),
        client.list_images(repositoryName="app"),
        client.describe_images(repositoryName="app"),
        client.put_image(repositoryName="app", imageManifest=MANIFEST, imageTag="v1"),
        client.list_images(repositoryName="app"),
        client.describe_images(repositoryName="app"),
        client.get_authorization_token(),
        _refused(client.describe_images, repositoryName="absent"),
        client.delete_repository(repositoryName="app", force=True),
    ]
    return [without_metadata(answer) for answer in answers]


def without_metadata(answer: dict[str, Any]) -> dict[str, Any]:
    """What boto3 parsed out of a body."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def _refused(call: Callable[..., Any], **parameters: Any) -> dict[str, Any]:
    try:
        call(**parameters)
    except ClientError as error:
        return dict(error.response)
    raise AssertionError("the call was to be refused")


def recorded_calls() -> tuple[list[Any], tuple[Interaction, ...]]:
    """What the calls return, and what this project records of them."""
    log = ExchangeLog(ReferenceTransport(), "ecr")
    returned = calls(boto_client("ecr", log, ENDPOINT, REGION))
    return returned, tuple(
        Interaction.of(exchange, at) for at, exchange in enumerate(log.exchanges)
    )


def write(path: Path, *interactions: Interaction, scenario: str = "ecr.sample") -> Path:
    """A cassette of ours with these interactions."""
    Cassette(interactions, scenario, ORIGIN).write(path)
    return path


def network_client(endpoint: str = ENDPOINT, *, attempts: int = 1) -> Any:
    """boto3 as its users have it, with credentials that must not be written anywhere."""
    return boto3.client(
        "ecr",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
        aws_session_token=SESSION,
        config=Config(retries={"total_max_attempts": attempts, "mode": "standard"}),
    )


def playing(interactions: Sequence[Interaction]) -> Transport:
    """A transport that answers as recorded."""
    player = Player(interactions)

    def answer(request: AWSPreparedRequest) -> Response:
        sent = read(request)
        found = player.find(sent)
        if found is None:
            raise player.miss(sent)
        if found.response is None:
            raise TransportError(found.failure or "no response")
        return found.response

    return answer
