"""Reading botocore's prepared requests, whose headers and bodies come as text or as bytes."""

from __future__ import annotations

from typing import Any

from botocore.awsrequest import AWSPreparedRequest

from conformance.transport.exchange import Headers, Request, header

TARGET = "X-Amz-Target"
"""The header field that names service and operation."""


def read(request: AWSPreparedRequest) -> Request:
    """The request as a value: header fields in their order, the body's exact bytes.

    The JSON protocol never makes a body of a file, so none is expected here.
    """
    fields: Headers = tuple((_text(k), _text(v)) for k, v in request.headers.items())
    return Request(request.method or "POST", request.url, fields, _body(request))


def read_question(request: AWSPreparedRequest) -> Request:
    """The request without its header fields, but for the one that names its operation.

    It is found by these in a recording; reading botocore's other fields takes longer than finding.
    """
    target = request.headers.get(TARGET)
    fields: Headers = () if target is None else ((TARGET, _text(target)),)
    return Request(request.method or "POST", request.url, fields, _body(request))


def operation_of(request: Request) -> str:
    """The operation that ``X-Amz-Target`` names, without its prefix; empty where it names none."""
    return (header(request.headers, TARGET) or "").rpartition(".")[2]


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _body(request: AWSPreparedRequest) -> bytes:
    body: Any = request.body or b""
    return body.encode() if isinstance(body, str) else bytes(body)
