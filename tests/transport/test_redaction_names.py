"""What a recording holds instead of names that are not the suite's."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.contract import load_contract
from conformance.transport.exchange import Exchange, Request, Response
from conformance.transport.redaction import Redactor

OWN, EXAMPLE = "210987654321", "123456789012"
ROLE = f"arn:aws:sts::{OWN}:assumed-role/Deployer/build-17"
OURS = "ecrc-1a2b3c4d-00"
REPOSITORY_NAME = load_contract("ecr").shapes["RepositoryName"].pattern or ""


def redactor(own_names: str = "ecrc-") -> Redactor:
    return Redactor(words={}, own_account=OWN, salt=b"known to the tests", own_names=own_names)


def exchange(operation: str, sent: object, came: object) -> Exchange:
    request = Request("POST", "https://ecr.example.com/", (), json.dumps(sent).encode())
    answer = came if isinstance(came, bytes) else json.dumps(came).encode()
    return Exchange("ecr", operation, request, Response(200, (), answer))


def recorded(text: str, using: Redactor | None = None) -> str:
    """What a recording holds of a message."""
    found = (using or redactor())(exchange("PutImage", {}, {"message": text}))
    message: str = json.loads(found.answer.body)["message"]
    return message


def form(text: str) -> str:
    """A text's length and the classes of its characters."""
    return re.sub("[a-z]", "a", re.sub("[A-Z]", "A", re.sub("[0-9]", "0", text)))


def test_a_refusal_does_not_tell_who_asked() -> None:
    """Role and session keep their form, and the same name has the same replacement anywhere."""
    using = redactor()
    told = recorded(f"User: {ROLE} is not authorized", using)
    found = re.fullmatch(
        f"User: arn:aws:sts::{EXAMPLE}:assumed-role/([^/]+)/([^/ ]+) is not authorized", told
    )
    assert found is not None
    assert form(found[1]) == form("Deployer")
    assert form(found[2]) == form("build-17")
    assert {found[1], found[2]}.isdisjoint({"Deployer", "build-17"})
    again = recorded(f"arn:aws:iam::{OWN}:role/ops/Deployer.", using)
    assert again.startswith(f"arn:aws:iam::{EXAMPLE}:role/")
    assert again.endswith(f"/{found[1]}.")


@pytest.mark.parametrize(
    "kept",
    [
        f"arn:aws:iam::{EXAMPLE}:role/{OURS}-owner",
        f"arn:aws:iam::{EXAMPLE}:role/example-0",
        f"arn:aws:iam::{EXAMPLE}:root",
        f"arn:aws:iam::{EXAMPLE}:role/aws-service-role/replication.ecr.amazonaws.com/AWSServiceRole",
        "arn:aws:iam::111122223333:user/Alice",
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        f"arn:aws:ecr:us-east-1:{EXAMPLE}:repository/app",
        "public.ecr.aws",
        f"public.ecr.aws/{EXAMPLE}/{OURS}",
    ],
)
def test_names_that_tell_nobody_stay(kept: str) -> None:
    """Those of the suite, of AWS and of its documentation are as they were, in recordings."""
    assert recorded(kept.replace(EXAMPLE, OWN)) == kept


def test_names_stay_where_nothing_tells_own_from_others() -> None:
    """Somebody's own tests ask for these names again."""
    using = redactor(own_names="")
    told = f"arn:aws:iam::{EXAMPLE}:role/Deployer public.ecr.aws/somebody/app"
    assert recorded(told.replace(EXAMPLE, OWN), using) == told
    listed = listing("app")
    assert using(listed) == listed


def described(*names: str, host: str) -> dict[str, Any]:
    arn = f"arn:aws:ecr:us-east-1:{EXAMPLE}:repository"
    return {
        "repositories": [
            {"repositoryName": n, "repositoryArn": f"{arn}/{n}", "repositoryUri": f"{host}/{n}"}
            for n in names
        ]
    }


HOSTS = [f"{EXAMPLE}.dkr.ecr.us-east-1.amazonaws.com", f"public.ecr.aws/{EXAMPLE}"]


def listing(*names: str, host: str = HOSTS[0], **asked: object) -> Exchange:
    """A listing of repositories."""
    return exchange("DescribeRepositories", asked, described(*names, host=host))


@pytest.mark.parametrize("host", HOSTS)
def test_a_listing_does_not_tell_what_others_have(host: str) -> None:
    """Name, ARN and address of a repository that is not the run's go together as before."""
    using = redactor()
    found = json.loads(using(listing(OURS, "team/app", "app", host=host)).answer.body)
    names = [each["repositoryName"] for each in found["repositories"]]
    assert found == described(*names, host=host)
    assert names[0] == OURS
    assert [form(name) for name in names[1:]] == ["aaaa/aaa", "aaa"]
    assert {"team/app", "app"}.isdisjoint(names)
    assert (
        using(listing("app", host=host)).answer.body == using(listing("app", host=host)).answer.body
    )


def test_escaped_slashes_are_slashes() -> None:
    """How an encoder writes a name makes no difference."""
    body = json.dumps(described("team/app", host=HOSTS[0])).replace("/", "\\/").encode()
    found = redactor()(exchange("DescribeRepositories", {}, body)).answer.body
    assert b"app" not in found
    (one,) = json.loads(found)["repositories"]
    assert one["repositoryArn"].endswith(f":repository/{one['repositoryName']}")


def test_what_was_asked_for_by_name_stays() -> None:
    """A name that the suite asked for is its own, and so is one in any other answer."""
    asked = listing("app", repositoryNames=["app"])
    assert redactor()(asked) == asked
    other = exchange("CreateRepository", {}, {"repository": {"repositoryName": "app"}})
    assert redactor()(other) == other


def test_an_alias_is_the_same_wherever_it_stands() -> None:
    """A public registry's alias in the listing of registries is that of every address."""
    told = {"registries": [{"registryUri": "public.ecr.aws/acme1", "aliases": [{"name": "acme1"}]}]}
    using = redactor()
    (one,) = json.loads(using(exchange("DescribeRegistries", {}, told)).answer.body)["registries"]
    alias = one["aliases"][0]["name"]
    assert (form(alias), alias != "acme1") == ("aaaa0", True)
    assert one["registryUri"] == f"public.ecr.aws/{alias}"
    assert recorded(f"public.ecr.aws/acme1/{OURS}", using) == f"public.ecr.aws/{alias}/{OURS}"


@given(st.lists(st.from_regex(REPOSITORY_NAME, fullmatch=True), unique=True, max_size=4))
def test_names_of_repositories_stay_names(names: list[str]) -> None:
    """What stands for a name is one that AWS accepts, of the same length; redacted once for all."""
    using = redactor()
    once = using(listing(*names))
    found = [each["repositoryName"] for each in json.loads(once.answer.body)["repositories"]]
    for name, masked in zip(names, found, strict=True):
        assert re.fullmatch(REPOSITORY_NAME, masked)
        assert form(masked) == form(name)
    assert using(once) == once
