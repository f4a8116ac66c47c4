"""Repository policies: set, got, replaced and deleted."""

from __future__ import annotations

import pytest

from conformance.suite.evidence import documented, recorded
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import create_repository
from conformance.suite.topics.policies import (
    POLICY_NOT_FOUND,
    confirm_policy,
    keep_policy,
    policy,
    put_policy,
    refuse_policy,
    require_policy,
    same,
    shown,
)
from conformance.suite.topics.repository_answers import made
from conformance.suite.verdicts import MUST

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
    assert same(answer, text), f"the policy {text!r} is answered as {shown(answer)}"
    confirm_policy(registry, repository, text)


@rule(
    "policies.get-returns-policy",
    level=MUST,
    operations=["GetRepositoryPolicy"],
    evidence=[_GETS],
)
def test_the_policy_that_was_set_is_got(registry: Registry, repository: str) -> None:
    """GetRepositoryPolicy answers with the policy that was set, as JSON of the same meaning."""
    text = put_policy(registry, repository, "PutImage", "UploadLayerPart")

    def got() -> None:
        answer = registry.call("GetRepositoryPolicy", repositoryName=repository)
        assert same(answer, text), f"the policy {text!r} is got as {shown(answer)}"

    registry.eventually(got)


@rule("policies.replaced", level=MUST, operations=["SetRepositoryPolicy"], evidence=[_SETS, _GETS])
def test_a_policy_replaces_the_one_before(registry: Registry, repository: str) -> None:
    """A policy that is set replaces the whole policy that was there before."""
    keep_policy(registry, repository)
    text = policy(registry, "InitiateLayerUpload", sid="another")
    registry.call("SetRepositoryPolicy", repositoryName=repository, policyText=text)
    registry.eventually(lambda: require_policy(registry, repository, text))


@rule(
    "policies.of-one-repository",
    level=MUST,
    operations=["SetRepositoryPolicy"],
    evidence=[_SETS, _NONE],
)
def test_a_policy_belongs_to_one_repository(registry: Registry, repository: str) -> None:
    """A policy that is set for one repository leaves that of another as it was."""
    text = keep_policy(registry, repository)
    other = create_repository(registry, "/other")
    another = policy(registry, "InitiateLayerUpload")
    registry.call("SetRepositoryPolicy", repositoryName=other, policyText=another)
    registry.eventually(lambda: require_policy(registry, repository, text))


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
    text = put_policy(registry, repository, "PutImage", "UploadLayerPart")
    answer = registry.call("DeleteRepositoryPolicy", repositoryName=repository)
    assert same(answer, text), f"the policy {text!r} was deleted, the answer has {shown(answer)}"


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
    text = keep_policy(registry, repository)
    registry.call("DeleteRepositoryPolicy", repositoryName=repository)
    registry.eventually(lambda: refuse_policy(registry, repository, text))


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
    put_policy(registry, twin, "PutImage")
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
    text = put_policy(registry, name, "PutImage")
    more = {"policyText": text} if operation == "SetRepositoryPolicy" else {}
    answer = registry.call(operation, repositoryName=name, **more)
    found = answer.get("repositoryName"), answer.get("registryId")
    assert found == wanted, f"{operation}: the answer names {found}, the repository is {wanted}"
