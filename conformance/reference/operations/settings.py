"""The settings of a repository: what ``CreateRepository`` is told, its defaults, and scan on push.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_CreateRepository.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from conformance.reference.call import Call, Outcome, Parameters, existing, named
from conformance.reference.operations.catalog import catalog_data
from conformance.reference.operations.resource_tags import joined
from conformance.reference.operations.tag_mutability import exclusions_of
from conformance.reference.state import Registry, Settings


def settings_of(given: Parameters, call: Call) -> Settings:
    """The settings of a repository that is created with these parameters. Raises ``Refusal``."""
    return Settings(
        mutability=given.get("imageTagMutability", "MUTABLE"),
        exclusions=exclusions_of(given),
        scan_on_push=_scan_on_push(given),
        encryption=_encryption(given.get("encryptionConfiguration", {}), call),
        resource_tags=joined({}, given.get("tags", ())),
        catalog=catalog_data(given.get("catalogData", {}), call),
    )


def put_image_scanning_configuration(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Set whether images are scanned as they are pushed (API_PutImageScanningConfiguration).

    "Updates the image scanning configuration for the specified repository". AWS's example:
    https://github.com/aws/aws-cli/blob/develop/awscli/examples/ecr/
    put-image-scanning-configuration.rst

    What the declared ``ValidationException`` is for is not public.
    """
    repository = existing(registry, given["repositoryName"], call)
    settings = replace(repository.settings, scan_on_push=_scan_on_push(given))
    answer = {**named(repository, call), **shown_scanning(settings)}
    return registry.having(replace(repository, settings=settings)), answer


def shown_scanning(settings: Settings) -> dict[str, Any]:
    """The configuration of scans as answers have it."""
    return {"imageScanningConfiguration": {"scanOnPush": settings.scan_on_push}}


def _scan_on_push(given: Parameters) -> bool:
    """As documented: "If this parameter is not specified, it will default to false"."""
    flag: bool = given.get("imageScanningConfiguration", {}).get("scanOnPush", False)
    return flag


def _encryption(given: Mapping[str, str], call: Call) -> Mapping[str, str]:
    """How a repository is encrypted: with keys of S3, or with one of KMS.

    "By default, when no encryption configuration is set or the AES256 encryption type is used,
    Amazon ECR uses server-side encryption with Amazon S3-managed encryption keys"; "If no key is
    specified, the default Amazon Web Services managed KMS key for Amazon ECR will be used"
    (API_EncryptionConfiguration).
    """
    kind = given.get("encryptionType", "AES256")
    if kind == "AES256":
        return {"encryptionType": kind}
    own = f"arn:aws:kms:{call.region}:{call.key.account}:key/"
    return {"encryptionType": kind, "kmsKey": given.get("kmsKey", own + call.seal_uuid(own))}
