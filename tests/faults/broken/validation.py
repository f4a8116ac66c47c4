"""Requests that are let through although they break their shape."""

from __future__ import annotations

from fault import broken_operation, broken_response, lenient, with_members

from conformance.contract import Breach
from conformance.reference import Refusal
from conformance.reference.call import Call, Operation, Outcome, Parameters
from conformance.reference.state import Registry
from conformance.transport import Request, Response
from conformance.transport.exchange import NotJson, parse_json


@broken_response("DescribeRepositories", condemned_by=["validation.json"])
def what_is_no_json_is_an_empty_request(response: Response, request: Request) -> Response:
    """A body that is not JSON is taken for an empty one."""
    try:
        parse_json(request.body)
    except NotJson:
        return with_members(Response(200, response.headers, b""), {"repositories": []})
    return response


@broken_response("PutImage", "SetRepositoryPolicy", condemned_by=["validation.required-members"])
def a_missing_member_is_a_missing_repository(response: Response, request: Request) -> Response:
    """A request without its required members is refused with RepositoryNotFoundException."""
    if b"must not be null" not in response.body:
        return response
    members = {"__type": "RepositoryNotFoundException", "message": "no repository"}
    return with_members(response, members)


@broken_response("CreateRepository", condemned_by=["validation.types"])
def an_object_is_a_taken_name(response: Response, request: Request) -> Response:
    """A repositoryName that is an object is taken for a name that exists."""
    if b"SerializationException" not in response.body:
        return response
    members = {"__type": "RepositoryAlreadyExistsException", "message": "it exists"}
    return with_members(response, members)


@lenient(condemned_by=["validation.repository-name"])
def names_are_looked_up_unseen(operation: str, breach: Breach) -> bool:
    """The operations on a repository look any name up, however impossible."""
    name = breach.path[-1:] == ("repositoryName",) or breach.path[:1] == ("repositoryNames",)
    return operation != "CreateRepository" and name and breach.keyword == "pattern"


@lenient(condemned_by=["ecr.validation.registry-id"])
def registry_ids_are_any_text(operation: str, breach: Breach) -> bool:
    """A registryId may have any form; one that nobody has is not accessible."""
    return (*breach.path, breach.keyword) == ("registryId", "pattern")


@lenient(
    condemned_by=[
        "validation.empty-list",
        "repositories.invalid-exclusions-refused",
        "scanning.number-of-names",
    ]
)
def lists_may_be_empty(operation: str, breach: Breach) -> bool:
    """A batch operation on nothing succeeds."""
    return breach.keyword == "minItems"


@lenient(
    condemned_by=[
        "catalog.beyond-limits",
        "validation.long-list",
        "registry.replication-limits",
        "registry.signing-limits",
        "repositories.invalid-exclusions-refused",
        "scanning.number-of-names",
        "scanning.registry-put-invalid",
    ]
)
def lists_may_be_long(operation: str, breach: Breach) -> bool:
    """A batch operation takes any number of elements."""
    return breach.keyword == "maxItems"


@broken_operation("BatchDeleteImage", condemned_by=["validation.long-list"])
def ten_at_a_time(right: Operation, registry: Registry, given: Parameters, call: Call) -> Outcome:
    """BatchDeleteImage takes ten elements at most."""
    if len(given["imageIds"]) > 10:
        raise Refusal("InvalidParameterException", "At most 10 images")
    return right(registry, given, call)


@lenient(
    condemned_by=[
        "registry.replication-limits",
        "registry.signing-limits",
        "repositories.invalid-exclusions-refused",
        "validation.enumerations",
    ]
)
def any_value_will_do(operation: str, breach: Breach) -> bool:
    """Values beyond an enumeration are taken, and ignored or kept."""
    # The reference itself could not go on with a frequency of scans that is none.
    return breach.keyword == "enum" and operation != "PutRegistryScanningConfiguration"
