"""Repository policies: set, got, replaced and deleted, and texts that are no policies."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.suite.answers import describe, success
from conformance.suite.evidence import documented, model, observed, recorded, unverified
from conformance.suite.outcomes import Untestable
from conformance.suite.policies import POLICY_NOT_FOUND, policy, same
from conformance.suite.registry import Registry
from conformance.suite.repository_answers import made
from conformance.suite.rules import rule
from conformance.suite.steps import create_repository
from conformance.suite.verdicts import INFO, MUST, SHOULD

_INVALID = "InvalidParameterException"
_PLACEBO = "https://github.com/cloud-custodian/cloud-custodian/tree/main/tests/data/placebo"
_SETS = documented(
    "SetRepositoryPolicy",
    "Applies a repository policy to the specified repository to control access permissions.",
    public="Applies a repository policy to the specified public repository to control access "
    "permissions.",
)
_GETS = documented(
    "GetRepositoryPolicy.policyText",
    "The JSON repository policy text associated with the repository.",
    public="The repository policy text that's associated with the repository. The policy text will "
    "be in JSON format.",
)
_DELETED = documented(
    "DeleteRepositoryPolicy.policyText",
    "The JSON repository policy that was deleted from the repository.",
)
_NONE = documented(
    "GetRepositoryPolicy.RepositoryPolicyNotFoundException",
    "The specified repository and registry combination does not have an associated repository "
    "policy.",
    public="The specified repository and registry combination doesn't have an associated "
    "repository policy.",
)
_TEXT = documented(
    "SetRepositoryPolicy.policyText",
    "The JSON repository policy text to apply to the repository.",
)
_REFUSED = documented(
    "SetRepositoryPolicy.InvalidParameterException",
    "The specified parameter is invalid. Review the available parameters for the API request.",
)


def _set(registry: Registry, repository: str, *actions: str) -> str:
    """Set a policy that denies some actions; gives its text."""
    text = policy(registry, *actions)
    registry.given("SetRepositoryPolicy", repositoryName=repository, policyText=text)
    return text


def _kept(registry: Registry, repository: str) -> str:
    """Set a policy; gives its text. ``Untestable`` unless it can be got."""
    text = _set(registry, repository, "PutImage", "UploadLayerPart")
    try:
        registry.eventually(lambda: _holds(registry, repository, text))
    except AssertionError as error:
        raise Untestable("GetRepositoryPolicy", str(error)) from None
    return text


def _holds(registry: Registry, repository: str, text: str) -> None:
    """Require that a policy can be got."""
    answer = registry.given("GetRepositoryPolicy", repositoryName=repository)
    assert same(answer, text), f"the policy is {_shown(answer)}, not {text!r}"


def _shown(answer: dict[str, Any]) -> str:
    return f"{answer.get('policyText')!r}"


@rule(
    "policies.set-answers-policy",
    level=MUST,
    operations=["SetRepositoryPolicy"],
    evidence=[
        documented(
            "SetRepositoryPolicy.policyText",
            "The JSON repository policy text applied to the repository.",
            public="The JSON repository policy text that's applied to the repository.",
        )
    ],
)
def test_set_repository_policy_answers_with_the_policy(registry: Registry, repository: str) -> None:
    """SetRepositoryPolicy answers with the policy that it applied, as JSON of the same meaning."""
    text = policy(registry, "PutImage", "UploadLayerPart")
    answer = registry.call("SetRepositoryPolicy", repositoryName=repository, policyText=text)
    assert same(answer, text), f"the policy {text!r} is answered as {_shown(answer)}"


@rule(
    "policies.get-returns-policy",
    level=MUST,
    operations=["GetRepositoryPolicy"],
    evidence=[_GETS],
)
def test_the_policy_that_was_set_is_got(registry: Registry, repository: str) -> None:
    """GetRepositoryPolicy answers with the policy that was set, as JSON of the same meaning."""
    text = _set(registry, repository, "PutImage", "UploadLayerPart")

    def got() -> None:
        answer = registry.call("GetRepositoryPolicy", repositoryName=repository)
        assert same(answer, text), f"the policy {text!r} is got as {_shown(answer)}"

    registry.eventually(got)


@rule("policies.replaced", level=MUST, operations=["SetRepositoryPolicy"], evidence=[_SETS, _GETS])
def test_a_policy_replaces_the_one_before(registry: Registry, repository: str) -> None:
    """A policy that is set replaces the whole policy that was there before."""
    _kept(registry, repository)
    text = policy(registry, "InitiateLayerUpload", sid="another")
    registry.call("SetRepositoryPolicy", repositoryName=repository, policyText=text)
    registry.eventually(lambda: _holds(registry, repository, text))


@rule(
    "policies.of-one-repository",
    level=MUST,
    operations=["SetRepositoryPolicy"],
    evidence=[_SETS, _NONE],
)
def test_a_policy_belongs_to_one_repository(registry: Registry, repository: str) -> None:
    """A policy that is set for one repository leaves that of another as it was."""
    text = _kept(registry, repository)
    other = create_repository(registry, "/other")
    another = policy(registry, "InitiateLayerUpload")
    registry.call("SetRepositoryPolicy", repositoryName=other, policyText=another)
    _holds(registry, repository, text)


@rule(
    "policies.delete-answers-policy",
    level=MUST,
    operations=["DeleteRepositoryPolicy"],
    evidence=[_DELETED],
)
def test_delete_repository_policy_answers_with_the_policy(
    registry: Registry, repository: str
) -> None:
    """DeleteRepositoryPolicy answers with the policy that it deleted."""
    text = _set(registry, repository, "PutImage", "UploadLayerPart")
    answer = registry.call("DeleteRepositoryPolicy", repositoryName=repository)
    assert same(answer, text), f"the policy {text!r} was deleted, the answer has {_shown(answer)}"


@rule(
    "policies.deleted-gone",
    level=MUST,
    operations=["DeleteRepositoryPolicy"],
    evidence=[
        documented(
            "DeleteRepositoryPolicy",
            "Deletes the repository policy associated with the specified repository.",
            public="Deletes the repository policy that's associated with the specified repository.",
        ),
        _NONE,
    ],
)
def test_a_deleted_policy_is_gone(registry: Registry, repository: str) -> None:
    """A deleted policy cannot be got any more."""
    _set(registry, repository, "PutImage")
    registry.given("GetRepositoryPolicy", repositoryName=repository)
    registry.call("DeleteRepositoryPolicy", repositoryName=repository)

    def gone() -> None:
        response = registry.send("GetRepositoryPolicy", {"repositoryName": repository})
        assert success(response) is None, f"the deleted policy is got: {describe(response)}"

    registry.eventually(gone)


_ON_A_POLICY = ("GetRepositoryPolicy", "DeleteRepositoryPolicy")


@pytest.mark.parametrize("operation", _ON_A_POLICY)
@rule(
    "policies.missing-refused",
    level=MUST,
    operations=_ON_A_POLICY,
    evidence=[
        _NONE,
        recorded(
            "GetRepositoryPolicy",
            "a repository that never had a policy gives RepositoryPolicyNotFoundException",
            f"{_PLACEBO}/test_ecr_no_policy",
        ),
    ],
)
def test_a_missing_policy_is_refused(registry: Registry, repository: str, operation: str) -> None:
    """Getting or deleting a policy that is not there gives RepositoryPolicyNotFoundException."""
    twin = create_repository(registry, "/twin")
    _set(registry, twin, "PutImage")
    registry.given(operation, repositoryName=twin)
    registry.refused(operation, POLICY_NOT_FOUND, repositoryName=repository)


_ANSWERING = ("SetRepositoryPolicy", "GetRepositoryPolicy", "DeleteRepositoryPolicy")


@pytest.mark.parametrize("operation", _ANSWERING)
@rule(
    "policies.answers-name-repository",
    level=MUST,
    operations=_ANSWERING,
    evidence=[
        documented(
            "GetRepositoryPolicy.repositoryName",
            "The repository name associated with the request.",
            public="The repository name that's associated with the request.",
        ),
        documented(
            "GetRepositoryPolicy.registryId",
            "The registry ID associated with the request.",
            public="The registry ID that's associated with the request.",
        ),
    ],
)
def test_answers_about_policies_name_the_repository(registry: Registry, operation: str) -> None:
    """Answers about a policy have the repository's name and the id of its registry."""
    name = registry.name_prefix
    wanted = name, made(registry, name).get("registryId")
    text = _set(registry, name, "PutImage")
    more = {"policyText": text} if operation == "SetRepositoryPolicy" else {}
    answer = registry.call(operation, repositoryName=name, **more)
    found = answer.get("repositoryName"), answer.get("registryId")
    assert found == wanted, f"{operation}: the answer names {found}, the repository is {wanted}"


@pytest.mark.parametrize("given", ["no-json", "cut-off"])
@rule(
    "policies.no-json-refused",
    level=MUST,
    operations=["SetRepositoryPolicy"],
    evidence=[_TEXT, _REFUSED],
)
def test_a_text_that_is_no_json_is_refused(registry: Registry, repository: str, given: str) -> None:
    """A policy text that is not JSON is refused as an invalid parameter."""
    text = _set(registry, repository, "PutImage")
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
    text = _set(registry, repository, "PutImage")
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
    text = _kept(registry, repository)
    parameters = {"repositoryName": repository, "policyText": "no policy"}
    response = registry.send("SetRepositoryPolicy", parameters)
    if success(response) is not None:
        raise Untestable("SetRepositoryPolicy", "a text that is no policy was not refused")
    _holds(registry, repository, text)


@rule(
    "policies.too-long-refused",
    level=MUST,
    operations=["SetRepositoryPolicy"],
    evidence=[model("RepositoryPolicyText", "max 10240"), _REFUSED],
)
def test_a_policy_beyond_the_maximum_length_is_refused(registry: Registry, repository: str) -> None:
    """A policy text of more than 10,240 characters is refused as an invalid parameter."""
    text = _set(registry, repository, "PutImage")
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
    _set(registry, repository, "PutImage")
    text = policy(registry, "UploadLayerPart")
    answer = registry.call(
        "SetRepositoryPolicy", repositoryName=repository, policyText=text, force=True
    )
    assert same(answer, text), f"the forced policy {text!r} is answered as {_shown(answer)}"


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
    _set(registry, repository, "PutImage")
    text = policy(registry, "SetRepositoryPolicy")
    response = registry.send(
        "SetRepositoryPolicy", {"repositoryName": repository, "policyText": text}
    )
    outcome = "taken" if success(response) is not None else f"answered {describe(response)}"
    observe.append(f"a policy that denies SetRepositoryPolicy, without force, is {outcome}")
