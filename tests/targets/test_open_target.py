"""Names of targets: which are known, and what is said of the rest."""

from __future__ import annotations

import pytest

from conformance.errors import ExitCode, UsageError
from conformance.targets import KINDS, Target, connect, open_target
from conformance.transport.boto import boto_client


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("motto", "Did you mean 'moto'? "),
        ("MiniStack", "Did you mean 'ministack'? "),
        ("kubernetes", "Known targets: moto, ministack, reference, aws, http(s)://HOST:PORT"),
        ("", "Known targets: "),
    ],
)
def test_an_unknown_name_is_wrong_usage(name: str, hint: str) -> None:
    """A name of no kind is refused with the known ones and the nearest of them."""
    with pytest.raises(UsageError) as raised:
        open_target(name)
    assert raised.value.message == f"there is no target {name!r}"
    assert raised.value.hint.startswith(hint)
    assert raised.value.exit_code == ExitCode.USAGE


def test_every_kind_has_a_spelling_of_its_own() -> None:
    """No two kinds of target are spelt alike."""
    spellings = [kind.spelling for kind in KINDS]
    assert len(set(spellings)) == len(spellings)


def test_the_reference_is_one_world_to_all_that_connect() -> None:
    """Whoever connects to the reference in one process sees the same registries."""
    with open_target("reference", region="eu-west-1") as target:
        assert (target.product, target.account) == ("reference", "123456789012")
        clients = [boto_client("ecr", connect(target), target.endpoint, "eu-west-1") for _ in "ab"]
        made = clients[0].create_repository(repositoryName="seen-by-all")["repository"]
        described = clients[1].describe_repositories(repositoryNames=["seen-by-all"])
        clients[1].delete_repository(repositoryName="seen-by-all")
    assert described["repositories"] == [made]


@pytest.mark.parametrize(
    "target",
    [
        Target("moto", "http://127.0.0.1:5000", "moto", "5.2.5", "us-east-1"),
        Target("aws", "https://ecr", "aws", None, "eu-west-1", "eventual", "123456789012"),
    ],
)
def test_a_target_survives_json(target: Target) -> None:
    """A target written as JSON reads back the same."""
    assert Target.from_json(target.to_json()) == target
