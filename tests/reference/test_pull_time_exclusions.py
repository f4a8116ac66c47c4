"""Who may pull an image without its pull time being recorded."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

SCANNER = "arn:aws:iam::123456789012:role/scanner"


def _register(ecr: Any, *principals: str) -> None:
    for principal in principals:
        ecr.register_pull_time_update_exclusion(principalArn=principal)


def _listed(ecr: Any, **parameters: Any) -> list[str]:
    answer = ecr.list_pull_time_update_exclusions(**parameters)
    principals: list[str] = answer["pullTimeUpdateExclusions"]
    return principals


def test_a_registered_principal_is_listed_until_deregistered(ecr: Any) -> None:
    """Both answers name the principal, and the first says since when it is excluded."""
    assert _listed(ecr) == []
    registered = ecr.register_pull_time_update_exclusion(principalArn=SCANNER)
    assert registered["principalArn"] == SCANNER
    assert registered["createdAt"].timestamp() == pytest.approx(1_700_000_000, abs=60)
    assert _listed(ecr) == [SCANNER]
    gone = ecr.deregister_pull_time_update_exclusion(principalArn=SCANNER)
    assert gone["principalArn"] == SCANNER
    assert _listed(ecr) == []


def test_users_and_paths_are_principals_too(ecr: Any) -> None:
    """A user, and a role with a path and characters that names may have, is registered."""
    principals = [
        "arn:aws:iam::123456789012:user/someone",
        "arn:aws-cn:iam::123456789012:role/team/ci+scan=1,a.b@c-d_e",
    ]
    _register(ecr, *principals)
    assert sorted(_listed(ecr)) == sorted(principals)


@pytest.mark.parametrize(
    "principal",
    [
        "scanner",
        "arn:aws:iam::123456789012:root",
        "arn:aws:iam::12345:role/scanner",
        "arn:aws:sts::123456789012:assumed-role/scanner/session",
        f"{SCANNER}/",
        SCANNER + "x" * 200,
    ],
)
def test_what_is_no_principal_is_invalid(ecr: Any, principal: str) -> None:
    """An ARN of another form or of more than 200 characters is refused, in and out."""
    for operation in (
        ecr.register_pull_time_update_exclusion,
        ecr.deregister_pull_time_update_exclusion,
    ):
        with pytest.raises(ClientError, match="InvalidParameterException"):
            operation(principalArn=principal)


def test_a_principal_is_registered_once(ecr: Any) -> None:
    """One that is on the list already is refused."""
    _register(ecr, SCANNER)
    with pytest.raises(ClientError, match="ExclusionAlreadyExistsException"):
        _register(ecr, SCANNER)
    assert _listed(ecr) == [SCANNER]


def test_who_is_not_registered_is_not_found(ecr: Any) -> None:
    """A principal that is not on the list cannot be taken from it, nor be taken twice."""
    _register(ecr, SCANNER)
    ecr.deregister_pull_time_update_exclusion(principalArn=SCANNER)
    with pytest.raises(ClientError, match="ExclusionNotFoundException"):
        ecr.deregister_pull_time_update_exclusion(principalArn=SCANNER)


def test_a_registry_has_a_hundred_exclusions(ecr: Any) -> None:
    """The 101st is over the limit until another one goes.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-time-update-exclusions.html
    """
    _register(ecr, *(f"{SCANNER}-{number}" for number in range(100)))
    with pytest.raises(ClientError, match="LimitExceededException"):
        _register(ecr, SCANNER)
    assert len(_listed(ecr)) == 100
    ecr.deregister_pull_time_update_exclusion(principalArn=f"{SCANNER}-0")
    _register(ecr, SCANNER)


def test_exclusions_are_listed_in_pages(ecr: Any) -> None:
    """Every principal is on exactly one page, and a made-up token begins none."""
    principals = [f"{SCANNER}-{number}" for number in range(5)]
    _register(ecr, *principals)
    first = ecr.list_pull_time_update_exclusions(maxResults=3)
    rest = ecr.list_pull_time_update_exclusions(nextToken=first["nextToken"])
    assert "nextToken" not in rest
    pages = first["pullTimeUpdateExclusions"] + rest["pullTimeUpdateExclusions"]
    assert sorted(pages) == principals
    with pytest.raises(ClientError, match="InvalidParameterException"):
        _listed(ecr, nextToken="made-up")
