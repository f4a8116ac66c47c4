"""What the target says it does not implement.

A made-up operation is sent first; what comes back is the target's way of saying no. Then one
plain, valid program walks through the operations. An operation that answers it in that same way is
unsupported, whatever form the answer has: 501, an HTML page, ``UnknownOperationException``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from conformance.contract import Contract
from conformance.errors import TargetUnavailable
from conformance.suite.answers import describe, refusal
from conformance.suite.walk import Step, program
from conformance.transport.exchange import Response
from conformance.transport.wire import WireClient

MADE_UP_OPERATION = "ConformanceProbe"

_SAYS_NO = frozenset(
    {
        "UnknownOperationException",
        "UnknownOperation",
        "InvalidAction",
        "NotImplemented",
        "NotImplementedException",
    }
)
"""Codes by which emulators say that they lack an operation, even where a made-up one gets other
ones."""

_VARYING = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Za-z0-9+/]{40,}|\b[0-9A-Fa-f]{12,}\b|\d+")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """An answer without what varies from request to request."""

    status: int
    content: str


def fingerprint(response: Response, operation: str) -> Fingerprint:
    """The fingerprint of an answer to ``operation``: the error code, or else the text."""
    error = refusal(response)
    if error is not None:
        return Fingerprint(response.status, error.code)
    text = response.body[:4096].decode("utf-8", "replace").replace(operation, "")
    return Fingerprint(response.status, _VARYING.sub("#", text))


def survey(contract: Contract, client: WireClient, name: str) -> dict[str, str]:
    """Find the operations that the target says it lacks, each with how it said so.

    ``name`` is a repository the survey may create; it deletes it again. Raises
    ``TargetUnavailable`` when a request gets no HTTP answer.
    """
    unknown = _way_of_saying_no(contract, client)
    unsupported = {}
    for step in program(contract, name):
        response = _ask(client, step)
        if _says_no(response, step.operation, unknown):
            unsupported[step.operation] = describe(response)
    return unsupported


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


def _says_no(response: Response, operation: str, unknown: Fingerprint | None) -> bool:
    error = refusal(response)
    if response.status == 501 or (error is not None and error.code in _SAYS_NO):
        return True
    return unknown is not None and fingerprint(response, operation) == unknown


def _ask(client: WireClient, step: Step) -> Response:
    exchange = step.take(client)
    if exchange.response is None:
        raise TargetUnavailable(
            f"the target gave no answer to {exchange.operation}: {exchange.failure}",
            "check that the endpoint is up and speaks HTTP",
        )
    return exchange.response
