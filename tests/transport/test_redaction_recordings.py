"""What a recording holds instead of secrets, and that nothing else changes."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
from dataclasses import replace
from urllib.parse import quote

import pytest
from canaries import CANARIES, Canaries, canaries, exchanges
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.transport.exchange import Exchange, Headers, Request, Response
from conformance.transport.redaction import Redactor

SALT = b"known to the tests"
SOME = canaries(1)
ACCOUNT = "210987654321"


def redactor(words: dict[str, str] | None = None, own: str | None = None) -> Redactor:
    return Redactor(words=words or {}, own_account=own, salt=SALT)


def exchange(
    body: bytes | str = b"{}",
    answer: bytes | str = b"{}",
    *,
    url: str = "https://ecr.example.com/",
    headers: Headers = (),
    answered: Headers = (),
    method: str = "POST",
) -> Exchange:
    sent, came = (text.encode() if isinstance(text, str) else text for text in (body, answer))
    return Exchange(
        "ecr", "PutImage", Request(method, url, headers, sent), Response(200, answered, came)
    )


def in_body(text: str, using: Redactor | None = None) -> str:
    """What becomes of the body of a request."""
    return (using or redactor())(exchange(text)).request.body.decode()


def form(text: str) -> str:
    """A text's length and the classes of its characters; a signature is of one class."""
    text = re.sub("[0-9a-f]{64}", "f" * 64, text)
    return re.sub("[a-z]", "a", re.sub("[A-Z]", "A", re.sub("[0-9]", "0", text)))


@settings(deadline=None)
@given(st.data(), CANARIES)
def test_lengths_and_forms_stay(data: st.DataObject, found: Canaries) -> None:
    """Bodies, addresses and header fields keep their lengths."""
    before = data.draw(exchanges(found))
    after = found.redactor()(before)
    assert len(after.request.body) == len(before.request.body)
    assert len(after.request.url) == len(before.request.url)
    for (name, old), (same, new) in zip(before.request.headers, after.request.headers, strict=True):
        assert (name, len(old)) == (same, len(new))


@settings(deadline=None)
@given(st.data(), CANARIES)
def test_what_was_redacted_stays(data: st.DataObject, found: Canaries) -> None:
    """Redacting twice is redacting once."""
    using = found.redactor()
    once = using(data.draw(exchanges(found)))
    assert using(once) == once


@settings(deadline=None)
@given(st.data(), CANARIES)
def test_processes_agree(data: st.DataObject, found: Canaries) -> None:
    """Redactors of one salt write the same, of another salt something else."""
    drawn = data.draw(exchanges(found))
    assert found.redactor()(drawn) == found.redactor()(drawn)
    assert redactor()(drawn) != Redactor(words={}, own_account=None, salt=b"s" * 16)(drawn)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON | st.binary(), st.binary())
def test_other_bytes_stay(document: object, answer: bytes) -> None:
    """A body without secrets stays as it is, byte for byte, well-formed or not."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    plain = exchange(body, answer)
    assert redactor({"ecrc-1a2b3c4d": "ecrc-00000007"}, ACCOUNT)(plain) == plain


FRAGMENTS = [
    *['{"imageManifest": "', '"layerPartBlob":"', '"uploadId": "', '"partFirstByte":', "0", '"}'],
    *['"authorizationToken": "', "https://a:b@c?X-Amz-Signature=", "&token=", "\\", '"', "\\/"],
    *["\\u00", "\\ud83d", "3d", "%", "41", "=", "/", ",", " ", "\n", "é", "\0", "{", "[", "\\x"],
    *[SOME.session_token, SOME.account, SOME.own_account, SOME.prefix, SOME.key, "1" * 12],
    *[base64.b64encode(text.encode()).decode() for text in (SOME.account, f'{{"{SOME.prefix}\\n')],
]


@settings(deadline=None)
@given(*[st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join)] * 2)
def test_odd_bodies_keep_their_lengths(body: str, answer: str) -> None:
    """A body that nobody would send is redacted like any other, once and for all."""
    using = SOME.redactor()
    before = exchange(body, answer, headers=(("x-amz-security-token", SOME.session_token),))
    after = using(before)
    for old, new in ((before.request, after.request), (before.answer, after.answer)):
        assert abs(len(new.body) - len(old.body)) <= old.body.count(b"\\/")
        assert SOME.session_token.encode() not in new.body
        assert SOME.prefix.encode() not in new.body


def test_a_secret_after_half_an_escape_is_found() -> None:
    """What can be read in two ways is redacted in both."""
    assert in_body('"\\u00ecrc-1a2b3c4d', redactor({"ecrc-1a2b3c4d": "ecrc-00000007"})) == (
        '"\\u00ecrc-00000007'
    )


def test_the_bytes_around_a_secret_stay() -> None:
    """Of a malformed body only the secret changes."""
    around = b'\xff{"a": "\\u00e9\\/%20 "quoted\\\\", 210987654321x ecrc-1a2b3c4d \x00 e30= \\'
    changed = around.replace(b"ecrc-1a2b3c4d", b"ecrc-00000007")
    found = redactor({"ecrc-1a2b3c4d": "ecrc-00000007"})(exchange(around))
    assert found.request.body == changed


@pytest.mark.parametrize(
    "wrap", [str, quote, json.dumps, lambda text: json.dumps(json.dumps(text))]
)
def test_words_are_replaced(wrap: object) -> None:
    """A word is replaced wherever it stands, spelt with hyphens or underscores."""
    using = redactor({"ecrc-1a2b3c4d": "ecrc-00000007"})
    assert callable(wrap)
    sent, came = wrap('"ecrc-1a2b3c4d/é ecrc_1a2b3c4d-x'), wrap('"ecrc-00000007/é ecrc_00000007-x')
    assert in_body(sent, using) == came


def test_word_of_another_length_is_refused() -> None:
    """A word cannot become a longer one."""
    with pytest.raises(ValueError, match="has not the length of 'ecrc-1'"):
        redactor({"ecrc-1": "ecrc-02"})


def test_short_salt_is_refused() -> None:
    """A salt that could be guessed is refused."""
    with pytest.raises(ValueError, match="a salt of 3 bytes"):
        Redactor(words={}, own_account=None, salt=b"abc")


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:ecr:us-east-1:{}:repository/a",
        "{}.dkr.ecr.us-east-1.amazonaws.com/a",
        "prod-{}_starport",
        '{{"registryId": "{}"}}',
        '{{"policyText": "{{\\"Principal\\": \\"{}\\"}}"}}',
        "in account {}.",
        "100% of {}",
    ],
)
def test_accounts_are_replaced(text: str) -> None:
    """The own account becomes the example one, any other twelve digits that are always the same."""
    own, other = text.format(ACCOUNT), text.format("876543210987")
    using = redactor(own=ACCOUNT)
    assert in_body(own, using) == text.format("123456789012")
    found = in_body(other, using)
    assert found != other
    assert form(found) == form(other)
    assert in_body("876543210987", using) in found


@pytest.mark.parametrize(
    "text",
    [
        '{"size": 210987654321, "sizes": [210987654321, -210987654321], "at": 1.210987654321}',
        '{"imageManifest": "{\\"size\\": 210987654321}"}',
        "sha256:" + "210987654321" * 5 + "abcd",
        "8a6ee2d5-0c7b-4b7e-9b7e-210987654321",
        "1700000000.210987654321",
        "v210987654321",
        *["000000000000", "111122223333", "444455556666", "012345678910", "000000000042"],
    ],
)
def test_other_numbers_stay(text: str) -> None:
    """JSON's numbers, parts of longer ones, of UUIDs and digests, and dummy accounts stay."""
    assert in_body(text) == text


def test_own_account_is_found_beside_letters() -> None:
    """What is known to be the own account is found where its form alone does not tell."""
    assert in_body(f'{{"n": {ACCOUNT}, "s": "x{ACCOUNT}y"}}', redactor(own=ACCOUNT)) == (
        '{"n": 123456789012, "s": "x123456789012y"}'
    )


SCOPE = "20260101/us-east-1/ecr/aws4_request"


def field(name: str, value: str) -> str:
    """What becomes of a header field of a request."""
    return redactor()(exchange(headers=((name, value),))).request.headers[0][1]


def test_authorization_keeps_its_shape() -> None:
    """Of a signature the key and the signature change, in the same form."""
    value = f"AWS4-HMAC-SHA256 Credential={{}}/{SCOPE}, SignedHeaders=host, Signature={{}}"
    found = field("authorization", value.format(SOME.key, SOME.signature))
    assert found.startswith("AWS4-HMAC-SHA256 Credential=")
    assert f"/{SCOPE}, SignedHeaders=host, Signature=" in found
    assert re.fullmatch("[0-9a-f]{64}", found[-64:])
    assert field("authorization", value.format("test", "ab")) == value.format("xxxx", "xx")


def test_tokens_stay_base64_of_aws_and_a_password() -> None:
    """An authorization token is one still, and the same where a client sends it."""
    token = base64.b64encode(f"AWS:{SOME.password}".encode()).decode()
    body = json.dumps({"authorizationData": [{"authorizationToken": token}]})
    answered = redactor()(exchange(answer=body)).answer.body.decode()
    masked = json.loads(answered)["authorizationData"][0]["authorizationToken"]
    user, colon, password = base64.b64decode(masked, validate=True).decode().partition(":")
    assert (user, colon, form(password)) == ("AWS", ":", form(SOME.password))
    assert field("Authorization", f"Basic {token}") == f"Basic {masked}"


def test_a_token_of_another_form_keeps_that() -> None:
    """A token that is not base64 of a user and a password is replaced by one that is not either."""
    body = '{"authorizationToken": "not-base64 at all, é"}'
    found = in_body(body)
    assert form(found) == form(body)
    assert "base64" not in found


@pytest.mark.parametrize("escape", [str, lambda text: text.replace("/", "\\/")])
def test_an_escaped_token_is_replaced(escape: object) -> None:
    """A token is found as well where its slashes are escaped."""
    assert callable(escape)
    token = base64.b64encode(b"AWS:" + b"\x3f" * 10 + b"?????" + SOME.password.encode()).decode()
    assert "/" in token
    before = exchange(
        answer=escape(json.dumps({"authorizationToken": token})),
        answered=(("Content-Length", str(len(escape(token)) + 26)),),
    )
    after = redactor()(before).answer
    assert token not in json.loads(after.body)["authorizationToken"]
    assert after.headers == (("Content-Length", str(len(after.body))),)


def test_cookies_keep_names_and_attributes() -> None:
    """Of a cookie the value changes."""
    found = field("Set-Cookie", f"id={SOME.cookie}; Path=/; Expires=Sat, 01 Jan; HttpOnly")
    assert form(found) == form(f"id={SOME.cookie}; Path=/; Expires=Sat, 01 Jan; HttpOnly")
    assert found.startswith("id=")
    assert found.endswith("; Path=/; Expires=Sat, 01 Jan; HttpOnly")
    assert field("Cookie", "Path=secret; b") == "Path=xxxxxx; x"


def test_presigned_queries_keep_their_parameters() -> None:
    """Names and what is no secret stay; the same URL is the same in an answer and in a request."""
    url = SOME.download_url
    found = redactor()(exchange(answer=json.dumps({"downloadUrl": url}), url=url))
    assert json.loads(found.answer.body)["downloadUrl"] == found.request.url
    assert form(found.request.url) == form(url)
    for kept in ("X-Amz-Date=20260101T000000Z&", "%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&"):
        assert kept in found.request.url
    assert len(re.findall("[?&](X-Amz-[A-Za-z-]+|Policy)=", found.request.url)) == 5


def test_a_password_in_a_url_is_replaced() -> None:
    """The password of an endpoint's URL is replaced, also where a failure tells the URL."""
    before = replace(
        exchange(url="http://me:pAss1@host:4566/"), response=None, failure="http://me:pAss1@host"
    )
    after = redactor()(before)
    assert (after.request.url, after.failure) == (
        "http://me:xXxx0@host:4566/",
        "http://me:xXxx0@host",
    )


@pytest.mark.parametrize(
    "text", ['{"proxyEndpoint":"https://host:443","owner":"a@b"}', "http://host:4566, a@b"]
)
def test_a_port_is_no_password(text: str) -> None:
    """What comes after a host and its port is not taken for a password."""
    assert in_body(text) == text


def test_a_secret_of_the_request_is_replaced_in_the_answer() -> None:
    """What a request tells is replaced in the same way where the answer repeats it."""
    found = redactor()(
        exchange(
            answer=json.dumps({"message": f"The token {SOME.session_token} is invalid"}),
            headers=(("X-Amz-Security-Token", SOME.session_token),),
        )
    )
    masked = found.request.headers[0][1]
    assert form(masked) == form(SOME.session_token)
    assert json.loads(found.answer.body)["message"] == f"The token {masked} is invalid"


WORDS = {"ecrc-1a2b3c4d": "ecrc-00000007"}


def digest(content: str | bytes) -> str:
    return (
        "sha256:"
        + hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()
    )


def put(manifest: str, using: Redactor) -> Exchange:
    """An image that is put, and answered with its digest."""
    return using(
        exchange(
            json.dumps({"imageManifest": manifest, "imageDigest": digest(manifest)}),
            json.dumps({"image": {"imageId": {"imageDigest": digest(manifest)}}}),
        )
    )


def test_digests_match_manifests() -> None:
    """A manifest's digest is told as it is after redaction, in later exchanges, too."""
    using = redactor(WORDS)
    manifest = json.dumps({"annotations": {"of": "ecrc-1a2b3c4d é"}}, indent=3, ensure_ascii=False)
    found = put(manifest, using)
    sent, came = json.loads(found.request.body), json.loads(found.answer.body)
    assert sent["imageManifest"] == manifest.replace("1a2b3c4d", "00000007")
    assert sent["imageDigest"] == came["image"]["imageId"]["imageDigest"]
    assert sent["imageDigest"] == digest(sent["imageManifest"])
    assert in_body(f"of {digest(manifest)}", using) == f"of {sent['imageDigest']}"


def test_digests_match_in_an_index() -> None:
    """An index that names an image by a digest that changed has another digest itself."""
    using = redactor(WORDS)
    child = json.dumps({"annotations": {"of": "ecrc-1a2b3c4d"}})
    index = json.dumps({"manifests": [{"digest": digest(child)}]})
    images = [
        {"imageManifest": text, "imageId": {"imageDigest": digest(text)}} for text in (index, child)
    ]
    found = json.loads(using(exchange(answer=json.dumps({"images": images}))).answer.body)["images"]
    for image in found:
        assert image["imageId"]["imageDigest"] == digest(image["imageManifest"])
    assert digest(found[1]["imageManifest"]) in found[0]["imageManifest"]


def part(content: bytes, first: int = 0) -> Exchange:
    encoded = base64.b64encode(content).decode()
    return exchange(json.dumps({"uploadId": "u", "partFirstByte": first, "layerPartBlob": encoded}))


def blob(found: Exchange) -> bytes:
    return base64.b64decode(json.loads(found.request.body)["layerPartBlob"])


def test_digests_match_layers() -> None:
    """What is learnt serves exchanges before it: a configuration names layers that come later."""
    layer = b"layer ecrc-1a2b3c4d \x80"
    config = json.dumps({"diff_ids": [digest(layer)]}).encode()
    manifest = json.dumps({"config": digest(config), "layers": [digest(layer)]})
    using = redactor(WORDS)
    program = [part(config), part(layer), exchange(json.dumps({"imageManifest": manifest}))]
    using.learn(program)
    configured, pushed, named = map(using, program)
    assert blob(pushed) == b"layer ecrc-00000007 \x80"
    assert json.loads(blob(configured))["diff_ids"] == [digest(blob(pushed))]
    assert json.loads(json.loads(named.request.body)["imageManifest"]) == {
        "config": digest(blob(configured)),
        "layers": [digest(blob(pushed))],
    }


def test_digests_match_layers_in_parts() -> None:
    """The digest of a layer that is uploaded in parts is known when it is completed."""
    using = redactor(WORDS)
    contents = [b"layer ecrc-1a2b3c4d ", b" of several", b" parts of ecrc-1a2b3c4d"]
    firsts = [0, len(contents[0]), len(contents[0] + contents[1])]
    program = [part(*each) for each in reversed([*zip(contents, firsts, strict=True)])]
    completion = exchange(json.dumps({"layerDigests": [digest(b"".join(contents))]}))
    using.learn([*program, completion])
    whole = b"".join(blob(using(each)) for each in reversed(program))
    assert json.loads(using(completion).request.body) == {"layerDigests": [digest(whole)]}
    assert whole == b"layer ecrc-00000007  of several parts of ecrc-00000007"


def test_layers_are_no_texts() -> None:
    """In a layer nothing is replaced but what is known to be secret, however large it is."""
    using = redactor(own=ACCOUNT)
    content = b"\x80 876543210987 " + SOME.session_token.encode() + b" " * 100_000
    assert blob(using(part(content))) == content
    known = replace(
        part(content),
        request=replace(
            part(content).request, headers=(("x-amz-security-token", SOME.session_token),)
        ),
    )
    assert form(blob(using(known)).decode("latin-1")) == form(content.decode("latin-1"))
    assert SOME.session_token.encode() not in blob(using(known))
    download = exchange(b"", content, method="GET")
    assert using(download) == download


HOSTILE = {
    "quotes": '"' * 10**6,
    "backslashes": "\\" * 10**6,
    "open objects": '{"a":' * 200_000,
    "digits": "1" * 10**6,
    "accounts": "210987654321 " * 80_000,
    "percent": "%25" * 330_000,
    "escapes": '{"a":"' + "\\u005c" * 160_000 + '"}',
    "base64": base64.b64encode(b"a" * 750_000).decode(),
    "base64 everywhere": "Q" * 10**6,
    "parameters": "&token=" * 140_000,
    "names": "&" + "a-" * 500_000,
    "prose": "authorizationToken" * 55_000,
    "slashes": "://a:" * 200_000,
    "spaces": '"a"' + " " * 10**6,
    "colons": '"authorizationToken"' + " " * 10**6 + ":",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_bodies_take_linear_time(text: str) -> None:
    """A body of a megabyte that is made to be slow is done in seconds; twice as much in twice."""
    using = redactor(WORDS, ACCOUNT)
    started = time.process_time()
    using(exchange("{}", text))
    assert time.process_time() - started < 20
