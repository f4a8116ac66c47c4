"""Answers that AWS's API reference shows, or that AWS gave, are what the overlay expects.

Told in the forms of the sample responses in
https://docs.aws.amazon.com/AmazonECR/latest/APIReference/ and of the reports named beside them.
"""

from __future__ import annotations

from typing import Any

import pytest

from conformance.contract import judge_output, load_contract

ECR = load_contract("ecr")
ACCOUNT = {"registryId": "123456789012"}
DIGEST = "sha256:" + "7" * 64
IMAGE = {**ACCOUNT, "repositoryName": "sample-repo", "imageId": {"imageDigest": DIGEST}}
ROLE = "arn:aws:iam::123456789012:role/ECRAccess"
TEMPLATE = {
    "prefix": "eng/test",
    "encryptionConfiguration": {"encryptionType": "AES256"},
    "imageTagMutability": "MUTABLE",
    "createdAt": 1702772942.0,
    "updatedAt": 1702781702.0,
}
APPLIED = {**TEMPLATE, "appliedFor": ["PULL_THROUGH_CACHE", "REPLICATION"]}
FINDING = {
    "name": "CVE-2019-5188",
    "description": "A code execution vulnerability",
    "uri": "http://people.ubuntu.com/~ubuntu-security/cve/CVE-2019-5188",
    "severity": "MEDIUM",
    "attributes": [{"key": "package_name", "value": "e2fsprogs"}],
}
UNDESCRIBED = {name: value for name, value in FINDING.items() if name != "description"}
"""What findings in Alpine's packages are like."""
SCANNED = {
    "imageScanCompletedAt": 1579839105.0,
    "vulnerabilitySourceUpdatedAt": 1579811117.0,
    "findingSeverityCounts": {"MEDIUM": 1},
}
DONE = {"status": "COMPLETE", "description": "The scan was completed successfully."}
UPSTREAM = {"ecrRepositoryPrefix": "ecr", **ACCOUNT, "upstreamRegistryUrl": "public.ecr.aws"}
UNCOVERED = {
    "repositoryArn": "arn:aws:ecr:us-east-2:123456789012:repository/app",
    "repositoryName": "app",
    "scanOnPush": False,
    "scanFrequency": "MANUAL",
    "appliedScanFilters": [],
}

SHOWN: list[tuple[str, dict[str, Any]]] = [
    ("CreateRepositoryCreationTemplate", {**ACCOUNT, "repositoryCreationTemplate": APPLIED}),
    ("UpdateRepositoryCreationTemplate", {**ACCOUNT, "repositoryCreationTemplate": APPLIED}),
    ("DescribeRepositoryCreationTemplates", {**ACCOUNT, "repositoryCreationTemplates": [APPLIED]}),
    ("DeleteRepositoryCreationTemplate", {**ACCOUNT, "repositoryCreationTemplate": TEMPLATE}),
    (
        "CreatePullThroughCacheRule",
        {**UPSTREAM, "createdAt": 1696348668.411, "upstreamRegistry": "ecr-public"},
    ),
    # github.com/aws-ia/terraform-aws-eks-blueprints, patterns/ecr-pull-through-cache
    ("ValidatePullThroughCacheRule", {**UPSTREAM, "isValid": True, "failure": ""}),
    # github.com/go-to-k/ecr-scan-verifier, docs/scan-coverage-check.md
    (
        "BatchGetRepositoryScanningConfiguration",
        {"scanningConfigurations": [UNCOVERED], "failures": []},
    ),
    (
        "DescribeImageScanFindings",
        {
            **IMAGE,
            "imageScanStatus": DONE,
            "imageScanFindings": {**SCANNED, "findings": [FINDING, UNDESCRIBED]},
        },
    ),
    ("StartImageScan", {**IMAGE, "imageScanStatus": {"status": "IN_PROGRESS"}}),
    ("GetAccountSetting", {"name": "BASIC_SCAN_TYPE_VERSION", "value": "AWS_NATIVE"}),
    ("PutAccountSetting", {"name": "BASIC_SCAN_TYPE_VERSION", "value": "AWS_NATIVE"}),
    ("UpdateImageStorageClass", {**IMAGE, "imageStatus": "ARCHIVED"}),
    ("RegisterPullTimeUpdateExclusion", {"principalArn": ROLE, "createdAt": 1763417292.659}),
    ("DeregisterPullTimeUpdateExclusion", {"principalArn": ROLE}),
    ("ListPullTimeUpdateExclusions", {"pullTimeUpdateExclusions": [ROLE]}),
    (
        "ListImageReferrers",
        {
            "referrers": [
                {
                    "digest": DIGEST,
                    "mediaType": "application/vnd.oci.image.manifest.v1+json",
                    "artifactType": "application/vnd.dev.sigstore.bundle.v0.3+json",
                    "size": 888,
                    "annotations": {"dev.sigstore.bundle.content": "dsse-envelope"},
                    "artifactStatus": "ACTIVE",
                }
            ]
        },
    ),
]


@pytest.mark.parametrize(("operation", "body"), SHOWN, ids=[operation for operation, _ in SHOWN])
def test_what_aws_shows_is_what_is_expected(operation: str, body: dict[str, Any]) -> None:
    """Nothing is missed in an answer of AWS."""
    assert judge_output(ECR, operation, body) == []


def test_an_enhanced_scan_has_its_own_findings() -> None:
    """Of Amazon Inspector's findings nothing is demanded, and what it promises is usual."""
    finding = {"findingArn": "arn:aws:inspector2:us-west-2:123456789012:finding/1", "type": "CODE"}
    body = {
        **IMAGE,
        "imageScanStatus": {"status": "ACTIVE", "description": "Continuous scan is selected."},
        "imageScanFindings": {**SCANNED, "enhancedFindings": [finding]},
    }
    violations = judge_output(ECR, "DescribeImageScanFindings", body)
    assert {violation.level for violation in violations} == {"should"}
    assert "/imageScanFindings/enhancedFindings/0/severity" in {v.pointer for v in violations}


@pytest.mark.parametrize(
    ("status", "missing"),
    [("COMPLETE", ["/imageScanFindings"]), ("IN_PROGRESS", []), ("FAILED", [])],
)
def test_a_scan_has_findings_once_it_is_complete(status: str, missing: list[str]) -> None:
    """Findings are demanded of a completed scan only."""
    body = {**IMAGE, "imageScanStatus": {"status": status, "description": "told"}}
    violations = judge_output(ECR, "DescribeImageScanFindings", body)
    assert [violation.pointer for violation in violations] == missing


def test_a_deleted_template_need_not_say_what_it_was_applied_for() -> None:
    """``appliedFor`` is demanded where AWS shows it: not of the deletion."""
    body = {**ACCOUNT, "repositoryCreationTemplate": TEMPLATE}
    created = judge_output(ECR, "CreateRepositoryCreationTemplate", body)
    assert [v.pointer for v in created] == ["/repositoryCreationTemplate/appliedFor"]
    assert judge_output(ECR, "DeleteRepositoryCreationTemplate", body) == []


@pytest.mark.parametrize(("valid", "missing"), [(True, []), (False, ["/failure"])])
def test_a_rule_that_is_not_valid_has_a_reason(*, valid: bool, missing: list[str]) -> None:
    """Why the validation of a rule failed is told; of one that is valid there is nothing to say."""
    body = {**UPSTREAM, "isValid": valid}
    violations = judge_output(ECR, "ValidatePullThroughCacheRule", body)
    assert [(v.level, v.pointer) for v in violations] == [("should", each) for each in missing]
