"""What ``drift.py`` has compared: answers of an API as they came on one day and on another.

Importing it takes nothing but Python, because localstack-snapshot has an environment of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

TIMES = ("createdAt", "imagePushedAt")
MADE_UP = "uploadId"
_REGION = "us-east-1"
_URL = f"https://api.ecr.{_REGION}.amazonaws.com/"
_SERVICE = "AmazonEC2ContainerRegistry_V20150921"
_JSON = "application/x-amz-json-1.1"
_REGISTRY = "123456789012"

Call = tuple[str, dict[str, Any], dict[str, Any]]
"""An operation, its parameters and its answer, times as seconds since 1970."""


def calls(count: int, day: int, *, changed: bool = False) -> Iterator[Call]:
    """So many calls, each of another repository, with the answers of a day.

    Days differ in times and in what the service makes up. Where something is ``changed``, it is one
    setting or number of the last answer.
    """
    for number in range(count):
        now = 1.7e9 + 86_400 * day + number
        change = int(changed and number == count - 1)
        operation = _OPERATIONS[number % len(_OPERATIONS)]
        yield operation(f"team/app-{number}", f"{day:08x}-{number:04x}", now, change)


def _images(name: str, _: str, now: float, change: int) -> Call:
    image = {
        "registryId": _REGISTRY,
        "repositoryName": name,
        "imageDigest": f"sha256:{'5' * 64}",
        "imageTags": ["latest", "1.2.3"],
        "imageSizeInBytes": 48_318_104 + change,
        "imagePushedAt": now,
        "imageManifestMediaType": "application/vnd.oci.image.manifest.v1+json",
    }
    return "DescribeImages", {"repositoryName": name}, {"imageDetails": [image]}


def _repositories(name: str, _: str, now: float, change: int) -> Call:
    repository = {
        "repositoryArn": f"arn:aws:ecr:{_REGION}:{_REGISTRY}:repository/{name}",
        "registryId": _REGISTRY,
        "repositoryName": name,
        "repositoryUri": f"{_REGISTRY}.dkr.ecr.{_REGION}.amazonaws.com/{name}",
        "createdAt": now,
        "imageTagMutability": "IMMUTABLE" if change else "MUTABLE",
    }
    return "DescribeRepositories", {"repositoryNames": [name]}, {"repositories": [repository]}


def _upload(name: str, made_up: str, _: float, change: int) -> Call:
    answer = {MADE_UP: f"upload-{made_up}", "partSize": 20_971_520 + change}
    return "InitiateLayerUpload", {"repositoryName": name}, answer


_OPERATIONS = (_images, _repositories, _upload)


def write_cassette(path: Path, recorded: Iterator[Call]) -> None:
    """The calls as this project and vcrpy have them."""
    from conformance.transport.cassettes import Cassette, Interaction
    from conformance.transport.cassettes.origin import Origin
    from conformance.transport.exchange import Request, Response

    def interaction(call: Call) -> Interaction:
        operation, parameters, answer = call
        fields = (("X-Amz-Target", f"{_SERVICE}.{operation}"), ("Content-Type", _JSON))
        return Interaction(
            Request("POST", _URL, fields, json.dumps(parameters).encode()),
            Response(200, (("Content-Type", _JSON),), json.dumps(answer).encode()),
        )

    origin = Origin("made", "made", None, _REGION, "2026-01-01T00:00:00Z", "benchmark", "none", 0)
    Cassette(tuple(map(interaction, recorded)), "benchmark", origin).write(path)


def as_boto3(answer: Any) -> Any:
    """An answer as boto3 gives it: times are ``datetime``."""
    if isinstance(answer, list):
        return [as_boto3(each) for each in answer]
    if not isinstance(answer, dict):
        return answer
    return {
        name: datetime.fromtimestamp(each, timezone.utc) if name in TIMES else as_boto3(each)
        for name, each in answer.items()
    }
