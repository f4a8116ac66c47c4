"""pytest-recording plays what this project records, and this project plays what it records."""

from __future__ import annotations

from pathlib import Path

import pytest
from served import served
from traffic import ENDPOINT, REGION, calls, playing, recorded_calls, write

from conformance.reference import ReferenceTransport
from conformance.transport.boto import boto_client
from conformance.transport.cassettes.cassette import read_cassette

CONFTEST = """
import sys
sys.path.insert(0, {tests!r})

import pytest
import conformance.vcr

def pytest_recording_configure(config, vcr):
    conformance.vcr.register(vcr)

@pytest.fixture(scope="module")
def vcr_config():
    return {{"serializer": "json"}}
"""
TEST = """
import pytest
from traffic import calls, network_client

@pytest.mark.vcr
@pytest.mark.block_network
def test_calls():
    answers = calls(network_client({endpoint!r}))
    assert answers[5]["imageDetails"][0]["imageTags"] == ["v1"]
    assert answers[1]["imageIds"] == []
    assert answers[7]["Error"]["Code"] == "RepositoryNotFoundException"
"""


def arrange(pytester: pytest.Pytester, endpoint: str, conftest: str = CONFTEST) -> Path:
    """A test of somebody's that records with pytest-recording; gives where its cassette is."""
    pytester.makeconftest(conftest.format(tests=str(Path(__file__).parent)))
    pytester.makepyfile(test_app=TEST.format(endpoint=endpoint))
    return pytester.path / "cassettes" / "test_app" / "test_calls.json"


def run(pytester: pytest.Pytester, *options: str) -> pytest.RunResult:
    """Run that test in a process of its own."""
    return pytester.runpytest_subprocess("-p", "recording", "-p", "no:conformance", *options)


def test_a_recording_of_ours_is_played(pytester: pytest.Pytester) -> None:
    """The block that vcrpy does not know is no obstacle, and no network is needed."""
    path = arrange(pytester, ENDPOINT)
    write(path, *recorded_calls()[1])
    run(pytester).assert_outcomes(passed=1)


def test_a_block_called_metadata_would_be_an_obstacle(pytester: pytest.Pytester) -> None:
    """The reason for the name of our block: on that name pytest-recording stumbles."""
    path = arrange(pytester, ENDPOINT)
    write(path, *recorded_calls()[1])
    path.write_text(path.read_text().replace('"recorded": {', '"metadata": {', 1))
    run(pytester).assert_outcomes(errors=1)


def test_ours_plays_what_it_records(pytester: pytest.Pytester) -> None:
    """A recording of its mode ``once`` is a cassette, without secrets, and plays there again."""
    with served(ReferenceTransport()) as endpoint:
        path = arrange(pytester, endpoint)
        run(pytester, "--record-mode=once").assert_outcomes(passed=1)
    run(pytester).assert_outcomes(passed=1)
    interactions = read_cassette(path).interactions
    replayed = calls(boto_client("ecr", playing(interactions), endpoint, REGION))
    assert replayed[5]["imageDetails"][0]["imageTags"] == ["v1"]


def test_ours_plays_what_it_records_by_default(pytester: pytest.Pytester) -> None:
    """In YAML, with the matcher alone: its cassettes are vcrpy's."""
    conftest = CONFTEST.partition("@pytest.fixture")[0]
    with served(ReferenceTransport()) as endpoint:
        path = arrange(pytester, endpoint, conftest).with_suffix(".yaml")
        run(pytester, "--record-mode=once").assert_outcomes(passed=1)
    assert "!!binary" in path.read_text()
    interactions = read_cassette(path).interactions
    replayed = calls(boto_client("ecr", playing(interactions), endpoint, REGION))
    assert replayed[5]["imageDetails"][0]["imageTags"] == ["v1"]
