"""What a report writes instead of secrets, and that nothing else changes."""

from __future__ import annotations

import json

import pytest
from canaries import CANARIES, Canaries, canaries
from hypothesis import given
from hypothesis import strategies as st

from conformance.transport.exchange import Exchange, Headers, Request, Response
from conformance.transport.redaction import REDACTED, known_secrets, redact, redact_text

SOME = canaries(1)
SIGNED = (
    "AWS4-HMAC-SHA256 Credential={}/20260101/us-east-1/ecr/aws4_request, "
    "SignedHeaders=host, Signature={}"
)


def exchange(body: bytes = b"{}", answer: bytes = b"{}", *, headers: Headers = ()) -> Exchange:
    request = Request("POST", "https://ecr.example.com/", headers, body)
    return Exchange("ecr", "PutImage", request, Response(200, (), answer))


def answered(answer: str, *, headers: Headers = ()) -> str:
    """What becomes of an answer."""
    return redact(exchange(answer=answer.encode(), headers=headers)).answer.body.decode()


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        (
            "Authorization",
            SIGNED.format(SOME.key, SOME.signature),
            SIGNED.format(REDACTED, REDACTED),
        ),
        ("Authorization", f"Basic {SOME.authorization_token}", f"Basic {REDACTED}"),
        ("x-amz-security-token", SOME.session_token, REDACTED),
        ("Set-Cookie", f"id={SOME.cookie}; Path=/", REDACTED),
        ("X-Amz-Target", "PutImage", "PutImage"),
    ],
)
def test_fields(name: str, value: str, kept: str) -> None:
    """A signature keeps its shape, another authorization its scheme, a cookie nothing."""
    assert redact(exchange(headers=((name, value),))).request.headers == ((name, kept),)


def test_a_secret_of_the_request_is_replaced_in_the_answer() -> None:
    """What a request tells is replaced where the answer repeats it."""
    headers = (("x-amz-security-token", SOME.session_token),)
    assert answered(f"token {SOME.session_token} expired", headers=headers) == (
        f"token {REDACTED} expired"
    )


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        ('{"authorizationToken" : "QVdT\\/x=="}', f'{{"authorizationToken" : "{REDACTED}"}}'),
        (f"authorizationToken={SOME.authorization_token}", f"authorizationToken={REDACTED}"),
        ('{"downloadUrl":"https://a/b?c=d"}', f'{{"downloadUrl":"https://a/b?{REDACTED}"}}'),
        ('{"downloadUrl":"https://a/b\\u003fc=d"}', f'{{"downloadUrl":"https://a/b?{REDACTED}"}}'),
        ('{"downloadUrl":"https://a/b"}', '{"downloadUrl":"https://a/b"}'),
        ("?X-Amz-Date=1&X-Amz-Signature=ab&x=1", f"?X-Amz-Date=1&X-Amz-Signature={REDACTED}&x=1"),
        ("?a=1\\u0026Signature=ab", f"?a=1\\u0026Signature={REDACTED}"),
        ("http://me:secret@host/", f"http://me:{REDACTED}@host/"),
    ],
)
def test_bodies(answer: str, kept: str) -> None:
    """Tokens, presigned queries and passwords are replaced, the rest of the body stays."""
    assert answered(answer) == kept


@given(CANARIES)
def test_messages(found: Canaries) -> None:
    """A message about exchanges tells neither what was sent nor what was answered in secret."""
    token = json.dumps({"authorizationToken": found.another_token}).encode()
    about = exchange(answer=token, headers=(("x-amz-security-token", found.session_token),))
    message = f"{found.session_token} got {found.another_token} at {found.download_url}"
    told = redact_text(message, known_secrets(about, answers=True))
    for secret in (found.session_token, found.another_token, found.url_signature, found.url_policy):
        assert secret not in told


@given(st.binary(), st.binary())
def test_other_bytes_stay(body: bytes, answer: bytes) -> None:
    """A body without secrets stays as it is, byte for byte."""
    plain = exchange(body, answer)
    assert redact(plain) == plain
    assert redact(redact(plain)) == redact(plain)
