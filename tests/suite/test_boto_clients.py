"""What boto3 makes of odd answers is an outcome of the check, never a breakdown of the suite."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.contract import load_contract
from conformance.suite.boto_clients import BotoClient
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.running.capability import Capability
from conformance.targets import Target
from conformance.transport.boto import boto_client
from conformance.transport.exchange import Response
from conformance.transport.log import ExchangeLog
from conformance.transport.wire import WireClient

ENDPOINT = "http://127.0.0.1:1"
HEADERS = (("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-RequestId", "an-id"))
CONCERNED = "DescribeRepositories"


def client(status: int, body: object, unsupported: Mapping[str, str] | None = None) -> BotoClient:
    """A client whose target always gives this answer, in a check about DescribeRepositories."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client_of(lambda _: Response(status, HEADERS, content), unsupported)


def client_of(
    answer: Callable[[Any], Response], unsupported: Mapping[str, str] | None = None
) -> BotoClient:
    """A client whose target answers as a function says."""
    log = ExchangeLog(answer, "ecr")
    contract = load_contract("ecr")
    registry = Registry(
        service="ecr",
        contract=contract,
        target=Target("here", ENDPOINT, "here", None, "us-east-1"),
        log=log,
        client=WireClient(contract, log, ENDPOINT, "us-east-1"),
        concerned=(CONCERNED,),
        capability=Capability(lacking=unsupported or {}),
        name_prefix="a",
        content_seed="a",
        clock=time,
    )
    return BotoClient(registry, boto_client("ecr", log, ENDPOINT, "us-east-1"))


REFUSED = {"__type": "ServerException", "message": "no"}


def test_a_success_is_what_boto3_gives() -> None:
    """The answer comes as boto3 parses it, its metadata included."""
    answer = client(200, {"repositories": [{"createdAt": 1.5}]}).call(CONCERNED)
    assert answer["repositories"][0]["createdAt"].timestamp() == 1.5
    assert answer["ResponseMetadata"]["RequestId"] == "an-id"


def test_a_refusal_is_what_boto3_raises() -> None:
    """The exception that boto3 raises is given back."""
    raised = client(400, {"__type": "RepositoryNotFoundException"}).raised(CONCERNED)
    assert type(raised).__name__ == "RepositoryNotFoundException"


def test_an_unexpected_answer_fails_what_the_check_is_about() -> None:
    """A refusal where success was due fails the check."""
    with pytest.raises(AssertionError, match=r"expected success, got .*ServerException"):
        client(400, REFUSED).call(CONCERNED)


def test_a_target_that_changes_its_mind_is_untestable() -> None:
    """Where a request was refused once and then is not, boto3 has nothing to raise."""
    with pytest.raises(Untestable, match="refused the first time, then HTTP 200"):
        client(200, {}).raised(CONCERNED)


def test_an_unexpected_answer_of_another_operation_is_untestable() -> None:
    """What the check is not about only stands in its way."""
    with pytest.raises(Untestable, match="PutAccountSetting"):
        client(400, REFUSED).call("PutAccountSetting", name="BLOB_MOUNTING", value="ENABLED")


def test_an_unsupported_operation_is_untestable() -> None:
    """An operation that the target lacks is not asked for."""
    lacking = client(200, {}, {CONCERNED: "UnknownOperationException"})
    with pytest.raises(Untestable):
        lacking.call(CONCERNED)
    assert lacking.registry.log.exchanges == []


@given(st.binary(max_size=40) | st.sampled_from([b"[]", b"null", b'{"repositories": 3}', b"7"]))
def test_any_body_is_an_answer_or_fails_the_check(body: bytes) -> None:
    """Whatever bytes come with status 200, boto3 uses them or the check fails."""
    for_it = client(200, body)
    try:
        told = str(for_it.call(CONCERNED))
    except AssertionError as error:
        told = str(error)
    assert "boto3 cannot use the answer" in told or "ResponseMetadata" in told


def test_a_paginator_without_an_end_fails_the_check() -> None:
    """A listing that always gives another token is stopped."""
    tokens = iter(range(100))

    def answer(_: Any) -> Response:
        body = {"repositories": [], "nextToken": str(next(tokens))}
        return Response(200, HEADERS, json.dumps(body).encode())

    with pytest.raises(AssertionError, match="has no end: it turned 3 pages"):
        client_of(answer).pages(CONCERNED, {}, 3, PageSize=2)


def test_the_same_token_again_fails_the_check() -> None:
    """boto3 refuses a token that it got before, and that is the target's fault."""
    with pytest.raises(AssertionError, match="boto3 cannot use the answer: PaginationError"):
        client(200, {"repositories": [], "nextToken": "t"}).pages(CONCERNED, {}, 5, PageSize=2)


def test_a_search_looks_through_every_page() -> None:
    """A JMESPath expression is applied to each page in turn."""
    pages = iter(
        [
            {"repositories": [{"repositoryName": "a"}], "nextToken": "t"},
            {"repositories": [{"repositoryName": "b"}]},
        ]
    )
    boto = client_of(lambda _: Response(200, HEADERS, json.dumps(next(pages)).encode()))
    assert boto.search(CONCERNED, {}, "repositories[].repositoryName", PageSize=1) == ["a", "b"]


def test_a_full_result_is_that_of_every_page() -> None:
    """The lists of all pages are one list."""
    body = {"repositories": [{"repositoryName": "a"}]}
    full = client(200, body).full_result(CONCERNED, {}, PageSize=1)
    assert [each["repositoryName"] for each in full["repositories"]] == ["a"]


WAITER, PREVIEW = "LifecyclePolicyPreviewComplete", "GetLifecyclePolicyPreview"
ONCE = {"Delay": 0, "MaxAttempts": 1}


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (200, {"status": "COMPLETE"}, None),
        (200, {"status": "IN_PROGRESS"}, "Max attempts exceeded"),
        (200, {"status": "FAILED"}, "Waiter encountered a terminal failure state"),
        (400, REFUSED, r"An error occurred \(ServerException\): no"),
    ],
)
def test_a_waiter_tells_how_it_ends(status: int, body: object, reason: str | None) -> None:
    """What a waiter gives up for is given back, or blamed where it had to end well."""
    boto = client(status, body)
    error = boto.waited(WAITER, PREVIEW, ONCE, repositoryName="app")
    assert (error is None) == (reason is None)
    if error is not None and reason is not None:
        assert re.match(reason, error.kwargs["reason"])
        with pytest.raises(Untestable, match=f"boto3's waiter gives up: {reason}"):
            boto.wait(WAITER, PREVIEW, ONCE, repositoryName="app")
