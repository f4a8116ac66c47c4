"""What pull through cache rules and creation templates can be made for."""

from __future__ import annotations

import pytest

from conformance.suite.answers import structure
from conformance.suite.evidence import documented, model, observed
from conformance.suite.owner import owner_of
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.verdicts import MUST, SHOULD

_CREATE_RULE = "CreatePullThroughCacheRule"
_CREATE_TEMPLATE = "CreateRepositoryCreationTemplate"
_UPDATE_TEMPLATE = "UpdateRepositoryCreationTemplate"
_UPSTREAMS = {
    "public.ecr.aws": "Amazon ECR Public (ecr-public) – public.ecr.aws",  # noqa: RUF001 (AWS's own dash)
    "registry.k8s.io": "Kubernetes (k8s) – registry.k8s.io",  # noqa: RUF001
    "quay.io": "Quay (quay) – quay.io",  # noqa: RUF001
}
"""The upstreams that ask for no secret, and what says so."""


@pytest.mark.parametrize("upstream", _UPSTREAMS)
@rule(
    "registry.pull-through-upstreams",
    level=MUST,
    operations=[_CREATE_RULE],
    services=["ecr"],
    evidence=[
        documented(f"{_CREATE_RULE}.upstreamRegistryUrl", line) for line in _UPSTREAMS.values()
    ],
)
def test_an_upstream_without_secrets_is_taken(registry: Registry, upstream: str) -> None:
    """A rule for ECR Public, Kubernetes or Quay is made without a secret."""
    answer = registry.call(
        _CREATE_RULE, ecrRepositoryPrefix=registry.name_prefix, upstreamRegistryUrl=upstream
    )
    found = answer.get("upstreamRegistryUrl", upstream)
    assert found == upstream, f"{_CREATE_RULE}: a rule for {upstream} is answered as for {found}"


@rule(
    "registry.pull-through-own-upstream",
    level=SHOULD,
    operations=[_CREATE_RULE],
    services=["ecr"],
    evidence=[
        documented(
            f"{_CREATE_RULE}.upstreamRegistryUrl",
            "Amazon ECR (ecr) – <accountId>.dkr.ecr.<region>.amazonaws.com",  # noqa: RUF001
        ),
        observed(
            "Terraform's AWS provider",
            "its tests make a rule for the account's own registry in another Region, with no role",
            "https://github.com/hashicorp/terraform-provider-aws/pull/41933",
        ),
    ],
)
def test_the_own_registry_elsewhere_is_taken(registry: Registry) -> None:
    """A rule for the caller's own registry in another Region is made without a role."""
    owner = owner_of(registry)
    upstream = f"{owner.account}.dkr.ecr.{owner.another_region}.amazonaws.com"
    registry.call(
        _CREATE_RULE, ecrRepositoryPrefix=registry.name_prefix, upstreamRegistryUrl=upstream
    )


@rule(
    "registry.pull-through-root",
    level=MUST,
    operations=[_CREATE_RULE],
    services=["ecr"],
    evidence=[
        documented(
            f"{_CREATE_RULE}.upstreamRepositoryPrefix",
            "When this field isn't specified, Amazon ECR will use the ROOT.",
        )
    ],
)
def test_a_rule_is_for_the_whole_upstream(registry: Registry) -> None:
    """A rule made without a prefix of the upstream is answered with ROOT or with none."""
    answer = registry.call(
        _CREATE_RULE, ecrRepositoryPrefix=registry.name_prefix, upstreamRegistryUrl="public.ecr.aws"
    )
    found = answer.get("upstreamRepositoryPrefix", "ROOT")
    assert found == "ROOT", f"{_CREATE_RULE}: without upstreamRepositoryPrefix, it is {found!r}"


@pytest.mark.parametrize("scenario", ["PULL_THROUGH_CACHE", "REPLICATION", "CREATE_ON_PUSH"])
@pytest.mark.parametrize("operation", [_CREATE_TEMPLATE, _UPDATE_TEMPLATE])
@rule(
    "registry.template-scenarios",
    level=MUST,
    operations=[_CREATE_TEMPLATE, _UPDATE_TEMPLATE],
    services=["ecr"],
    evidence=[
        documented(
            f"{_CREATE_TEMPLATE}.appliedFor",
            "The supported scenarios are PULL_THROUGH_CACHE, REPLICATION, and CREATE_ON_PUSH",
        ),
        model("RCTAppliedFor", "REPLICATION, PULL_THROUGH_CACHE, CREATE_ON_PUSH"),
    ],
)
def test_a_template_is_for_each_scenario(registry: Registry, operation: str, scenario: str) -> None:
    """A template is made or changed for pull through caches, replication or creation on push."""
    prefix = registry.name_prefix
    if operation == _UPDATE_TEMPLATE:
        registry.given(_CREATE_TEMPLATE, prefix=prefix, appliedFor=["REPLICATION"])
    answer = registry.call(operation, prefix=prefix, appliedFor=[scenario])
    found = structure(answer, "repositoryCreationTemplate").get("appliedFor", [scenario])
    assert found == [scenario], f"{operation}: for {scenario}, answered as for {found}"
