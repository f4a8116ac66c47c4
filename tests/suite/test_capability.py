"""Finding out what a target says it lacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from canned import Answer, error, serve

from conformance.contract import load_contract
from conformance.suite.running.capability import MADE_UP_OPERATION
from conformance.suite.running.survey import survey
from conformance.transport.log import ExchangeLog
from conformance.transport.network import NetworkTransport
from conformance.transport.wire import WireClient

PAGE = b"<html><title>500 Internal Server Error</title></html>"


def surveyed(answer: Callable[[str, dict[str, Any]], Answer]) -> set[str]:
    """The operations of ECR that a server with these answers is said to lack."""
    contract = load_contract("ecr")
    with serve(answer) as endpoint, NetworkTransport(endpoint) as transport:
        client = WireClient(contract, ExchangeLog(transport, "ecr"), endpoint, "us-east-1")
        return set(survey(contract, client, "survey", "seed").lacking)


@pytest.mark.parametrize(
    "no",
    [
        (501, {"message": "not yet"}),
        error("UnknownOperationException", ""),
        error("InvalidAction", "Unknown action: X"),
        (500, PAGE),
        (404, b"<h1>Not Found</h1>"),
        (400, {"error": "Unsupported service"}),
    ],
)
def test_an_operation_answered_like_a_made_up_one_is_unsupported(no: Answer) -> None:
    """Whatever form the refusal of a made-up operation has, it means the same for a real one."""

    def answer(operation: str, _: dict[str, Any]) -> Answer:
        return no if operation in (MADE_UP_OPERATION, "PutImage", "ListImages") else (200, {})

    assert surveyed(answer) == {"PutImage", "ListImages"}


def test_a_refusal_that_quotes_the_operation_or_an_id_is_recognised() -> None:
    """Names, numbers and ids that vary from answer to answer do not hide the likeness."""
    count = iter(range(10**6, 10**7))

    def answer(operation: str, _: dict[str, Any]) -> Answer:
        if operation in (MADE_UP_OPERATION, "PutImage"):
            return 404, f"<p>no {operation} here, request {next(count)}</p>".encode()
        return 200, {}

    assert surveyed(answer) == {"PutImage"}


def test_a_declared_error_for_everything_excuses_nothing() -> None:
    """An endpoint that answers every request with an error of ECR's own lacks no operation."""
    assert surveyed(lambda *_: error("ServerException")) == set()


def test_an_endpoint_that_accepts_everything_lacks_nothing() -> None:
    """Success for a made-up operation says nothing about real ones."""
    assert surveyed(lambda *_: (200, {})) == set()


def test_another_refusal_is_no_admission() -> None:
    """An operation that refuses in its own way is there, even if it does so on valid requests."""

    def answer(operation: str, _: dict[str, Any]) -> Answer:
        return (500, PAGE) if operation == MADE_UP_OPERATION else error("KmsException")

    assert surveyed(answer) == set()
