"""The reference behind a port, as its users meet it."""

from __future__ import annotations

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


@pytest.mark.parametrize("secret", ["right", "wrong"])
def test_the_aws_cli_works_against_it(tmp_path: Path, aws_cli: Path, secret: str) -> None:
    """The AWS CLI makes a public repository with the right secret, and is refused with another."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "AWS_ACCESS_KEY_ID": "111122223333",
        "AWS_SECRET_ACCESS_KEY": secret,
    }
    with serving("--credentials", "111122223333:right") as url:
        done = subprocess.run(
            [
                *(str(aws_cli), "--endpoint-url", url, "--region", "us-east-1"),
                *("ecr-public", "create-repository", "--repository-name", "app"),
                *("--query", "repository.registryId", "--output", "text"),
            ],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    if secret == "right":
        assert (done.returncode, done.stdout) == (0, "111122223333\n")
    else:
        assert "(InvalidSignatureException)" in done.stderr


def test_half_a_credential_exits_with_4() -> None:
    """Bad credentials are wrong usage, and the message does not show them."""
    ended = run("reference", "serve", "--port", "0", "--credentials", "hush")
    assert ended.code == 4
    assert ended.err.startswith("error: --credentials is not an access key and a secret")
    assert "hush" not in ended.err
