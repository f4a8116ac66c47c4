"""How strict a rehearsal is, read from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance.errors import UsageError
from conformance.reference.identity_policy import denial
from conformance.reference.strictness import Strictness
from conformance.reference.strictness_options import read_strictness


def written(folder: Path, name: str, action: str) -> Path:
    """A file with a policy that allows one action."""
    statement = {"Effect": "Allow", "Action": action, "Resource": "*", "Sid": "one"}
    file = folder / name
    file.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    return file


def test_nothing_said_is_no_strictness() -> None:
    """Without options a rehearsal is as the reference is."""
    assert read_strictness() == Strictness([])


def test_credentials_have_a_token_or_not() -> None:
    """Access key, secret and session token are told apart by colons."""
    found = read_strictness(["a:b", "c:d:e"]).credentials
    assert [(each.access_key, each.secret_key, each.token) for each in found] == [
        ("a", "b", None),
        ("c", "d", "e"),
    ]


@pytest.mark.parametrize("text", ["hush", "hush:", ":hush", "", "a:hush:", "a:hush:b:c"])
def test_half_a_credential_is_refused(text: str) -> None:
    """Credentials are a key and a secret and perhaps a token; the error does not repeat them."""
    with pytest.raises(UsageError, match="not an access key and a secret") as raised:
        read_strictness([text])
    assert "hush" not in raised.value.message


@pytest.mark.parametrize("account", ["", "12345678901", "12345678901a", "\uff11" * 12])
def test_an_account_has_twelve_digits(account: str) -> None:
    """What is no account is refused."""
    with pytest.raises(UsageError, match="is not twelve digits"):
        read_strictness(account=account)


def test_policies_of_a_key_count_together(tmp_path: Path) -> None:
    """Each key has its own policies, and may do what one of them allows."""
    get = written(tmp_path, "get=.json", "ecr:Get")
    put = written(tmp_path, "put.json", "ecr:Put")
    policies = read_strictness(policies=[f"a={get}", f"a={put}", f"b={put}"]).policies
    allowed = {
        key: [action for action in ("ecr:Get", "ecr:Put") if denial(policy, action, "*") is None]
        for key, policy in policies.items()
    }
    assert allowed == {"a": ["ecr:Get", "ecr:Put"], "b": ["ecr:Put"]}


@pytest.mark.parametrize("text", ["policy.json", "=policy.json", "key=", ""])
def test_half_a_policy_is_refused(text: str) -> None:
    """A policy is told with the key that has it."""
    with pytest.raises(UsageError, match="not an access key and a file"):
        read_strictness(policies=[text])


def test_a_policy_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A file that cannot be read is named, with the reason."""
    with pytest.raises(UsageError, match=r"cannot read .*none\.json: No such file"):
        read_strictness(policies=[f"key={tmp_path / 'none.json'}"])


def test_a_policy_of_nobody_is_refused(tmp_path: Path) -> None:
    """A policy that could never be enforced, because its key is not let in, is refused."""
    file = written(tmp_path, "get.json", "ecr:Get")
    with pytest.raises(UsageError, match="--policy is for typo, which no --credentials let in"):
        read_strictness(["key:hush"], [f"typo={file}"])
