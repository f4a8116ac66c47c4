"""The suite on a registry that is full of repositories it did not make."""

from __future__ import annotations

import pytest
from lagging import judge, verdicts

from conformance.reference import ReferenceTransport
from conformance.reference.protocol import DEFAULT_ACCOUNT
from conformance.reference.state import Registry, RegistryKey, Repository, Settings
from conformance.suite.opening import surveyed
from conformance.suite.run import Run
from conformance.suite.verdicts import Verdict
from conformance.targets import Target, in_process

ENDPOINT, REGION = "http://shared.invalid", "us-east-1"
OTHERS = 10_000
"""So many that a listing in pages of 100 has more pages than one in pages of 1,000 may have."""


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
