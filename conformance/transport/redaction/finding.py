"""Where in an exchange credentials stand. What is written instead is for a ``Replace`` to say."""

from __future__ import annotations

import re
from collections.abc import Callable

from conformance.transport.exchange import Exchange, Headers
from conformance.transport.redaction.nesting import (
    CONTENT,
    END,
    STRING,
    in_percent,
    unescaped,
)
from conformance.transport.wire import ANOTHER_ACCOUNT

__all__ = [
    "Replace",
    "in_header",
    "in_member_values",
    "in_members",
    "in_prose",
    "in_query",
    "in_urls",
    "is_distinctive",
    "is_secret_header",
    "known_secrets",
    "members",
]

Replace = Callable[[str], str]
"""Gives what to write instead of a secret."""

# AWS key ids have 20 characters and up; emulators are called with "test", which is no secret and
# a word that bodies contain.
_SECRET_LENGTH = 16

_TOKEN_HEADERS = {
    "x-amz-security-token",
    "x-amz-s3session-token",
    "x-auth-token",
    "x-registry-auth",
}
_COOKIE_HEADERS = {"cookie", "set-cookie"}
_AUTHORIZATION_HEADERS = {"authorization", "proxy-authorization"}
_SIGNATURE_V4 = re.compile(
    r"(?P<algorithm>AWS4-[A-Z0-9-]+) Credential=(?P<key>[^/,\s]+)/(?P<scope>[^,\s]+),\s*"
    r"SignedHeaders=(?P<headers>[^,\s]+),\s*Signature=(?P<signature>[^,\s]+)"
)
_COOKIE = re.compile(r"(?P<before>(?:\A|;)\s*(?:[^=;]*=)?)(?P<value>[^;]*)")
_COOKIE_ATTRIBUTE = re.compile(
    r";\s*(?:Path|Domain|Expires|Max-Age|SameSite|Version)=", re.IGNORECASE
)
_COOKIE_FLAGS = {"secure", "httponly", "partitioned"}

# Presigned URLs: signature version 4, signature version 2 (S3) and CloudFront (ECR Public layers);
# Google's and Azure's, where an emulator keeps layers there. "\u0026" is how Go's encoder writes
# "&", "\/" how PHP's writes "/". The first parameter may begin a line, as in a form.
_PRESIGNED = re.compile(
    r"(?P<name>(?:X-(?:Amz|Goog)-(?:Signature|Credential|Security-Token)"
    r"|(?:^|(?<=[?&;])|(?<=u0026))(?:Signature|Credential|Policy|Key-Pair-Id|AWSAccessKeyId"
    r"|GoogleAccessId|sig|(?:[\w.-]{1,64}[_-])?token))=)"
    r"(?P<value>(?:\\/|[^&\"'\s\\<>#])*)",
    re.IGNORECASE | re.ASCII | re.MULTILINE,
)
_PASSWORD = re.compile(r"(?P<user>://[^/?#@:\s\"<>,]*:)(?P<password>[^/?#@\s\"<>,]+)(?=@)")
_CREDENTIAL = re.compile(r"(?P<key>[^/%]+)(?P<scope>(?:/|%2F)\d{8}(?:/|%2F).*)", re.IGNORECASE)

_MEMBER = re.compile(
    rf'"(?P<name>{CONTENT})"(?P<colon>\s*:\s*")(?P<value>{CONTENT})(?P<end>{END})|{STRING}',
    re.DOTALL,
)
_SECRET_MEMBERS = {
    "authorizationtoken",
    "secretaccesskey",
    "sessiontoken",
    "password",
    "access_token",
    "refresh_token",
}

# The same in what is not JSON.
_PROSE = re.compile(
    r"(?P<name>authorizationToken\\*[\"']?\s*[:=>]\s*\\*[\"']?)(?P<value>[\w+/=.~-]{16,})",
    re.IGNORECASE | re.ASCII,
)


def in_urls(text: str, replace: Replace) -> str:
    """Replace what queries are signed with; the parameters keep their names."""
    if "://" in text and "@" in text:
        text = _PASSWORD.sub(lambda found: found["user"] + replace(found["password"]), text)
    if "=" not in text:
        return text
    return _PRESIGNED.sub(
        lambda found: found["name"] + _in_credential(found["value"], replace), text
    )


def in_query(text: str, replace: Replace) -> str:
    """The same, where ``replace`` gets values without percent-encoding and keeps their length."""
    return in_urls(text, lambda value: in_percent(value, replace))


def _in_credential(value: str, replace: Replace) -> str:
    """Of a key with its scope the key alone is secret."""
    scoped = _CREDENTIAL.fullmatch(value)
    return replace(value) if scoped is None else replace(scoped["key"]) + scoped["scope"]


def in_members(text: str, replace: Replace) -> str:
    """Replace the values of JSON members that are credentials.

    ``replace`` gets what is between the quotes, escaped as it stands there.
    """
    if "\\u" not in text:
        names = text.lower()
        if "token" not in names and "password" not in names and "accesskey" not in names:
            return text

    def member(found: re.Match[str]) -> str:
        if found["name"] is None or unescaped(found["name"]).lower() not in _SECRET_MEMBERS:
            return found[0]
        return f'"{found["name"]}"{found["colon"]}{replace(found["value"])}{found["end"]}'

    return _MEMBER.sub(member, text)


def members(text: str, name: str) -> list[re.Match[str]]:
    """The JSON members of a name that are strings; ``value`` is escaped as it stands there."""
    if name not in text:
        return []
    return [found for found in _MEMBER.finditer(text) if found["name"] == name]


def in_member_values(text: str, name: str, replace: Replace) -> str:
    """Replace the values of the JSON members of a name, escaped as they stand there."""
    pieces: list[str] = []
    at = 0
    for found in members(text, name):
        pieces += text[at : found.start("value")], replace(found["value"])
        at = found.end("value")
    return "".join([*pieces, text[at:]])


def in_prose(text: str, replace: Replace) -> str:
    """Replace authorization tokens in what is not JSON but names them."""
    return _PROSE.sub(lambda found: found["name"] + replace(found["value"]), text)


def is_secret_header(name: str) -> bool:
    """Whether a header field's value is a credential as a whole; ``name`` in lower case."""
    return name in _TOKEN_HEADERS or name in _COOKIE_HEADERS


def in_header(name: str, value: str, replace: Replace) -> str:
    """Replace the credentials that a header field is there for; ``name`` in lower case.

    A signature keeps its algorithm, scope and signed headers, any other authorization its scheme, a
    cookie its name and attributes.
    """
    if name in _AUTHORIZATION_HEADERS:
        return _in_authorization(value, replace)
    if name in _COOKIE_HEADERS:
        return _in_cookie(value, replace)
    return replace(value) if name in _TOKEN_HEADERS else value


def _in_authorization(value: str, replace: Replace) -> str:
    signed = _SIGNATURE_V4.fullmatch(value)
    if signed is None:
        scheme, space, credentials = value.partition(" ")
        return f"{scheme} {replace(credentials)}" if space else value and replace(value)
    # Made up, and what tells the two accounts of a scenario apart.
    made_up = signed["key"] == ANOTHER_ACCOUNT.access_key
    key = signed["key"] if made_up else replace(signed["key"])
    return (
        f"{signed['algorithm']} Credential={key}/{signed['scope']}, "
        f"SignedHeaders={signed['headers']}, Signature={replace(signed['signature'])}"
    )


def _in_cookie(value: str, replace: Replace) -> str:
    def pair(found: re.Match[str]) -> str:
        if _COOKIE_ATTRIBUTE.fullmatch(found["before"]) or found["value"].lower() in _COOKIE_FLAGS:
            return found[0]
        return found["before"] + replace(found["value"])

    return _COOKIE.sub(pair, value)


def known_secrets(exchange: Exchange, *, answers: bool = False) -> set[str]:
    """The secrets an exchange carries in its request, with ``answers`` also in its response."""
    found: set[str] = set()

    def keep(secret: str) -> str:
        found.add(secret)
        return secret

    _keep_headers(exchange.request.headers, keep)
    in_urls(exchange.request.url, keep)
    if answers and exchange.response is not None:
        _keep_headers(exchange.response.headers, keep)
        in_members(exchange.response.body.decode("latin-1"), keep)
    return set(filter(is_distinctive, found))


def is_distinctive(secret: str) -> bool:
    """Whether a secret can be looked for elsewhere without finding what is none."""
    return len(secret) >= _SECRET_LENGTH


def _keep_headers(headers: Headers, keep: Replace) -> None:
    for name, value in headers:
        in_header(name.lower(), value, keep)
