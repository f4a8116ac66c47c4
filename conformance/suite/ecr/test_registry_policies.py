"""The policy of a registry: what other accounts may copy into it, or cache through it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.suite.accounts import EACH_HAS_ITS_OWN
from conformance.suite.answers import describe, refusal, success, text
from conformance.suite.evidence import documented, model, observed
from conformance.suite.outcomes import Untestable
from conformance.suite.owner import owner_of
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.topics.policies import replication_permission, same, shown
from conformance.suite.twins import invalid_codes
from conformance.suite.verdicts import MUST, SHOULD

_NOT_FOUND = "RegistryPolicyNotFoundException"
_PUTS = documented(
    "PutRegistryPolicy", "Creates or updates the permissions policy for your registry."
)
_TEXT = documented("PutRegistryPolicy.policyText", "The JSON policy text for your registry.")
_FORMAT = documented(
    "PutRegistryPolicy.policyText", "The policy text follows the same format as IAM policy text."
)
_MISSING = documented(
    "GetRegistryPolicy.RegistryPolicyNotFoundException",
    "The registry doesn't have an associated registry policy.",
)


def _put(registry: Registry) -> str:
    """Put a policy; gives its text."""
    wanted = replication_permission(registry.name_prefix, owner_of(registry))
    registry.given("PutRegistryPolicy", policyText=wanted)
    return wanted


def _keep(registry: Registry) -> str:
    """Put a policy; gives its text. ``Untestable`` unless it is got."""
    wanted = _put(registry)

    def observe() -> None:
        assert _is_got(registry, wanted), "the policy that was put is not got"

    registry.settle("GetRegistryPolicy", observe)
    return wanted


def _is_got(registry: Registry, wanted: str) -> bool:
    """Whether the policy is got; ``Untestable`` where the answer is neither one nor none."""
    response = registry.send("GetRegistryPolicy", {})
    error, answer = refusal(response), success(response)
    if answer is None and (error is None or error.code != _NOT_FOUND):
        raise Untestable("GetRegistryPolicy", describe(response))
    return answer is not None and same(answer, wanted)


@rule(
    "policies.registry-put-answers",
    level=MUST,
    operations=["PutRegistryPolicy"],
    services=["ecr"],
    evidence=[
        _TEXT,
        documented("PutRegistryPolicy.registryId", "The registry ID associated with the request."),
    ],
)
def test_put_answers_with_the_policy(registry: Registry, settings: None) -> None:
    """PutRegistryPolicy answers with the policy and the registry's id."""
    owner = owner_of(registry)
    wanted = replication_permission(registry.name_prefix, owner)
    answer = registry.call("PutRegistryPolicy", policyText=wanted)
    assert same(answer, wanted), f"the policy {wanted!r} was put, the answer has {shown(answer)}"
    found = answer.get("registryId")
    assert found == owner.account, f"the answer names registry {found}, not {owner.account}"


@rule(
    "policies.registry-got",
    level=MUST,
    operations=["GetRegistryPolicy"],
    services=["ecr"],
    evidence=[
        documented("GetRegistryPolicy", "Retrieves the permissions policy for a registry."),
        documented(
            "GetRegistryPolicy.policyText",
            "The JSON text of the permissions policy for a registry.",
        ),
    ],
)
def test_the_policy_is_got(registry: Registry, settings: None) -> None:
    """GetRegistryPolicy gives the policy that was put."""
    wanted = _put(registry)

    def observe() -> None:
        answer = registry.call("GetRegistryPolicy")
        assert same(answer, wanted), f"the policy {wanted!r} was put, got is {shown(answer)}"

    registry.eventually(observe)


@rule(
    "policies.registry-replaced",
    level=MUST,
    operations=["PutRegistryPolicy"],
    services=["ecr"],
    evidence=[_PUTS, _TEXT],
)
def test_a_policy_takes_the_place_of_another(registry: Registry, settings: None) -> None:
    """A policy that is put for a registry takes the place of the one before."""
    _keep(registry)
    second = replication_permission(registry.name_prefix, owner_of(registry, "-second"), "two")
    registry.call("PutRegistryPolicy", policyText=second)

    def observe() -> None:
        assert _is_got(registry, second), "the policy that is got is not the one that was put last"

    registry.eventually(observe)


@rule(
    "policies.registry-of-other-account-unchanged",
    level=MUST,
    operations=["PutRegistryPolicy"],
    services=["ecr"],
    evidence=[_PUTS, EACH_HAS_ITS_OWN],
)
def test_a_policy_is_put_in_its_account_alone(
    registry: Registry, other_account: Registry, settings: None
) -> None:
    """A policy that is put for a registry is not got from another account's registry."""
    wanted = _keep(registry)
    says = "the policy is that of another account's registry, too"
    assert not _is_got(other_account, wanted), f"PutRegistryPolicy: {says}"


@rule(
    "policies.registry-delete-answers",
    level=MUST,
    operations=["DeleteRegistryPolicy"],
    services=["ecr"],
    evidence=[
        documented(
            "DeleteRegistryPolicy.policyText",
            "The contents of the registry permissions policy that was deleted.",
        )
    ],
)
def test_delete_answers_with_the_policy(registry: Registry, settings: None) -> None:
    """DeleteRegistryPolicy answers with the policy that it deleted."""
    wanted = _put(registry)
    answer = registry.call("DeleteRegistryPolicy")
    assert same(answer, wanted), (
        f"the policy {wanted!r} was deleted, the answer has {shown(answer)}"
    )


@rule(
    "policies.registry-deleted-gone",
    level=MUST,
    operations=["DeleteRegistryPolicy"],
    services=["ecr"],
    evidence=[
        documented("DeleteRegistryPolicy", "Deletes the registry permissions policy."),
        _MISSING,
    ],
)
def test_a_deleted_policy_is_gone(registry: Registry, settings: None) -> None:
    """A deleted registry policy cannot be got any more."""
    wanted = _put(registry)
    registry.call("DeleteRegistryPolicy")

    def observe() -> None:
        assert not _is_got(registry, wanted), "the deleted policy of the registry is still got"

    registry.eventually(observe)


_ON_A_POLICY = ("GetRegistryPolicy", "DeleteRegistryPolicy")


@pytest.mark.parametrize("operation", _ON_A_POLICY)
@rule(
    "policies.registry-missing-refused",
    level=MUST,
    operations=_ON_A_POLICY,
    services=["ecr"],
    evidence=[_MISSING],
)
def test_a_missing_policy_is_refused(registry: Registry, settings: None, operation: str) -> None:
    """Getting or deleting a registry's missing policy is RegistryPolicyNotFoundException."""
    there = success(registry.send("GetRegistryPolicy", {}))
    if there is not None and success(registry.send("DeleteRegistryPolicy", {})) is not None:
        _settle_without(registry, text(there, "policyText") or "")
    registry.refused(operation, _NOT_FOUND)


def _settle_without(registry: Registry, deleted: str) -> None:
    def observe() -> None:
        assert not _is_got(registry, deleted), "the policy of the registry is still got"

    registry.settle("DeleteRegistryPolicy", observe)


_NO_POLICIES = {"no-json": "no policy", "no-statement": '{"Version":"2012-10-17"}'}


@pytest.mark.parametrize("given", _NO_POLICIES)
@rule(
    "policies.registry-no-policy-refused",
    level=MUST,
    operations=["PutRegistryPolicy"],
    services=["ecr"],
    evidence=[
        _FORMAT,
        observed(
            "PutRegistryPolicy",
            "Invalid registry policy provided",
            "https://github.com/pulumi/pulumi-aws/issues/2326",
        ),
    ],
)
def test_a_text_that_is_no_policy_is_refused(
    registry: Registry, settings: None, given: str
) -> None:
    """A registry policy text that is no policy is refused as invalid."""
    _put(registry)
    codes = invalid_codes(registry, "PutRegistryPolicy")
    registry.refused("PutRegistryPolicy", codes, policyText=_NO_POLICIES[given])


_NO_STATEMENTS: dict[str, dict[str, Any]] = {
    "unknown-effect": {"Effect": "Perhaps"},
    "two-kinds-of-action": {"NotAction": ["ecr:ReplicateImage"]},
    "two-kinds-of-resource": {"NotResource": ["arn:aws:ecr:us-east-1:123456789012:repository/a"]},
    "number-as-resource": {"Resource": [5]},
}
"""What is said otherwise in a statement that is none."""


@pytest.mark.parametrize("given", _NO_STATEMENTS)
@rule(
    "policies.registry-no-statement-refused",
    level=SHOULD,
    operations=["PutRegistryPolicy"],
    services=["ecr"],
    evidence=[
        _FORMAT,
        documented(
            "IAM JSON policy element reference",
            "Other pairs that are mutually exclusive include Principal/NotPrincipal and "
            "Resource/NotResource.",
            url="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html",
        ),
    ],
)
def test_a_policy_of_no_statement_is_refused(
    registry: Registry, settings: None, given: str
) -> None:
    """A registry policy with a statement that breaks the grammar of IAM is refused as invalid."""
    good = json.loads(_put(registry))
    spoilt = {**good, "Statement": [{**good["Statement"][0], **_NO_STATEMENTS[given]}]}
    codes = invalid_codes(registry, "PutRegistryPolicy")
    registry.refused("PutRegistryPolicy", codes, policyText=json.dumps(spoilt))


@rule(
    "policies.registry-refused-keeps-old",
    level=MUST,
    operations=["PutRegistryPolicy"],
    services=["ecr"],
    evidence=[_FORMAT, _PUTS],
)
def test_a_refused_text_leaves_the_policy(registry: Registry, settings: None) -> None:
    """A text that is refused leaves the policy of the registry as it was."""
    wanted = _keep(registry)
    if success(registry.send("PutRegistryPolicy", {"policyText": "no policy"})) is not None:
        raise Untestable("PutRegistryPolicy", "a text that is no policy was not refused")

    def observe() -> None:
        assert _is_got(registry, wanted), (
            "after a text was refused, the policy before it is not got"
        )

    registry.eventually(observe)


@rule(
    "policies.registry-too-long-refused",
    level=MUST,
    operations=["PutRegistryPolicy"],
    services=["ecr"],
    evidence=[model("RegistryPolicyText", "max 10240")],
)
def test_a_policy_beyond_the_maximum_length_is_refused(registry: Registry, settings: None) -> None:
    """A registry policy of more than 10,240 characters is refused as invalid."""
    good = json.loads(_put(registry))
    maximum = int(registry.contract.shapes["RegistryPolicyText"].maximum or 0)
    count = maximum // len(json.dumps(good["Statement"][0])) + 1
    statements = [{**good["Statement"][0], "Sid": f"number{index}"} for index in range(count)]
    long = json.dumps({**good, "Statement": statements}).ljust(maximum + 1)
    codes = invalid_codes(registry, "PutRegistryPolicy")
    registry.refused("PutRegistryPolicy", codes, policyText=long)
