"""What can be wrong between two accounts."""

from __future__ import annotations

from collections.abc import Callable

from botocore.awsrequest import AWSPreparedRequest, AWSRequest
from fault import broken_transport, with_members

from conformance.suite.answers import refusal, success
from conformance.targets import Connection
from conformance.transport import Response
from conformance.transport.prepared import operation_of, read
from conformance.transport.wire import ANOTHER_ACCOUNT, LOCAL_CREDENTIALS

_Other = Callable[[], Response]
"""Asks the same of the other account's registry."""


class _OtherAsked:
    """A reference that knows what the same request gives in the other account."""

    def __init__(
        self, inner: Connection, operation: str, answer: Callable[[Response, _Other], Response]
    ) -> None:
        self._inner = inner
        self._operation = operation
        self._answer = answer

    def __call__(self, request: AWSPreparedRequest, /) -> Response:
        """Answer a request."""
        response = self._inner(request)
        if operation_of(read(request)) != self._operation:
            return response
        return self._answer(response, lambda: self._inner(_of_other_account(request)))

    def close(self) -> None:
        """Nothing is open."""


def _of_other_account(request: AWSPreparedRequest) -> AWSPreparedRequest:
    """The request as the other account would have sent it; the reference checks no signature."""
    own, other = (f"Credential={each.access_key}/" for each in (LOCAL_CREDENTIALS, ANOTHER_ACCOUNT))
    headers = dict(request.headers.items())
    signed = str(headers.get("Authorization", ""))
    there = signed.replace(other, own) if other in signed else signed.replace(own, other)
    method, url, body = request.method, request.url, request.body
    return AWSRequest(method, url, {**headers, "Authorization": there}, body).prepare()


def _in_both(response: Response, other: _Other) -> Response:
    """Do the same in the other account."""
    other()
    return response


@broken_transport(condemned_by=["repositories.of-other-account-unlisted"])
def all_accounts_are_listed(reference: Connection) -> Connection:
    """DescribeRepositories without names lists the repositories of every account."""

    def answer(response: Response, other: _Other) -> Response:
        own, theirs = success(response), success(other())
        if own is None or theirs is None or "nextToken" in own:
            return response
        return with_members(
            response, {**own, "repositories": [*own["repositories"], *theirs["repositories"]]}
        )

    return _OtherAsked(reference, "DescribeRepositories", answer)


@broken_transport(condemned_by=["repositories.deleted-in-own-account-alone"])
def a_repository_is_deleted_everywhere(reference: Connection) -> Connection:
    """DeleteRepository deletes the repositories of that name in every account."""
    return _OtherAsked(reference, "DeleteRepository", _in_both)


@broken_transport(condemned_by=["tags.deleted-in-own-account-alone"])
def a_tag_is_deleted_everywhere(reference: Connection) -> Connection:
    """BatchDeleteImage deletes from the repositories of that name in every account."""
    return _OtherAsked(reference, "BatchDeleteImage", _in_both)


@broken_transport(condemned_by=["images.of-other-account-unlisted"])
def images_are_found_by_name(reference: Connection) -> Connection:
    """DescribeImages describes what another account's repository has where the own one is empty."""

    def answer(response: Response, other: _Other) -> Response:
        own, theirs = success(response), other()
        empty = own is not None and own["imageDetails"] == []
        return theirs if empty and success(theirs) is not None else response

    return _OtherAsked(reference, "DescribeImages", answer)


@broken_transport(condemned_by=["policies.of-other-account-unknown"])
def policies_are_found_by_name(reference: Connection) -> Connection:
    """GetRepositoryPolicy gives that of another account's repository where the own one has none."""

    def answer(response: Response, other: _Other) -> Response:
        error = refusal(response)
        theirs = other()
        missing = error is not None and error.code == "RepositoryPolicyNotFoundException"
        return theirs if missing and success(theirs) is not None else response

    return _OtherAsked(reference, "GetRepositoryPolicy", answer)


@broken_transport(condemned_by=["policies.registry-of-other-account-unchanged"])
def a_registry_policy_is_put_everywhere(reference: Connection) -> Connection:
    """PutRegistryPolicy puts the policy of every account's registry."""
    return _OtherAsked(reference, "PutRegistryPolicy", _in_both)
