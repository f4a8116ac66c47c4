"""Accounts, regions and services are worlds of their own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.credentials import Credentials

from conformance.contract import load_contract
from conformance.reference import ReferenceTransport
from conformance.transport.log import ExchangeLog
from conformance.transport.wire import WireClient

MINE, YOURS = "111111111111", "222222222222"


def _ask(
    reference: ReferenceTransport, account: str, operation: str, region: str = "us-east-1",
    service: str = "ecr", **parameters: Any,
) -> dict[str, Any]:  # fmt: skip
    log = ExchangeLog(reference, service)
    credentials = Credentials(account, "secret")
    client = WireClient(load_contract(service), log, "http://localhost", region, credentials)
    response = client.send(operation, parameters).response
    assert response is not None
    answer: dict[str, Any] = json.loads(response.body)
    return answer


def _names(answer: dict[str, Any]) -> list[str]:
    return [each["repositoryName"] for each in answer["repositories"]]


def test_a_repository_is_in_one_account_and_region(reference: ReferenceTransport) -> None:
    """The same name in two accounts, or two regions, is two repositories."""
    made = _ask(reference, MINE, "CreateRepository", repositoryName="app")["repository"]
    assert made["repositoryUri"] == f"{MINE}.dkr.ecr.us-east-1.amazonaws.com/app"
    assert _names(_ask(reference, YOURS, "DescribeRepositories")) == []
    assert _names(_ask(reference, MINE, "DescribeRepositories", "eu-west-1")) == []
    assert _names(_ask(reference, MINE, "DescribeRepositories")) == ["app"]


def test_a_public_registry_has_no_region(reference: ReferenceTransport) -> None:
    """A public repository is there from whatever region it is asked for, and only there."""
    public = {"service": "ecr-public"}
    _ask(reference, MINE, "CreateRepository", "us-east-1", **public, repositoryName="app")
    assert _names(_ask(reference, MINE, "DescribeRepositories", "us-west-2", **public)) == ["app"]
    assert _names(_ask(reference, MINE, "DescribeRepositories")) == []


def test_another_accounts_repository_is_closed(reference: ReferenceTransport) -> None:
    """What another account has is refused; what it has not is missing, as at home."""
    _ask(reference, MINE, "CreateRepository", repositoryName="app")
    asked = {"registryId": MINE}
    denied = _ask(reference, YOURS, "ListImages", **asked, repositoryName="app")
    missing = _ask(reference, YOURS, "ListImages", **asked, repositoryName="other")
    assert denied["__type"] == "AccessDeniedException"
    assert missing["__type"] == "RepositoryNotFoundException"
    assert f"registry with id '{MINE}'" in missing["message"]


@pytest.mark.parametrize("own", [True, False])
def test_a_public_registry_goes_by_its_alias(reference: ReferenceTransport, *, own: bool) -> None:
    """The alias in a repository's URI stands for its registry; an unknown one for none."""
    public = {"service": "ecr-public"}
    made = _ask(reference, MINE, "CreateRepository", **public, repositoryName="app")
    alias = made["repository"]["repositoryUri"].split("/")[1] if own else "unknown"
    answer = _ask(
        reference, MINE, "InitiateLayerUpload", **public, repositoryName="app", registryId=alias
    )
    assert answer.get("__type") == (None if own else "RegistryNotFoundException")
