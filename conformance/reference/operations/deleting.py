"""``BatchDeleteImage``: tags removed, images deleted, each identifier by itself.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchDeleteImage.html
"""

from __future__ import annotations

from dataclasses import replace

from conformance.reference.call import Answer, Call, Outcome, Parameters, existing
from conformance.reference.operations.image_ids import ImageId, NotAnImage, resolve
from conformance.reference.state import Image, Registry, Repository, without


def batch_delete_image(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Delete images or tags, in the order of the request.

    "Deletes a list of specified images within a repository". What cannot be deleted is a failure of
    its own, not of the call.
    """
    repository = existing(registry, given["repositoryName"], call)
    deleted: list[ImageId] = []
    failures: list[Answer] = []
    for image_id in given["imageIds"]:
        try:
            repository, gone = _delete(repository, image_id)
        except NotAnImage as reason:
            failures.append(reason.failure(image_id))
        else:
            deleted.extend(gone)
    return registry.having(repository), {"imageIds": deleted, "failures": failures}


def _delete(repository: Repository, image_id: ImageId) -> tuple[Repository, list[ImageId]]:
    """Remove a tag, or an image with all of its tags.

    "You can remove a tag from an image by specifying the image's tag in your request. When you
    remove the last tag from an image, the image is deleted from your repository"; "You can
    completely delete an image (and all of its tags) by specifying the image's digest".

    Tag and digest together are taken as the tag: which it is, is not public.
    """
    image = resolve(repository, image_id)
    tags = repository.tags_of(image.digest)
    if "imageTag" in image_id and len(tags) > 1:
        return _without_tag(repository, image, image_id["imageTag"])
    _require_unreferenced(repository, image)
    return _without_image(repository, image, tags)


def _require_unreferenced(repository: Repository, image: Image) -> None:
    """Refuse to delete what a manifest list refers to, be it by its last tag.

    https://github.com/aws/containers-roadmap/issues/1567
    """
    parents = [each.digest for each in repository.images.values() if image.digest in each.images]
    if parents:
        raise NotAnImage(
            "ImageReferencedByManifestList",
            f"Requested image referenced by manifest list: [{', '.join(parents)}]",
        )


def _without_tag(
    repository: Repository, image: Image, tag: str
) -> tuple[Repository, list[ImageId]]:
    kept = replace(repository, tags=without(repository.tags, tag))
    return kept, [{"imageDigest": image.digest, "imageTag": tag}]


def _without_image(
    repository: Repository, image: Image, tags: list[str]
) -> tuple[Repository, list[ImageId]]:
    """The repository without an image, and an entry for each of its tags, or for it untagged.

    AWS's examples: https://github.com/aws/aws-cli/blob/develop/awscli/examples/ecr-public/
    batch-delete-image.rst
    """
    kept = replace(
        repository,
        images=without(repository.images, image.digest),
        tags={name: tag for name, tag in repository.tags.items() if name not in tags},
    )
    entries: list[ImageId] = [{"imageDigest": image.digest, "imageTag": tag} for tag in tags]
    return kept, entries or [{"imageDigest": image.digest}]
