"""Texts that are no manifest are refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from conformance.suite.artifacts import docker_image
from conformance.suite.evidence import documented, observed
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import push
from conformance.suite.topics.image_answers import upload_all
from conformance.suite.verdicts import MUST, SHOULD

_INVALID = "InvalidParameterException"
_MANIFEST = documented(
    "PutImage.imageManifest",
    "The image manifest corresponding to the image to be uploaded.",
    public="The image manifest that corresponds to the image to be uploaded.",
)


def _manifest(registry: Registry, repository: str) -> dict[str, Any]:
    """A manifest whose blobs are in the repository, and whose twin was pushed."""
    twin, manifest = (docker_image(f"{registry.content_seed} {name}") for name in ("twin", "other"))
    upload_all(registry, repository, twin.blobs + manifest.blobs)
    push(registry, repository, twin, "twin")
    value: dict[str, Any] = json.loads(manifest.text)
    return value


def _request(repository: str, text: str, media_type: str) -> dict[str, str]:
    return {
        "repositoryName": repository,
        "imageManifest": text,
        "imageManifestMediaType": media_type,
        "imageTag": "latest",
    }


@pytest.mark.parametrize("given", ["no-json", "cut-off", "list"])
@rule(
    "images.no-json-refused",
    level=MUST,
    operations=["PutImage"],
    evidence=[
        _MANIFEST,
        documented(
            "PutImage.InvalidParameterException",
            "The specified parameter is invalid. Review the available parameters for the API "
            "request.",
        ),
        observed(
            "PutImage",
            "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON "
            "syntax'",
            "https://github.com/aws/aws-cli/issues/8620",
        ),
    ],
)
def test_a_manifest_that_is_no_json_is_refused(
    registry: Registry, repository: str, given: str
) -> None:
    """An image manifest that is no JSON object is refused as an invalid parameter."""
    manifest = _manifest(registry, repository)
    whole = json.dumps(manifest)
    texts = {"no-json": f"manifest {whole}", "cut-off": whole[:-1], "list": f"[{whole}]"}
    request = _request(repository, texts[given], manifest["mediaType"])
    registry.refused("PutImage", _INVALID, **request)


def _without(value: Mapping[str, Any], member: str) -> dict[str, Any]:
    return {name: each for name, each in value.items() if name != member}


@pytest.mark.parametrize("missing", ["config", "layers", "digest-of-config", "digest-of-layer"])
@rule(
    "images.incomplete-manifest-refused",
    level=SHOULD,
    operations=["PutImage"],
    evidence=[
        _MANIFEST,
        documented(
            "OCI Content Descriptors",
            "This REQUIRED property is the digest of the targeted content",
            url="https://github.com/opencontainers/image-spec/blob/main/descriptor.md",
        ),
    ],
)
def test_a_manifest_that_lacks_something_is_refused(
    registry: Registry, repository: str, missing: str
) -> None:
    """An image manifest without its configuration, its layers or a digest is refused."""
    manifest = _manifest(registry, repository)
    config, layer = manifest["config"], manifest["layers"][0]
    incomplete = {
        "config": _without(manifest, "config"),
        "layers": _without(manifest, "layers"),
        "digest-of-config": {**manifest, "config": _without(config, "digest")},
        "digest-of-layer": {**manifest, "layers": [_without(layer, "digest")]},
    }
    request = _request(repository, json.dumps(incomplete[missing]), manifest["mediaType"])
    registry.refused("PutImage", {_INVALID, "LayersNotFoundException"}, **request)
