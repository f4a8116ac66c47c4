"""Temporary credentials: with their session token, and until they expire."""

from __future__ import annotations

import pytest
from asking import Wire
from botocore.credentials import Credentials

from conformance.reference.strictness import Strictness, rehearsal

USER = Credentials("AKIAIOSFODNN7EXAMPLE", "hush")
SESSION = Credentials("ASIAIOSFODNN7EXAMPLE", "hush", "token")
INVALID = (
    "UnrecognizedClientException",
    "The security token included in the request is invalid.",
)
EXPIRED = ("ExpiredTokenException", "The security token included in the request is expired")


@pytest.mark.parametrize("credentials", [USER, SESSION])
def test_credentials_are_let_in(credentials: Credentials) -> None:
    """A user comes without a session token, a session with its own."""
    wire = Wire(rehearsal(Strictness([USER, SESSION])), "ecr", credentials=credentials)
    assert wire.call("DescribeRepositories") == {"repositories": []}


@pytest.mark.parametrize(
    "credentials",
    [
        Credentials(SESSION.access_key, "hush"),
        Credentials(SESSION.access_key, "hush", "another"),
        Credentials(SESSION.access_key, "hush", "tokén"),
        Credentials(USER.access_key, "hush", "token"),
    ],
)
def test_another_token_is_refused(credentials: Credentials) -> None:
    """A session is refused without its token or with another one, a user with any."""
    wire = Wire(rehearsal(Strictness([USER, SESSION])), "ecr", credentials=credentials)
    assert wire.refused("DescribeRepositories") == INVALID


@pytest.mark.parametrize("let_in", [[], [SESSION]])
def test_expired_credentials_are_refused(let_in: list[Credentials]) -> None:
    """An access key that is over is refused as such, whether signatures are checked or not."""
    reference = rehearsal(Strictness(let_in, expired=[SESSION.access_key]))
    assert Wire(reference, "ecr", credentials=SESSION).refused("ListImages") == EXPIRED


def test_who_is_not_expired_is_let_in() -> None:
    """That one key is over is no other's concern."""
    reference = rehearsal(Strictness(expired=[SESSION.access_key]))
    Wire(reference, "ecr", credentials=USER).call("CreateRepository", repositoryName="app")
    assert len(reference.reference.world) == 1
