"""What can be wrong with storage classes."""

from __future__ import annotations

from dataclasses import replace

from fault import broken_answer, broken_operation

from conformance.reference import Refusal
from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters
from conformance.reference.state import Registry


@broken_answer(
    "UpdateImageStorageClass",
    condemned_by=["registry.storage-class-answers", "ecr.shapes.presence"],
)
def the_image_is_not_named(answer: Answer, given: Parameters) -> None:
    """UpdateImageStorageClass answers with the status alone."""
    answer.pop("imageId")
    answer.pop("repositoryName")


@broken_operation(
    "UpdateImageStorageClass",
    condemned_by=["registry.storage-class-archived"],
)
def no_image_is_moved(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """UpdateImageStorageClass answers as if it had moved the image."""
    _, answer = right(registry, given, call)
    return registry, answer


@broken_operation("UpdateImageStorageClass", condemned_by=["registry.storage-class-by-digest"])
def only_tags_name_images(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """UpdateImageStorageClass knows images by their tags alone."""
    if "imageTag" not in given["imageId"]:
        raise Refusal("ImageNotFoundException", "there is no such tag")
    return right(registry, given, call)


@broken_operation("DescribeImages", "ListImages", condemned_by=["registry.storage-class-filter"])
def archived_images_are_listed(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Listings without a filter of the status have archived images, too."""
    asked = given.get("filter", {})
    if "imageIds" in given or "imageStatus" in asked:
        return right(registry, given, call)
    return right(registry, {**given, "filter": {**asked, "imageStatus": "ANY"}}, call)


@broken_operation("BatchGetImage", condemned_by=["registry.storage-class-not-pulled"])
def archived_images_are_pulled(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """BatchGetImage gives archived images."""
    repository = registry.repositories.get(given["repositoryName"])
    if repository is None:
        return right(registry, given, call)
    images = {name: replace(each, status="ACTIVE") for name, each in repository.images.items()}
    _, answer = right(registry.having(replace(repository, images=images)), given, call)
    return registry, answer


@broken_operation("UpdateImageStorageClass", condemned_by=["registry.storage-class-restored"])
def the_archive_is_for_ever(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """UpdateImageStorageClass leaves an archived image where it is."""
    changed, answer = right(registry, given, call)
    return (registry if given["targetStorageClass"] == "STANDARD" else changed), answer


@broken_answer("UpdateImageStorageClass", condemned_by=["registry.storage-class-archived-at-once"])
def the_status_is_that_of_before(answer: Answer, given: Parameters) -> None:
    """UpdateImageStorageClass answers with a status that does not change."""
    answer["imageStatus"] = "ACTIVE"


@broken_operation(
    "UpdateImageStorageClass", condemned_by=["registry.storage-class-unknown-repository"]
)
def an_unknown_repository_has_no_such_image(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """UpdateImageStorageClass misses the image where the repository is missing."""
    if given["repositoryName"] not in registry.repositories:
        raise Refusal("ImageNotFoundException", "no image")
    return right(registry, given, call)


@broken_operation("UpdateImageStorageClass", condemned_by=["registry.storage-class-own-registry"])
def a_named_registry_is_empty(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """UpdateImageStorageClass finds nothing where the request has a registryId."""
    if "registryId" in given:
        raise Refusal("RepositoryNotFoundException", "no repository")
    return right(registry, given, call)


@broken_operation("PutImage", condemned_by=["registry.storage-class-pushed-again"])
def an_archived_image_is_there_already(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage refuses an image that is archived like one that is not."""
    repository = registry.repositories.get(given["repositoryName"])
    if repository is None:
        return right(registry, given, call)
    images = {name: replace(each, status="ACTIVE") for name, each in repository.images.items()}
    right(registry.having(replace(repository, images=images)), given, call)
    return right(registry, given, call)
