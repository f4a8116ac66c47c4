"""Which recorded answer a request over HTTP gets, and what of it is sent."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.transport.cassettes import Interaction
from conformance.transport.cassettes.player import NotRecorded
from conformance.transport.cassettes.replayer import by_request, in_order, replayer
from conformance.transport.exchange import Headers, Request, Response

NAMES = ["app", "base", "team/app"]


def request(name: str, space: str = " ") -> Request:
    """A request for the images of a repository; ``space`` is how its JSON is written."""
    return Request(
        "POST",
        "https://api.ecr.us-east-1.amazonaws.com/",
        (("X-Amz-Target", "AmazonEC2ContainerRegistry_V20150921.ListImages"),),
        f'{{"repositoryName":{space}"{name}"}}'.encode(),
    )


def recorded(name: str, number: int, headers: Headers = ()) -> Interaction:
    """The answer of that number in a recording."""
    return Interaction(request(name), Response(200, headers, str(number).encode()))


def recording(names: list[str]) -> list[Interaction]:
    """A recording in which these repositories were asked for, in that order."""
    return [recorded(name, number) for number, name in enumerate(names)]


@given(st.lists(st.sampled_from(NAMES), min_size=1), st.lists(st.sampled_from(NAMES)))
def test_each_request_gets_its_answers_in_turn_and_the_last_stays(
    names: list[str], asked: list[str]
) -> None:
    """The n-th time a request is made it gets its n-th answer, and its last one from then on."""
    find = by_request(recording(names))
    times: Counter[str] = Counter()
    for name in asked:
        answers = [number for number, each in enumerate(names) if each == name]
        if not answers:
            with pytest.raises(NotRecorded):
                find(request(name))
            continue
        found = find(request(name, space="\n"))
        assert found.response is not None
        assert int(found.response.body) == answers[min(times[name], len(answers) - 1)]
        times[name] += 1


@given(st.lists(st.sampled_from(NAMES)), st.lists(st.sampled_from(NAMES)))
def test_strict_order_answers_what_is_due_and_nothing_else(
    names: list[str], asked: list[str]
) -> None:
    """Exactly the recorded requests are answered, in their order, whatever is asked between."""
    find = in_order(recording(names))
    due = list(enumerate(names))
    for name in asked:
        if due and due[0][1] == name:
            found = find(request(name))
            assert found.response is not None
            assert int(found.response.body) == due.pop(0)[0]
        else:
            with pytest.raises(NotRecorded):
                find(request(name))


def test_a_request_without_a_recorded_body_answers_its_whole_operation() -> None:
    """What another tool recorded without parameters is found in either order."""
    anything = Interaction(request(""), Response(200, (), b"1"), any_body=True)
    for find in (by_request([anything]), in_order([anything])):
        assert find(request("app")) is anything


def answered(interaction: Interaction) -> Response:
    """What is sent of a recorded answer."""
    return asyncio.run(replayer(by_request([interaction]))(interaction.request))


def test_what_belongs_to_the_recorded_connection_is_not_sent() -> None:
    """The length is that of the body, and fields of that connection and that day are left out."""
    headers: Headers = (
        ("Date", "Thu, 01 Jan 2026 00:00:00 GMT"),
        ("Transfer-Encoding", "chunked"),
        ("Content-Length", "999"),
        ("Connection", "close"),
        ("x-amzn-RequestId", "1"),
    )
    sent = answered(recorded("app", 7, headers))
    assert sent.headers == (("x-amzn-RequestId", "1"), ("Content-Length", "1"))


@pytest.mark.parametrize(("body", "kept"), [(b"{}", False), (gzip.compress(b"{}"), True)])
def test_only_a_packed_body_is_said_to_be_packed(body: bytes, *, kept: bool) -> None:
    """Recorders that unpack leave Content-Encoding; stock vcrpy keeps both as they were."""
    packed = Response(200, (("Content-Encoding", "gzip"),), body)
    sent = answered(Interaction(request("app"), packed))
    assert (sent.header("Content-Encoding") == "gzip") is kept
    assert sent.body == body


def test_a_missing_response_is_a_gateway_time_out() -> None:
    """It has the status that SDKs retry, and says why there was no response."""
    sent = answered(Interaction(request("app"), None, "no answer within 10 s"))
    assert sent.status == 504
    expected = {"__type": "NoResponseException", "message": "no answer within 10 s"}
    assert json.loads(sent.body) == expected
