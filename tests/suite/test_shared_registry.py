"""The suite on a registry that is full of repositories it did not make."""

from __future__ import annotations

import json

import pytest
from botocore.awsrequest import AWSPreparedRequest
from lagging import judge, verdicts
from scenario_registry import registry_of

from conformance.reference import ReferenceTransport
from conformance.reference.protocol import DEFAULT_ACCOUNT
from conformance.reference.state import Registry, RegistryKey, Repository, Settings
from conformance.suite.run import Run
from conformance.suite.running.opening import surveyed
from conformance.suite.steps import pages
from conformance.suite.topics.listings import DESCRIBE_REPOSITORIES, Stock, count_there
from conformance.suite.verdicts import Verdict
from conformance.targets import Target, in_process
from conformance.transport.exchange import Response

ENDPOINT, REGION = "http://shared.invalid", "us-east-1"
OTHERS = 10_000
"""So many that a listing in pages of 100 has more pages than one in pages of 1,000 may have."""


def test_more_pages_of_others_than_any_scenario_makes_are_turned() -> None:
    """A registry of more than 30,000 repositories is listed to its end, however it is read."""
    last = 400

    def answer(request: AWSPreparedRequest, /) -> Response:
        page = int(json.loads(request.body).get("nextToken", "0"))
        more = {"nextToken": str(page + 1)} if page < last else {}
        name = "own" if page == last else f"others/{page}"
        found = {"repositories": [{"repositoryName": name}], **more}
        return Response(200, (), json.dumps(found).encode())

    registry = registry_of(answer, "DescribeRepositories")
    *_, end = pages(registry, "DescribeRepositories")
    assert end == {"repositories": [{"repositoryName": "own"}]}
    assert count_there(registry, DESCRIBE_REPOSITORIES, Stock({}, frozenset({"own"}))) == last + 1


@pytest.mark.parametrize("service", ["ecr", "ecr-public"])
def test_many_repositories_of_others_are_in_nobody_s_way(service: str) -> None:
    """What is right of a listing is found right however many repositories others have in it."""
    settings = Settings(encryption={"encryptionType": "AES256"})
    names = [f"others/{number}" for number in range(OTHERS)]
    full = Registry({name: Repository(name, 1.7e9, settings) for name in names})
    key = RegistryKey(service, DEFAULT_ACCOUNT, REGION if service == "ecr" else "")
    target = Target("shared", ENDPOINT, "reference", None, REGION)
    with in_process(ENDPOINT, ReferenceTransport(world={key: full})):
        judging = judge(surveyed(Run(target, 1, services=(service,))), "pagination.other-size")
    found = verdicts(judging)
    assert set(found.values()) == {Verdict.PASS}
    assert f"{service}.pagination.other-size-on-the-way[DescribeRepositories-none]" in found
