"""Encryption of repositories: with keys of S3, or with one of KMS."""

from __future__ import annotations

import re
from typing import Any

import pytest

from conformance.suite.answers import describe, refusal, structure, success, text
from conformance.suite.evidence import documented, model, observed
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import create_repository
from conformance.suite.topics.repository_answers import described_repositories
from conformance.suite.verdicts import MUST, SHOULD

_ENCRYPTION = documented(
    "Repository.encryptionConfiguration", "The encryption configuration for the repository."
)
_DEFAULT_KEY = documented(
    "EncryptionConfiguration.kmsKey",
    "If no key is specified, the default Amazon Web Services managed KMS key for Amazon ECR will "
    "be used.",
)
_KMS = {"encryptionType": "KMS"}


def _encrypted(registry: Registry, suffix: str, encryption: dict[str, str]) -> dict[str, Any]:
    """Make a repository; gives its encryptionConfiguration.

    ``Untestable`` where KMS stands in the way, which is about the caller's rights there.
    """
    request = {
        "repositoryName": registry.name_prefix + suffix,
        "encryptionConfiguration": encryption,
    }
    response = registry.send("CreateRepository", request)
    error, answer = refusal(response), success(response)
    if error is not None and error.code in ("KmsException", "AccessDeniedException"):
        raise Untestable("CreateRepository", describe(response))
    assert answer is not None, f"CreateRepository: expected success, got {describe(response)}"
    return structure(structure(answer, "repository"), "encryptionConfiguration")


@pytest.mark.parametrize("kind", ["AES256", "KMS"])
@rule(
    "repositories.encryption-kept",
    level=MUST,
    operations=["CreateRepository"],
    services=["ecr"],
    evidence=[_ENCRYPTION, model("EncryptionType", "AES256, KMS, KMS_DSSE")],
)
def test_the_type_of_encryption_is_kept(registry: Registry, kind: str) -> None:
    """CreateRepository answers with the encryptionType that was asked for."""
    found = _encrypted(registry, "", {"encryptionType": kind}).get("encryptionType")
    assert found == kind, f"made with the encryptionType {kind}, answered with {found}"


@pytest.mark.parametrize("kind", ["AES256", "KMS"])
@rule(
    "repositories.encryption-described",
    level=MUST,
    operations=["DescribeRepositories"],
    services=["ecr"],
    evidence=[_ENCRYPTION],
)
def test_the_type_of_encryption_is_described(registry: Registry, kind: str) -> None:
    """DescribeRepositories gives the encryptionType that a repository was made with."""
    encryption = {"encryptionType": kind}
    repository = create_repository(registry, encryptionConfiguration=encryption)

    def observe() -> None:
        for each in described_repositories(registry, repository) or [{}]:
            found = structure(each, "encryptionConfiguration").get("encryptionType")
            assert found == kind, f"made with the encryptionType {kind}, described with {found}"

    registry.eventually(observe)


@rule(
    "repositories.default-kms-key",
    level=SHOULD,
    operations=["CreateRepository"],
    services=["ecr"],
    evidence=[
        _DEFAULT_KEY,
        observed(
            "CreateRepository",
            "This will be the default ECR service KMS key. We don't currently have a way of "
            "looking it up.",
            "https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ecr/"
            "repository_test.go",
        ),
    ],
)
def test_the_default_key_is_named(registry: Registry) -> None:
    """A repository made with KMS, but without a key, is answered with the ARN of a key."""
    key = text(_encrypted(registry, "", _KMS), "kmsKey") or ""
    form = re.fullmatch("arn:[^:]+:kms:[^:]+:[0-9]{12}:key/.+", key)
    assert form is not None, f"kmsKey is {key!r}, not the ARN of a key"


@rule(
    "repositories.kms-key-kept",
    level=SHOULD,
    operations=["CreateRepository"],
    services=["ecr"],
    evidence=[
        documented(
            "EncryptionConfiguration.kmsKey",
            "The alias, key ID, or full ARN of the KMS key can be specified.",
        ),
        _DEFAULT_KEY,
    ],
)
def test_the_key_is_kept(registry: Registry) -> None:
    """CreateRepository answers with the key that was asked for by its ARN.

    The key is the one that the registry uses by itself, because another may not be there.
    """
    key = text(_encrypted(registry, "/first", _KMS), "kmsKey")
    if key is None:
        raise Untestable("CreateRepository", "with KMS alone, the answer has no kmsKey")
    found = _encrypted(registry, "/second", {**_KMS, "kmsKey": key}).get("kmsKey")
    assert found == key, f"made with the key {key}, answered with {found}"
