"""What must not leave the machine: credentials are replaced before an exchange is written anywhere.

Everything else stays as it was on the wire, byte for byte, so that digests, signatures of defects
and malformed bodies can still be checked by hand. Redacting twice changes nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace

from conformance.transport.exchange import Exchange, Headers, Request, Response

__all__ = ["REDACTED", "redact", "redact_text"]

REDACTED = "REDACTED"
"""Stands for every secret; the same everywhere, so redacted reports can be compared."""

# AWS key ids have 20 characters and up; emulators are called with "test", which is no secret and
# a word that bodies contain.
_SECRET_LENGTH = 16

_SECRET_HEADERS = {"x-amz-security-token", "cookie", "set-cookie"}
_AUTHORIZATION_HEADERS = {"authorization", "proxy-authorization"}
_SIGNATURE_V4 = re.compile(
    r"(?P<algorithm>AWS4-[A-Z0-9-]+) Credential=(?P<key>[^/,\s]+)/(?P<scope>[^,\s]+),\s*"
    r"SignedHeaders=(?P<headers>[^,\s]+),\s*Signature=(?P<signature>[^,\s]+)"
)

# Presigned URLs: signature version 4, signature version 2 (S3) and CloudFront (ECR Public layers).
# "\u0026" is how Go's encoder writes "&", "\/" how PHP's writes "/".
_PRESIGNED = re.compile(
    r"(?P<name>(?:X-Amz-(?:Signature|Credential|Security-Token)"
    r"|(?<=[?&])(?:Signature|AWSAccessKeyId|Key-Pair-Id)|(?<=u0026)(?:Signature|Key-Pair-Id))=)"
    r"(?P<value>(?:\\/|[^&\"'\s\\<>#])*)",
    re.IGNORECASE,
)

# Every JSON string, with the string it names if any. Consuming all of them, a last one that is cut
# off too, keeps the scan in phase (outside of strings JSON has no quotes) and linear.
_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)'
_MEMBER = re.compile(rf"(?P<name>{_STRING})(?:(?P<colon>\s*:\s*)(?P<value>{_STRING}))?", re.DOTALL)

# The same in what is not JSON, and in JSON inside a string.
_LOOSE = re.compile(
    r"(?P<name>authorizationToken\\*[\"']?\s*[:=>]\s*\\*[\"']?)(?P<value>[\w+/=.~-]{16,})",
    re.IGNORECASE | re.ASCII,
)


def redact(exchange: Exchange) -> Exchange:
    """The exchange without credentials, signatures, tokens and the queries that carry them.

    A secret of the request that the target repeats in its answer is replaced there too (AWS quotes
    the session token when a signature does not match).
    """
    secrets = _secrets(exchange)
    answer, failure = exchange.response, exchange.failure
    return replace(
        exchange,
        request=_redact_request(exchange.request, secrets),
        response=None if answer is None else _redact_response(answer, secrets),
        failure=None if failure is None else _without(_redact_urls(failure), secrets),
    )


def redact_text(text: str, exchanges: Iterable[Exchange]) -> str:
    """A text about some exchanges, such as a check's message, without what ``redact`` removes."""
    known = {secret for exchange in exchanges for secret in _secrets(exchange, answers=True)}
    return _without(_redact_urls(text), known)


def _redact_request(request: Request, secrets: set[str]) -> Request:
    return replace(
        request,
        url=_redact_urls(request.url),
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
    if name in _SECRET_HEADERS:
        return REDACTED
    if name in _AUTHORIZATION_HEADERS:
        return _redact_authorization(value)
    return _without(_redact_urls(value), secrets)


def _redact_authorization(value: str) -> str:
    """Keep the shape of a signature, and of anything else the scheme alone."""
    signed = _SIGNATURE_V4.fullmatch(value)
    if signed is None:
        scheme, space, _ = value.partition(" ")
        return f"{scheme} {REDACTED}" if space else value and REDACTED
    return (
        f"{signed['algorithm']} Credential={REDACTED}/{signed['scope']}, "
        f"SignedHeaders={signed['headers']}, Signature={REDACTED}"
    )


def _redact_body(body: bytes, secrets: set[str]) -> bytes:
    # Latin-1 maps every byte to a character and back, whatever the body's encoding is.
    text = body.decode("latin-1")
    redacted = _LOOSE.sub(_keep_name, _MEMBER.sub(_redact_member, text))
    redacted = _without(_redact_urls(redacted), secrets)
    return body if redacted == text else redacted.encode("latin-1")


def _redact_member(found: re.Match[str]) -> str:
    name, value = _plain(found["name"]), found["value"]
    if value is None:
        return found[0]
    if name == "authorizationtoken":
        return f'{found["name"]}{found["colon"]}"{REDACTED}"'
    if name == "downloadurl":
        return f"{found['name']}{found['colon']}{_without_query(value)}"
    return found[0]


def _plain(token: str) -> str:
    """A JSON string's text in lower case, escapes resolved; the token itself if that fails."""
    try:
        return str(json.loads(token, strict=False)).lower()
    except ValueError:
        return token.strip('"').lower()


def _without_query(value: str) -> str:
    address, mark, query = re.sub(r"\\u003[fF]", "?", value).partition("?")
    return f'{address}?{REDACTED}"' if mark and query.strip('"') else value


def _redact_urls(text: str) -> str:
    return _PRESIGNED.sub(_keep_name, text)


def _keep_name(found: re.Match[str]) -> str:
    return f"{found['name']}{REDACTED}"


def _without(text: str, secrets: set[str]) -> str:
    # Longest first: one secret may be part of another.
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, REDACTED)
    return text


def _secrets(exchange: Exchange, *, answers: bool = False) -> set[str]:
    """The secrets an exchange carries in its request, with ``answers`` also in its response."""
    found = _header_secrets(exchange.request.headers)
    found |= {match["value"] for match in _PRESIGNED.finditer(exchange.request.url)}
    if answers and exchange.response is not None:
        found |= _tokens(exchange.response.body.decode("latin-1"))
    return {secret for secret in found if len(secret) >= _SECRET_LENGTH}


def _header_secrets(headers: Headers) -> set[str]:
    fields = [(name.lower(), value) for name, value in headers]
    found = {value for name, value in fields if name in _SECRET_HEADERS}
    for name, value in fields:
        if name in _AUTHORIZATION_HEADERS:
            found |= _authorization_secrets(value)
    return found


def _authorization_secrets(value: str) -> set[str]:
    signed = _SIGNATURE_V4.fullmatch(value)
    return {signed["key"], signed["signature"]} if signed else {value.partition(" ")[2]}


def _tokens(body: str) -> set[str]:
    members = (match for match in _MEMBER.finditer(body) if match["value"])
    named = {match["value"] for match in members if _plain(match["name"]) == "authorizationtoken"}
    return {token.strip('"') for token in named}
