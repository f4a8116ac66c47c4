"""Secrets that must not be found, the texts they stand in, and what those are wrapped up in."""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Callable
from dataclasses import astuple, dataclass
from urllib.parse import quote

from hypothesis import strategies as st

from conformance.transport.exchange import Exchange, Request, Response
from conformance.transport.redaction import Redactor

_BASE64 = string.ascii_letters + string.digits + "+/"
_HEXADECIMAL = "0123456789abcdef"


@dataclass(frozen=True)
class Canaries:
    """One secret of each kind, none of which occurs by chance.

    Those called ``another`` stand where they are told by their form or place alone, not in what
    authorizes a request.
    """

    key: str
    session_token: str
    signature: str
    another_key: str
    cookie: str
    another_cookie: str
    password: str
    another_password: str
    url_signature: str
    url_policy: str
    own_account: str
    account: str
    prefix: str
    role: str
    session: str
    alias: str

    def spelt(self) -> list[bytes]:
        """All of them, as they are searched for."""
        return [text.encode() for text in (*astuple(self), self.prefix.replace("-", "_"))]

    @property
    def authorization_token(self) -> str:
        """What ``GetAuthorizationToken`` answered before."""
        return base64.b64encode(f"AWS:{self.password}".encode()).decode()

    @property
    def another_token(self) -> str:
        """What it answers now."""
        return base64.b64encode(f"AWS:{self.another_password}".encode()).decode()

    @property
    def download_url(self) -> str:
        """A presigned URL."""
        return (
            f"https://prod-{self.account}-starport.s3.amazonaws.com/layer?X-Amz-Date=20260101T000000Z"
            f"&X-Amz-Credential={self.another_key}%2F20260101%2Fus-east-1%2Fs3%2Faws4_request"
            f"&X-Amz-Security-Token={quote(self.session_token, safe='')}"
            f"&X-Amz-Signature={self.url_signature}&Policy={self.url_policy}~__"
        )

    def redactor(self) -> Redactor:
        """One that knows what a run knows beforehand."""
        words = {self.prefix: "ecrc-00000007"}
        return Redactor(
            words=words,
            own_account=self.own_account,
            salt=b"known to the tests",
            own_names="ecrc-",
        )


def canaries(seed: int) -> Canaries:
    """Other ones for every seed."""
    drawn = random.Random(seed)  # noqa: S311 -- repeatable

    def text(alphabet: str, length: int) -> str:
        return "".join(drawn.choices(alphabet, k=length))

    return Canaries(
        key="AKIA" + text(string.ascii_uppercase + "234567", 16),
        session_token="Fwo" + text(_BASE64, drawn.randint(100, 160)) + "==",
        signature=text(_HEXADECIMAL, 64),
        another_key="ASIA" + text(string.ascii_uppercase + "234567", 16),
        cookie=text(string.ascii_letters, drawn.randint(16, 40)),
        another_cookie=text(string.ascii_letters, 20),
        password=text(_BASE64, drawn.randint(16, 60)),
        another_password=text(_BASE64, drawn.randint(16, 60)),
        url_signature=text(_HEXADECIMAL, 64),
        url_policy=text(string.ascii_letters, 60),
        own_account="7" + text(string.digits, 11),
        account="8" + text(string.digits, 11),
        prefix="ecrc-" + text("89abcdef", 8),
        role="Deploy+" + text(string.ascii_letters, 12),
        session=text(string.ascii_letters + string.digits, 12) + "@example.com",
        alias=text(string.ascii_lowercase, 10),
    )


CANARIES = st.integers(0, 2**32).map(canaries)

LEAVES: list[Callable[[Canaries], str]] = [
    lambda c: (
        f"The security token {c.session_token} of {c.key} is invalid; signature {c.signature}."
    ),
    lambda c: f"arn:aws:ecr:us-east-1:{c.own_account}:repository/{c.prefix}-1/é",
    lambda c: f"arn:aws:iam::{c.account}:root",
    lambda c: c.account,
    lambda c: f"key {c.another_key} is inactive",
    lambda c: f"{c.own_account}.dkr.ecr.us-east-1.amazonaws.com/{c.prefix.replace('-', '_')}",
    lambda c: c.download_url,
    lambda c: f"GET {c.download_url}\nCookie: {c.cookie}",
    lambda c: json.dumps({"authorizationToken": c.another_token, "expiresAt": 1.5}),
    lambda c: json.dumps([{"authorizationToken": c.session_token}, c.authorization_token]),
    lambda c: f"authorizationToken={c.another_token}",
    lambda c: (
        f"User: arn:aws:sts::{c.own_account}:assumed-role/{c.role}/{c.session} is not authorized"
    ),
    lambda c: f"arn:aws-us-gov:iam::{c.account}:user/teams/{c.session}, or {c.account}",
    lambda c: json.dumps({"AWS": [f"arn:aws:iam::{c.own_account}:role/{c.role}", "*"]}),
    lambda c: f"public.ecr.aws/{c.alias}/{c.prefix}-1",
]
"""Texts with secrets in them."""

WRAPPINGS: list[Callable[[str], str]] = [
    lambda text: json.dumps({"nextToken": "n", "policyText": text}),
    lambda text: json.dumps([text, 1], indent=2, ensure_ascii=False),
    lambda text: json.dumps({"text": text}).replace("/", "\\/"),
    lambda text: '{"text": "' + "".join(f"\\u{ord(each):04x}" for each in text) + '"}',
    lambda text: quote(text, safe=""),
    lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    lambda text: f"https://example.com/{quote(text)}?next={quote(text, safe='')}&b=1",
    lambda text: base64.b64encode(text.encode()).decode(),
    lambda text: base64.b64encode(text.encode()).decode().rstrip("="),
    lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    lambda text: "of/" + base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    lambda text: f"<html>\n<p title='{text}'>\"{text}</p>",
]
"""What a text can be wrapped up in."""


@st.composite
def wrapped(draw: st.DrawFn, found: Canaries) -> str:
    """A text with secrets, wrapped up to four times."""
    text = draw(st.sampled_from(LEAVES))(found)
    for wrap in draw(st.lists(st.sampled_from(WRAPPINGS), max_size=4)):
        text = wrap(text)
    return text


BODIES: list[Callable[[str], bytes]] = [
    lambda text: json.dumps({"repositoryName": "r", "value": [text], "size": 0}).encode(),
    lambda text: json.dumps({"message": text}, ensure_ascii=False).encode("utf-8"),
    lambda text: json.dumps({"message": text}).encode()[:-2],
    lambda text: b'{"a": {"b": NaN,, "c": ' + json.dumps(text).encode(),
    lambda text: b"\xff\xfe<html><h1>502</h1>" + text.encode() + b"\x00</html>",
    lambda text: text.encode(),
]
"""What a text can be the body of, or stand in."""


@st.composite
def exchanges(draw: st.DrawFn, found: Canaries) -> Exchange:
    """An exchange that carries every secret, and two of them wrapped up somewhere."""
    header, sent, came = (draw(wrapped(found)) for _ in range(3))
    scope = "20260101/us-east-1/ecr/aws4_request"
    request = Request(
        "POST",
        draw(
            st.sampled_from(
                [
                    f"https://{found.own_account}.ecr.example.com/?a={quote(header)}",
                    f"https://user:{found.cookie}@example.com/{found.prefix}",
                    found.download_url,
                ]
            )
        ),
        (
            (
                "Authorization",
                f"AWS4-HMAC-SHA256 Credential={found.key}/{scope}, SignedHeaders=host;x-amz-date, "
                f"Signature={found.signature}",
            ),
            ("Proxy-Authorization", f"Basic {found.authorization_token}"),
            ("X-Amz-Security-Token", found.session_token),
            ("cookie", f"a={found.cookie}; theme=dark"),
            ("X-Text", quote(header) if draw(st.booleans()) else header.replace("\n", " ")),
        ),
        draw(st.sampled_from(BODIES))(sent),
    )
    response = Response(
        draw(st.sampled_from([200, 400, 403])),
        (
            ("Set-Cookie", f"id={found.another_cookie}; Path=/; HttpOnly"),
            ("Location", found.download_url),
        ),
        draw(st.sampled_from(BODIES))(came),
    )
    if draw(st.booleans()):
        return Exchange("ecr", "PutImage", request, response)
    return Exchange("ecr", "PutImage", request, None, f"cannot connect: {came}")
