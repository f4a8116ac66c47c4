"""What can be wrong with authorization tokens."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

from fault import broken_answer, broken_operation

from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters
from conformance.reference.state import Registry


@broken_answer(
    "GetAuthorizationToken",
    condemned_by=["authorization.token", "authorization.user", "client.authorization-token"],
)
def the_token_is_no_base64(answer: Answer, given: Parameters) -> None:
    """The authorization token is plain text."""
    for each in _data(answer):
        each["authorizationToken"] = "AWS:password!"


@broken_answer(
    "GetAuthorizationToken", condemned_by=["authorization.user", "client.authorization-token"]
)
def the_user_is_another(answer: Answer, given: Parameters) -> None:
    """The user in the authorization token is ``test``."""
    for each in _data(answer):
        each["authorizationToken"] = base64.b64encode(b"test:test").decode()


@broken_answer(
    "GetAuthorizationToken", condemned_by=["authorization.token", "client.authorization-token"]
)
def there_is_no_password(answer: Answer, given: Parameters) -> None:
    """The authorization token has the user AWS and an empty password."""
    for each in _data(answer):
        each["authorizationToken"] = base64.b64encode(b"AWS:").decode()


@broken_answer(
    "GetAuthorizationToken",
    condemned_by=["authorization.not-expired", "authorization.valid-for-twelve-hours"],
)
def the_token_expired_in_1970(answer: Answer, given: Parameters) -> None:
    """The expiresAt of a token is its duration in seconds."""
    for each in _data(answer):
        each["expiresAt"] = 43200


@broken_answer(
    "GetAuthorizationToken",
    condemned_by=["authorization.not-expired", "authorization.valid-for-twelve-hours"],
)
def the_token_is_good_for_a_day(answer: Answer, given: Parameters) -> None:
    """A token expires after a day."""
    for each in _data(answer):
        each["expiresAt"] += 43200


@broken_answer("GetAuthorizationToken", condemned_by=["authorization.valid-for-twelve-hours"])
def the_token_is_good_for_an_hour(answer: Answer, given: Parameters) -> None:
    """A token expires after an hour."""
    for each in _data(answer):
        each["expiresAt"] -= 11 * 3600


@broken_answer(
    "GetAuthorizationToken",
    condemned_by=["authorization.one-registry", "authorization.several-registries"],
    services=["ecr"],
)
def every_registry_is_authorized_twice(answer: Answer, given: Parameters) -> None:
    """The authorizationData of one registry has two entries."""
    answer["authorizationData"] *= 2


@broken_answer(
    "GetAuthorizationToken",
    condemned_by=[
        "authorization.public-registry",
        "ecr-public.client.authorization-token",
        "ecr-public.shapes.types",
    ],
    services=["ecr-public"],
)
def public_data_is_a_list(answer: Answer, given: Parameters) -> None:
    """ECR Public's authorizationData is a list, as ECR's."""
    answer["authorizationData"] = [answer["authorizationData"]]


@broken_answer(
    "GetAuthorizationToken", condemned_by=["authorization.proxy-endpoint"], services=["ecr"]
)
def the_endpoint_has_no_scheme(answer: Answer, given: Parameters) -> None:
    """The proxyEndpoint is a host."""
    for each in _data(answer):
        each["proxyEndpoint"] = each["proxyEndpoint"].removeprefix("https://")


def _data(answer: Answer) -> list[dict[str, Any]]:
    found = answer["authorizationData"]
    return found if isinstance(found, list) else [found]


@broken_answer("GetAuthorizationToken", condemned_by=["authorization.several-registries"])
def one_token_is_for_all(answer: Answer, given: Parameters) -> None:
    """GetAuthorizationToken gives one token, however many registries it is asked for."""
    if isinstance(answer["authorizationData"], list):
        del answer["authorizationData"][1:]


@broken_operation(
    "GetAuthorizationToken",
    condemned_by=["authorization.public-in-one-region"],
    services=["ecr-public"],
)
def tokens_are_given_everywhere(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """ECR Public's GetAuthorizationToken does not heed the Region."""
    return right(registry, given, replace(call, region="us-east-1"))
