"""What can be wrong with the artifacts of an image."""

from __future__ import annotations

from fault import FaultTransport, broken_answer, broken_operation, broken_transport

from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters
from conformance.reference.state import Registry
from conformance.targets import Connection
from conformance.transport import Request, Response
from conformance.transport.exchange import parse_json
from conformance.transport.prepared import operation_of

_LIST = "ListImageReferrers"


@broken_answer(_LIST, condemned_by=["registry.referrers-listed"])
def artifacts_have_no_type(answer: Answer, given: Parameters) -> None:
    """ListImageReferrers does not say of which type an artifact is."""
    for each in answer["referrers"]:
        each.pop("artifactType", None)


@broken_operation(
    _LIST,
    condemned_by=["registry.referrers-of-subject"],
)
def any_image_has_every_artifact(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """ListImageReferrers gives the artifacts of every image of the repository."""
    repository = registry.repositories.get(given["repositoryName"])
    images = repository.images.values() if repository else ()
    subjects = [each.subject for each in images if each.subject]
    if len(set(subjects)) != 1:
        return right(registry, given, call)
    return right(registry, {**given, "subjectId": {"imageDigest": subjects[0]}}, call)


@broken_operation(_LIST, condemned_by=["registry.referrers-by-type"])
def types_do_not_count(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """ListImageReferrers does not heed artifact types."""
    asked = {**given.get("filter", {}), "artifactTypes": []}
    return right(registry, {**given, "filter": asked}, call)


@broken_operation(_LIST, condemned_by=["registry.referrers-active"])
def the_status_does_not_count(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """ListImageReferrers gives artifacts of any status."""
    asked = {**given.get("filter", {}), "artifactStatus": "ANY"}
    return right(registry, {**given, "filter": asked}, call)


@broken_transport(condemned_by=["registry.referrers-deleted"])
def artifacts_are_cached(reference: Connection) -> Connection:
    """ListImageReferrers gives again what it gave to the same request before, if it was any."""
    known: dict[bytes, Response] = {}

    def remember(response: Response, request: Request) -> Response:
        if operation_of(request) != _LIST or response.status != 200:
            return response
        if parse_json(response.body)["referrers"]:
            known.setdefault(request.body, response)
        return known.get(request.body, response)

    return FaultTransport(reference, remember)


@broken_operation(_LIST, condemned_by=["registry.referrers-pages"])
def there_is_one_page(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """ListImageReferrers gives all artifacts, whatever maxResults is."""
    rest = {name: value for name, value in given.items() if name != "maxResults"}
    return right(registry, rest, call)


@broken_operation(_LIST, condemned_by=["registry.referrers-pages"])
def there_is_no_second_page(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """ListImageReferrers gives maxResults artifacts and no token to the others."""
    changed, answer = right(registry, given, call)
    answer.pop("nextToken", None)
    return changed, answer


@broken_operation(_LIST, condemned_by=["registry.referrers-default"])
def the_first_page_is_the_longest(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """ListImageReferrers gives 50 artifacts where maxResults is absent."""
    return right(registry, {"maxResults": 50, **given}, call)
