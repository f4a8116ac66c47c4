"""What a target says of two accounts, and what is left of a scenario in the other one."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from botocore.awsrequest import AWSPreparedRequest
from scenario_registry import registry_of

from conformance.reference import ReferenceTransport
from conformance.reference.signatures import SignedRequests
from conformance.suite.accounts import in_another_account, require_apart
from conformance.suite.cleanup import Cleanup
from conformance.suite.outcomes import NotApplicable, Untestable
from conformance.transport import Response, Transport


def require_apart_on(transport: Transport) -> None:
    """Ask a target whether it keeps accounts apart."""
    registry = registry_of(transport)
    require_apart(registry, in_another_account(registry))


def answering(status: int, body: Mapping[str, object]) -> Transport:
    """A reference that gives the other account one answer."""
    reference = ReferenceTransport.seeded(1)

    def answer(request: AWSPreparedRequest) -> Response:
        if "Credential=test/" in str(request.headers["Authorization"]):
            return reference(request)
        return Response(status, (), json.dumps(body).encode())

    return answer


def test_accounts_are_apart_where_the_registries_have_two_ids() -> None:
    """The reference takes an access key of twelve digits for the account."""
    require_apart_on(ReferenceTransport.seeded(1))


def test_nothing_is_between_accounts_where_the_keys_are_checked() -> None:
    """A target that lets nobody in whom it does not know is asked nothing else."""
    strict = SignedRequests(ReferenceTransport(), {"test": "test"})
    with pytest.raises(NotApplicable, match="refuses another account: HTTP 400 Unrecognized"):
        require_apart_on(strict)


def test_nothing_is_between_accounts_where_there_is_one() -> None:
    """A target for which every key stands for the same account has no other."""
    made = {"repository": {"repositoryName": "a-name", "registryId": "123456789012"}}
    with pytest.raises(NotApplicable, match="for the same account"):
        require_apart_on(answering(200, made))


@pytest.mark.parametrize("status", [200, 500])
def test_an_answer_without_an_account_says_nothing(status: int) -> None:
    """Where the answer does not tell whose registry it is, nothing is learned."""
    with pytest.raises(Untestable, match=f"CreateRepository failed: HTTP {status}"):
        require_apart_on(answering(status, {"repository": {"repositoryName": "a-name"}}))


def test_what_is_made_in_another_account_is_deleted_there() -> None:
    """Each account's clean-up deletes what it made, though one log has the exchanges of both."""
    reference = ReferenceTransport.seeded(1)
    registry = registry_of(reference)
    other = in_another_account(registry)
    for each in (registry, other):
        each.given("CreateRepository", repositoryName="in-both")
    other.given("CreateRepository", repositoryName="theirs")
    assert (len(registry.log.exchanges), len(other.log.exchanges)) == (3, 2)
    assert Cleanup(other).delete_everything() == []
    assert other.given("DescribeRepositories") == {"repositories": []}
    assert len(registry.given("DescribeRepositories")["repositories"]) == 1
    assert Cleanup(registry).delete_everything() == []
    assert registry.given("DescribeRepositories") == {"repositories": []}
