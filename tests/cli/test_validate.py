"""``ecr-conformance validate``: one body, judged by the contract."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_examples import Example, examples
from click.testing import CliRunner, Result

from conformance.cli import cli
from conformance.contract import load_contract
from conformance.errors import UsageError

REPOSITORY = {
    "repositoryArn": "arn:aws:ecr:us-east-1:123456789012:repository/app",
    "registryId": "123456789012",
    "repositoryName": "app",
    "repositoryUri": "123456789012.dkr.ecr.us-east-1.amazonaws.com/app",
    "createdAt": 1700000000.0,
    "imageTagMutability": "MUTABLE",
    "imageScanningConfiguration": {"scanOnPush": False},
    "encryptionConfiguration": {"encryptionType": "AES256"},
}


def validate(*arguments: str, body: Any = None) -> Result:
    """Run the command; ``body`` comes from standard input."""
    given = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return CliRunner().invoke(cli, ["validate", *arguments], input=given, standalone_mode=False)


def test_an_answer_that_conforms() -> None:
    """What AWS could have answered exits with 0."""
    done = validate("ecr", "DescribeRepositories", "-", body={"repositories": [REPOSITORY]})
    assert (done.return_value, done.output) == (0, "DescribeRepositories output: conforms\n")


def test_each_departure_has_its_pointer(tmp_path: Path) -> None:
    """Every departure is a line with its level and JSON pointer; one that must not be exits 1."""
    file = tmp_path / "answer.json"
    wrong = {**REPOSITORY, "createdAt": "2023-11-14", "colour": "red"}
    file.write_text(json.dumps({"repositories": [wrong]}))
    done = validate("ecr", "DescribeRepositories", str(file))
    assert done.return_value == 1
    assert done.output.splitlines() == [
        "must   /repositories/0/createdAt  repositories[0].createdAt is a string, "
        "the contract says number",
        "should /repositories/0/colour  repositories[0].colour is not a member of Repository",
        "DescribeRepositories output: 1 violation (1 should)",
    ]


def test_what_is_only_usual_does_not_count() -> None:
    """A departure from what AWS usually does is told and exits with 0."""
    body = {"repositories": [REPOSITORY], "nextToken": None}
    done = validate("ecr", "DescribeRepositories", "-", body=body)
    assert done.return_value == 0
    assert done.output.endswith("DescribeRepositories output: conforms (1 should)\n")


def test_a_request_and_an_error_are_judged_as_such() -> None:
    """Requests are held to their constraints, errors to their form."""
    done = validate("ecr", "ListImages", "-", "--input", body={"maxResults": 0})
    assert done.return_value == 1
    assert "must   /maxResults  maxResults is 0, the contract says at least 1\n" in done.output
    assert "must   /repositoryName  repositoryName is missing" in done.output
    error = {"__type": "RepositoryNotFoundException", "message": "there is none"}
    assert validate("ecr", "ListImages", "-", "--error", body=error).return_value == 0
    assert validate("ecr", "ListImages", "-", "--error", body={"code": 1}).return_value == 1


@pytest.mark.parametrize("time", ["2023-11-14T22:13:20+00:00", "2023-11-14T22:13:20Z", 1.7e9])
def test_times_of_the_cli_are_times(time: str | float) -> None:
    """With --format cli a time may be a text, as version 2 prints it."""
    body = {"repositories": [{**REPOSITORY, "createdAt": time}]}
    done = validate("ecr", "DescribeRepositories", "-", "--format", "cli", body=body)
    assert done.return_value == 0, done.output


def test_a_text_that_is_no_time_is_found_out() -> None:
    """With --format cli a text in the place of a time still has to be one."""
    body = {"repositories": [{**REPOSITORY, "createdAt": "yesterday"}]}
    done = validate("ecr", "DescribeRepositories", "-", "--format", "cli", body=body)
    assert done.return_value == 1


@pytest.mark.parametrize(
    ("arguments", "body", "message"),
    [
        (("s3", "ListImages", "-"), {}, "there is no contract for 's3'"),
        (("ecr", "ListBuckets", "-"), {}, "ecr has no operation 'ListBuckets'"),
        (("ecr", "ListImages", "-"), "{", "<stdin> is no JSON: Expecting property name"),
        (("ecr", "ListImages", "-"), b"\xff\xfe\xfd", "<stdin> is no text in UTF-8"),
        (("ecr", "ListImages", "-"), "[" * 100_000, "<stdin> is nested too deeply"),
        (("ecr", "ListImages", "-", "--error", "--format", "cli"), {}, "the AWS CLI prints no"),
    ],
)
def test_what_cannot_be_judged_is_told(arguments: tuple[str, ...], body: Any, message: str) -> None:
    """Bad input is one sentence that says what and where."""
    done = validate(*arguments, body=body)
    assert isinstance(done.exception, UsageError), done
    assert done.exception.message.startswith(message)


def test_a_file_that_is_not_there_is_told() -> None:
    """A missing file is wrong usage."""
    done = validate("ecr", "ListImages", "no-such-file.json")
    assert "No such file or directory" in str(done.exception)


OF_OPERATIONS = [
    each for service in ("ecr", "ecr-public") for each in examples(service) if each.printed
]


@pytest.mark.parametrize("example", OF_OPERATIONS, ids=lambda example: example.label)
def test_what_awss_own_documentation_shows_conforms(example: Example) -> None:
    """Every answer in the documentation of the AWS CLI keeps the contract."""
    operation = "".join(word.capitalize() for word in example.command[1].split("-"))
    assert operation in load_contract(example.service).operations
    done = validate(example.service, operation, "-", "--format", "cli", body=example.printed)
    assert done.return_value == 0, done.output
