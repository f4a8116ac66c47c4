"""The wire client's signatures are those of botocore."""

from __future__ import annotations

import time
from unittest import mock

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from conformance.transport.signing import Signer

WORDS = st.text("abcdefghijklmnopqrstuvwxyz-0123456789", min_size=1)
FIELDS = st.text(st.characters(min_codepoint=32, max_codepoint=126))
URLS = st.sampled_from(
    [
        "http://127.0.0.1:4566/",
        "http://Registry.invalid:80/",
        "http://[::1]:4566/",
        "https://api.ecr.eu-west-3.amazonaws.com/",
        "https://api.ecr.eu-west-3.amazonaws.com:443/",
    ]
)


@given(
    credentials=st.builds(Credentials, WORDS, WORDS, st.none() | WORDS),
    scope=st.tuples(WORDS, WORDS),
    url=URLS,
    target=FIELDS,
    body=st.binary(),
)
def test_a_request_is_signed_as_by_botocore(
    credentials: Credentials, scope: tuple[str, str], url: str, target: str, body: bytes
) -> None:
    """Every header field is what botocore makes it, in the same order."""
    given_fields = {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1"}
    right = AWSRequest("POST", url, headers=given_fields, data=body)
    SigV4Auth(credentials, *scope).add_auth(right)
    moment = time.strptime(right.context["timestamp"], "%Y%m%dT%H%M%SZ")
    with mock.patch.object(time, "gmtime", return_value=moment):
        signed = Signer(credentials, *scope, url).request(given_fields, body)
    expected = right.prepare()
    assert list(signed.headers.items()) == list(expected.headers.items())
    assert (signed.method, signed.url, signed.body) == (expected.method, expected.url, body)
