"""What other tools recorded of ECR becomes cassettes: vcrpy's, HAR files, placebo's."""

from __future__ import annotations

import base64
import contextlib
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import placebo
import pytest
import vcr
from hypothesis import given
from hypothesis import strategies as st
from made_interactions import PATIENT, interactions
from served import served
from traffic import (
    ENDPOINT,
    KEY,
    REGION,
    SECRET,
    calls,
    network_client,
    playing,
    recorded_calls,
)

from conformance.errors import UsageError
from conformance.reference import ReferenceTransport
from conformance.transport.boto import boto_client
from conformance.transport.cassettes import Interaction
from conformance.transport.cassettes.importing import find_recordings
from conformance.transport.cassettes.importing.har import har_interactions
from conformance.transport.cassettes.interaction import text_of
from conformance.transport.cassettes.parsing import MalformedCassette
from conformance.transport.exchange import Headers


def replayed(exchanges: tuple[Interaction, ...]) -> list[Any]:
    """What boto3 returns when these exchanges answer it."""
    return calls(boto_client("ecr", playing(exchanges), ENDPOINT, REGION))


def har_of(exchanges: tuple[Interaction, ...], *, encoded: bool) -> dict[str, Any]:
    """The exchanges as a browser or a proxy writes them."""
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "sample", "version": "1"},
            "entries": [_entry(each, encoded=encoded) for each in exchanges],
        }
    }


def _entry(interaction: Interaction, *, encoded: bool) -> dict[str, Any]:
    sent, answer = interaction.request, interaction.response
    assert answer is not None
    text = base64.b64encode(answer.body).decode() if encoded else text_of(answer.body)
    content = {"mimeType": "application/x-amz-json-1.1", "size": len(answer.body), "text": text}
    return {
        "startedDateTime": f"2026-01-02T03:04:{int(interaction.at):02}.250Z",
        "time": 1.5,
        "request": {
            "method": sent.method,
            "url": sent.url,
            "headers": [{"name": ":method", "value": "POST"}, *_pairs(sent.headers)],
            "postData": {"mimeType": "application/x-amz-json-1.1", "text": text_of(sent.body)},
        },
        "response": {
            "status": answer.status,
            "headers": [*_pairs(answer.headers), {"name": "Content-Encoding", "value": "gzip"}],
            "content": {**content, "encoding": "base64"} if encoded else content,
        },
    }


def _pairs(headers: Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers]


@pytest.mark.parametrize("encoded", [False, True])
def test_a_har_file_is_replayed(tmp_path: Path, *, encoded: bool) -> None:
    """boto3 returns what it returned when the HAR file was recorded; bodies may be base64."""
    returned, recorded = recorded_calls()
    path = tmp_path / "browser.har"
    path.write_text(json.dumps(har_of(recorded, encoded=encoded)))
    (found,) = find_recordings(path)
    assert (found.format, found.name, found.others) == ("har", Path("browser"), 0)
    assert replayed(found.interactions) == returned
    assert found.interactions[1].at == pytest.approx(1.0015)
    answer = found.interactions[0].response
    assert answer is not None
    assert answer.header("Content-Encoding") is None
    assert answer.header("Content-Length") == str(len(answer.body))


@PATIENT
@given(st.lists(interactions().filter(lambda each: each.response is not None), max_size=3))
def test_har_files_keep_every_byte(made: list[Interaction]) -> None:
    """Bodies come through base64 as they were; so do method, address and header fields."""
    kept = [replace(each, any_body=False, at=float(at)) for at, each in enumerate(made)]
    for before, after in zip(
        kept, har_interactions(har_of(tuple(kept), encoded=True)), strict=True
    ):
        assert before.response is not None
        assert after.response is not None
        assert (before.request.method, before.request.url) == (
            after.request.method,
            after.request.url,
        )
        assert before.response.body == after.response.body
        assert set(before.response.headers) <= set(after.response.headers)


@pytest.mark.parametrize("fraction", ["", ".2", ".25", ".2500000"])
def test_a_time_of_a_har_file_has_any_fraction(tmp_path: Path, fraction: str) -> None:
    """Writers of HAR files differ in how exact they are."""
    path = tmp_path / "browser.har"
    entry = har_with(startedDateTime=f"2026-01-02T03:04:05{fraction}Z")
    path.write_text(entry)
    assert find_recordings(path)[0].interactions[0].at == pytest.approx(0.0015)


def test_a_har_entry_without_an_answer_is_a_failure(tmp_path: Path) -> None:
    """The status 0, which browsers write where nothing came back, is no response."""
    _, recorded = recorded_calls()
    har = har_of(recorded[:1], encoded=False)
    har["log"]["entries"][0]["response"] = {"status": 0, "headers": [], "content": {}}
    path = tmp_path / "browser.har"
    path.write_text(json.dumps(har))
    (found,) = find_recordings(path)
    assert found.interactions[0].response is None


def test_other_services_are_left_out_and_counted(tmp_path: Path) -> None:
    """What asked for no operation of ECR is not taken, and told."""
    _, recorded = recorded_calls()
    har = har_of(recorded[:2], encoded=False)
    har["log"]["entries"][1]["request"]["headers"] = []
    path = tmp_path / "browser.har"
    path.write_text(json.dumps(har))
    (found,) = find_recordings(path)
    assert [each.operation for each in found.interactions] == ["CreateRepository"]
    assert found.others == 1


def har_with(**changed: object) -> str:
    """A HAR file whose one entry has these members instead of its own."""
    har = har_of(recorded_calls()[1][:1], encoded=False)
    har["log"]["entries"][0].update(changed)
    return json.dumps(har)


def flight_data(folder: Path) -> list[Any]:
    """Record the calls with placebo; gives what boto3 returned."""
    session = boto3.Session(KEY, SECRET, region_name=REGION)
    pill = placebo.attach(session, data_path=str(folder))
    pill.record()
    with served(ReferenceTransport()) as endpoint, contextlib.redirect_stdout(io.StringIO()):
        returned = calls(session.client("ecr", endpoint_url=endpoint))
    pill.stop()
    return returned


def test_flight_data_of_placebo_is_replayed(tmp_path: Path) -> None:
    """Each answer is given to the next request of its operation, whatever its parameters."""
    folder = tmp_path / "flight"
    folder.mkdir()
    returned = flight_data(folder)
    assert (folder / "api.ecr.DescribeImages_3.json").exists()
    (folder / "api.ecs.ListClusters_1.json").write_text('{"status_code": 200, "data": {}}')
    (folder / "unrelated.json").write_text("[]")
    (found,) = find_recordings(folder)
    assert (found.format, found.name, found.others) == ("placebo", Path("flight"), 1)
    assert all(each.any_body for each in found.interactions)
    answers = replayed(found.interactions)
    assert answers[:7] == returned[:7]
    assert answers[7]["Error"] == returned[7]["Error"]


def test_the_tenth_answer_of_placebo_comes_after_the_ninth(tmp_path: Path) -> None:
    """The files of an operation are in the order of their numbers."""
    for number in range(1, 12):
        answer = {"status_code": 200, "data": {"imageIds": [{"imageTag": f"v{number}"}]}}
        (tmp_path / f"api.ecr.ListImages_{number}.json").write_text(json.dumps(answer))
    (found,) = find_recordings(tmp_path)
    client = boto_client("ecr", playing(found.interactions), ENDPOINT, REGION)
    tags = [client.list_images(repositoryName="app")["imageIds"][0]["imageTag"] for _ in range(11)]
    assert tags == [f"v{number}" for number in range(1, 12)]


def test_names_that_begin_differently_are_recordings_of_their_own(tmp_path: Path) -> None:
    """Placebo's prefixes, and the name that botocore once had for ECR, keep flights apart."""
    for name in ("ecr", "api.ecr", "second.api.ecr", "api.ecr-public"):
        (tmp_path / f"{name}.DescribeRegistries_1.json").write_text(
            '{"status_code": 200, "data": {"ResponseMetadata": {}}}'
        )
    found = find_recordings(tmp_path)
    assert sorted(each.name.name.removeprefix(f"{tmp_path.name}.") for each in found) == [
        "api.ecr", "api.ecr-public", "ecr", "second.api.ecr",
    ]  # fmt: skip
    targets = {each.interactions[0].request.headers[0][1].partition(".")[0] for each in found}
    assert targets == {"AmazonEC2ContainerRegistry_V20150921", "SpencerFrontendService"}


def test_a_folder_of_vcrpys_is_taken_as_it_is_laid_out(tmp_path: Path) -> None:
    """pytest-recording's folders become folders of cassettes."""
    path = tmp_path / "cassettes" / "test_app" / "test_images.yaml"
    with served(ReferenceTransport()) as endpoint, vcr.VCR().use_cassette(str(path)):
        returned = calls(network_client(endpoint))
    (found,) = find_recordings(tmp_path / "cassettes")
    assert (found.format, found.name) == ("vcrpy", Path("test_app/test_images"))
    assert replayed(found.interactions) == returned


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.har", '{"log": {"entries": [{}]}}'),
        ("a.har", '{"log": {"entries": [{"startedDateTime": "yesterday"}]}}'),
        ("a.har", har_with(time=float("inf"))),
        ("a.har", har_with(response={"status": "200", "headers": []})),
        ("a.har", har_with(response={"status": 200, "headers": [{"name": "a", "value": 1}]})),
        ("a.json", '{"version": 1, "interactions": [{"request": {}}]}'),
        ("a.json", '{"version": 1, "interactions": 7}'),
        ("a.json", "{"),
        ("a.yaml", "interactions: ["),
        ("api.ecr.ListImages_1.json", '{"status_code": 200, "data": {"Error": {}}}'),
        ("api.ecr.ListImages_1.json", '{"status_code": 200, "data": {"ResponseMetadata": 3}}'),
        (
            "api.ecr.ListImages_1.json",
            '{"status_code": 200, "data": {"x": {"__class__": "datetime", "year": 20260}}}',
        ),
    ],
)
def test_broken_recordings_are_named(tmp_path: Path, name: str, content: str) -> None:
    """A recording that is none is told by its path."""
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(MalformedCassette, match=name):
        find_recordings(path)


def test_nothing_to_import_is_told(tmp_path: Path) -> None:
    """A folder without a recording is wrong usage, and says what is taken."""
    (tmp_path / "a.json").write_text("[]")
    with pytest.raises(UsageError, match="there is no recording") as caught:
        find_recordings(tmp_path)
    assert "placebo" in caught.value.hint
