"""Scenes: what is recorded, what is replayed, and what happens to what was not recorded."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders

from conformance.errors import TransportError
from conformance.transport.cassettes import Cassette, NotRecorded
from conformance.transport.cassettes.scene import Mode, Scene
from conformance.transport.clock import ReplayedClock
from conformance.transport.exchange import Exchange, Response

PREFIX = "AmazonEC2ContainerRegistry_V20150921"
RECORDING_MODES = [Mode.ONCE, Mode.NEW_EPISODES, Mode.ALL, Mode.REWRITE]


def asking(body: str = "{}", operation: str = "ListImages") -> AWSPreparedRequest:
    """A request as botocore prepares it."""
    headers = HTTPHeaders.from_pairs([("X-Amz-Target", f"{PREFIX}.{operation}")])
    return AWSPreparedRequest("POST", "http://here/", headers, body.encode(), stream_output=False)


def counting() -> Callable[[Any], Response]:
    """A target that answers with the number of the request."""
    numbers = iter(range(10_000))
    return lambda _: Response(200, (("Content-Type", "text/plain"),), str(next(numbers)).encode())


def unchanged(exchange: Exchange) -> Exchange:
    return exchange


def recorded(*bodies: str, target: Callable[[Any], Response] | None = None) -> Cassette:
    """A cassette of these requests."""
    scene = Scene(Mode.ONCE, None, target or counting(), time)
    for body in bodies:
        scene(asking(body))
    return Cassette(scene.interactions(unchanged))


def played(scene: Scene, *bodies: str) -> list[str]:
    """What a scene answers to these requests."""
    return [scene(asking(body)).body.decode() for body in bodies]


@pytest.mark.parametrize("mode", RECORDING_MODES)
def test_without_a_cassette_everything_is_recorded(mode: Mode) -> None:
    """Where there is no cassette yet, every mode but none asks the target and keeps the answers."""
    scene = Scene(mode, None, counting(), time)
    assert played(scene, "{}", "{}") == ["0", "1"]
    assert [each.response and each.response.body for each in scene.interactions(unchanged)] == [
        b"0",
        b"1",
    ]
    assert not scene.plays


@pytest.mark.parametrize("mode", [Mode.NONE, Mode.ONCE])
def test_what_was_recorded_is_replayed_and_nothing_else(mode: Mode) -> None:
    """A cassette answers each request once, in order; what it lacks is an error, not a request."""
    scene = Scene(mode, recorded("{}", '{"a":1}', "{}"), counting(), ReplayedClock(0))
    assert played(scene, '{"a": 1}', "{}", "{}") == ["1", "0", "2"]
    with pytest.raises(NotRecorded, match="recorded with these parameters 2 times, and no more"):
        scene(asking())
    assert len(scene.missed) == 1
    assert not scene.records


def test_new_episodes_are_added() -> None:
    """New episodes: what was recorded is replayed, the rest is asked and kept after it."""
    scene = Scene(Mode.NEW_EPISODES, recorded("{}"), counting(), time)
    assert played(scene, '{"a":1}', "{}", '{"a":2}') == ["0", "0", "1"]
    assert len(scene.interactions(unchanged)) == 3


def test_all_records_after_what_there_is() -> None:
    """All: nothing is replayed, and what is there stays in front."""
    scene = Scene(Mode.ALL, recorded("{}", "{}"), counting(), time)
    assert played(scene, "{}") == ["0"]
    kept = [each.response and each.response.body for each in scene.interactions(unchanged)]
    assert kept == [b"0", b"1", b"0"]


def test_rewrite_forgets_what_there_is() -> None:
    """Rewrite: nothing is replayed, and what is there goes."""
    scene = Scene(Mode.REWRITE, recorded("{}", "{}"), counting(), time)
    assert played(scene, "{}") == ["0"]
    assert len(scene.interactions(unchanged)) == 1


def test_a_missing_answer_is_replayed_as_such() -> None:
    """Where there was no response, the replay ends in the same error."""

    def silent(_: Any) -> Response:
        raise TransportError("no answer within 60 s")

    scene = Scene(Mode.ONCE, None, silent, time)
    with pytest.raises(TransportError):
        scene(asking())
    again = Scene(Mode.NONE, Cassette(scene.interactions(unchanged)), None, ReplayedClock(0))
    with pytest.raises(TransportError, match="no answer within 60 s"):
        again(asking())


def test_what_nobody_asked_for_is_told() -> None:
    """Recordings that were not asked for are listed in their order."""
    scene = Scene(Mode.NONE, recorded('{"a":1}', "{}", '{"a":2}'), None, ReplayedClock(0))
    played(scene, "{}")
    assert [each.request.body for each in scene.unused] == [b'{"a":1}', b'{"a":2}']


def test_eight_threads_get_each_answer_once() -> None:
    """Asked by eight threads at once, no answer is given twice or lost, recording or replaying."""
    lock, target = threading.Lock(), counting()

    def answer(request: Any) -> Response:
        with lock:
            return target(request)

    def ask_everything(scene: Scene) -> list[str]:
        with ThreadPoolExecutor(8) as pool:
            return [each.body.decode() for each in pool.map(scene, [asking()] * 800)]

    everything = sorted(str(number) for number in range(800))
    recording = Scene(Mode.ONCE, None, answer, time)
    assert sorted(ask_everything(recording)) == everything
    cassette = Cassette(recording.interactions(unchanged))
    assert sorted(ask_everything(Scene(Mode.NONE, cassette, None, ReplayedClock(0)))) == everything


def test_a_replay_waits_on_the_clock_of_the_recording() -> None:
    """The clock of a replay shows when an answer came, and pauses put it forward."""
    cassette = recorded("{}")
    late = Cassette(tuple(replace(each, at=7.5) for each in cassette.interactions))
    clock = ReplayedClock(1000.0)
    scene = Scene(Mode.NONE, late, None, clock)
    clock.sleep(2.0)
    scene(asking())
    assert (clock.monotonic(), clock.time()) == (7.5, 1007.5)
    clock.sleep(0.5)
    assert clock.monotonic() == 8.0


def test_a_miss_names_what_differs() -> None:
    """A request that was not recorded is told by the nearest one that was."""
    cassette = recorded('{"repositoryName":"a","maxResults":5}', '{"repositoryName":"b"}')
    scene = Scene(Mode.NONE, cassette, None, ReplayedClock(0))
    with pytest.raises(NotRecorded) as missed:
        scene(asking('{"repositoryName":"a","maxResults":6}'))
    assert missed.value.message == (
        "ListImages was not recorded with these parameters; the nearest: "
        "maxResults is '6', recorded is '5'"
    )
    with pytest.raises(NotRecorded, match="PutImage was not recorded, only ListImages"):
        scene(asking(operation="PutImage"))


def test_a_long_layer_is_kept_as_digest_and_length() -> None:
    """A layer that the scenario can make again is not written; its request is found anyhow."""
    blob = "QUJD" * 1000
    body = f'{{"uploadId":"u","layerPartBlob":"{blob}"}}'
    cassette = recorded(body)
    assert b"QUJD" not in cassette.interactions[0].request.body
    assert played(Scene(Mode.NONE, cassette, None, ReplayedClock(0)), body) == ["0"]
    other = body.replace("QUJDQUJD", "QUJDQUJE", 1)
    with pytest.raises(NotRecorded, match="layerPartBlob is"):
        Scene(Mode.NONE, cassette, None, ReplayedClock(0))(asking(other))
