"""The connection to AWS: whose signature, asked how often, and what is told of refusals."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, HeadersDict
from botocore.credentials import Credentials
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.contract import load_contract
from conformance.errors import TransportError
from conformance.reference import ReferenceTransport
from conformance.reference.signatures import SignedRequests
from conformance.targets.aws.connection import AwsConnection
from conformance.transport.clock import SkippingClock
from conformance.transport.exchange import Response
from conformance.transport.log import ExchangeLog
from conformance.transport.wire import ANOTHER_ACCOUNT, WireClient

KEY, SECRET, TOKEN = "AKIACANARY", "canary-secret", "canary-token"
ENDPOINT = "https://api.ecr.eu-west-1.amazonaws.com"
LONG_AGO = "Sun, 29 Nov 2020 09:00:00 GMT"
Answers = Callable[[AWSPreparedRequest], Response]


class Way:
    """What stands for the network at every address."""

    def __init__(self, answer: Answers) -> None:
        self.asked: list[AWSPreparedRequest] = []
        self.addresses: list[str] = []
        self._answer = answer

    def __call__(self, request: AWSPreparedRequest) -> Response:
        self.asked.append(request)
        return self._answer(request)

    def close(self) -> None:
        """Nothing is open."""

    def open(self, address: str) -> Any:
        """Stand for the way to an address."""
        self.addresses.append(address)
        return self


def connection(way: Way, attempts: int = 10, token: str | None = None) -> AwsConnection:
    """A connection by the user's credentials over a way, on a clock that nobody waits for."""
    return AwsConnection(Credentials(KEY, SECRET, token), attempts, SkippingClock(), way.open)


def client(transport: AwsConnection, **options: Any) -> tuple[WireClient, ExchangeLog]:
    """What a scenario sends by, and the log of what it sent."""
    log = ExchangeLog(transport, "ecr")
    return WireClient(load_contract("ecr"), log, ENDPOINT, "eu-west-1", **options), log


def error(code: str, message: str = "", status: int = 400, **headers: str) -> Response:
    """A refusal."""
    body = json.dumps({"__type": code, "message": message}).encode()
    return Response(status, tuple(headers.items()), body)


def strict() -> SignedRequests:
    """The reference, which lets only the user in."""
    return SignedRequests(ReferenceTransport(), {KEY: SECRET})


@settings(deadline=None)
@given(parameters=st.dictionaries(st.text(max_size=5), st.text(), max_size=3))
def test_the_user_signs_whatever_is_asked(parameters: dict[str, str]) -> None:
    """Any request, malformed ones too, is let in by the user's signature."""
    way = Way(strict())
    sender, _ = client(connection(way))
    for asked in (parameters, json.dumps(parameters).encode() + b"{"):
        answer = sender.send("DescribeRepositories", asked).answer
        assert b"UnrecognizedClientException" not in answer.body
        assert b"InvalidSignatureException" not in answer.body


def test_the_users_credentials_stay_at_the_edge() -> None:
    """What a scenario's log has of a request is signed by credentials that are no secret."""
    way = Way(strict())
    sender, log = client(connection(way, token=TOKEN))
    sender.send("DescribeRepositories", {})
    told = repr(log.exchanges)
    assert not [secret for secret in (KEY, SECRET, TOKEN) if secret in told]
    sent = way.asked[0].headers
    assert f"Credential={KEY}/" in sent["Authorization"]
    assert sent["X-Amz-Security-Token"] == TOKEN


@pytest.mark.parametrize("credentials", [ANOTHER_ACCOUNT, Credentials("somebody", "else")])
def test_nobody_else_gets_the_users_signature(credentials: Credentials) -> None:
    """A request by other credentials than the suite's own is sent as it is, and refused."""
    way = Way(strict())
    sender, _ = client(connection(way), credentials=credentials)
    answer = sender.send("DescribeRepositories", {}).answer
    assert b"UnrecognizedClientException" in answer.body
    assert f"Credential={credentials.access_key}/" in way.asked[0].headers["Authorization"]


def test_an_unsigned_request_stays_unsigned() -> None:
    """A download, whose address is signed, is not signed again."""
    way = Way(lambda _: Response(200, (), b"layer"))
    fields: Any = HeadersDict({})
    url = "https://layers.s3.amazonaws.com/a?X-Amz-Signature=b"
    assert connection(way)(AWSPreparedRequest("GET", url, fields, b"", False)).body == b"layer"  # noqa: FBT003
    assert way.addresses == ["https://layers.s3.amazonaws.com"]
    assert "Authorization" not in way.asked[0].headers


def after(times: int, first: Response, then: Response) -> Answers:
    """Answers that change after some times."""
    coming: Iterator[Response] = iter([first] * times)
    return lambda _: next(coming, then)


@pytest.mark.parametrize("code", ["ThrottlingException", "Throttling", "TooManyRequestsException"])
def test_what_is_throttled_is_asked_again(code: str) -> None:
    """A throttled request is signed and sent again until it is answered."""
    way = Way(after(7, error(code), Response(200, (), b"{}")))
    assert client(connection(way))[0].send("DescribeRegistry", {}).answer.status == 200
    assert len(way.asked) == 8


def test_a_quota_that_is_used_up_is_an_answer() -> None:
    """LimitExceededException is what ECR says of its quotas, which waiting does not change."""
    way = Way(lambda _: error("LimitExceededException"))
    answer = client(connection(way))[0].send("StartReplicationBackfill", {}).answer
    assert b"LimitExceededException" in answer.body
    assert len(way.asked) == 1


def test_patience_has_an_end() -> None:
    """A request that is throttled as often as may be is answered so."""
    way = Way(lambda _: error("ThrottlingException"))
    answer = client(connection(way, attempts=4))[0].send("DescribeRegistry", {}).answer
    assert b"ThrottlingException" in answer.body
    assert len(way.asked) == 4


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_failure_for_a_moment_is_asked_again(status: int) -> None:
    """A server error is sent again as often as botocore does, then it stands."""
    way = Way(after(1, error("ServerException", status=status), Response(200, (), b"{}")))
    assert client(connection(way))[0].send("DescribeRegistry", {}).answer.status == 200
    lasting = Way(lambda _: error("ServerException", status=status))
    assert client(connection(lasting))[0].send("DescribeRegistry", {}).answer.status == status
    assert (len(way.asked), len(lasting.asked)) == (2, 3)


@settings(deadline=None)
@given(status=st.sampled_from([200, 400, 403, 404]), code=st.text(max_size=20))
def test_other_answers_stand(status: int, code: str) -> None:
    """An answer that is neither throttling nor a server error is not asked for twice."""
    way = Way(lambda _: error(f"Repository{code}", status=status))
    assert client(connection(way))[0].send("DescribeRegistry", {}).answer.status == status
    assert len(way.asked) == 1


def test_silence_is_asked_again() -> None:
    """A request without an answer is sent again, and the failure told in the end."""

    def silent(_: AWSPreparedRequest) -> Response:
        raise TransportError("no answer")

    way = Way(silent)
    assert client(connection(way))[0].send("DescribeRegistry", {}).failure == "no answer"
    assert len(way.asked) == 3


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (error("ExpiredTokenException"), "the credentials have expired"),
        (error("UnrecognizedClientException"), "AWS does not know the credentials"),
        (error("InvalidSignatureException", "The request signature we"), "the secret access key"),
        (
            error("InvalidSignatureException", "Signature expired: 2", Date=LONG_AGO),
            "this machine's clock is wrong: it is ",
        ),
        (error("RequestExpired", Date="no date"), "this machine's clock is wrong"),
    ],
)  # fmt: skip
def test_refused_credentials_are_named(answer: Response, words: str) -> None:
    """Where AWS does not take the credentials, the reason is told, and no answer is judged."""
    sender, log = client(connection(Way(lambda _: answer)))
    exchange = sender.send("DescribeRegistry", {})
    assert exchange.response is None
    assert str(exchange.failure).startswith(words)
    assert log.exchanges == [exchange]


def test_the_skew_is_told() -> None:
    """How far a clock is off is told in seconds, by the date of the answer."""
    ahead = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() - 3600))
    answer = error("InvalidSignatureException", "Signature not yet current: 1", Date=ahead)
    failure = client(connection(Way(lambda _: answer)))[0].send("DescribeRegistry", {}).failure
    assert failure is not None
    assert "s ahead of AWS's" in failure
