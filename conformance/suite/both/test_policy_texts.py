"""Texts of repository policies: which are refused, and what force is for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.suite.answers import success
from conformance.suite.evidence import documented, model, observed, unverified
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.topics.policies import (
    keep_policy,
    policy,
    put_policy,
    require_policy,
)
from conformance.suite.verdicts import MUST, SHOULD

_INVALID = "InvalidParameterException"
_ELEMENTS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements"
_GETS = documented(
    "GetRepositoryPolicy.policyText",
    "The JSON repository policy text associated with the repository.",
    public="The repository policy text that's associated with the repository. The policy text will "
    "be in JSON format.",
)
_TEXT = documented(
    "SetRepositoryPolicy.policyText",
    "The JSON repository policy text to apply to the repository.",
)
_REFUSED = documented(
    "SetRepositoryPolicy.InvalidParameterException",
    "The specified parameter is invalid. Review the available parameters for the API request.",
)


@pytest.mark.parametrize("given", ["no-json", "cut-off"])
@rule(
    "policies.no-json-refused",
    level=MUST,
    operations=["SetRepositoryPolicy"],
    evidence=[_TEXT, _REFUSED],
)
def test_a_text_that_is_no_json_is_refused(registry: Registry, repository: str, given: str) -> None:
    """A policy text that is not JSON is refused as an invalid parameter."""
    text = put_policy(registry, repository, "PutImage")
    texts = {"no-json": "Deny everybody PutImage", "cut-off": text[:-2]}
    registry.refused(
        "SetRepositoryPolicy", _INVALID, repositoryName=repository, policyText=texts[given]
    )


_WITHOUT_BOTH = {"Effect": "Deny"}
_STATEMENT = {**_WITHOUT_BOTH, "Principal": "*", "Action": "PutImage"}
_NO_STATEMENTS: dict[str, Any] = {
    "no-statement": [],
    "text-as-statement": "Deny",
    "unknown-effect": {**_STATEMENT, "Effect": "Perhaps"},
    "no-effect": {"Principal": "*", "Action": "PutImage"},
    "no-principal": {**_WITHOUT_BOTH, "Action": "PutImage"},
    "two-kinds-of-principal": {**_STATEMENT, "NotPrincipal": "*"},
    "principal-that-is-none": {**_STATEMENT, "Principal": "everybody"},
    "nobody-as-principal": {**_STATEMENT, "Principal": ""},
    "empty-principal": {**_STATEMENT, "Principal": {}},
    "number-as-principal": {**_STATEMENT, "Principal": {"AWS": [5]}},
    "no-action": {**_WITHOUT_BOTH, "Principal": "*"},
    "two-kinds-of-action": {**_STATEMENT, "NotAction": "PutImage"},
    "empty-action": {**_STATEMENT, "Action": []},
    "number-as-action": {**_STATEMENT, "Action": ["PutImage", 5]},
    "text-as-condition": {**_STATEMENT, "Condition": "always"},
    "unknown-element": {**_STATEMENT, "Effekt": "Deny"},
    "second-is-none": [_STATEMENT, "Deny"],
}
"""Statements that are none; their action is written without the service."""
_NO_POLICIES: dict[str, Any] = {
    **{label: {"Statement": given} for label, given in _NO_STATEMENTS.items()},
    "unknown-version": {"Version": "2012-10-18"},
    "unknown-element-of-the-policy": {"Effect": "Deny"},
}
"""What is said otherwise in a policy that is none."""


@pytest.mark.parametrize("given", [*_NO_POLICIES, "list"])
@rule(
    "policies.no-policy-refused",
    level=SHOULD,
    operations=["SetRepositoryPolicy"],
    evidence=[
        _TEXT,
        documented(
            "IAM JSON policy elements: Effect",
            "The Effect element is required and specifies whether the statement results in an "
            "allow or an explicit deny.",
            url=f"{_ELEMENTS}_effect.html",
        ),
        documented(
            "IAM JSON policy elements: Statement",
            "The Statement element is the main element for a policy. This element is required.",
            url=f"{_ELEMENTS}_statement.html",
        ),
        documented(
            "AWS JSON policy elements: Principal",
            "You must use the Principal element in resource-based policies.",
            url=f"{_ELEMENTS}_principal.html",
        ),
        documented(
            "IAM JSON policy element reference",
            "For example, you cannot use both Action and NotAction in the same policy statement.",
            url=f"{_ELEMENTS}.html",
        ),
        documented(
            "IAM JSON policy elements: Version",
            "IAM supports the following Version element values:",
            url=f"{_ELEMENTS}_version.html",
        ),
        observed(
            "SetRepositoryPolicy",
            "Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository "
            "policy provided'",
            "https://github.com/aws/aws-sdk-go/issues/3921",
        ),
    ],
)
def test_json_that_is_no_policy_is_refused(registry: Registry, repository: str, given: str) -> None:
    """A policy text that is JSON, but no policy, is refused as an invalid parameter."""
    good = json.loads(put_policy(registry, repository, "PutImage"))
    spoilt = [good] if given == "list" else {**good, **_NO_POLICIES[given]}
    text = json.dumps(spoilt).replace('"PutImage"', f'"{registry.service}:PutImage"')
    registry.refused("SetRepositoryPolicy", _INVALID, repositoryName=repository, policyText=text)


@rule(
    "policies.refused-keeps-old",
    level=MUST,
    operations=["SetRepositoryPolicy"],
    evidence=[_REFUSED, _GETS],
)
def test_a_refused_text_leaves_the_policy(registry: Registry, repository: str) -> None:
    """A text that is refused leaves the repository's policy as it was."""
    text = keep_policy(registry, repository)
    parameters = {"repositoryName": repository, "policyText": "no policy"}
    response = registry.send("SetRepositoryPolicy", parameters)
    if success(response) is not None:
        raise Untestable("SetRepositoryPolicy", "a text that is no policy was not refused")
    registry.eventually(lambda: require_policy(registry, repository, text))


@rule(
    "policies.too-long-refused",
    level=MUST,
    operations=["SetRepositoryPolicy"],
    evidence=[model("RepositoryPolicyText", "max 10240"), _REFUSED],
)
def test_a_policy_beyond_the_maximum_length_is_refused(registry: Registry, repository: str) -> None:
    """A policy text of more than 10,240 characters is refused as an invalid parameter."""
    text = put_policy(registry, repository, "PutImage")
    maximum = registry.contract.shapes["RepositoryPolicyText"].maximum or 0
    good = json.loads(text)
    count = int(maximum) // len(json.dumps(good["Statement"][0])) + 1
    statements = [{**good["Statement"][0], "Sid": f"number{index}"} for index in range(count)]
    long = json.dumps({**good, "Statement": statements}).ljust(int(maximum) + 1)
    registry.refused("SetRepositoryPolicy", _INVALID, repositoryName=repository, policyText=long)


_FORCE = documented(
    "SetRepositoryPolicy.force",
    "If the policy you are attempting to set on a repository policy would prevent you from "
    "setting another policy in the future, you must force the SetRepositoryPolicy operation.",
    public="If the policy that you want to set on a repository policy would prevent you from "
    "setting another policy in the future, you must force the SetRepositoryPolicy operation.",
)


@rule(
    "policies.force-accepted",
    level=MUST,
    operations=["SetRepositoryPolicy"],
    evidence=[_FORCE],
)
def test_force_is_accepted(registry: Registry, repository: str) -> None:
    """A policy that is set with force is applied like any other."""
    put_policy(registry, repository, "PutImage")
    text = policy(registry, "UploadLayerPart")
    registry.call("SetRepositoryPolicy", repositoryName=repository, policyText=text, force=True)
    registry.eventually(lambda: require_policy(registry, repository, text))


@rule(
    "policies.lock-out-refused",
    level=SHOULD,
    operations=["SetRepositoryPolicy"],
    evidence=[
        _FORCE,
        unverified("SetRepositoryPolicy.force", "With which error is it refused without force?"),
    ],
)
def test_a_policy_that_locks_out_is_refused(registry: Registry, repository: str) -> None:
    """A policy that denies everybody SetRepositoryPolicy is refused, unless it is forced."""
    put_policy(registry, repository, "PutImage")
    asked = {"repositoryName": repository, "policyText": policy(registry, "SetRepositoryPolicy")}
    response = registry.send("SetRepositoryPolicy", asked)
    assert success(response) is None, (
        "a policy that denies everybody SetRepositoryPolicy is taken without force"
    )
    registry.call("SetRepositoryPolicy", **asked, force=True)
