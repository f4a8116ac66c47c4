"""The reference as unforgiving as AWS: signatures, throttling, reads that lag behind writes."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Mapping
from itertools import count
from typing import Any

import pytest
from asking import Wire
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSPreparedRequest, AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from conformance.contract import load_contract
from conformance.reference import Behaviour, ReferenceTransport
from conformance.reference.signatures import LARGEST_SKEW, SignedRequests
from conformance.reference.state import Registry, RegistryKey
from conformance.reference.strictness import Strictness, rehearsal
from conformance.reference.throttling import Throttled
from conformance.transport import Transport
from conformance.transport.boto import boto_client
from conformance.transport.exchange import Response
from conformance.transport.log import ExchangeLog
from conformance.transport.wire import WireClient

ENDPOINT = "http://reference.invalid"
RIGHT = "right"


def signed(
    body: bytes = b"{}",
    key: str = "AKIA",
    secret: str = RIGHT,
    service: str = "ecr",
    **headers: str,
) -> AWSPreparedRequest:
    """A request of DescribeRepositories, signed now."""
    request = AWSRequest(
        "POST",
        ENDPOINT + "/",
        headers={
            "X-Amz-Target": "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories",
            "Content-Type": "application/x-amz-json-1.1",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
        data=body,
    )
    SigV4Auth(Credentials(key, secret), service, "eu-west-1").add_auth(request)
    return request.prepare()


def code(response: Response) -> str | None:
    """The code of a refusal, ``None`` of a success."""
    members: Mapping[str, Any] = json.loads(response.body)
    assert response.status == (400 if "__type" in members else 200)
    return members.get("__type")


@pytest.fixture
def strict() -> Transport:
    """A reference that only one key opens."""
    return SignedRequests(ReferenceTransport.seeded(1), {"AKIA": "right"})


def test_what_is_rightly_signed_passes(strict: Transport) -> None:
    """A request signed with a known key gets its answer."""
    assert code(strict(signed())) is None
    assert code(strict(signed(x_amz_meta="a  b"))) is None


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_a_body_is_part_of_the_signature(body: bytes, sent: bytes) -> None:
    """A request whose body was exchanged after signing is refused, even if it claims a digest."""
    strict = SignedRequests(lambda _: Response(200, (), b"{}"), {"AKIA": "right"})
    for headers in ({}, {"x_amz_content_sha256": "UNSIGNED-PAYLOAD"}):
        request = signed(body, **headers)
        request.body = sent
        expected = None if sent == body and not headers else "InvalidSignatureException"
        assert code(strict(request)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"secret": "wrong"}, "InvalidSignatureException"),
        ({"key": "AKIB"}, "UnrecognizedClientException"),
        ({"service": "ecr-public"}, "InvalidSignatureException"),
        ({"service": "s3"}, "InvalidSignatureException"),
    ],
)
def test_who_is_not_known_is_refused(
    strict: Transport, changes: dict[str, str], expected: str
) -> None:
    """Another secret or service, or a key that nobody has, is refused as AWS refuses it."""
    assert code(strict(signed(**changes))) == expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("Authorization", None, "MissingAuthenticationTokenException"),
        ("Authorization", "Basic QVdTOg==", "IncompleteSignatureException"),
        ("X-Amz-Date", "yesterday", "IncompleteSignatureException"),
        ("X-Amz-Date", "20200101T000000Z", "InvalidSignatureException"),
        ("X-Amz-Target", "AmazonEC2ContainerRegistry_V20150921.X", "InvalidSignatureException"),
        ("Content-Type", None, "InvalidSignatureException"),
    ],
)
def test_a_header_that_was_changed_is_noticed(
    strict: Transport, name: str, value: str | None, expected: str
) -> None:
    """What was signed cannot be changed, and what cannot be read is refused."""
    request = signed()
    del request.headers[name]
    if value is not None:
        request.headers[name] = value
    assert code(strict(request)) == expected


@pytest.mark.parametrize("skew", [-LARGEST_SKEW - 60, LARGEST_SKEW + 60])
def test_an_old_signature_is_refused(skew: float) -> None:
    """A signature is good for fifteen minutes either way."""
    strict = SignedRequests(
        ReferenceTransport.seeded(1), {"AKIA": "right"}, clock=lambda: time.time() + skew
    )
    assert code(strict(signed())) == "InvalidSignatureException"


def test_a_share_of_requests_is_throttled() -> None:
    """About as many requests as asked for are refused, the same ones for the same seed."""

    def refused(seed: int) -> list[bool]:
        throttled = Throttled(ReferenceTransport.seeded(1), 0.3, random.Random(seed))  # noqa: S311
        return [code(throttled(signed())) == "ThrottlingException" for _ in range(300)]

    assert refused(5) == refused(5) != refused(6)
    assert 60 < sum(refused(5)) < 120


def test_a_throttled_request_has_no_effect() -> None:
    """What was refused was not done."""
    inner, source = ReferenceTransport.seeded(1), random.Random(1)  # noqa: S311
    ecr = boto_client("ecr", Throttled(inner, 1.0, source), ENDPOINT, "eu-west-1")
    with pytest.raises(ecr.exceptions.ClientError, match="ThrottlingException"):
        ecr.create_repository(repositoryName="app")
    assert dict(inner.world) == {}


def lagging(lag: float, step: float) -> WireClient:
    """A client of a reference whose clock goes on by ``step`` seconds for each request."""
    seconds = count()
    behaviour = Behaviour(lag=lag)
    transport = ReferenceTransport(
        clock=lambda: next(seconds) * step, secret=b"", behaviour=behaviour
    )
    return WireClient(load_contract("ecr"), ExchangeLog(transport, "ecr"), ENDPOINT, "eu-west-1")


def listed(client: WireClient) -> int:
    """How many repositories a listing shows."""
    response = client.send("DescribeRepositories", {}).answer
    return len(json.loads(response.body)["repositories"])


def test_a_lagging_read_sees_a_write_later() -> None:
    """Some reads within the lag miss a write; all reads after it see it; writes always do."""
    client = lagging(lag=5.0, step=0.1)
    created = client.send("CreateRepository", {"repositoryName": "app"}).answer
    again = client.send("CreateRepository", {"repositoryName": "app"}).answer
    seen = [listed(client) for _ in range(100)]
    assert (code(created), code(again)) == (None, "RepositoryAlreadyExistsException")
    assert 0 in seen[:48]
    assert seen[50:] == [1] * 50


def test_without_a_lag_reads_see_every_write() -> None:
    """A reference is strongly consistent unless asked otherwise."""
    client = lagging(lag=0.0, step=0.1)
    for number in range(1, 20):
        client.send("CreateRepository", {"repositoryName": f"app-{number}"})
        assert listed(client) == number


def test_a_rehearsal_is_as_lenient_as_the_reference_by_default() -> None:
    """Whoever asks, signed or not, is answered."""
    unsigned = signed()
    del unsigned.headers["Authorization"]
    assert (code(rehearsal()(unsigned)), code(rehearsal()(signed(secret="any")))) == (None, None)


def test_a_rehearsal_has_all_that_it_is_told_to_have() -> None:
    """The world at the start and the throttling of a rehearsal are those asked for."""
    world = {RegistryKey("ecr", "111122223333", "eu-west-1"): Registry()}
    rehearsed = rehearsal(Strictness(throttle=1.0), world)
    assert code(rehearsed(signed())) == "ThrottlingException"
    assert dict(rehearsed.reference.world) == world


def test_reads_of_a_rehearsal_lag() -> None:
    """A read sees a moment of the lag, and so hardly ever what was written just now."""
    rehearsed = rehearsal(Strictness(lag=36_000.0))
    wire = Wire(rehearsed, "ecr")
    wire.call("CreateRepository", repositoryName="app")
    seen = [wire.call("DescribeRepositories")["repositories"] for _ in range(10)]
    assert [] in seen
    assert len(rehearsed.reference.world) == 1


def test_every_key_belongs_to_the_account_of_a_rehearsal() -> None:
    """Registry, ARNs and URIs are of the account that was asked for, or of a key that is one."""
    rehearsed = rehearsal(Strictness(account="999988887777"))
    for key, account in (("AKIA", "999988887777"), ("111122223333", "111122223333")):
        wire = Wire(rehearsed, "ecr", credentials=Credentials(key, RIGHT))
        made = wire.call("CreateRepository", repositoryName="app")["repository"]
        assert made["registryId"] == account
        assert made["repositoryArn"] == f"arn:aws:ecr:eu-west-1:{account}:repository/app"
        assert made["repositoryUri"] == f"{account}.dkr.ecr.eu-west-1.amazonaws.com/app"
