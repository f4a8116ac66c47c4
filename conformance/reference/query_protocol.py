"""AWS Query, which STS speaks: what is asked is a form, what is answered is XML.

https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from urllib.parse import parse_qs
from xml.etree import ElementTree as ET

from conformance.reference.protocol import refused
from conformance.reference.refusal import Refusal
from conformance.transport.exchange import Request, Response, header
from conformance.transport.prepared import TARGET

VERSION = "2011-06-15"
"""That of the API of STS."""

_NAMESPACE = f"https://sts.amazonaws.com/doc/{VERSION}/"
_FORM = "application/x-www-form-urlencoded"
_UNPRINTABLE = re.compile("[^ -~]")

# What ECR calls SomeException is Some here, with the status 403 where it is about who asks:
# https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html, seen in
# https://github.com/aws-azure-login/aws-azure-login/issues/251 (InvalidClientTokenId) and
# https://github.com/jenkinsci/ec2-plugin/pull/1008 (ExpiredToken).
_REFUSALS = {
    "ExpiredTokenException": ("ExpiredToken", 403),
    "IncompleteSignatureException": ("IncompleteSignature", 400),
    "InvalidSignatureException": ("SignatureDoesNotMatch", 403),
    "MissingAuthenticationTokenException": ("MissingAuthenticationToken", 403),
    "ThrottlingException": ("Throttling", 400),
    "UnrecognizedClientException": ("InvalidClientTokenId", 403),
}


def is_query(request: Request) -> bool:
    """Whether a request speaks this protocol: it posts a form, and names no target."""
    content_type = header(request.headers, "Content-Type") or ""
    targeted = header(request.headers, TARGET) is not None
    return request.method == "POST" and content_type.startswith(_FORM) and not targeted


def action_of(request: Request) -> tuple[str, str]:
    """The action that a form names and the version of the API; empty where it names none."""
    form = parse_qs(request.body.decode("latin-1"))
    return form.get("Action", [""])[0], form.get("Version", [""])[0]


def answered_query(action: str, result: Mapping[str, str], request_id: uuid.UUID) -> Response:
    """A success, as API_GetCallerIdentity shows one."""
    members = {
        f"{action}Result": result,
        "ResponseMetadata": {"RequestId": str(request_id)},
    }
    return _response(200, f"{action}Response", members, request_id)


def refused_query(refusal: Refusal, request_id: uuid.UUID) -> Response:
    """An error.

    Recorded: https://github.com/aws-azure-login/aws-azure-login/issues/251.
    """
    code, status = _REFUSALS.get(refusal.code, (refusal.code, 400))
    message = _UNPRINTABLE.sub("?", refusal.message)  # XML cannot say every character
    members = {
        "Error": {"Type": "Sender", "Code": code, "Message": message},
        "RequestId": str(request_id),
    }
    return _response(status, "ErrorResponse", members, request_id)


def turned_away(request: Request, refusal: Refusal, now: float) -> Response:
    """An error before any service has seen the request, in the protocol that it speaks."""
    request_id = uuid.uuid4()
    if is_query(request):
        return refused_query(refusal, request_id)
    return refused(refusal, request_id, now)


def _response(
    status: int, name: str, members: Mapping[str, object], request_id: uuid.UUID
) -> Response:
    root = ET.Element(name, xmlns=_NAMESPACE)
    _fill(root, members)
    body = ET.tostring(root)
    headers = (
        ("x-amzn-RequestId", str(request_id)),
        ("Content-Type", "text/xml"),
        ("Content-Length", str(len(body))),
    )
    return Response(status, headers, body)


def _fill(element: ET.Element, members: Mapping[str, object]) -> None:
    for name, value in members.items():
        child = ET.SubElement(element, name)
        if isinstance(value, Mapping):
            _fill(child, value)
        else:
            child.text = str(value)
