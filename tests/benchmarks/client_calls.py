"""What one call costs: the lean wire client beside boto3, both asking the canned endpoint.

They take turns in one process, over connections that they keep. What counts is CPU time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial

import boto3
from comparison import Row, cheaper, in_turns
from processes import canned_endpoint

from conformance.contract import load_contract
from conformance.transport.log import ExchangeLog
from conformance.transport.network import NetworkTransport
from conformance.transport.wire import WireClient

REGION = "us-east-1"


def microseconds(call: Callable[[], object], count: int) -> float:
    """The CPU time of a call on the average."""
    began = time.process_time()
    for _ in range(count):
        call()
    return (time.process_time() - began) / count * 1e6


def rows(*, small: bool, peers: bool) -> Iterator[Row]:
    """DescribeRepositories by each client."""
    rounds, count = (1, 5) if small else (9, 200)
    with canned_endpoint() as endpoint, NetworkTransport(endpoint.url) as transport:
        contract = load_contract("ecr")
        lean = WireClient(contract, ExchangeLog(transport, "ecr"), endpoint.url, REGION)
        known = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        client = boto3.client("ecr", REGION, endpoint_url=endpoint.url, **known)
        names = ["canned"]
        ask_lean = partial(lean.send, "DescribeRepositories", {"repositoryNames": names})
        ask_boto = partial(client.describe_repositories, repositoryNames=names)
        for warm_up in (ask_lean, ask_boto):
            warm_up()
        found = in_turns(
            rounds,
            lean=partial(microseconds, ask_lean, count),
            boto3=partial(microseconds, ask_boto, count),
        )
    work = "one request by the lean wire client"
    yield cheaper(work, "boto3", 3, ours=found["lean"], theirs=found["boto3"], unit="CPU µs")
