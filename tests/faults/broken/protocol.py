"""What can be wrong with every answer, whatever it is about."""

from __future__ import annotations

from dataclasses import replace

from fault import broken_response, with_headers, with_members

from conformance.transport import Request, Response
from conformance.transport.exchange import parse_json

_NOT_FOUND = "RepositoryNotFoundException"


def _code(response: Response) -> str:
    return "" if response.status == 200 else str(parse_json(response.body)["__type"])


@broken_response(condemned_by=["protocol.content-type"])
def the_content_type_is_plain_json(response: Response, request: Request) -> Response:
    """Answers are application/json."""
    return with_headers(response, {"Content-Type": "application/json"})


@broken_response(condemned_by=["protocol.content-type"])
def errors_are_plain_json(response: Response, request: Request) -> Response:
    """Errors are application/json, successes are not."""
    if response.status == 200:
        return response
    return with_headers(response, {"Content-Type": "application/json"})


@broken_response(
    condemned_by=["client.exception-metadata", "client.request-id", "protocol.request-id"]
)
def there_is_no_request_id(response: Response, request: Request) -> Response:
    """Answers have no x-amzn-RequestId."""
    return with_headers(response, {"x-amzn-RequestId": None})


@broken_response(condemned_by=["protocol.request-id-form"])
def request_ids_are_random_letters(response: Response, request: Request) -> Response:
    """The request id has no hyphens."""
    plain = (response.header("x-amzn-RequestId") or "").replace("-", "")
    return with_headers(response, {"x-amzn-RequestId": plain})


@broken_response(condemned_by=["protocol.bare-error-code"])
def error_codes_have_a_namespace(response: Response, request: Request) -> Response:
    """The __type of an error has a namespace and a hash before the code."""
    if response.status == 200:
        return response
    members = parse_json(response.body)
    return with_members(response, {**members, "__type": f"com.amazonaws.ecr#{members['__type']}"})


@broken_response(
    condemned_by=[
        "protocol.error-message",
        "shapes.no-undocumented-members",
        "layers.last-valid-byte",
        "client.exception-fields",
    ]
)
def messages_are_capital(response: Response, request: Request) -> Response:
    """An error's text is in Message."""
    if response.status == 200:
        return response
    members = parse_json(response.body)
    return with_members(response, {"__type": members["__type"], "Message": members["message"]})


@broken_response(
    "PutImage",
    condemned_by=[
        "images.same-image-and-tag-refused",
        "images.same-untagged-refused",
        "protocol.error-code",
        "tags.immutable-same-image-refused",
    ],
)
def an_error_is_made_up(response: Response, request: Request) -> Response:
    """PutImage of what is there already is refused with ImageExistsException."""
    if _code(response) != "ImageAlreadyExistsException":
        return response
    return with_members(response, {"__type": "ImageExistsException", "message": "it exists"})


@broken_response(
    "DescribeRepositories", condemned_by=["client.exception-metadata", "protocol.status"]
)
def not_found_is_404(response: Response, request: Request) -> Response:
    """DescribeRepositories refuses unknown repositories with HTTP 404."""
    return replace(response, status=404) if _code(response) == _NOT_FOUND else response


@broken_response("CreateRepository", condemned_by=["protocol.status"])
def existing_is_409(response: Response, request: Request) -> Response:
    """CreateRepository refuses a name that is taken with HTTP 409."""
    taken = _code(response) == "RepositoryAlreadyExistsException"
    return replace(response, status=409) if taken else response


@broken_response(
    "SetRepositoryPolicy",
    condemned_by=["protocol.no-server-fault", "protocol.status"],
)
def bad_policies_are_faults_of_the_server(response: Response, request: Request) -> Response:
    """SetRepositoryPolicy refuses a bad policy with HTTP 500."""
    bad = b"Invalid repository policy" in response.body
    return replace(response, status=500) if bad else response


@broken_response(
    "DeleteRepository",
    condemned_by=[
        "protocol.no-server-fault",
        "protocol.error-envelope",
        "protocol.json-body",
        "protocol.content-type",
        "repositories.delete-twice-refused",
        "repositories.unknown-refused",
    ],
)
def a_missing_repository_crashes(response: Response, request: Request) -> Response:
    """DeleteRepository of an unknown repository ends in a page of the web framework, HTTP 500."""
    if _code(response) != _NOT_FOUND:
        return response
    return Response(
        500,
        (("x-amzn-RequestId", response.header("x-amzn-RequestId") or ""),
         ("Content-Type", "text/html"), ("Content-Length", "21")),
        b"<html>KeyError</html>",
    )  # fmt: skip


@broken_response(
    "GetRepositoryPolicy",
    condemned_by=[
        "protocol.error-envelope",
        "policies.missing-refused",
        "repositories.unknown-refused",
        "validation.get-repository-policy.max",
        "validation.get-repository-policy.min",
        "validation.get-repository-policy.pattern",
        "validation.get-repository-policy.required",
        "validation.get-repository-policy.type",
    ],
)
def the_code_is_only_in_a_header(response: Response, request: Request) -> Response:
    """GetRepositoryPolicy has the code of its errors in x-amzn-ErrorType, not in the body."""
    if response.status == 200:
        return response
    bare = with_members(response, {"message": parse_json(response.body)["message"]})
    return with_headers(bare, {"x-amzn-ErrorType": _code(response)})


@broken_response(
    "CompleteLayerUpload",
    condemned_by=[
        "protocol.status",
        "layers.completion-names-upload",
        "layers.digest",
        "layers.several-parts",
        "layers.uploads-apart",
    ],
)
def a_completed_upload_is_201(response: Response, request: Request) -> Response:
    """CompleteLayerUpload answers with HTTP 201."""
    return replace(response, status=201) if response.status == 200 else response


@broken_response(
    "DescribeImages",
    condemned_by=[
        "images.empty-repository",
        "images.of-other-account-unlisted",
        "protocol.json-body",
        "registry.storage-class-filter",
    ],
)
def nothing_is_a_list(response: Response, request: Request) -> Response:
    """DescribeImages answers with a list where there are no images."""
    if response.status != 200 or parse_json(response.body) != {"imageDetails": []}:
        return response
    return with_headers(replace(response, body=b"[]"), {"Content-Length": "2"})
