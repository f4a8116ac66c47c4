"""What is known of the settings of real repositories and registries, held against the reference.

The numbers are those of the project's collection of such facts, the address in each docstring is
where the public can see it.
"""

from __future__ import annotations

import json
from typing import Any

from asking import ACCOUNT, Wire, invalid
from pushing import push

from conformance.suite.artifacts import docker_image

ARN = f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/app"
NOWHERE = f"the repository with name 'app' in the registry with id '{ACCOUNT}'"
RULE = {
    "rulePriority": 1,
    "selection": {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 3},
    "action": {"type": "expire"},
}


def lifecycle(*rules: dict[str, Any]) -> dict[str, str]:
    """The parameters that put a lifecycle policy of these rules into app."""
    text = json.dumps({"rules": rules}, indent=2)
    return {"repositoryName": "app", "lifecyclePolicyText": text}


def test_fact_9_tagging_answers_with_nothing(wire: Wire) -> None:
    """TagResource and UntagResource answer {} (cloud-custodian, test_ecr_tags)."""
    tags = [{"Key": "Stage", "Value": "test"}]
    assert wire.send("TagResource", resourceArn=ARN, tags=tags).body == b"{}"
    assert wire.send("UntagResource", resourceArn=ARN, tagKeys=["Stage"]).body == b"{}"
    assert wire.send("ListTagsForResource", resourceArn=ARN).body == b'{"tags":[]}'


def test_fact_22_an_arn_that_is_none(wire: Wire) -> None:
    """A malformed ARN is refused in words without a frame (boto3#2774)."""
    refused = ("InvalidParameterException", "The ARN provided is invalid.")
    assert wire.refused("ListTagsForResource", resourceArn="app") == refused


def test_fact_33_an_empty_value_and_a_new_one(wire: Wire) -> None:
    """A value may be empty, and a new one takes its place (user guide, ecr-using-tags)."""
    for value in ("", "new"):
        tags = [{"Key": "Stage", "Value": value}]
        wire.call("TagResource", resourceArn=ARN, tags=tags)
        assert wire.call("ListTagsForResource", resourceArn=ARN) == {"tags": tags}


def test_fact_33_a_refused_tag_creates_nothing(wire: Wire) -> None:
    """A repository whose tags are refused is not created (user guide, ecr-using-tags)."""
    tags = [{"Key": "aws:stage", "Value": "test"}]
    wire.refused("CreateRepository", repositoryName="other", tags=tags)
    code, _ = wire.refused("DescribeRepositories", repositoryNames=["other"])
    assert code == "RepositoryNotFoundException"


def test_fact_37_a_lifecycle_policy_is_compact_and_was_never_run(wire: Wire) -> None:
    """The text is compact, its last evaluation at 0 (cloud-custodian, test_ecr_lifecycle_*)."""
    compact = json.dumps({"rules": [RULE]}, separators=(",", ":"))
    policy = {"registryId": ACCOUNT, "repositoryName": "app", "lifecyclePolicyText": compact}
    assert wire.call("PutLifecyclePolicy", **lifecycle(RULE)) == policy
    evaluated = {**policy, "lastEvaluatedAt": 0.0}
    assert wire.call("GetLifecyclePolicy", repositoryName="app") == evaluated
    assert wire.call("DeleteLifecyclePolicy", repositoryName="app") == evaluated


def test_fact_38_a_lifecycle_policy_that_is_not_there(wire: Wire) -> None:
    """A missing lifecycle policy is told so (cloud-custodian, test_ecr_lifecycle_delete)."""
    text = f"Lifecycle policy does not exist for {NOWHERE}"
    refused = ("LifecyclePolicyNotFoundException", text)
    for operation in ("GetLifecyclePolicy", "DeleteLifecyclePolicy"):
        assert wire.refused(operation, repositoryName="app") == refused


def test_fact_39_what_is_no_lifecycle_policy(wire: Wire) -> None:
    """Each broken rule of the grammar is a validation failure (user guide, LifecyclePolicies)."""
    selection = RULE["selection"]
    broken = [
        lifecycle(RULE, RULE),
        lifecycle({**RULE, "description": None}),
        lifecycle({**RULE, "selection": {**selection, "countUnit": "days"}}),
        lifecycle({**RULE, "selection": {**selection, "countNumber": 0}}),
        lifecycle(
            {**RULE, "selection": {**selection, "tagStatus": "any"}},
            {**RULE, "rulePriority": 2},
        ),
        lifecycle(*({**RULE, "rulePriority": priority} for priority in range(1, 52))),
    ]
    failed = "Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle \
policy validation failure: "
    for each in broken:
        code, text = wire.refused("PutLifecyclePolicy", **each)
        assert (code, text[: len(failed)]) == ("InvalidParameterException", failed)


def test_fact_40_registry_policies_and_a_registry_of_nobody(wire: Wire) -> None:
    """A bad registry policy is invalid, a new registry replicates nothing (pulumi-aws#2326)."""
    refused = invalid("PolicyText", "Invalid registry policy provided")
    assert wire.refused("PutRegistryPolicy", policyText='{"Version":"2012-10-17"}') == refused
    unset = {"registryId": ACCOUNT, "replicationConfiguration": {"rules": []}}
    assert wire.call("DescribeRegistry") == unset


def test_fact_62_words_about_scans(ecr: Any, wire: Wire) -> None:
    """A missing scan, and a second within a day (aws/aws-cdk, ecr-scan-image)."""
    manifest = docker_image("scanned")
    push(ecr, "app", manifest, "one")
    asked = {"repositoryName": "app", "imageId": {"imageDigest": manifest.digest}}
    image = f"{{imageDigest:'{manifest.digest}', imageTag:'null'}}"
    text = f"Image scan does not exist for the image with '{image}' in {NOWHERE}"
    assert wire.refused("DescribeImageScanFindings", **asked) == ("ScanNotFoundException", text)
    wire.call("StartImageScan", **asked)
    text = "The scan quota per image has been exceeded. Wait and try again."
    assert wire.refused("StartImageScan", **asked) == ("LimitExceededException", text)


def test_facts_75_and_76_catalogue_data_are_what_was_put(public_wire: Wire) -> None:
    """Data are there without being put, and any system is one (terraform-provider-aws)."""
    data = {"architectures": ["Linux"], "operatingSystems": ["Plan 9"]}
    empty = public_wire.call("GetRepositoryCatalogData", repositoryName="app")
    assert empty == {"catalogData": {}}
    public_wire.call("PutRepositoryCatalogData", repositoryName="app", catalogData=data)
    found = public_wire.call("GetRepositoryCatalogData", repositoryName="app")
    assert found == {"catalogData": data}


def test_fact_77_a_public_registry(public_wire: Wire) -> None:
    """A public registry has an ARN, a URI and a default alias (describe-registries.rst)."""
    (registry,) = public_wire.call("DescribeRegistries")["registries"]
    (alias,) = registry["aliases"]
    assert registry["registryArn"] == f"arn:aws:ecr-public::{ACCOUNT}:registry/{ACCOUNT}"
    assert registry["registryUri"] == f"public.ecr.aws/{alias['name']}"
    assert alias["status"] == "ACTIVE"
    assert alias["primaryRegistryAlias"]
    assert alias["defaultRegistryAlias"]
