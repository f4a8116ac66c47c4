"""The fixture ``ecr_tape``, in a test run of its own."""

from __future__ import annotations

from typing import Any

import canned
import pytest

TESTS = """
    import boto3
    import pytest

    @pytest.mark.parametrize("name", ["app", "team/app"])
    def test_of_mine(ecr_tape, name):
        client = ecr_tape.attach(
            boto3.client(
                "ecr",
                region_name="us-east-1",
                endpoint_url="{url}",
                aws_access_key_id="test",
                aws_secret_access_key="test",
            )
        )
        assert client.list_images(repositoryName=name)["imageIds"] == [{{"imageTag": "{tag}"}}]
"""


def test_each_test_has_a_cassette(pytester: pytest.Pytester) -> None:
    """The first run records beside the test file, one that fails nothing; the second only plays."""
    asked = []

    def answer(_: str, parameters: dict[str, Any]) -> canned.Answer:
        asked.append(parameters["repositoryName"])
        return 200, {"imageIds": [{"imageTag": "latest"}]}

    folder = pytester.path / "cassettes" / "test_mine"
    with canned.serve(answer) as url:
        pytester.makepyfile(test_mine=TESTS.format(url=url, tag="other"))
        pytester.runpytest_subprocess().assert_outcomes(failed=2)
        assert not folder.exists()
        pytester.makepyfile(test_mine=TESTS.format(url=url, tag="latest"))
        pytester.runpytest_subprocess().assert_outcomes(passed=2)
    assert asked == ["app", "team/app"] * 2
    names = ["test_of_mine[app].json", "test_of_mine[team%2Fapp].json"]
    assert sorted(path.name for path in folder.iterdir()) == names
    pytester.runpytest_subprocess("--ecr-record", "none").assert_outcomes(passed=2)


def test_mode_none_records_nothing(pytester: pytest.Pytester) -> None:
    """Without a cassette a test in mode none is an error that says so."""
    pytester.makepyfile(test_mine=TESTS.format(url="http://127.0.0.1:9", tag="latest"))
    ended = pytester.runpytest_subprocess("--ecr-record", "none")
    ended.assert_outcomes(errors=2)
    ended.stdout.fnmatch_lines(["*UsageError: there is no cassette *"])
