"""The reference behind a port, as its users meet it."""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path

import command
import pytest
from command import run

from conformance.report import read_report


def serving(*options: str) -> AbstractContextManager[str]:
    """The address of a reference that is being served."""
    return command.serving("reference", "serve", *options, says="serving ECR and ECR Public")


def test_a_served_reference_is_certified(tmp_path: Path) -> None:
    """Every profile of both services is certified over HTTP, with signatures checked."""
    with serving("--credentials", "test:test") as url:
        ended = run("certify", url, "--jobs", "2", "--output", str(tmp_path))
    assert ended.code == 0, ended
    certificate = read_report(tmp_path / "report.json")
    assert certificate.provenance.target.product == "reference"
    assert {profile.verdict.value for profile in certificate.profiles} == {"certified"}


class Aws:
    """The AWS CLI, with credentials."""

    def __init__(self, executable: Path, home: Path) -> None:
        self._command = (str(executable), "--region", "us-east-1", "--output", "text")
        self._home = home

    def __call__(
        self, url: str, credentials: str, *arguments: str
    ) -> subprocess.CompletedProcess[str]:
        """Run a command with an access key, a secret and perhaps a token, joined by colons."""
        names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
        return subprocess.run(
            [*self._command, "--endpoint-url", url, *arguments],
            env={
                **dict(zip(names, credentials.split(":"), strict=False)),
                "PATH": os.environ["PATH"],
                "HOME": str(self._home),
            },
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def aws(aws_cli: Path, tmp_path: Path) -> Aws:
    """The AWS CLI, without anybody's configuration."""
    return Aws(aws_cli, tmp_path)


CREATE = ("ecr-public", "create-repository", "--query", "repository.registryId")
WHO = ("sts", "get-caller-identity", "--query", "[Account,Arn]")


@pytest.mark.parametrize("secret", ["right", "wrong"])
def test_the_aws_cli_works_against_it(aws: Aws, secret: str) -> None:
    """The AWS CLI makes a public repository with the right secret, and is refused with another."""
    with serving("--credentials", "111122223333:right") as url:
        done = aws(url, f"111122223333:{secret}", *CREATE, "--repository-name", "app")
    if secret == "right":
        assert (done.returncode, done.stdout) == (0, "111122223333\n")
    else:
        assert "(InvalidSignatureException)" in done.stderr


def test_the_aws_cli_is_told_who_it_is(aws: Aws) -> None:
    """STS is on the same port: a session of the account that was asked for, until it expires."""
    options = ("--credentials", "ASIAX:hush:token", "--expired", "ASIAY")
    with serving(*options, "--account", "999988887777") as url:
        told = aws(url, "ASIAX:hush:token", *WHO)
        without = aws(url, "ASIAX:hush", *WHO)
        late = aws(url, "ASIAY:hush:token", *WHO)
    account, arn = told.stdout.split()
    assert account == "999988887777"
    assert arn.startswith("arn:aws:sts::999988887777:assumed-role/rehearsal/")
    assert "(InvalidClientTokenId)" in without.stderr
    assert "(ExpiredToken)" in late.stderr


def test_the_aws_cli_may_do_what_its_policy_allows(aws: Aws, tmp_path: Path) -> None:
    """A key with a policy makes the repositories that it allows, and no other."""
    file = tmp_path / "policy.json"
    resource = "arn:aws:ecr-public::123456789012:repository/team/*"
    statement = {"Effect": "Allow", "Action": "ecr-public:Create*", "Resource": resource}
    file.write_text(json.dumps({"Version": "2012-10-17", "Statement": statement}))
    with serving("--credentials", "team:hush", "--policy", f"team={file}") as url:
        allowed = aws(url, "team:hush", *CREATE, "--repository-name", "team/app")
        denied = aws(url, "team:hush", *CREATE, "--repository-name", "app")
    assert (allowed.returncode, allowed.stdout) == (0, "123456789012\n")
    assert "(AccessDeniedException)" in denied.stderr
    assert "no identity-based policy allows the ecr-public:CreateRepository" in denied.stderr


def test_half_a_credential_exits_with_4() -> None:
    """Bad credentials are wrong usage, and the message does not show them."""
    ended = run("reference", "serve", "--port", "0", "--credentials", "hush")
    assert ended.code == 4
    assert ended.err.startswith("error: --credentials is not an access key and a secret")
    assert "hush" not in ended.err


def test_another_account_than_one_of_aws_exits_with_4() -> None:
    """What is no account's id is wrong usage."""
    ended = run("reference", "serve", "--port", "0", "--account", "1234")
    assert (ended.code, ended.err) == (
        4,
        "error: --account 1234 is not twelve digits\nhint: For example: 123456789012\n"
        "code: usage\n",
    )


def test_a_condition_exits_with_4(tmp_path: Path) -> None:
    """A policy that cannot be enforced whole is refused, with the place of what is in the way."""
    file = tmp_path / "policy.json"
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {}}
    file.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    ended = run("reference", "serve", "--port", "0", "--policy", f"key={file}")
    assert ended.code == 4
    assert ended.err.startswith(f"error: {file}: /Statement/0/Condition is not understood\nhint: ")
