"""What holds for every exchange of both services: the protocol."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from conformance.contract import Contract
from conformance.suite.evidence import documented, model, recorded
from conformance.suite.exchange_rules import error_of, exchange_rule, is_refusal
from conformance.suite.verdicts import MUST, SHOULD
from conformance.suite.walk import REFUSED_OPERATIONS, WALKED_OPERATIONS
from conformance.transport.exchange import Exchange, NotJson, parse_json
from conformance.transport.wire import CONTENT_TYPE

_COMMON_ERRORS = "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/CommonErrors.html"
_PLACEBO = "https://github.com/cloud-custodian/cloud-custodian/tree/main/tests/data/placebo"

COMMON_ERRORS = frozenset(
    {
        "AccessDeniedException",
        "ExpiredTokenException",
        "IncompleteSignature",
        "IncompleteSignatureException",
        "InternalFailure",
        "InvalidAction",
        "InvalidClientTokenId",
        "InvalidParameterCombination",
        "InvalidParameterValue",
        "InvalidQueryParameter",
        "InvalidSignatureException",
        "MalformedHttpRequestException",
        "MalformedQueryString",
        "MissingAction",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "MissingParameter",
        "NotAuthorized",
        "OptInRequired",
        "RequestAbortedException",
        "RequestEntityTooLargeException",
        "RequestExpired",
        "RequestTimeoutException",
        "SerializationException",
        "ServiceUnavailable",
        "ThrottlingException",
        "UnknownOperationException",
        "UnrecognizedClientException",
        "ValidationError",
        "ValidationException",
    }
)
"""Errors that any AWS operation may give without declaring them: those of the Common Errors page,
as it is and as it was before 2025, and the spellings with ``Exception`` that JSON services send."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


@cache
def _declared(contract: Contract, operation: str, *, faults: bool = True) -> frozenset[str]:
    """The codes of the errors that an operation declares, with or without those of the server."""
    declared = contract.operations[operation].errors
    return frozenset(error.code for error in declared if faults or not error.fault)


@exchange_rule(
    "protocol.no-server-fault",
    level=MUST,
    operations=WALKED_OPERATIONS,
    evidence=[
        documented(
            "DescribeImages.ServerException",
            "These errors are usually caused by a server-side issue.",
        ),
        model("ServerException", "the only modelled error of these operations that is a fault"),
    ],
)
def test_no_request_is_answered_with_a_server_fault(
    contract: Contract, exchange: Exchange
) -> Iterator[str]:
    """No request, well-formed or not, is answered with a status of 500 or more."""
    response = exchange.answer
    if response.status >= 500:
        yield f"answered HTTP {response.status}"


@exchange_rule(
    "protocol.status",
    level=MUST,
    operations=WALKED_OPERATIONS,
    evidence=[
        recorded(
            "GetRepositoryPolicy, GetLifecyclePolicy",
            "successes have status 200; RepositoryPolicyNotFoundException, "
            "LifecyclePolicyNotFoundException and InvalidParameterException came with status 400",
            _PLACEBO,
        ),
        model("errors", "no declared error of the client has a status of its own"),
    ],
)
def test_the_status_is_200_for_success_and_400_for_a_declared_client_error(
    contract: Contract, exchange: Exchange
) -> Iterator[str]:
    """A success has status 200, and a client error that the operation declares has 400."""
    response = exchange.answer
    error = error_of(response)
    declared = _declared(contract, exchange.operation, faults=False)
    if response.status < 400 and response.status != 200:
        yield f"status {response.status} is neither 200 nor an error"
    elif error is not None and error.code in declared and response.status != 400:
        yield f"{error.code} came with status {response.status} instead of 400"


@exchange_rule(
    "protocol.content-type",
    level=MUST,
    operations=WALKED_OPERATIONS,
    evidence=[
        recorded(
            "every recording",
            "answers, errors included, have the content type application/x-amz-json-1.1",
            _PLACEBO,
        ),
        model("metadata", "protocol json, jsonVersion 1.1"),
    ],
)
def test_every_answer_is_amz_json(contract: Contract, exchange: Exchange) -> Iterator[str]:
    """Every answer, success or error, has the content type application/x-amz-json-1.1."""
    given = exchange.answer.header("Content-Type") or "none"
    if given.partition(";")[0].strip().lower() != CONTENT_TYPE:
        yield f"the content type is {given!r} instead of {CONTENT_TYPE!r}"


@exchange_rule(
    "protocol.json-body",
    level=MUST,
    operations=WALKED_OPERATIONS,
    evidence=[
        model("metadata", "protocol json: the body of an answer is a JSON object"),
        recorded("every recording", "bodies, those of errors included, are objects", _PLACEBO),
    ],
)
def test_every_body_is_a_json_object(contract: Contract, exchange: Exchange) -> Iterator[str]:
    """The body of every answer is one JSON object."""
    try:
        body = parse_json(exchange.answer.body)
    except NotJson as error:
        yield f"the body is not JSON: {error}"
        return
    if not isinstance(body, dict):
        yield f"the body is a JSON {type(body).__name__} instead of an object"


@exchange_rule(
    "protocol.error-envelope",
    level=MUST,
    operations=REFUSED_OPERATIONS,
    concerns=is_refusal,
    evidence=[
        recorded(
            "GetRepositoryPolicy, GetLifecyclePolicy",
            "an error's body is an object of __type, the bare error code, and message",
            f"{_PLACEBO}/test_ecr_no_policy",
        ),
        model("metadata", "protocol json: clients read the code from the body's __type"),
    ],
)
def test_every_error_carries_its_code(contract: Contract, exchange: Exchange) -> Iterator[str]:
    """Every error body is an object whose member __type is the error's code."""
    response = exchange.answer
    if response.status >= 400 and error_of(response) is None:
        yield f"the body of HTTP {response.status} has no error code in __type"


@exchange_rule(
    "protocol.error-code",
    level=MUST,
    operations=REFUSED_OPERATIONS,
    concerns=is_refusal,
    evidence=[
        model("operations", "each operation lists its errors"),
        documented("CommonErrors", "errors common to the API actions of all services",
                   url=_COMMON_ERRORS),
    ],
)  # fmt: skip
def test_every_error_is_declared(contract: Contract, exchange: Exchange) -> Iterator[str]:
    """Every error code is one that the operation declares, or one of AWS's common errors."""
    error = error_of(exchange.answer)
    declared = _declared(contract, exchange.operation)
    if error is not None and error.code not in declared and error.code not in COMMON_ERRORS:
        yield f"{error.code} is no error of this operation"


@exchange_rule(
    "protocol.error-message",
    level=SHOULD,
    operations=REFUSED_OPERATIONS,
    concerns=is_refusal,
    evidence=[
        recorded(
            "GetRepositoryPolicy, GetLifecyclePolicy",
            "an error's body has a message",
            f"{_PLACEBO}/test_ecr_no_policy",
        ),
        model("ExceptionMessage", "modelled errors have a member message"),
    ],
)
def test_every_declared_error_has_a_message(
    contract: Contract, exchange: Exchange
) -> Iterator[str]:
    """Every error that the operation declares carries a message."""
    error = error_of(exchange.answer)
    declared = _declared(contract, exchange.operation)
    if error is not None and error.code in declared and not error.members.get("message"):
        yield f"{error.code} has no member message"


@exchange_rule(
    "protocol.bare-error-code",
    level=SHOULD,
    operations=REFUSED_OPERATIONS,
    concerns=is_refusal,
    evidence=[
        recorded(
            "GetRepositoryPolicy, GetLifecyclePolicy",
            "the recorded content lengths fit a code without namespace only",
            f"{_PLACEBO}/test_ecr_no_policy",
        )
    ],
)
def test_error_codes_are_bare(contract: Contract, exchange: Exchange) -> Iterator[str]:
    """The __type of an error is the code alone, without a namespace and without a suffix."""
    error = error_of(exchange.answer)
    if error is not None and error.members["__type"] != error.code:
        yield f"__type is {error.members['__type']!r} instead of {error.code!r}"


@exchange_rule(
    "protocol.request-id",
    level=MUST,
    operations=WALKED_OPERATIONS,
    evidence=[
        recorded(
            "every recording",
            "answers carry the header x-amzn-RequestId",
            f"{_PLACEBO}/test_ecr_tags",
        ),
    ],
)
def test_every_answer_has_a_request_id(contract: Contract, exchange: Exchange) -> Iterator[str]:
    """Every answer carries the header x-amzn-RequestId."""
    if not exchange.answer.header("x-amzn-RequestId"):
        yield "the header x-amzn-RequestId is missing"


@exchange_rule(
    "protocol.request-id-form",
    level=SHOULD,
    operations=WALKED_OPERATIONS,
    evidence=[
        recorded(
            "every recording",
            "the request id is a UUID",
            f"{_PLACEBO}/test_ecr_tags",
        )
    ],
)
def test_request_ids_are_uuids(contract: Contract, exchange: Exchange) -> Iterator[str]:
    """The request id is a UUID."""
    given = exchange.answer.header("x-amzn-RequestId")
    if given and not _UUID.fullmatch(given):
        yield f"the request id {given!r} is not a UUID"
