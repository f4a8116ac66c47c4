"""What can be wrong that AWS's own SDK stumbles over."""

from __future__ import annotations

from dataclasses import replace

from fault import (
    FaultTransport,
    broken_answer,
    broken_operation,
    broken_response,
    broken_transport,
    with_headers,
    with_members,
)

from broken.pagination import LISTINGS
from conformance.reference import Refusal
from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters
from conformance.reference.state import Registry
from conformance.targets import Connection
from conformance.transport import Request, Response
from conformance.transport.exchange import parse_json
from conformance.transport.prepared import operation_of

_HOURS = 3600
_BEYOND = "beyond the last item"


@broken_response(
    condemned_by=["client.exception-class", "client.exception-fields", "client.waiter-failure"]
)
def errors_have_a_second_code(response: Response, request: Request) -> Response:
    """Errors have x-amzn-query-error, as those of SQS do, with a code of its own form."""
    if response.status == 200:
        return response
    code = f"ECR.{parse_json(response.body)['__type']}"
    return with_headers(response, {"x-amzn-query-error": f"{code};Sender"})


@broken_response(condemned_by=["client.exception-metadata", "protocol.request-id"])
def errors_have_no_request_id(response: Response, request: Request) -> Response:
    """Answers have an x-amzn-RequestId, errors have none."""
    if response.status == 200:
        return response
    return with_headers(response, {"x-amzn-RequestId": None})


@broken_response(
    condemned_by=[
        "client.exception-fields",
        "client.exception-message",
        "protocol.error-message",
        "layers.last-valid-byte",
    ]
)
def errors_have_no_message(response: Response, request: Request) -> Response:
    """Errors have a code and no text."""
    if response.status == 200:
        return response
    return with_members(response, {"__type": parse_json(response.body)["__type"]})


@broken_answer(
    "CreateRepository",
    condemned_by=[
        "client.created-at",
        "repositories.created-at",
        "repositories.date-described-as-made",
    ],
)
def repositories_are_created_in_local_time(answer: Answer, given: Parameters) -> None:
    """The createdAt of a new repository is the local time, taken for UTC."""
    answer["repository"]["createdAt"] += 2 * _HOURS


@broken_answer("DescribeImages", condemned_by=["client.pushed-at", "images.pushed-at"])
def images_are_pushed_in_local_time(answer: Answer, given: Parameters) -> None:
    """The imagePushedAt of an image is the local time, taken for UTC."""
    for detail in answer["imageDetails"]:
        detail["imagePushedAt"] -= 5 * _HOURS


@broken_operation(
    "UploadLayerPart",
    condemned_by=["client.push", "layers.several-parts", "layers.part-of-part-size"],
)
def the_least_part_is_too_large(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A part of more than 5,000,000 bytes is refused, though AWS's least part is larger."""
    if len(given["layerPartBlob"]) > 5_000_000:
        raise Refusal("InvalidLayerPartException", "the part is too large")
    return right(registry, given, call)


@broken_transport(condemned_by=["client.resume-within-page", "pagination.token-good-twice"])
def a_token_is_good_once(reference: Connection) -> Connection:
    """A token that led to a page is forgotten then, until a page gives it again."""
    used = set()

    def forget(response: Response, request: Request) -> Response:
        if response.status != 200 or operation_of(request) not in LISTINGS:
            return response
        token = parse_json(request.body).get("nextToken")
        if token in used:
            refused = {"__type": "InvalidParameterException", "message": "the token is used up"}
            return with_members(replace(response, status=400), refused)
        used.update({token} - {None})
        used.discard(parse_json(response.body).get("nextToken"))
        return response

    return FaultTransport(reference, forget)


@broken_operation(
    *LISTINGS,
    condemned_by=[
        "client.paginator",
        "client.search",
        "client.resume",
        "client.resume-within-page",
        "pagination.complete",
        "pagination.default",
        "pagination.ends",
        "pagination.other-size-on-the-way",
        "pagination.page-size",
        "shapes.types",
        "pagination.filter",
    ],
)
def a_token_is_an_object(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A nextToken is the database's key of the next item, an object."""
    if isinstance(given.get("nextToken"), str):
        raise Refusal("InvalidParameterException", "the token is no key")
    changed, answer = right(registry, given, call)
    if "nextToken" in answer:
        answer["nextToken"] = {"S": answer["nextToken"]}
    return changed, answer


@broken_operation(*LISTINGS, condemned_by=["client.search", "shapes.presence"])
def the_last_page_is_empty(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """After the last item of several pages there is an empty page, without even a list."""
    if given.get("nextToken") == _BEYOND:
        return registry, {}
    changed, answer = right(registry, given, call)
    if "nextToken" in given and "nextToken" not in answer:
        answer["nextToken"] = _BEYOND
    return changed, answer


@broken_operation(
    "GetLifecyclePolicyPreview",
    condemned_by=[
        "client.waiter-time-out",
        "lifecycle.answers-name-repository",
        "lifecycle.waiter",
    ],
)
def a_preview_under_way_is_refused(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """GetLifecyclePolicyPreview is refused until the preview is complete."""
    changed, answer = right(registry, given, call)
    if answer["status"] == "IN_PROGRESS":
        raise Refusal("LifecyclePolicyPreviewNotFoundException", "there is none yet")
    return changed, answer


@broken_answer(
    "GetLifecyclePolicyPreview",
    condemned_by=["ecr.client.full-result", "lifecycle.preview-pages"],
)
def a_page_of_a_preview_repeats_the_first(answer: Answer, given: Parameters) -> None:
    """A later page of a preview begins with the result that it ends with."""
    if "nextToken" in given:
        answer["previewResults"] = [answer["previewResults"][-1], *answer["previewResults"]]


@broken_answer("DescribeRegistries", condemned_by=["ecr-public.client.full-result"])
def registries_are_described_twice(answer: Answer, given: Parameters) -> None:
    """DescribeRegistries has a registry again, where it is asked for pages."""
    if "maxResults" in given:
        answer["registries"] = answer["registries"] * 2
