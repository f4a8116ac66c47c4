"""The authorization token: what it contains, how long it is valid and where."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import urlsplit

from conformance.suite.answers import describe, objects, refusal, structure, success, text
from conformance.suite.clock import clock
from conformance.suite.evidence import documented, model, observed
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.topics.repository_answers import own_registry
from conformance.suite.verdicts import MUST, SHOULD

# No message of this module contains a token or a part of one.

_TOKEN = documented(
    "AuthorizationData.authorizationToken",
    "When the string is decoded, it is presented in the format user:password for private registry "
    "authentication using docker login.",
    public="When the string is decoded, it's presented in the format user:password for public "
    "registry authentication using docker login.",
)
_ENCODED = documented(
    "AuthorizationData.authorizationToken",
    "A base64-encoded string that contains authorization data for the specified Amazon ECR "
    "registry.",
    public="A base64-encoded string that contains authorization data for a public Amazon ECR "
    "registry.",
)
_DECODED = documented(
    "GetAuthorizationToken",
    "The authorizationToken returned is a base64 encoded string that can be decoded and used in a "
    "docker login command to authenticate to a registry.",
    public="Retrieves an authorization token.",
)
_VALID = documented("GetAuthorizationToken", "The authorization token is valid for 12 hours.")
_EXPIRES = documented(
    "AuthorizationData.expiresAt",
    "The Unix time in seconds and milliseconds when the authorization token expires. Authorization "
    "tokens are valid for 12 hours.",
)
_SOMEBODY = "111122223333"
"""An account of AWS's documentation."""

_HOURS = 12
_MINUTES_APART = 10
"""How far a token's life may be from twelve hours."""


def _authorization(registry: Registry) -> dict[str, Any]:
    """The authorization data; in ECR, whose answer has a list of them, the first.

    ECR Public gives tokens in one region only, and says UnsupportedCommandException elsewhere
    (https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html).
    """
    response = registry.send("GetAuthorizationToken", {})
    error = refusal(response)
    if error is not None and error.code == "UnsupportedCommandException":
        raise Untestable("GetAuthorizationToken", "it is not supported in this region")
    answer = success(response) or registry.call("GetAuthorizationToken")
    listed = objects(answer, "authorizationData")[:1] or [structure(answer, "authorizationData")]
    assert listed[0], "GetAuthorizationToken: the answer has no authorizationData"
    return listed[0]


def _decoded(registry: Registry) -> str:
    """The decoded token; nothing where it is not base64 of text."""
    token = text(_authorization(registry), "authorizationToken") or ""
    try:
        return base64.b64decode(token + "=" * (-len(token) % 4), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _hours_left(registry: Registry) -> float:
    expires = _authorization(registry).get("expiresAt")
    assert isinstance(expires, (int, float)), f"expiresAt is {expires!r}, not a number of seconds"
    return (expires - clock(registry)) / 3600


@rule(
    "authorization.token",
    level=MUST,
    operations=["GetAuthorizationToken"],
    evidence=[_TOKEN, _ENCODED, _DECODED],
)
def test_the_token_is_user_and_password(registry: Registry) -> None:
    """The authorization token is base64 of a user, a colon and a password."""
    user, colon, password = _decoded(registry).partition(":")
    assert user, "the authorizationToken is not base64 of user:password"
    assert colon, "the authorizationToken, decoded, has no colon"
    assert password, "the authorizationToken, decoded, has no password"


@rule(
    "authorization.user",
    level=MUST,
    operations=["GetAuthorizationToken"],
    evidence=[
        documented(
            "Private registry authentication",
            "a base64-encoded authorization token containing the username AWS and an encoded "
            "password",
            url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html",
        ),
        documented(
            "Public registry authentication",
            "a base64-encoded authorization token containing the username AWS and an encoded "
            "password",
            url="https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html",
        ),
    ],
)
def test_the_user_of_the_token_is_aws(registry: Registry) -> None:
    """The user in the authorization token is AWS."""
    assert _decoded(registry).startswith("AWS:"), (
        "the authorizationToken, decoded, does not begin with the user AWS and a colon"
    )


@rule(
    "authorization.not-expired",
    level=MUST,
    operations=["GetAuthorizationToken"],
    evidence=[_EXPIRES],
)
def test_the_token_expires_in_the_future(registry: Registry) -> None:
    """The authorization token expires in the future, and not after more than twelve hours."""
    left = _hours_left(registry)
    assert 0 < left <= _HOURS + _MINUTES_APART / 60, (
        f"the token expires {left:.1f} hours from now; tokens are valid for {_HOURS} hours"
    )


@rule(
    "authorization.valid-for-twelve-hours",
    level=SHOULD,
    operations=["GetAuthorizationToken"],
    evidence=[_EXPIRES, _VALID],
)
def test_the_token_is_valid_for_twelve_hours(registry: Registry) -> None:
    """The authorization token is valid for twelve hours."""
    left = _hours_left(registry)
    assert abs(left - _HOURS) * 60 <= _MINUTES_APART, (
        f"the token expires {left:.1f} hours from now; tokens are valid for {_HOURS} hours"
    )


@rule(
    "authorization.one-registry",
    level=MUST,
    operations=["GetAuthorizationToken"],
    services=["ecr"],
    evidence=[
        documented(
            "GetAuthorizationToken.registryIds",
            "If you do not specify a registry, the default registry is assumed.",
        ),
        documented(
            "GetAuthorizationToken.authorizationData",
            "A list of authorization token data objects that correspond to the registryIds values "
            "in the request.",
        ),
    ],
)
def test_one_registry_is_authorized(registry: Registry) -> None:
    """Without registryIds, authorizationData is a list of one entry, for the default registry."""
    data = registry.call("GetAuthorizationToken").get("authorizationData")
    count = len(data) if isinstance(data, list) else type(data).__name__
    assert count == 1, f"authorizationData has not one entry, but is {count}"


@rule(
    "authorization.several-registries",
    level=MUST,
    operations=["GetAuthorizationToken"],
    services=["ecr"],
    evidence=[
        documented(
            "GetAuthorizationToken.registryIds",
            "A list of Amazon Web Services account IDs that are associated with the registries for "
            "which to get AuthorizationData objects.",
        ),
        documented(
            "GetAuthorizationToken.authorizationData",
            "A list of authorization token data objects that correspond to the registryIds values "
            "in the request.",
        ),
    ],
)
def test_several_registries_are_authorized(registry: Registry) -> None:
    """With two registryIds, authorizationData is a list of two entries."""
    accounts = [own_registry(registry), _SOMEBODY]
    response = registry.send("GetAuthorizationToken", {"registryIds": accounts})
    answer = success(response)
    if answer is None:
        # Whose registries a token is given for is also a matter of permissions.
        raise Untestable("GetAuthorizationToken", describe(response))
    count = len(objects(answer, "authorizationData"))
    if not count:
        raise Untestable("GetAuthorizationToken", "authorizationData is no list of objects")
    assert count == 2, f"for two registryIds, the entries of authorizationData are {count}"


@rule(
    "authorization.public-registry",
    level=MUST,
    operations=["GetAuthorizationToken"],
    services=["ecr-public"],
    evidence=[
        documented(
            "GetAuthorizationToken.authorizationData",
            "An authorization token data object that corresponds to a public registry.",
        ),
        model("GetAuthorizationTokenResponse", "authorizationData is a structure"),
    ],
)
def test_the_public_registry_is_authorized(registry: Registry) -> None:
    """ECR Public's authorizationData is one object, not a list."""
    _authorization(registry)
    answer = registry.call("GetAuthorizationToken")
    assert structure(answer, "authorizationData"), "authorizationData is not one object"


@rule(
    "authorization.public-in-one-region",
    level=SHOULD,
    operations=["GetAuthorizationToken"],
    services=["ecr-public"],
    evidence=[
        observed(
            "GetAuthorizationToken",
            "GetAuthorizationToken command is only supported in us-east-1.",
            "https://github.com/aws/aws-cdk/issues/24244",
        ),
        model("GetAuthorizationToken", "it declares UnsupportedCommandException"),
    ],
)
def test_the_public_registry_is_authorized_in_one_region(registry: Registry) -> None:
    """In ECR Public, a request for a token that is signed for us-west-2 is refused."""
    _authorization(registry.signed_for("us-east-1"))
    response = registry.signed_for("us-west-2").send("GetAuthorizationToken", {})
    assert refusal(response) is not None, (
        "GetAuthorizationToken: a request signed for us-west-2 is not refused, but HTTP "
        f"{response.status}"
    )


@rule(
    "authorization.proxy-endpoint",
    level=MUST,
    operations=["GetAuthorizationToken"],
    services=["ecr"],
    evidence=[
        documented(
            "AuthorizationData.proxyEndpoint",
            "The registry URL to use for this authorization token in a docker login command.",
        )
    ],
)
def test_the_proxy_endpoint_is_a_url(registry: Registry) -> None:
    """The proxyEndpoint is the URL of a registry, scheme included."""
    endpoint = text(_authorization(registry), "proxyEndpoint") or ""
    parts = urlsplit(endpoint)
    assert parts.scheme in ("http", "https"), f"proxyEndpoint is {endpoint!r}, not an http(s) URL"
    assert parts.netloc, f"proxyEndpoint is {endpoint!r}, which has no host"
