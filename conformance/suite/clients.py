"""The clients of a target: where a service answers, for which Region, by whose credentials."""

from __future__ import annotations

from typing import Any

from botocore.credentials import Credentials

from conformance.contract import Contract
from conformance.suite.running.marking import marked
from conformance.targets import Target, address_of
from conformance.transport import Transport
from conformance.transport.boto import boto_client
from conformance.transport.log import ExchangeLog
from conformance.transport.wire import LOCAL_CREDENTIALS, WireClient

__all__ = ["boto3_client", "wire_client"]


def wire_client(
    target: Target,
    contract: Contract,
    log: ExchangeLog,
    region: str | None = None,
    credentials: Credentials = LOCAL_CREDENTIALS,
) -> WireClient:
    """A lean client of one service of a target, in the target's Region unless another is given."""
    region = region or target.region_of(contract.service)
    endpoint = address_of(target, contract.service, region)
    completed = marked if target.owned else None
    return WireClient(contract, log, endpoint, region, credentials, completed=completed)


def boto3_client(target: Target, service: str, transport: Transport) -> Any:
    """A boto3 client of one service of a target that sends through ``transport``."""
    region = target.region_of(service)
    client = boto_client(service, transport, address_of(target, service, region), region)
    if target.owned:
        client.meta.events.register(
            "provide-client-params.*.CreateRepository",
            lambda params, **_: marked("CreateRepository", params),
        )
    return client
