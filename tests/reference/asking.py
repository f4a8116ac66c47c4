"""Asking the reference on the wire, to hold what is known of real ECR against it."""

from __future__ import annotations

import json
from typing import Any

from botocore.credentials import Credentials

from conformance.contract import load_contract
from conformance.transport import Response, Transport
from conformance.transport.log import ExchangeLog
from conformance.transport.wire import LOCAL_CREDENTIALS, WireClient

ENDPOINT = "http://reference.invalid"
ACCOUNT = "123456789012"


class Wire:
    """A service of the reference, asked on the wire."""

    def __init__(
        self,
        reference: Transport,
        service: str,
        region: str = "eu-west-1",
        credentials: Credentials = LOCAL_CREDENTIALS,
    ) -> None:
        log = ExchangeLog(reference, service)
        self._client = WireClient(load_contract(service), log, ENDPOINT, region, credentials)

    def send(self, operation: str, /, **parameters: Any) -> Response:
        """The response, whatever it is."""
        return self._client.send(operation, parameters).answer

    def call(self, operation: str, /, **parameters: Any) -> dict[str, Any]:
        """The members of a success."""
        response = self.send(operation, **parameters)
        assert response.status == 200, response.body
        members: dict[str, Any] = json.loads(response.body)
        return members

    def refused(self, operation: str, /, **parameters: Any) -> tuple[str, str]:
        """Code and text of a refusal."""
        response = self.send(operation, **parameters)
        assert response.status == 400, response.body
        members = json.loads(response.body)
        return members["__type"], members["message"]


def invalid(parameter: str, constraint: str) -> tuple[str, str]:
    """How an invalid parameter is refused."""
    text = f"Invalid parameter at '{parameter}' failed to satisfy constraint: '{constraint}'"
    return "InvalidParameterException", text
