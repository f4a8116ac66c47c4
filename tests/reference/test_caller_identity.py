"""STS tells whose credentials somebody has, and speaks AWS Query when it refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from asking import ACCOUNT
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSPreparedRequest, AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from botocore.session import get_session
from hypothesis import given
from hypothesis import strategies as st
from served import served

from conformance.reference.identity_policy_grammar import read_identity_policy
from conformance.reference.strictness import Strictness, rehearsal
from conformance.transport import Transport
from conformance.transport.boto import answering
from conformance.transport.exchange import Response

KEY = Credentials("AKIAIOSFODNN7EXAMPLE", "hush")
SESSION = Credentials("ASIAIOSFODNN7EXAMPLE", "hush", "token")
QUESTION = {"Action": "GetCallerIdentity", "Version": "2011-06-15"}


def sts(credentials: Credentials, endpoint: str = "http://sts.invalid") -> Any:
    """A client of botocore's without retries."""
    session = get_session()
    session.set_config_variable("max_attempts", 1)
    return session.create_client(
        "sts",
        endpoint_url=endpoint,
        region_name="eu-west-1",
        aws_access_key_id=credentials.access_key,
        aws_secret_access_key=credentials.secret_key,
        aws_session_token=credentials.token,
    )


def identity(transport: Transport, credentials: Credentials) -> dict[str, str]:
    """What botocore makes of the answer."""
    client = sts(credentials)
    client.meta.events.register("before-send", answering(transport))
    members = client.get_caller_identity()
    return {name: members[name] for name in ("Account", "Arn", "UserId")}


def asked(
    form: dict[str, str] = QUESTION, service: str = "sts", credentials: Credentials | None = KEY
) -> AWSPreparedRequest:
    """A signed form."""
    kind = "application/x-www-form-urlencoded; charset=utf-8"
    body = urlencode(form).encode()
    request = AWSRequest("POST", "http://sts.invalid/", headers={"Content-Type": kind}, data=body)
    if credentials is not None:
        SigV4Auth(credentials, service, "eu-west-1").add_auth(request)
    return request.prepare()


def refusal(response: Response) -> tuple[int, str]:
    """Status and code of an error, whose form is that of STS."""
    root = ET.fromstring(response.body)
    space = "{https://sts.amazonaws.com/doc/2011-06-15/}"
    assert root.tag == f"{space}ErrorResponse"
    assert root.findtext(f"{space}Error/{space}Message")
    assert root.findtext(f"{space}RequestId") == response.header("x-amzn-RequestId")
    assert response.header("Content-Type") == "text/xml"
    return response.status, str(root.findtext(f"{space}Error/{space}Code"))


def test_a_user_is_told_who_he_is() -> None:
    """A long-term access key is that of a user of the account."""
    told = identity(rehearsal(), KEY)
    assert told["Account"] == ACCOUNT
    assert told["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/rehearsal-1a5d44a2"
    assert re.fullmatch("AIDA[A-Z2-7]{17}", told["UserId"])


def test_a_session_is_told_whose_it_is() -> None:
    """Temporary credentials are those of a session of a role, which is the same for each."""
    told = identity(rehearsal(Strictness([SESSION])), SESSION)
    role, _, name = told["Arn"].rpartition("/")
    assert role == f"arn:aws:sts::{ACCOUNT}:assumed-role/rehearsal"
    assert re.fullmatch(f"AROA[A-Z2-7]{{17}}:{name}", told["UserId"])


def test_an_identity_is_that_of_the_key() -> None:
    """Two keys are two users, one key is always the same, and none is given away."""
    reference = rehearsal()
    users = [identity(reference, Credentials(key, "hush")) for key in ("AKIA", "AKIB", "AKIA")]
    assert users[0] == users[2] != users[1]
    assert not any("AKIA" in value for value in users[0].values())


@pytest.mark.parametrize(
    ("key", "account"), [("AKIA", "999988887777"), ("111122223333", "111122223333")]
)
def test_the_account_is_the_one_of_the_rehearsal(key: str, account: str) -> None:
    """A key belongs to the account of the rehearsal, unless it is an account's id itself."""
    told = identity(rehearsal(Strictness(account="999988887777")), Credentials(key, "hush"))
    assert told["Account"] == account
    assert told["Arn"].startswith(f"arn:aws:iam::{account}:user/")


def test_no_permission_is_needed() -> None:
    """Who may do nothing, not even this, is told all the same."""
    policy = b'{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}'
    policies = {KEY.access_key: read_identity_policy(policy, "policy.json")}
    assert identity(rehearsal(Strictness(policies=policies)), KEY)["Account"] == ACCOUNT


def test_it_is_asked_on_the_same_port() -> None:
    """A real client is answered, and refused, over HTTP."""
    with served(rehearsal(Strictness([KEY], account="999988887777"))) as url:
        assert sts(KEY, url).get_caller_identity()["Account"] == "999988887777"
        with pytest.raises(ClientError, match="InvalidClientTokenId"):
            sts(SESSION, url).get_caller_identity()


WRONG = Credentials(KEY.access_key, "wrong")
REFUSED: list[tuple[Callable[[], AWSPreparedRequest], int, str]] = [
    (lambda: asked(credentials=SESSION), 403, "InvalidClientTokenId"),
    (lambda: asked(credentials=WRONG), 403, "SignatureDoesNotMatch"),
    (lambda: asked(service="ecr"), 403, "SignatureDoesNotMatch"),
    (lambda: asked(credentials=Credentials("OLD", "hush")), 403, "ExpiredToken"),
    (lambda: asked(credentials=None), 403, "MissingAuthenticationToken"),
    (lambda: asked({"Action": "GetSessionToken", "Version": "2011-06-15"}), 400, "InvalidAction"),
    (lambda: asked({"Action": "GetCallerIdentity"}), 400, "InvalidAction"),
    (lambda: asked({}), 400, "InvalidAction"),
]


@pytest.mark.parametrize(("request_made", "status", "code"), REFUSED)
def test_refusals_are_those_of_sts(
    request_made: Callable[[], AWSPreparedRequest], status: int, code: str
) -> None:
    """Credentials are checked as for ECR, and refused with the names that STS has for that."""
    strict = rehearsal(Strictness([KEY], expired=["OLD"]))
    assert refusal(strict(request_made())) == (status, code)


def test_it_is_throttled_as_well() -> None:
    """A throttled question to STS is refused with its own name for it."""
    assert refusal(rehearsal(Strictness(throttle=1.0))(asked())) == (400, "Throttling")


@given(st.dictionaries(st.sampled_from(["Action", "Version", "a"]), st.text()))
def test_any_form_is_answered_in_xml(form: dict[str, str]) -> None:
    """Whatever a form says, the answer is XML that can be read."""
    response = rehearsal()(asked(form))
    assert ET.fromstring(response.body).tag.endswith(("ErrorResponse", "IdentityResponse"))
