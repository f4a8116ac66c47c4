"""Requests are authorized by the identity policy of their access key."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asking import ACCOUNT, Wire
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from conformance.contract import SERVICES, load_contract
from conformance.reference.identity_policy import IdentityPolicy
from conformance.reference.identity_policy_grammar import read_identity_policy
from conformance.reference.strictness import Rehearsal, Strictness, rehearsal
from conformance.transport.log import ExchangeLog
from conformance.transport.wire import WireClient

KEY = Credentials("AKIAIOSFODNN7EXAMPLE", "hush")
ADMINISTRATOR = Credentials("administrator", "hush")
APP = f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/app"
PUBLIC_APP = f"arn:aws:ecr-public::{ACCOUNT}:repository/app"
EVERY = f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/*"
TAGS = [{"Key": "team", "Value": "a"}]

NEEDED: list[tuple[str, str, dict[str, Any], list[tuple[str, str]]]] = [
    ("ecr", "CreateRepository", {"repositoryName": "app"}, [("ecr:CreateRepository", APP)]),
    (
        *("ecr", "CreateRepository", {"repositoryName": "app", "tags": TAGS}),
        [("ecr:CreateRepository", APP), ("ecr:TagResource", APP)],
    ),
    (
        *("ecr-public", "CreateRepository", {"repositoryName": "app", "tags": TAGS}),
        [("ecr-public:CreateRepository", PUBLIC_APP), ("ecr-public:TagResource", PUBLIC_APP)],
    ),
    ("ecr", "DescribeRepositories", {}, [("ecr:DescribeRepositories", EVERY)]),
    (
        *("ecr", "DescribeRepositories", {"repositoryNames": ["app", "b"]}),
        [("ecr:DescribeRepositories", APP), ("ecr:DescribeRepositories", f"{APP[:-3]}b")],
    ),
    ("ecr", "ListTagsForResource", {"resourceArn": APP}, [("ecr:ListTagsForResource", APP)]),
    (
        *("ecr", "DescribeImages", {"repositoryName": "app", "registryId": "111122223333"}),
        [("ecr:DescribeImages", APP.replace(ACCOUNT, "111122223333"))],
    ),
    (
        *("ecr-public", "DescribeImages", {"repositoryName": "app", "registryId": "alias"}),
        [("ecr-public:DescribeImages", PUBLIC_APP)],
    ),
    ("ecr", "GetAuthorizationToken", {}, [("ecr:GetAuthorizationToken", "*")]),
    ("ecr", "DescribeRegistry", {}, [("ecr:DescribeRegistry", "*")]),
    (
        *("ecr-public", "GetAuthorizationToken", {}),
        [("ecr-public:GetAuthorizationToken", "*"), ("sts:GetServiceBearerToken", "*")],
    ),
]


def statement(action: str, resource: str, effect: str = "Allow") -> dict[str, str]:
    """A statement about one action on one resource; a * in that is a wildcard."""
    return {"Effect": effect, "Action": action, "Resource": resource}


def read(*statements: dict[str, str]) -> IdentityPolicy:
    """A policy of these statements."""
    whole = {"Version": "2012-10-17", "Statement": statements}
    return read_identity_policy(json.dumps(whole).encode(), "policy.json")


def guarded(*statements: dict[str, str]) -> Rehearsal:
    """A rehearsal in which the key may do what the statements allow, the administrator all."""
    return rehearsal(Strictness([KEY, ADMINISTRATOR], policies={KEY.access_key: read(*statements)}))


def wire(reference: Rehearsal, service: str = "ecr", credentials: Credentials = KEY) -> Wire:
    """A client with the key."""
    region = "us-east-1" if service == "ecr-public" else "eu-west-1"
    return Wire(reference, service, region, credentials)


def denied(reference: Rehearsal, service: str, operation: str, **given: Any) -> str | None:
    """The message of a denial, None where the request was authorized."""
    response = wire(reference, service).send(operation, **given)
    members = json.loads(response.body)
    if members.get("__type") != "AccessDeniedException":
        return None
    assert response.status == 400
    message: str = members["message"]
    return message


@pytest.mark.parametrize(("service", "operation", "given", "needed"), NEEDED)
def test_a_request_needs_all_its_permissions(
    service: str, operation: str, given: dict[str, Any], needed: list[tuple[str, str]]
) -> None:
    """A request is denied as long as one of its permissions is missing, and names that one."""
    unneeded = statement("ecr:DeleteRepository", "*")
    for missing in needed:
        others = [statement(*each) for each in needed if each != missing]
        message = denied(guarded(unneeded, *others), service, operation, **given)
        assert message is not None
        assert f"to perform: {missing[0]} on resource: {missing[1]} because" in message
    allowed = guarded(*(statement(*each) for each in needed))
    if given.get("registryId") != "111122223333":  # another account's registry stays closed
        assert denied(allowed, service, operation, **given) is None


def test_a_denial_is_worded_as_aws_words_it() -> None:
    """A denial tells who may not do what on what and why, but not the access key."""
    reference = guarded(statement("ecr:*", "*"), statement("ecr:Delete*", "*", "Deny"))
    implicit = denied(reference, "ecr-public", "DescribeRegistries")
    explicit = denied(reference, "ecr", "DeleteRepository", repositoryName="app")
    user = f"arn:aws:iam::{ACCOUNT}:user/rehearsal-1a5d44a2"
    assert implicit == (
        f"User: {user} is not authorized to perform: ecr-public:DescribeRegistries on resource: * "
        "because no identity-based policy allows the ecr-public:DescribeRegistries action"
    )
    assert explicit == (
        f"User: {user} is not authorized to perform: ecr:DeleteRepository on resource: {APP} "
        "with an explicit deny in an identity-based policy"
    )


def test_what_is_denied_is_not_done() -> None:
    """A denied request changes nothing; a key without a policy may do everything."""
    reference = guarded(statement("ecr:Describe*", "*"))
    refused = wire(reference).refused("CreateRepository", repositoryName="app")
    assert refused[0] == "AccessDeniedException"
    assert dict(reference.reference.world) == {}
    wire(reference, credentials=ADMINISTRATOR).call("CreateRepository", repositoryName="app")
    assert len(wire(reference).call("DescribeRepositories")["repositories"]) == 1


def test_authorization_comes_before_validation() -> None:
    """What may not be done is denied before anybody looks whether it is valid."""
    reference = guarded(statement("ecr:*", f"{EVERY[:-1]}team/*"))
    named = denied(reference, "ecr", "CreateRepository", repositoryName="NOT VALID")
    unnamed = denied(reference, "ecr", "CreateRepository", repositoryName=None)
    assert named is not None
    assert "repository/NOT VALID because" in named
    assert unnamed is not None
    assert "repository/* because" in unnamed
    valid = wire(reference).refused("CreateRepository", repositoryName="team/NOT VALID")
    assert valid[0] == "InvalidParameterException"


def test_the_signature_comes_before_authorization() -> None:
    """Whose signature is wrong is not told what he may do."""
    stranger = Credentials(KEY.access_key, "wrong")
    refused = wire(guarded(statement("ecr:Get*", "*")), credentials=stranger).refused("ListImages")
    assert refused[0] == "InvalidSignatureException"


def test_a_made_up_operation_needs_no_permission() -> None:
    """What there is not is unknown to everybody."""
    refused = wire(guarded(statement("ecr:Get*", "*"))).refused("MakeCoffee")
    assert refused[0] == "UnknownOperationException"


def test_a_session_is_named_as_one() -> None:
    """Who comes with a session token is a session of a role."""
    session = Credentials(KEY.access_key, "hush", "token")
    policies = {KEY.access_key: read(statement("ecr:Get*", "*"))}
    reference = rehearsal(Strictness([session], policies=policies))
    _, message = wire(reference, credentials=session).refused("DescribeRegistry")
    assert message.startswith(f"User: arn:aws:sts::{ACCOUNT}:assumed-role/rehearsal/rehearsal-")


OPERATIONS = [(service, name) for service in SERVICES for name in load_contract(service).operations]


@given(
    st.sampled_from(OPERATIONS),
    st.binary(max_size=20) | st.sampled_from([b'{"repositoryName": "\\ud800"}', b"[]", b"1"]),
)
def test_any_body_is_authorized_or_denied(asked: tuple[str, str], body: bytes) -> None:
    """Whatever a body is, nobody without a permission gets past."""
    service, operation = asked
    reference = guarded(statement("s3:*", "*"))
    log = ExchangeLog(reference, service)
    client = WireClient(load_contract(service), log, "http://a.invalid", "us-east-1", KEY)
    response = client.send(operation, body).answer
    assert (response.status, json.loads(response.body)["__type"]) == (400, "AccessDeniedException")
