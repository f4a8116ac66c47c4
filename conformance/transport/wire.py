"""The lean wire client: requests built from the contract, sent as they are.

It never validates parameters, so it can ask what boto3 would refuse to ask, and it spends a
fraction of boto3's time on a call.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

from botocore.credentials import Credentials

from conformance.contract import Contract
from conformance.transport.exchange import Exchange
from conformance.transport.log import ExchangeLog
from conformance.transport.signing import Signer

LOCAL_CREDENTIALS = Credentials("test", "test")
"""What every emulator accepts. The way to the target ``aws`` signs by the user's instead."""

ANOTHER_ACCOUNT = Credentials("444455556666", "test")
"""Stands for another account: emulators that keep accounts apart take an access key of twelve
digits for the account itself. This one is an example of AWS's, whose own keys are longer."""

CONTENT_TYPE = "application/x-amz-json-1.1"

Complete = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""Gives what a request says, from its operation and what was asked for."""


class WireClient:
    """Speaks AWS JSON 1.1 to one service of one target.

    ``endpoint`` is an absolute URL without a path. Requests are signed with SigV4, because
    emulators tell services and regions by the signature's scope even where they do not check it.
    ``completed`` adds to requests, but not to raw bodies, what every one of the target needs.
    """

    def __init__(  # noqa: PLR0913 (what a request takes)
        self,
        contract: Contract,
        log: ExchangeLog,
        endpoint: str,
        region: str,
        credentials: Credentials = LOCAL_CREDENTIALS,
        *,
        completed: Complete | None = None,
    ) -> None:
        self._prefix = contract.target_prefix
        self._log = log
        self._completed = completed
        url = endpoint.rstrip("/") + "/"
        self._signer = Signer(credentials, contract.signing_name, region, url)

    def send(self, operation: str, parameters: Mapping[str, Any] | bytes) -> Exchange:
        """Send one request and give the exchange, whatever came back.

        ``parameters`` are the JSON members (bytes become base64), or the raw body to send.
        """
        if not isinstance(parameters, bytes):
            parameters = encode(
                self._completed(operation, parameters) if self._completed else parameters
            )
        headers = {
            "X-Amz-Target": f"{self._prefix}.{operation}",
            "Content-Type": CONTENT_TYPE,
        }
        return self._log.exchange(self._signer.request(headers, parameters))


def encode(parameters: Mapping[str, Any]) -> bytes:
    """The JSON body of a request; blobs as base64."""
    return _ENCODER.encode(parameters).encode()


def _blob(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(f"cannot send {value!r}")


_ENCODER = json.JSONEncoder(default=_blob)
