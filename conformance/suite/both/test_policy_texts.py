"""Texts of repository policies: which are refused, and what force is for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.suite.answers import describe, success
from conformance.suite.evidence import documented, model, observed, unverified
from conformance.suite.outcomes import Untestable
from conformance.suite.policies import (
    keep_policy,
    policy,
    put_policy,
    require_policy,
)
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.verdicts import INFO, MUST, SHOULD

_INVALID = "InvalidParameterException"
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


_STATEMENT = {"Effect": "Deny", "Principal": "*", "Action": ["PutImage"]}
_NO_POLICIES: dict[str, Any] = {
    "unknown-effect": [{**_STATEMENT, "Effect": "Perhaps"}],
    "no-effect": [{key: _STATEMENT[key] for key in ("Principal", "Action")}],
    "no-principal": [{key: _STATEMENT[key] for key in ("Effect", "Action")}],
    "text-as-statement": "Deny",
}


@pytest.mark.parametrize("given", _NO_POLICIES)
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
            url="https://docs.aws.amazon.com/IAM/latest/UserGuide/"
            "reference_policies_elements_effect.html",
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
    text = put_policy(registry, repository, "PutImage")
    registry.refused(
        "SetRepositoryPolicy", _INVALID,
        repositoryName=repository, policyText=_spoilt(text, _NO_POLICIES[given]),
    )  # fmt: skip


def _spoilt(text: str, statement: Any) -> str:
    """A policy with other statements, whose actions are those of the policy."""
    good = json.loads(text)
    action = good["Statement"][0]["Action"]
    if isinstance(statement, list):
        statement = [{**each, "Action": action} for each in statement]
    return json.dumps({**good, "Statement": statement})


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
    require_policy(registry, repository, text)


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


@rule(
    "policies.force-accepted",
    level=MUST,
    operations=["SetRepositoryPolicy"],
    evidence=[
        documented(
            "SetRepositoryPolicy.force",
            "If the policy you are attempting to set on a repository policy would prevent you from "
            "setting another policy in the future, you must force the SetRepositoryPolicy "
            "operation.",
            public="If the policy that you want to set on a repository policy would prevent you "
            "from setting another policy in the future, you must force the SetRepositoryPolicy "
            "operation.",
        )
    ],
)
def test_force_is_accepted(registry: Registry, repository: str) -> None:
    """A policy that is set with force is applied like any other."""
    put_policy(registry, repository, "PutImage")
    text = policy(registry, "UploadLayerPart")
    registry.call("SetRepositoryPolicy", repositoryName=repository, policyText=text, force=True)
    registry.eventually(lambda: require_policy(registry, repository, text))


@rule(
    "policies.lock-out",
    level=INFO,
    operations=["SetRepositoryPolicy"],
    evidence=[
        documented(
            "SetRepositoryPolicy.force",
            "If the policy you are attempting to set on a repository policy would prevent you from "
            "setting another policy in the future, you must force the SetRepositoryPolicy "
            "operation.",
            public="If the policy that you want to set on a repository policy would prevent you "
            "from setting another policy in the future, you must force the SetRepositoryPolicy "
            "operation.",
        ),
        unverified("SetRepositoryPolicy.force", "With which error is it refused without force?"),
    ],
)
def test_what_a_policy_that_locks_out_gives(
    registry: Registry, repository: str, observe: list[str]
) -> None:
    """A policy that denies everybody SetRepositoryPolicy is taken or refused without force."""
    put_policy(registry, repository, "PutImage")
    text = policy(registry, "SetRepositoryPolicy")
    response = registry.send(
        "SetRepositoryPolicy", {"repositoryName": repository, "policyText": text}
    )
    outcome = "taken" if success(response) is not None else f"answered {describe(response)}"
    observe.append(f"a policy that denies SetRepositoryPolicy, without force, is {outcome}")
