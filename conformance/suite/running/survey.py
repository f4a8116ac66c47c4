"""Finding out what the target says it does not implement.

A made-up operation is sent first; what comes back is the target's way of saying no. Then one
plain, valid program walks through the operations. An operation that answers it in that same way is
unsupported, whatever form the answer has: 501, an HTML page, ``UnknownOperationException``.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from conformance.contract import Contract
from conformance.errors import TargetUnavailable
from conformance.suite.answers import describe, refusal
from conformance.suite.running.capability import (
    MADE_UP_OPERATION,
    Capability,
    Fingerprint,
    fingerprint,
)
from conformance.suite.walk import Step, program
from conformance.transport.exchange import Response
from conformance.transport.wire import WireClient


def survey(
    contract: Contract,
    client: WireClient,
    name: str,
    seed: str,
    untried: Collection[str] = (),
) -> Capability:
    """Find out what the target says it lacks of the operations of the walk.

    ``name`` is a repository the survey may create; it deletes it again. Its image is made from
    ``seed``. ``untried`` are operations to leave alone. Raises ``TargetUnavailable`` when a request
    gets no HTTP answer.
    """
    capability = Capability(unknown=_way_of_saying_no(contract, client))
    tried: dict[str, None] = {}
    lacking = {}
    for step in program(contract, name, seed):
        if step.operation in untried:
            continue
        response = _ask(client, step)
        tried[step.operation] = None
        if capability.says_no(response, step.operation):
            lacking[step.operation] = describe(response)
    return replace(capability, tried=tuple(tried), lacking=lacking)


def _way_of_saying_no(contract: Contract, client: WireClient) -> Fingerprint | None:
    """How a made-up operation is refused; ``None`` where the answer says nothing of the kind.

    A target that accepts a made-up operation, or refuses it with an error that ECR itself
    declares, gives real operations no such excuse.
    """
    response = _ask(client, Step(MADE_UP_OPERATION, {}))
    error = refusal(response)
    declared = {e.code for operation in contract.operations.values() for e in operation.errors}
    if response.status < 400 or (error is not None and error.code in declared):
        return None
    return fingerprint(response, MADE_UP_OPERATION)


def _ask(client: WireClient, step: Step) -> Response:
    exchange = step.take(client)
    if exchange.response is None:
        raise TargetUnavailable(
            f"the target gave no answer to {exchange.operation}: {exchange.failure}",
            "check that the endpoint is up and speaks HTTP",
        )
    return exchange.response
