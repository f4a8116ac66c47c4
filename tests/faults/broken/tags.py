"""What can be wrong with tags."""

from __future__ import annotations

from fault import broken_operation

from conformance.reference.call import Call, Operation, Outcome, Parameters
from conformance.reference.state import Registry


@broken_operation("BatchDeleteImage", condemned_by=["tags.delete-one-of-several"])
def deleting_one_tag_deletes_the_image(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Deleting one of several tags deletes the image and all its tags."""
    repository = registry.repositories.get(given["repositoryName"])
    tags = {} if repository is None else repository.tags
    image_ids = [
        {"imageDigest": tags[each["imageTag"]].digest}
        if each.keys() == {"imageTag"} and each["imageTag"] in tags
        else each
        for each in given["imageIds"]
    ]
    return right(registry, {**given, "imageIds": image_ids}, call)
