"""What the reference refuses, in AWS's words where they are public."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.contract import load_contract
from conformance.reference import ReferenceTransport
from conformance.transport.log import ExchangeLog
from conformance.transport.wire import WireClient

ECR = load_contract("ecr")
INVALID = "InvalidParameterException"


def _refusal(
    reference: ReferenceTransport, operation: str, parameters: dict[str, Any] | bytes
) -> tuple[int, str, str]:
    client = WireClient(ECR, ExchangeLog(reference, "ecr"), "http://localhost", "us-east-1")
    response = client.send(operation, parameters).response
    assert response is not None
    body: dict[str, str] = json.loads(response.body)
    return response.status, body.get("__type", ""), body.get("message", "")


APP = {"repositoryName": "app"}
_TAGS = [{"imageTag": f"v{number}"} for number in range(101)]


@pytest.mark.parametrize(
    ("operation", "parameters", "name", "constraint"),
    [
        ("GetRepositoryPolicy", {"repositoryName": "A"}, "repositoryName",
         "must have length greater than or equal to 2"),
        ("BatchDeleteImage", {**APP, "imageIds": _TAGS}, "imageIds",
         "Member must have length less than or equal to 100"),
        ("BatchDeleteImage", {**APP, "imageIds": []}, "imageIds",
         "Member must have length greater than or equal to 1"),
        ("ListImages", {**APP, "maxResults": 1001}, "maxResults",
         "Member must have value less than or equal to 1000"),
        ("BatchGetImage", {**APP, "imageIds": _TAGS[:1], "registryId": "12"}, "registryId",
         "must satisfy regular expression [0-9]{12}"),
        ("GetAuthorizationToken", {"registryIds": ["12"]}, "registryIds",
         "Member must satisfy constraint: [Member must satisfy regular expression pattern: "
         "[0-9]{12}]"),
        ("DescribeImages", {**APP, "imageIds": [{"imageTag": "a b"}]}, "imageTag",
         "must satisfy regular expression '[a-zA-Z0-9-_.]+'"),
        ("DescribeImages", {**APP, "imageIds": [{"imageDigest": ""}]}, "imageDigest",
         "must satisfy regular expression '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'"),
        ("SetRepositoryPolicy", {**APP, "policyText": "{}"}, "PolicyText",
         "Invalid repository policy provided"),
        ("PutImage", {**APP, "imageManifest": '{"schemaVersion":2}'}, "ImageManifest",
         "Invalid JSON syntax"),
    ],
)  # fmt: skip
def test_an_invalid_parameter_is_named_with_its_constraint(
    reference: ReferenceTransport, operation: str, parameters: dict[str, Any], name: str,
    constraint: str,
) -> None:  # fmt: skip
    """An invalid parameter is refused in the frame and words that AWS was seen to use."""
    _refusal(reference, "CreateRepository", APP)
    message = f"Invalid parameter at '{name}' failed to satisfy constraint: '{constraint}'"
    assert _refusal(reference, operation, parameters) == (400, INVALID, message)


def test_a_bad_name_in_a_list_of_names_is_reported_in_the_singular(
    reference: ReferenceTransport,
) -> None:
    """An element of repositoryNames is called repositoryName."""
    parameters = {"repositoryNames": ["fine", "Not-Fine"]}
    _, code, message = _refusal(reference, "DescribeRepositories", parameters)
    assert code == INVALID
    assert message.startswith("Invalid parameter at 'repositoryName' failed")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"null", b'{"repositoryName": "app"', b'{"repositoryName": 12}',
        b'{"repositoryName": ["app"]}', b'{"repositoryName": "\\ud800"}', b"\xff",
        b'{"repositoryName": "a", "repositoryName": "b"}', b"[" * 100_000,
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_malformed(
    reference: ReferenceTransport, body: bytes
) -> None:
    """What is no JSON, or of the wrong types, is a SerializationException."""
    status, code, _ = _refusal(reference, "ListImages", body)
    assert (status, code) == (400, "SerializationException")


def test_an_operation_that_is_not_here_is_unknown(reference: ReferenceTransport) -> None:
    """An operation that AWS does not have is unknown."""
    status, code, _ = _refusal(reference, "ConformanceProbe", {"repositoryName": "app"})
    assert (status, code) == (400, "UnknownOperationException")


def test_null_counts_as_absent_and_what_is_unknown_is_ignored(
    reference: ReferenceTransport,
) -> None:
    """A null member is one that was not given, and a member nobody knows changes nothing."""
    client = WireClient(ECR, ExchangeLog(reference, "ecr"), "http://localhost", "us-east-1")
    response = client.send("DescribeRepositories", {"maxResults": None, "unknown": 1}).response
    assert response is not None
    assert response.body == b'{"repositories":[]}'
