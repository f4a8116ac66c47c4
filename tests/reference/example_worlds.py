"""What there has to be in a registry for AWS's example of a command to print what it prints."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from cli_examples import Example

from conformance.reference.state import (
    Image,
    LifecyclePreview,
    Registry,
    Repository,
    Scan,
    Settings,
    Tag,
    Upload,
)

_DOCKER = "application/vnd.docker.distribution.manifest.v2+json"
_CONFIG = "application/vnd.docker.container.image.v1+json"
_LONG_AGO = 1_400_000_000.0


def seconds(time: str | float) -> float:
    """A time as the CLI prints it, in seconds since 1970."""
    return datetime.fromisoformat(time).timestamp() if isinstance(time, str) else float(time)


def world_of(example: Example) -> Registry:
    """The registry that an example is about."""
    operation = example.page.partition("/")[2]
    return _REGISTRIES[operation](example, example.printed or {})


def _of(*repositories: Repository) -> Registry:
    return Registry({each.name: each for each in repositories})


def _repository(name: str, **content: Any) -> Repository:
    return Repository(name, _LONG_AGO, **content)


def _nothing(_: Example, __: Any) -> Registry:
    return Registry()


def _named(example: Example, _: Any) -> Registry:
    return _of(_repository(example.option("repository-name")))


def _printed(_: Example, printed: Any) -> Registry:
    """The repositories that are printed, made when it says so."""
    shown = printed["repositories"] if "repositories" in printed else [printed["repository"]]
    return _of(
        *(
            Repository(each["repositoryName"], seconds(each.get("createdAt", _LONG_AGO)))
            for each in shown
        )
    )


def _with_policy(_: Example, printed: Any) -> Registry:
    return _of(_repository(printed["repositoryName"], policy=printed["policyText"]))


def _with_lifecycle_policy(_: Example, printed: Any) -> Registry:
    text = printed["lifecyclePolicyText"]
    return _of(_repository(printed["repositoryName"], lifecycle_policy=text))


def _with_preview(_: Example, printed: Any) -> Registry:
    preview = LifecyclePreview(printed["lifecyclePolicyText"], (), _LONG_AGO)
    return _of(_repository(printed["repositoryName"], lifecycle_preview=preview))


def _with_resource_tags(example: Example, printed: Any) -> Registry:
    name = example.option("resource-arn").partition("/")[2]
    tags = {each["Key"]: each["Value"] for each in printed.get("tags", [])}
    return _of(_repository(name, settings=Settings(resource_tags=tags)))


def _with_catalog(example: Example, printed: Any) -> Registry:
    settings = Settings(catalog=printed["catalogData"])
    return _of(_repository(example.option("repository-name"), settings=settings))


def _with_display_name(_: Example, printed: Any) -> Registry:
    return Registry().set(catalog=printed["registryCatalogData"])


def _image(
    digest: str, manifest: str = "{}", size: int = 1000, pushed_at: Any = _LONG_AGO
) -> Image:
    return Image(digest, manifest, _DOCKER, _CONFIG, size, {}, (), seconds(pushed_at))


def _holding(name: str, *images: tuple[Image, list[str]]) -> Registry:
    """A repository with images and their tags."""
    tags = {tag: Tag(image.digest, image.pushed_at) for image, named in images for tag in named}
    return _of(_repository(name, images={image.digest: image for image, _ in images}, tags=tags))


def _with_image_ids(example: Example, printed: Any) -> Registry:
    ids = printed["imageIds"]
    images = {each["imageDigest"]: _image(each["imageDigest"]) for each in ids}
    tagged = [
        (images[each["imageDigest"]], [each["imageTag"]]) for each in ids if "imageTag" in each
    ]
    untagged = [(image, []) for image in images.values()]
    return _holding(example.option("repository-name"), *untagged, *tagged)


def _with_details(example: Example, printed: Any) -> Registry:
    images = [
        (
            _image(
                each["imageDigest"],
                size=each["imageSizeInBytes"],
                pushed_at=each["imagePushedAt"],
            ),
            each["imageTags"],
        )
        for each in printed["imageDetails"]
    ]
    return _holding(example.option("repository-name"), *images)


def _with_described_tags(example: Example, printed: Any) -> Registry:
    details = [
        {**each["imageDetail"], "imageTags": [each["imageTag"]]}
        for each in printed["imageTagDetails"]
    ]
    return _with_details(example, {"imageDetails": details})


def _with_manifests(example: Example, printed: Any) -> Registry:
    images = [
        (
            _image(each["imageId"]["imageDigest"], each["imageManifest"]),
            [each["imageId"]["imageTag"]],
        )
        for each in printed["images"]
    ]
    return _holding(example.option("repository-name"), *images)


def _with_scan(example: Example, printed: Any) -> Registry:
    image = _image(printed["imageId"]["imageDigest"])
    findings = printed.get("imageScanFindings")
    scan = findings and Scan("BASIC", "MANUAL", seconds(findings["imageScanCompletedAt"]))
    return _holding(example.option("repository-name"), (replace(image, scan=scan), []))


def _with_layers(example: Example, printed: Any) -> Registry:
    """An image that has the layers which are printed."""
    layers = printed.get("layers", [{"layerDigest": printed.get("layerDigest")}])
    types = {each["layerDigest"]: each.get("mediaType", _CONFIG) for each in layers}
    content = {each["layerDigest"]: bytes(each.get("layerSize", 1)) for each in layers}
    image = replace(_image("sha256:0"), layers=types)
    name = example.option("repository-name")
    return _of(_repository(name, images={image.digest: image}, layers=content))


def _with_layers_to_put(example: Example, printed: Any) -> Registry:
    """The layers of the manifest that is put, as many bytes long as it says."""
    manifest = json.loads(printed["image"]["imageManifest"])
    parts = [manifest["config"], *manifest["layers"]]
    layers = {part["digest"]: bytes(part["size"]) for part in parts}
    return _of(_repository(example.option("repository-name"), layers=layers))


def _with_upload(example: Example, printed: Any) -> Registry:
    uploads = {printed["uploadId"]: Upload()}
    return _of(_repository(example.option("repository-name"), uploads=uploads))


_REGISTRIES: dict[str, Callable[[Example, Any], Registry]] = {
    "batch-check-layer-availability": _with_layers,
    "batch-delete-image": _with_image_ids,
    "batch-get-image": _with_manifests,
    "create-repository": _nothing,
    "delete-lifecycle-policy": _with_lifecycle_policy,
    "delete-repository": _printed,
    "delete-repository-policy": _with_policy,
    "describe-image-scan-findings": _with_scan,
    "describe-image-tags": _with_described_tags,
    "describe-images": _with_details,
    "describe-registries": _nothing,
    "describe-repositories": _printed,
    "describe-repository": _printed,
    "get-authorization-token": _nothing,
    "get-download-url-for-layer": _with_layers,
    "get-lifecycle-policy": _with_lifecycle_policy,
    "get-lifecycle-policy-preview": _with_preview,
    "get-registry-catalog-data": _with_display_name,
    "get-repository-catalog-data": _with_catalog,
    "get-repository-policy": _with_policy,
    "initiate-layer-upload": _named,
    "list-images": _with_image_ids,
    "list-tags-for-resource": _with_resource_tags,
    "put-image": _with_layers_to_put,
    "put-image-scanning-configuration": _named,
    "put-image-tag-mutability": _named,
    "put-lifecycle-policy": _named,
    "put-registry-catalog-data": _nothing,
    "put-repository-catalog-data": _named,
    "set-repository-policy": _named,
    "start-image-scan": _with_scan,
    "start-lifecycle-policy-preview": _named,
    "tag-resource": _with_resource_tags,
    "untag-resource": _with_resource_tags,
    "upload-layer-part": _with_upload,
}
