"""AWS JSON 1.1: what a request asks and of whom, and how answers are written.

https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from conformance.contract import SERVICES, load_contract
from conformance.reference.access import is_account
from conformance.reference.refusal import Refusal, unknown_operation
from conformance.transport.exchange import Request, Response, header

DEFAULT_ACCOUNT = "123456789012"
DEFAULT_REGION = "us-east-1"

_CONTENT_TYPE = "application/x-amz-json-1.1"
_SCOPE = re.compile(r"Credential=(?P<key>[^/\s,]+)/[^/\s,]+/(?P<region>[^/\s,]+)/")
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and in which region: both from the scope of the signature.

    ``key`` is the id of the access key, empty where a request is not signed; ``token`` the session
    token that came with it, if any. The signature itself is not checked.
    """

    key: str
    account: str
    region: str
    token: str | None


def caller_of(request: Request, account: str = DEFAULT_ACCOUNT) -> Caller:
    """The caller, by the ``Authorization`` header.

    An access key of twelve digits is the account; every other one belongs to ``account``.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
    """
    token = header(request.headers, "X-Amz-Security-Token")
    scope = _SCOPE.search(header(request.headers, "Authorization") or "")
    if scope is None:
        return Caller("", account, DEFAULT_REGION, token)
    key = scope["key"]
    return Caller(key, key if is_account(key) else account, scope["region"], token)


def operation_of(request: Request) -> tuple[str, str]:
    """Service and operation, by ``X-Amz-Target``. Raises ``Refusal`` where that names none."""
    target = header(request.headers, "X-Amz-Target") or ""
    prefix, _, name = target.partition(".")
    for service in SERVICES:
        contract = load_contract(service)
        if request.method == "POST" and prefix == contract.target_prefix:
            if name in contract.operations:
                return service, name
            raise unknown_operation(name)
    raise unknown_operation(target)


def origin_of(request: Request) -> str:
    """Scheme and host that the request was sent to."""
    parts = urlsplit(request.url)
    return f"{parts.scheme}://{parts.netloc}"


def answered(answer: Mapping[str, Any], request_id: uuid.UUID, now: float) -> Response:
    """A success."""
    return _response(200, answer, request_id, now)


def refused(refusal: Refusal, request_id: uuid.UUID, now: float) -> Response:
    """An error: HTTP 400, the bare code as ``__type``.

    Recorded: https://github.com/cloud-custodian/cloud-custodian/tree/main/tests/data/placebo/
    test_ecr_no_policy.
    """
    body = {"__type": refusal.code, "message": refusal.message, **refusal.members}
    return _response(400, body, request_id, now)


def preflight(request: Request, request_id: uuid.UUID) -> Response:
    """What a browser is told before it asks across origins: it may, with the headers it names.

    https://developer.mozilla.org/en-US/docs/Glossary/Preflight_request. AWS's endpoints of ECR and
    ECR Public answered so in 2021.
    """
    exposed = "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date"
    wanted = header(request.headers, "Access-Control-Request-Headers") or ""
    headers = (
        ("x-amzn-RequestId", str(request_id)),
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Allow-Methods", "POST"),
        ("Access-Control-Allow-Headers", wanted),
        ("Access-Control-Expose-Headers", exposed),
        ("Access-Control-Max-Age", "172800"),
        ("Content-Length", "0"),
    )
    return Response(200, headers, b"")


def _response(
    status: int, answer: Mapping[str, Any], request_id: uuid.UUID, now: float
) -> Response:
    """A response whose members are in alphabetical order, as AWS prints them.

    Recorded: https://github.com/aws/aws-cli/issues/6424.
    """
    body = _ENCODER.encode(answer).encode()
    headers = (
        ("x-amzn-RequestId", str(request_id)),
        ("Content-Type", _CONTENT_TYPE),
        ("Content-Length", str(len(body))),
        ("Date", _date(int(now))),
    )
    return Response(status, headers, body)


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    """A time as ``Date`` has it; printed once for all answers of a second."""
    return formatdate(second, usegmt=True)
