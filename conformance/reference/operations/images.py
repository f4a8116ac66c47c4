"""Images: fetched, described, listed.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetImage.html,
API_DescribeImages and API_ListImages; ECR Public has the second only, and API_DescribeImageTags.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.reference.call import Answer, Call, Outcome, Parameters, existing, named
from conformance.reference.operations.image_ids import (
    ImageId,
    NotAnImage,
    named_image,
    resolve,
)
from conformance.reference.operations.pushing import described_image
from conformance.reference.operations.storage_class import pullable
from conformance.reference.pagination import all_or_page, page
from conformance.reference.state import Image, Registry, Repository


def batch_get_image(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Images with their manifests; what names no image is a failure of its own, not of the call.

    "Gets detailed information for an image. Images are specified with either an imageTag or
    imageDigest".

    ``acceptedMediaTypes`` changes nothing here: the only conversion AWS documents is to Docker's
    schema 1 (user guide, image-manifest-formats).
    """
    repository = existing(registry, given["repositoryName"], call)
    images: list[Answer] = []
    failures: list[Answer] = []
    for image_id in given["imageIds"]:
        try:
            image = pullable(resolve(repository, image_id))
        except NotAnImage as reason:
            failures.append(reason.failure(image_id))
        else:
            images.append(described_image(image, repository, image_id.get("imageTag"), call))
    return registry, {"images": images, "failures": failures}


def describe_images(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """What is known of the images named, or of all in pages: one entry each, however many tags.

    "Returns metadata about the images in a repository". Images that are named are described
    whatever the filter: what it means for them is not public.
    """
    repository = existing(registry, given["repositoryName"], call)
    all_or_page(given, "imageIds")
    if "imageIds" in given:
        asked = [named_image(repository, each, call) for each in given["imageIds"]]
        found = list({image.digest: image for image in asked}.values())
        return registry, {"imageDetails": [detail(each, repository, call) for each in found]}
    candidates = {
        digest: image
        for digest, image in repository.images.items()
        if _passes(given, image, tagged=bool(repository.tags_of(digest)))
    }
    shown, more = page(candidates, given, call)
    return registry, {"imageDetails": [detail(each, repository, call) for each in shown], **more}


def list_images(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """An entry for each tag, and one for each image without tags.

    "Lists all the image IDs for the specified repository". AWS's example: https://github.com/
    aws/aws-cli/blob/develop/awscli/examples/ecr/list-images.rst
    """
    repository = existing(registry, given["repositoryName"], call)
    entries: dict[str, ImageId] = {}
    for name, tag in repository.tags.items():
        if _passes(given, repository.images[tag.digest], tagged=True):
            entries[f"tag {name}"] = {"imageDigest": tag.digest, "imageTag": name}
    for image in _untagged(repository):
        if _passes(given, image, tagged=False):
            entries[f"untagged {image.digest}"] = {"imageDigest": image.digest}
    shown, more = page(entries, given, call)
    return registry, {"imageIds": shown, **more}


def describe_image_tags(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Each tag with the image it is on (ECR Public's API_DescribeImageTags).

    "Returns the image tag details for a repository in a public registry".
    """
    repository = existing(registry, given["repositoryName"], call)
    shown, more = page({name: name for name in repository.tags}, given, call)
    details = [_tag_detail(name, repository) for name in shown]
    return registry, {"imageTagDetails": details, **more}


def detail(image: Image, repository: Repository, call: Call) -> Answer:
    """The ``ImageDetail`` of an answer (API_ImageDetail of each service)."""
    tags = repository.tags_of(image.digest)
    return {
        **named(repository, call),
        **_facts(image),
        "imagePushedAt": image.pushed_at,
        **({"imageTags": tags} if tags else {}),
        **({} if call.key.public else _private_facts(image)),
    }


def _facts(image: Image) -> dict[str, Any]:
    artifact = image.artifact_type
    return {
        "imageDigest": image.digest,
        "imageSizeInBytes": image.size,
        "imageManifestMediaType": image.media_type,
        **({} if artifact is None else {"artifactMediaType": artifact}),
    }


def _private_facts(image: Image) -> dict[str, Any]:
    """What only ECR shows: where the image is stored, and what it refers to."""
    facts = {
        "imageStatus": image.status,
        "lastArchivedAt": image.archived_at,
        "lastActivatedAt": image.activated_at,
        "subjectManifestDigest": image.subject,
    }
    return {name: fact for name, fact in facts.items() if fact is not None}


def _tag_detail(name: str, repository: Repository) -> Answer:
    """The ``ImageTagDetail`` of an answer (ECR Public's API_ImageTagDetail).

    ``imagePushedAt`` is here when "the current image tag was pushed" (API_ReferencedImageDetail),
    unlike in ``ImageDetail``.
    """
    tag = repository.tags[name]
    facts = _facts(repository.images[tag.digest])
    pushed = {"imagePushedAt": tag.created_at}
    return {"imageTag": name, "createdAt": tag.created_at, "imageDetail": {**facts, **pushed}}


def _untagged(repository: Repository) -> list[Image]:
    tagged = {tag.digest for tag in repository.tags.values()}
    return [image for digest, image in repository.images.items() if digest not in tagged]


def _passes(given: Parameters, image: Image, *, tagged: bool) -> bool:
    """Whether the filter lets an image through, as one that has tags, or has none.

    ``imageStatus``: "If not specified, only images with ACTIVE status are returned".
    """
    wanted: Mapping[str, str] = given.get("filter", {})
    fits = wanted.get("imageStatus", "ACTIVE") in ("ANY", image.status)
    return fits and wanted.get("tagStatus", "ANY") in ("ANY", "TAGGED" if tagged else "UNTAGGED")
