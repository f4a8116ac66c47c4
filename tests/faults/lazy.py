"""Endpoints that do nothing: whatever they are asked, they answer alike."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.awsrequest import AWSPreparedRequest

from conformance.transport import Request, Response
from conformance.transport.prepared import read

JSON = "application/x-amz-json-1.1"
REQUEST_ID = "5ae45b1d-2c2f-11e8-abca-7de3b5a68f01"


@dataclass(frozen=True)
class LazyEndpoint:
    """A transport that is a function of the request alone."""

    answer: Callable[[Request], Response]

    def __call__(self, request: AWSPreparedRequest, /) -> Response:
        """Answer a request."""
        return self.answer(read(request))

    def close(self) -> None:
        """Nothing is open."""


def _response(status: int, body: bytes, content_type: str = JSON) -> Response:
    headers = (
        ("x-amzn-RequestId", REQUEST_ID),
        ("Content-Type", content_type),
        ("Content-Length", str(len(body))),
    )
    return Response(status, headers, body)


def _constant(status: int, members: Mapping[str, Any]) -> LazyEndpoint:
    response = _response(status, json.dumps(members).encode())
    return LazyEndpoint(lambda _: response)


_REPOSITORY = {
    "repositoryArn": "arn:aws:ecr:us-east-1:123456789012:repository/app",
    "registryId": "123456789012",
    "repositoryName": "app",
    "repositoryUri": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app",
    "createdAt": 1700000000.0,
    "imageTagMutability": "MUTABLE",
    "imageScanningConfiguration": {"scanOnPush": False},
    "encryptionConfiguration": {"encryptionType": "AES256"},
}

LAZY = {
    "server-exception": _constant(400, {"__type": "ServerException", "message": "no"}),
    "invalid-parameter": _constant(400, {"__type": "InvalidParameterException", "message": "no"}),
    "empty-object": _constant(200, {}),
    "echo": LazyEndpoint(lambda request: _response(200, request.body)),
    "everything-unsupported": _constant(
        400, {"__type": "UnknownOperationException", "message": "no"}
    ),
    "always-one-repository": _constant(
        200, {"repository": _REPOSITORY, "repositories": [_REPOSITORY], "catalogData": {}}
    ),
    "html": LazyEndpoint(lambda _: _response(500, b"<html>Server Error</html>", "text/html")),
    "html-found": LazyEndpoint(lambda _: _response(200, b"<html>Welcome</html>", "text/html")),
}
"""By name."""
