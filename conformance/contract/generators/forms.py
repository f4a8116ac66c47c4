"""What values of well-known shapes look like: names, digests, ids, ARNs, documents.

The contract leaves more open: a digest may be of any algorithm, a policy any text. These are values
that mean something to a registry.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Form:
    """Values in a row: ``value`` gives each for its number, from 0 to below ``count``."""

    count: int
    value: Callable[[int], Any]


def _one_of(values: Sequence[str]) -> Form:
    return Form(len(values), values.__getitem__)


def _identifier(number: int) -> str:
    return str(uuid.UUID(int=number))


def _image_id(number: int) -> dict[str, str]:
    return {"imageTag": f"tag-{number}"}


def _resource_tag(number: int) -> dict[str, str]:
    return {"Key": f"key-{number}", "Value": f"value-{number}"}


def _manifest(number: int) -> str:
    media_type = "application/vnd.oci.image.{}.v1+json".format
    config = {"mediaType": media_type("config"), "size": 2, "digest": f"sha256:{number:064x}"}
    manifest = {"schemaVersion": 2, "mediaType": media_type("manifest"), "config": config}
    return json.dumps({**manifest, "layers": []})


def _policy(number: int) -> str:
    statement = {"Sid": f"statement{number}", "Effect": "Deny", "Principal": "*"}
    action = "ecr:DeleteRepository"
    return json.dumps(
        {"Version": "2012-10-17", "Statement": [{**statement, "Action": [action]}]},
    )


def _lifecycle_policy(number: int) -> str:
    selection = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": number + 1}
    rule = {"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}
    return json.dumps({"rules": [rule]})


_ACCOUNT = "arn:aws:{service}:us-east-1:123456789012:{resource}".format
_DIGEST = Form(16**64, "sha256:{:064x}".format)
_IDENTIFIER = Form(16**32, _identifier)
_REGISTRY = Form(10**12, "{:012d}".format)
_NUMBERED = 10**6

FORMS: Mapping[str, Form] = {
    "AccountSettingName": _one_of(
        ("BASIC_SCAN_TYPE_VERSION", "REGISTRY_POLICY_SCOPE", "BLOB_MOUNTING")
    ),
    "AccountSettingValue": _one_of(("AWS_NATIVE", "CLAIR", "V1", "V2", "ENABLED", "DISABLED")),
    "Architecture": _one_of(("ARM", "ARM 64", "x86", "x86-64")),
    "Arn": Form(_NUMBERED, lambda n: _ACCOUNT(service="ecr", resource=f"repository/example-{n}")),
    "BatchedOperationLayerDigest": _DIGEST,
    "CredentialArn": Form(
        _NUMBERED,
        lambda n: _ACCOUNT(
            service="secretsmanager", resource=f"secret:ecr-pullthroughcache/example-{n}"
        ),
    ),
    "CustomRoleArn": Form(_NUMBERED, "arn:aws:iam::123456789012:role/example-{}".format),
    "ImageDigest": _DIGEST,
    "ImageIdentifier": Form(_NUMBERED, _image_id),
    "ImageManifest": Form(16**64, _manifest),
    "ImageTag": Form(_NUMBERED, "tag-{}".format),
    "ImageTagMutabilityExclusionFilterValue": Form(_NUMBERED, "release-{}*".format),
    "KmsKey": Form(16**32, _identifier),
    "KmsKeyForRepositoryCreationTemplate": Form(
        16**32, lambda n: _ACCOUNT(service="kms", resource=f"key/{_identifier(n)}")
    ),
    "LayerDigest": _DIGEST,
    "LifecyclePolicyText": Form(_NUMBERED, _lifecycle_policy),
    "LifecyclePolicyTextForRepositoryCreationTemplate": Form(_NUMBERED, _lifecycle_policy),
    "MediaType": _one_of(
        (
            "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.oci.image.index.v1+json",
            "application/vnd.docker.distribution.manifest.v2+json",
            "application/vnd.docker.distribution.manifest.list.v2+json",
        )
    ),
    "OperatingSystem": _one_of(("Linux", "Windows")),
    "Prefix": Form(_NUMBERED, "example/team-{}".format),
    "PrincipalArn": Form(_NUMBERED, "arn:aws:iam::123456789012:role/example-{}".format),
    "PullThroughCacheRuleRepositoryPrefix": Form(_NUMBERED, "example/team-{}".format),
    "Region": _one_of(("us-east-1", "eu-central-1", "ap-southeast-2", "us-gov-west-1")),
    "RegistryId": _REGISTRY,
    "RegistryIdOrAlias": _REGISTRY,
    "RegistryPolicyText": Form(_NUMBERED, _policy),
    "ReplicationBackfillId": _IDENTIFIER,
    "RepositoryFilterValue": Form(_NUMBERED, "example/team-{}".format),
    "RepositoryName": Form(_NUMBERED, "example/name-{}".format),
    "RepositoryPolicyText": Form(_NUMBERED, _policy),
    "ScanningRepositoryFilterValue": Form(_NUMBERED, "example/team-{}*".format),
    "SigningProfileArn": Form(
        _NUMBERED, lambda n: _ACCOUNT(service="signer", resource=f"/signing-profiles/example_{n}")
    ),
    "SigningRepositoryFilterValue": Form(_NUMBERED, "example/team-{}*".format),
    "Tag": Form(_NUMBERED, _resource_tag),
    "TagKey": Form(_NUMBERED, "key-{}".format),
    "TagValue": Form(_NUMBERED, "value-{}".format),
    "UploadId": _IDENTIFIER,
    "Url": _one_of(("public.ecr.aws", "registry-1.docker.io", "quay.io", "registry.k8s.io")),
}
"""By the name of the shape. Where the services share a name, the form suits both."""
