"""Exchanges with a real server, recorded as the suite does it."""

from __future__ import annotations

import json
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session

from conformance.transport.exchange import Exchange, Request, Response
from conformance.transport.wire import LOCAL_CREDENTIALS

PREFIX = {
    "ecr": "AmazonEC2ContainerRegistry_V20150921",
    "ecr-public": "SpencerFrontendService",
}


class Recorder:
    """Sends signed requests to an endpoint and keeps the exchanges, like the suite does."""

    def __init__(self, endpoint: str, service: str = "ecr", region: str = "us-east-1") -> None:
        self.endpoint = endpoint
        self.service = service
        self.region = region
        self.credentials = LOCAL_CREDENTIALS
        self.exchanges: list[Exchange] = []

    def __call__(self, operation: str, body: bytes | None = None, /, **members: Any) -> Any:
        """Send one request; gives the answer's JSON, or nothing where it is not JSON."""
        headers = {
            "X-Amz-Target": f"{PREFIX[self.service]}.{operation}",
            "Content-Type": "application/x-amz-json-1.1",
        }
        data = json.dumps(members).encode() if body is None else body
        request = AWSRequest("POST", f"{self.endpoint}/", headers=headers, data=data)
        SigV4Auth(self.credentials, self.service, self.region).add_auth(request)
        prepared = request.prepare()
        answer = URLLib3Session().send(prepared)
        sent = Request("POST", f"{self.endpoint}/", tuple(prepared.headers.items()), data)
        came = Response(answer.status_code, tuple(answer.headers.items()), answer.content)
        self.exchanges.append(Exchange(self.service, operation, sent, came))
        try:
            return json.loads(answer.content)
        except ValueError:
            return None
