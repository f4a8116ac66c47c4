"""The registry that a scenario gets, behind any transport."""

from __future__ import annotations

import time

from conformance.contract import load_contract
from conformance.suite.registry import Registry
from conformance.suite.running.capability import Capability, Fingerprint
from conformance.targets import Target
from conformance.transport import Transport
from conformance.transport.clock import Clock
from conformance.transport.log import ExchangeLog
from conformance.transport.wire import WireClient

ENDPOINT = "http://registry.invalid"
NO = Capability(unknown=Fingerprint(500, "<p>Internal Server Error</p>"))


def registry_of(
    transport: Transport, *concerned: str, service: str = "ecr", clock: Clock = time
) -> Registry:
    """A scenario's registry behind a transport, whose check is about some operations."""
    contract = load_contract(service)
    log = ExchangeLog(transport, service)
    client = WireClient(contract, log, ENDPOINT, "us-east-1")
    target = Target("here", ENDPOINT, "here", None, "us-east-1")
    return Registry(
        service, contract, target, log, client, concerned, NO, "scenario", "content", clock
    )
