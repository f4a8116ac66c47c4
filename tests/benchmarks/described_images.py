"""What ``replaying.py`` has played: recordings of DescribeImages, as each player stores them.

Importing it takes nothing but Python, because cassetter has an environment of its own.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

REGION = "us-east-1"
_URL = f"https://api.ecr.{REGION}.amazonaws.com/"
_TARGET = "AmazonEC2ContainerRegistry_V20150921.DescribeImages"
_SENT = (
    ("X-Amz-Target", _TARGET),
    ("Content-Type", "application/x-amz-json-1.1"),
    ("User-Agent", "Boto3/1.44.5 md/Botocore#1.44.5 ua/2.1 os/linux lang/python"),
    ("X-Amz-Date", "20260101T000000Z"),
    ("Authorization", "REDACTED"),
)
_IMAGE = {
    "registryId": "123456789012",
    "repositoryName": "team/app",
    "imageDigest": f"sha256:{'5' * 64}",
    "imageTags": ["latest", "1.2.3"],
    "imageSizeInBytes": 48_318_104,
    "imagePushedAt": 1767225600.0,
    "imageManifestMediaType": "application/vnd.oci.image.manifest.v1+json",
    "artifactMediaType": "application/vnd.oci.image.config.v1+json",
}
ANSWER = json.dumps({"imageDetails": [_IMAGE]}).encode()
_RECEIVED = (
    ("x-amzn-RequestId", "5ae45b1d-2c2f-11e8-abca-7de3b5a68f01"),
    ("Date", "Thu, 01 Jan 2026 00:00:00 GMT"),
    ("Content-Type", "application/x-amz-json-1.1"),
    ("Content-Length", str(len(ANSWER))),
)


def parameters(number: int) -> dict[str, Any]:
    """What the request of that number asks for: each for another image."""
    return {"repositoryName": "team/app", "imageIds": [{"imageDigest": f"sha256:{number:064x}"}]}


def write_ours(path: Path, count: int) -> None:
    """The cassette that this project and vcrpy play."""
    from conformance.transport.cassettes import Cassette, Interaction
    from conformance.transport.cassettes.origin import Origin
    from conformance.transport.exchange import Request, Response

    origin = Origin("made", "made", None, REGION, "2026-01-01T00:00:00Z", "benchmark", "none", 0)
    answered = Response(200, _RECEIVED, ANSWER)
    interactions = tuple(
        Interaction(Request("POST", _URL, _SENT, json.dumps(parameters(number)).encode()), answered)
        for number in range(count)
    )
    Cassette(interactions, "benchmark", origin).write(path)


def write_cassetters(path: Path, count: int) -> None:
    """The same, as cassetter writes it: the name's ending says whether in TOML or in YAML."""
    from cassetter import Cassette

    cassette = Cassette(path)
    cassette.load()
    for number in range(count):
        cassette.record(
            method="POST",
            uri=_URL,
            request_headers=_lists(_SENT),
            request_body=json.dumps(parameters(number)).encode(),
            status=200,
            response_headers=_lists(_RECEIVED),
            response_body=ANSWER,
        )
    cassette.save()


def _lists(headers: tuple[tuple[str, str], ...]) -> dict[str, list[str]]:
    return {name.lower(): [value] for name, value in headers}
