"""What ``CreateRepository`` is told about a new repository, and its defaults.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_CreateRepository.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from conformance.reference.call import Call, Parameters
from conformance.reference.operations.catalog import catalog_data
from conformance.reference.refusal import Refusal, invalid
from conformance.reference.state import Settings

MAXIMUM_TAGS = 50
"""Resource tags of a repository
(https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-using-tags.html)."""

_MAXIMUM_WILDCARDS = 2


def settings_of(given: Parameters, call: Call) -> Settings:
    """The settings of a repository that is created with these parameters. Raises ``Refusal``."""
    mutability = given.get("imageTagMutability", "MUTABLE")
    return Settings(
        mutability=mutability,
        exclusions=_exclusions(mutability, given.get("imageTagMutabilityExclusionFilters")),
        scan_on_push=given.get("imageScanningConfiguration", {}).get("scanOnPush", False),
        encryption=_encryption(given.get("encryptionConfiguration", {}), call),
        resource_tags=_resource_tags(given.get("tags", ())),
        catalog=catalog_data(given.get("catalogData", {}), call),
    )


def tag_is_immutable(settings: Settings, tag: str) -> bool:
    """Whether an existing tag may not be moved.

    "A list of filters that specify which image tags should be excluded from the repository's image
    tag mutability setting" (API_CreateRepository): for them the opposite holds.
    """
    excluded = any(_matches(pattern, tag) for pattern in settings.exclusions)
    return settings.mutability.startswith("IMMUTABLE") != excluded


def _matches(pattern: str, tag: str) -> bool:
    expression = ".*".join(re.escape(piece) for piece in pattern.split("*"))
    return re.fullmatch(expression, tag) is not None


def _exclusions(mutability: str, filters: Sequence[Mapping[str, str]] | None) -> tuple[str, ...]:
    wanted = mutability.endswith("_WITH_EXCLUSION")
    if wanted and filters is None:
        # https://github.com/aws/aws-cdk/pull/35246
        raise _bad_exclusions(
            "ImageTagMutabilityExclusionFilters can't be null when imageTagMutability is set as "
            f"{mutability}"
        )
    if filters is not None and not wanted:
        raise _bad_exclusions(f"Filters cannot be used when imageTagMutability is {mutability}")
    patterns = tuple(each["filter"] for each in filters or ())
    if any(pattern.count("*") > _MAXIMUM_WILDCARDS for pattern in patterns):
        raise _bad_exclusions(f"A filter has at most {_MAXIMUM_WILDCARDS} wildcards")
    return patterns


def _bad_exclusions(constraint: str) -> Refusal:
    return invalid("imageTagMutabilityExclusionFilters", constraint)


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


def _resource_tags(given: Sequence[Mapping[str, Any]]) -> Mapping[str, str]:
    """The bounds are those of the user guide's page on tagging; the texts are not public."""
    tags = {each.get("Key", ""): each.get("Value", "") for each in given}
    if len(tags) > MAXIMUM_TAGS:
        raise Refusal("TooManyTagsException", f"A repository has at most {MAXIMUM_TAGS} tags")
    for key, value in tags.items():
        if not 1 <= len(key) <= 128 or len(value) > 256 or key.lower().startswith("aws:"):
            raise Refusal("InvalidTagParameterException", f"The tag '{key}' is invalid")
    return tags
