"""The policy of reports: credentials become one word before an exchange is written.

Everything else stays as it was on the wire, byte for byte, so that digests, signatures of defects
and malformed bodies can still be checked by hand. Redacting twice changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from conformance.transport.exchange import Exchange, Headers, Request, Response
from conformance.transport.redaction.finding import (
    in_header,
    in_member_values,
    in_members,
    in_prose,
    in_urls,
    is_secret_header,
    known_secrets,
)

__all__ = ["REDACTED", "redact", "redact_text"]

REDACTED = "REDACTED"
"""Stands for every secret; the same everywhere, so redacted reports can be compared."""


def redact(exchange: Exchange) -> Exchange:
    """The exchange without credentials, signatures, tokens and the queries that carry them.

    A secret of the request that the target repeats in its answer is replaced there too (AWS quotes
    the session token when a signature does not match).
    """
    secrets = known_secrets(exchange)
    answer, failure = exchange.response, exchange.failure
    return replace(
        exchange,
        request=_redact_request(exchange.request, secrets),
        response=None if answer is None else _redact_response(answer, secrets),
        failure=None if failure is None else _without(in_urls(failure, _hide), secrets),
    )


def redact_text(text: str, secrets: Collection[str]) -> str:
    """A text, such as a check's message, without queries that carry credentials, nor ``secrets``.

    These are the ``known_secrets`` of the exchanges that it tells of, their answers included.
    """
    return _without(in_urls(text, _hide), secrets)


def _hide(_: str) -> str:
    return REDACTED


def _redact_request(request: Request, secrets: set[str]) -> Request:
    return replace(
        request,
        url=in_urls(request.url, _hide),
        headers=_redact_headers(request.headers, secrets),
        body=_redact_body(request.body, secrets),
    )


def _redact_response(response: Response, secrets: set[str]) -> Response:
    return replace(
        response,
        headers=_redact_headers(response.headers, secrets),
        body=_redact_body(response.body, secrets),
    )


def _redact_headers(headers: Headers, secrets: set[str]) -> Headers:
    return tuple((name, _redact_field(name.lower(), value, secrets)) for name, value in headers)


def _redact_field(name: str, value: str, secrets: set[str]) -> str:
    if is_secret_header(name):
        return REDACTED
    return _without(in_urls(in_header(name, value, _hide), _hide), secrets)


def _redact_body(body: bytes, secrets: set[str]) -> bytes:
    # Latin-1 maps every byte to a character and back, whatever the body's encoding is.
    text = body.decode("latin-1")
    redacted = in_member_values(in_members(text, _hide), "downloadUrl", _without_query)
    redacted = _without(in_urls(in_prose(redacted, _hide), _hide), secrets)
    return body if redacted == text else redacted.encode("latin-1")


def _without_query(address: str) -> str:
    """A layer's address without what is signed in it, escaped as it stands there."""
    plain, _, query = re.sub(r"\\u003[fF]", "?", address).partition("?")
    return f"{plain}?{REDACTED}" if query else address


def _without(text: str, secrets: Collection[str]) -> str:
    # Longest first: one secret may be part of another.
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, REDACTED)
    return text
