"""Targets that are somebody's: what a run makes is known, whose they are is not told."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenario_registry import registry_of

from conformance.reference import ReferenceTransport
from conformance.suite.checks import Check
from conformance.suite.outcomes import Untestable
from conformance.suite.run import Run
from conformance.suite.running.concealing import Concealment
from conformance.suite.running.marking import MARK, marked, marks
from conformance.suite.running.permissions import LEFT_ALONE, REGISTRY_WIDE, missing_action
from conformance.suite.topics.registry_settings import settings_put_back
from conformance.suite.twins import valid_request
from conformance.suite.verdicts import Verdict
from conformance.targets import Target
from conformance.transport.error_answers import ErrorAnswer
from conformance.transport.exchange import Exchange, Request, Response

OWNER, OTHER = "210987654321", "998877665544"
TARGET = Target("aws", "https://a", "AWS", None, "us-east-1", account=OWNER, owned=True)
TAGS = st.lists(st.fixed_dictionaries({"Key": st.text(), "Value": st.text()}), max_size=60)


@given(TAGS)
def test_a_repository_is_marked(tags: list[dict[str, str]]) -> None:
    """A repository is made with its own tags and the mark, unless these are as many as can be."""
    said = marked("CreateRepository", {"repositoryName": "a", "tags": tags})
    assert said["repositoryName"] == "a"
    assert said["tags"] == ([*tags, MARK] if len(tags) < 50 else tags)


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("CreateRepository", {"repositoryName": "a", "tags": "no list"}),
        ("CreateRepository", {"repositoryName": "a", "tags": None}),
        ("TagResource", {"tags": []}),
        ("DescribeRepositories", {}),
    ],
)
def test_other_requests_are_sent_as_they_are(operation: str, parameters: dict[str, Any]) -> None:
    """What makes no repository, or is meant to be refused, is not marked."""
    assert marked(operation, parameters) == parameters


def test_only_what_is_somebodys_is_marked() -> None:
    """The mark is among the tags of an owned target's repositories alone."""
    assert marks(TARGET) == {"ecr-conformance": "may-be-deleted"}
    assert marks(replace(TARGET, owned=False)) == {}


@pytest.mark.parametrize(
    ("message", "action"),
    [
        (f"User: arn:aws:iam::{OWNER}:user/a is not authorized to perform: ecr:TagResource on "
         "resource: *", "ecr:TagResource"),
        ("", "ecr:CreateRepository"),
    ],
)  # fmt: skip
def test_a_missing_permission_is_named(message: str, action: str) -> None:
    """The action that a refusal names is what is missing, else that of the operation."""
    error = ErrorAnswer(400, "AccessDeniedException", message, {})
    assert missing_action(error, "ecr", "CreateRepository") == action


@pytest.mark.parametrize("code", ["RepositoryNotFoundException", "InvalidParameterException"])
def test_other_errors_are_no_missing_permission(code: str) -> None:
    """An error that says something else, or none, misses no permission."""
    assert missing_action(ErrorAnswer(400, code, "", {}), "ecr", "ListImages") is None
    assert missing_action(None, "ecr", "ListImages") is None


def run_on(target: Target) -> Run:
    """A run on a target."""
    return Run(target, 1)


@given(
    before=st.text(st.characters(codec="ascii", exclude_characters="0123456789"), max_size=20),
    binary=st.binary(max_size=20).filter(lambda some: not any(48 <= byte <= 57 for byte in some)),
)
def test_no_account_is_told(before: str, binary: bytes) -> None:
    """Neither the owner's account nor another's is in what a check has of its exchanges."""
    beside = before.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.%")
    told = f"{beside}:{OWNER}:{OTHER}:"
    body = binary + f'{{"registryId":"{OWNER}","arn":"{told}"}}'.encode()
    request = Request("POST", f"https://a/{OWNER}?b={OTHER}", (("x", told),), body)
    exchange = Exchange("ecr", "PutImage", request, Response(400, (("y", told),), body), None)
    silent = replace(exchange, response=None, failure=told)
    check = Check("a", "a", (), Verdict.FAIL, told, (exchange, silent))
    shown = repr(Concealment(run_on(TARGET)).check(check))
    assert OWNER not in shown
    assert OTHER not in shown
    assert "123456789012" in shown


def test_nobodys_names_are_told() -> None:
    """Neither who asked nor what else there is, and what the suite made is called what it was."""
    told = f"User: arn:aws:sts::{OWNER}:assumed-role/Deployer/alice@example.com is not authorized"
    names = ["ecrc-1a2b3c4d-00", "nginx"]
    body = json.dumps({"repositories": [{"repositoryName": name} for name in names]}).encode()
    request = Request("POST", "https://a/", (), b"{}")
    listing = Exchange("ecr", "DescribeRepositories", request, Response(200, (), body))
    refusal = replace(listing, response=Response(400, (), told.encode()))
    check = Check("a", "a", (), Verdict.FAIL, told, (listing, refusal))
    shown = repr(Concealment(run_on(TARGET)).check(check))
    assert not [name for name in ("Deployer", "alice", "nginx") if name in shown]
    assert "ecrc-1a2b3c4d-00" in shown
    assert "arn:aws:sts::123456789012:assumed-role/" in shown


@pytest.mark.parametrize("owned", [True, False])
def test_no_credentials_are_told(*, owned: bool) -> None:
    """A token in an answer, or in a message about it, is told of no target."""
    token = "QVdTOmNhbmFyeWNhbmFyeQ=="
    answer = Response(200, (), json.dumps({"authorizationToken": token}).encode())
    request = Request("POST", "https://a/", (), b"{}")
    exchange = Exchange("ecr", "GetAuthorizationToken", request, answer)
    check = Check("a", "a", (), Verdict.FAIL, f"got {token}", (exchange,))
    assert token not in repr(Concealment(run_on(replace(TARGET, owned=owned))).check(check))


def test_what_checks_have_in_common_is_told_once() -> None:
    """An exchange that two checks of a scenario have is one and the same still."""
    exchange = Exchange("ecr", "PutImage", Request("POST", "https://a/", (), b""), None, "gone")
    checks = [Check("a", each, (), Verdict.FAIL, "", (exchange,)) for each in "ab"]
    concealment = Concealment(run_on(TARGET))
    first, second = (concealment.check(each).exchanges[0] for each in checks)
    assert first is second


def test_accounts_of_emulators_stay() -> None:
    """What a target that is nobody's tells stays as it was."""
    told = f"arn:aws:ecr:us-east-1:{OTHER}:repository/a"
    check = Check("a", "a", (), Verdict.FAIL, told)
    assert Concealment(run_on(replace(TARGET, owned=False))).check(check) == check


def test_a_target_survives_its_way_to_a_worker() -> None:
    """A target that is somebody's is the same in the processes that share it."""
    assert Target.from_json(TARGET.to_json()) == TARGET


def test_what_is_left_alone_is_named_with_its_option() -> None:
    """Whoever reads why a registry's settings were left alone is told how to permit it."""
    assert "--allow-registry-changes" in LEFT_ALONE
    assert "PutReplicationConfiguration" in REGISTRY_WIDE


def test_a_request_to_vary_takes_no_leave() -> None:
    """On the way to a valid request, nothing is asked that takes leave which was not given."""
    registry = registry_of(ReferenceTransport(), "BatchDeleteImage")
    registry = replace(registry, target=replace(TARGET, registry_changes=False))
    valid_request(registry, "BatchDeleteImage")
    asked = {exchange.operation for exchange in registry.log.exchanges}
    assert "PutImage" in asked
    assert not REGISTRY_WIDE & asked


def test_a_setting_that_may_not_be_read_is_not_changed() -> None:
    """Where the owner's policy may not be read, no scenario starts that may end in deleting it."""
    denied = Response(400, (), b'{"__type":"AccessDeniedException","message":""}')
    registry = replace(registry_of(lambda _: denied, "PutRegistryPolicy"), target=TARGET)
    with (
        pytest.raises(Untestable, match="permission for ecr:GetRegistryPolicy is missing"),
        settings_put_back(registry, {}),
    ):
        pytest.fail("it started")
