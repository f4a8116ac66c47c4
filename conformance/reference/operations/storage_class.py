"""Storage classes: images put into the archive, and restored from it.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/archive_restore_image.html
"""

from __future__ import annotations

from dataclasses import replace

from conformance.reference.call import Call, Outcome, Parameters, existing, named
from conformance.reference.operations.image_ids import NotAnImage, named_image
from conformance.reference.state import Image, Registry, Repository


def update_image_storage_class(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Move an image to a storage class; the answer has the status that this gives it.

    "Transitions an image between storage classes" (API_UpdateImageStorageClass).

    An image that is in the class already stays as it is. Whether that is what AWS does, and which
    updates are not supported (ImageStorageClassUpdateNotSupportedException), is not public.
    """
    repository = existing(registry, given["repositoryName"], call)
    asked = given["imageId"]
    image = named_image(repository, asked, call)
    moved = (_archived if given["targetStorageClass"] == "ARCHIVE" else restored)(image, call)
    tagged = {"imageTag": asked["imageTag"]} if "imageTag" in asked else {}
    answer = {
        **named(repository, call),
        "imageId": {"imageDigest": image.digest, **tagged},
        "imageStatus": moved.status,
    }
    return registry.having(_with_image(repository, moved)), answer


def restored(image: Image, call: Call) -> Image:
    """An image as it is in the standard storage class.

    Restoring takes AWS up to 20 minutes in which the status is ACTIVATING, and can take less
    (user guide, restore-image); here it is done at once.
    """
    if image.status == "ACTIVE":
        return image
    return replace(image, status="ACTIVE", activated_at=call.now_in_milliseconds)


def pullable(image: Image) -> Image:
    """The image, unless it is archived. Raises ``NotAnImage``.

    An archived one cannot be pulled and is answered with HTTP 404 to Docker (https://
    docs.aws.amazon.com/AmazonECR/latest/userguide/archive-image.html); which code that is in
    ``BatchGetImage`` is not public. Nothing there speaks of its layers, whose URLs are given still.
    """
    if image.status != "ACTIVE":
        raise NotAnImage("ImageNotFound", "Requested image is archived")
    return image


def _archived(image: Image, call: Call) -> Image:
    if image.status == "ARCHIVED":
        return image
    return replace(image, status="ARCHIVED", archived_at=call.now_in_milliseconds)


def _with_image(repository: Repository, image: Image) -> Repository:
    return replace(repository, images={**repository.images, image.digest: image})
