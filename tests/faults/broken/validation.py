"""Requests that are let through, or judged too late, although they break their shape."""

from __future__ import annotations

from fault import broken_operation, broken_response, with_members

from conformance.reference import Refusal
from conformance.reference.call import Call, Operation, Outcome, Parameters
from conformance.reference.state import Registry
from conformance.transport import Request, Response
from conformance.transport.exchange import NotJson, parse_json


def _unknown_instead(response: Response, *said: bytes) -> Response:
    """The refusal of who looks a repository up before the request is validated."""
    if response.status != 400 or not any(each in response.body for each in said):
        return response
    members = {"__type": "RepositoryNotFoundException", "message": "There is no such repository"}
    return with_members(response, members)


@broken_response("DescribeRepositories", condemned_by=["validation.json"])
def what_is_no_json_is_an_empty_request(response: Response, request: Request) -> Response:
    """A body that is not JSON is taken for an empty one."""
    try:
        parse_json(request.body)
    except NotJson:
        return with_members(Response(200, response.headers, b""), {"repositories": []})
    return response


@broken_response(
    condemned_by=[
        "ecr.registry.replication-limits",
        "protocol.error-code",
        "validation.*.required",
    ]
)
def a_missing_member_is_a_missing_repository(response: Response, request: Request) -> Response:
    """A request without a member that it requires is refused with RepositoryNotFoundException."""
    return _unknown_instead(response, b"must not be null")


@broken_response(
    condemned_by=[
        "protocol.error-code",
        "validation.*.encoding",
        "validation.*.type",
        "validation.json",
    ]
)
def what_cannot_be_read_is_a_missing_repository(response: Response, request: Request) -> Response:
    """A request with an object in the place of text is one about an unknown repository."""
    return _unknown_instead(response, b"SerializationException")


@broken_response(
    condemned_by=[
        "ecr.protocol.error-code",
        "ecr.registry.account-setting-name-refused",
        "ecr.registry.account-setting-value-refused",
        "ecr.registry.replication-limits",
        "ecr.registry.signing-limits",
        "ecr.repositories.invalid-exclusions-refused",
        "ecr.scanning.registry-put-invalid",
        "validation.*.enum",
    ]
)
def values_are_compared_late(response: Response, request: Request) -> Response:
    """Repositories are looked up before values are compared with those of an enumeration."""
    return _unknown_instead(response, b"must satisfy enum value set")


@broken_response(
    condemned_by=[
        "ecr-public.repositories.repeated-separators-refused",
        "ecr.registry.signing-limits",
        "ecr.repositories.invalid-exclusions-refused",
        "ecr.scanning.registry-put-invalid",
        "images.malformed-id-refused",
        "protocol.error-code",
        "repositories.invalid-name-refused",
        "validation.*.pattern",
    ]
)
def texts_are_matched_late(response: Response, request: Request) -> Response:
    """Repositories are looked up before texts are held against their patterns."""
    return _unknown_instead(response, b"must satisfy regular expression")


@broken_response(
    condemned_by=[
        "ecr-public.catalog.beyond-limits",
        "ecr-public.resource-tags.empty-key-refused",
        "ecr.registry.backfill-pages-bounds",
        "ecr.registry.backfill-results-bounds",
        "ecr.repositories.invalid-exclusions-refused",
        "ecr.scanning.number-of-names",
        "ecr.scanning.registry-put-invalid",
        "pagination.beyond-bounds-refused",
        "pagination.other-bounds",
        "protocol.error-code",
        "repositories.invalid-name-refused",
        "validation.*.min",
    ]
)
def the_least_is_asked_for_late(response: Response, request: Request) -> Response:
    """Repositories are looked up before minima are looked at."""
    return _unknown_instead(response, b"greater than or equal to")


@broken_response(
    condemned_by=[
        "ecr-public.catalog.beyond-limits",
        "ecr-public.catalog.logo-beyond-limit",
        "ecr-public.catalog.long-display-name",
        "ecr-public.resource-tags.too-long-at-creation-refused",
        "ecr-public.resource-tags.too-long-refused",
        "ecr.lifecycle.too-long-refused",
        "ecr.policies.registry-too-long-refused",
        "ecr.registry.backfill-pages-bounds",
        "ecr.registry.backfill-results-bounds",
        "ecr.registry.replication-limits",
        "ecr.registry.signing-limits",
        "ecr.repositories.invalid-exclusions-refused",
        "ecr.scanning.number-of-names",
        "ecr.scanning.registry-put-invalid",
        "pagination.beyond-bounds-refused",
        "pagination.other-bounds",
        "policies.too-long-refused",
        "protocol.error-code",
        "repositories.invalid-name-refused",
        "validation.*.max",
    ]
)
def the_most_is_asked_for_late(response: Response, request: Request) -> Response:
    """Repositories are looked up before maxima are looked at."""
    return _unknown_instead(response, b"less than or equal to")


@broken_operation(
    "BatchDeleteImage",
    condemned_by=[
        "validation.full-list",
        "validation.batch-delete-image.valid",
    ],
)
def ten_at_a_time(right: Operation, registry: Registry, given: Parameters, call: Call) -> Outcome:
    """BatchDeleteImage takes ten elements at most."""
    if len(given["imageIds"]) > 10:
        raise Refusal("InvalidParameterException", "At most 10 images")
    return right(registry, given, call)
