"""What can be wrong with ECR Public's DescribeImageTags."""

from __future__ import annotations

from fault import broken_answer, broken_operation

from conformance.reference import Refusal
from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters
from conformance.reference.operations.manifests import digest_of
from conformance.reference.state import Registry


@broken_answer(
    "DescribeImageTags",
    condemned_by=[
        "tags.described",
        "tags.described-one-by-one",
        "tags.moved-described-on-new-image",
        "tags.deleted-described-no-more",
        "tags.untagged-not-described",
    ],
)
def every_tag_is_on_nothing(answer: Answer, given: Parameters) -> None:
    """DescribeImageTags gives the digest of nothing as that of every image."""
    for each in answer["imageTagDetails"]:
        each["imageDetail"]["imageDigest"] = digest_of(b"")


@broken_operation(
    "DescribeImageTags",
    condemned_by=["tags.described-one-by-one", "tags.moved-described-on-new-image"],
)
def one_tag_for_each_image(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DescribeImageTags has one entry for each image, with the last of its tags by name."""
    _, answer = right(registry, given, call)
    details = sorted(answer["imageTagDetails"], key=lambda each: each["imageTag"])
    by_image = {each["imageDetail"]["imageDigest"]: each for each in details}
    return registry, {**answer, "imageTagDetails": list(by_image.values())}


@broken_operation("DescribeImageTags", condemned_by=["tags.moved-described-on-new-image"])
def a_moved_tag_is_described_twice(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DescribeImageTags has a tag that moved on its old image as well."""
    _, answer = right(registry, given, call)
    repository = registry.repositories[given["repositoryName"]]
    untagged = [each for each in repository.images if not repository.tags_of(each)]
    old = [
        {**each, "imageDetail": {**each["imageDetail"], "imageDigest": digest}}
        for each in answer["imageTagDetails"]
        for digest in untagged
        if each["imageTag"] == "moving"
    ]
    return registry, {**answer, "imageTagDetails": [*answer["imageTagDetails"], *old]}


@broken_operation(
    "BatchDeleteImage",
    "DescribeImageTags",
    condemned_by=["tags.deleted-described-no-more"],
    services=["ecr-public"],
)
def deleted_tags_are_remembered(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DescribeImageTags has the tags that were deleted one by one, where others are left."""
    changed, answer = right(registry, given, call)
    if call.operation == "BatchDeleteImage":
        for each in answer["imageIds"]:
            _DELETED.setdefault(given["repositoryName"], []).append(each)
        return changed, answer
    for each in _DELETED.get(given["repositoryName"], ()):
        for detail in answer["imageTagDetails"][:1]:
            if detail["imageDetail"]["imageDigest"] == each["imageDigest"]:
                answer["imageTagDetails"].append({**detail, "imageTag": each.get("imageTag")})
    return changed, answer


_DELETED: dict[str, list[Answer]] = {}


@broken_operation("DescribeImageTags", condemned_by=["tags.none-described-of-empty-repository"])
def an_empty_repository_is_not_described(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DescribeImageTags of a repository that never had a layer is refused."""
    changed, answer = right(registry, given, call)
    if not registry.repositories[given["repositoryName"]].layers:
        raise Refusal("RepositoryNotFoundException", "There is nothing in the repository")
    return changed, answer


@broken_answer(
    "DescribeImageTags",
    condemned_by=[
        "ecr-public.client.paginator",
        "ecr-public.client.resume",
        "ecr-public.client.resume-within-page",
        "tags.described-date",
        "ecr-public.client.search",
    ],
)
def tags_were_created_in_milliseconds(answer: Answer, given: Parameters) -> None:
    """The createdAt of a tag counts milliseconds."""
    for each in answer["imageTagDetails"]:
        each["createdAt"] = int(each["createdAt"] * 1000)


@broken_answer(
    "DescribeImageTags",
    condemned_by=[
        "tags.described-size",
        "tags.list-described-like-image",
    ],
)
def the_image_of_a_tag_has_no_size(answer: Answer, given: Parameters) -> None:
    """DescribeImageTags gives an imageSizeInBytes of 0."""
    for each in answer["imageTagDetails"]:
        each["imageDetail"]["imageSizeInBytes"] = 0


@broken_answer("DescribeImageTags", condemned_by=["tags.described-media-types"])
def the_image_of_a_tag_is_of_docker(answer: Answer, given: Parameters) -> None:
    """DescribeImageTags gives the media type of Docker's manifests for every image."""
    for each in answer["imageTagDetails"]:
        media_type = "application/vnd.docker.distribution.manifest.v2+json"
        each["imageDetail"]["imageManifestMediaType"] = media_type


@broken_answer("DescribeImageTags", condemned_by=["tags.list-described-like-image"])
def the_size_of_a_list_is_that_of_its_text(answer: Answer, given: Parameters) -> None:
    """DescribeImageTags has another size for a list of images than DescribeImages."""
    for each in answer["imageTagDetails"]:
        if _is_list(each["imageDetail"]["imageManifestMediaType"]):
            each["imageDetail"]["imageSizeInBytes"] += 1


def _is_list(media_type: str) -> bool:
    return "list" in media_type or "index" in media_type
