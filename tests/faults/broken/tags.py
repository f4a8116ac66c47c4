"""What can be wrong with tags."""

from __future__ import annotations

from dataclasses import replace

from fault import broken_answer, broken_operation

from conformance.reference import Refusal
from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters
from conformance.reference.operations.manifests import digest_of
from conformance.reference.state import Registry, Repository, without


@broken_operation("BatchDeleteImage", condemned_by=["tags.delete-one-of-several"])
def deleting_one_tag_deletes_the_image(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Deleting one of several tags deletes the image and all its tags."""
    tags = _repository(registry, given).tags
    image_ids = [
        {"imageDigest": tags[each["imageTag"]].digest}
        if each.keys() == {"imageTag"} and each["imageTag"] in tags
        else each
        for each in given["imageIds"]
    ]
    return right(registry, {**given, "imageIds": image_ids}, call)


@broken_operation("BatchDeleteImage", condemned_by=["tags.delete-one-of-several"])
def deleting_one_tag_deletes_nothing(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Deleting one of several tags answers as if it had, and leaves the tag."""
    changed, answer = right(registry, given, call)
    before, after = _repository(registry, given), _repository(changed, given)
    return (registry if before.images == after.images else changed), answer


@broken_operation(
    "BatchDeleteImage",
    condemned_by=[
        "tags.delete-last-tag-deletes-image",
        "tags.delete-every-tag-deletes-image",
        "tags.delete-by-tag-and-digest",
        "images.deleted-beside-failure",
    ],
)
def the_last_tag_leaves_the_image(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Deleting an image's last tag leaves the image, untagged."""
    changed, answer = right(registry, given, call)
    if not any("imageTag" in each for each in given["imageIds"]):
        return changed, answer
    before, after = _repository(registry, given), _repository(changed, given)
    return changed.having(replace(after, images=before.images)), answer


@broken_operation("BatchDeleteImage", condemned_by=["tags.delete-every-tag-deletes-image"])
def several_tags_are_only_tags(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Deleting several tags at once removes the tags and leaves the image they were on."""
    changed, answer = right(registry, given, call)
    before, after = _repository(registry, given), _repository(changed, given)
    digests = [each.get("imageDigest") for each in answer["imageIds"]]
    emptied = {each for each in digests if digests.count(each) > 1}
    if not all("imageTag" in each for each in given["imageIds"]) or not emptied:
        return changed, answer
    kept = {digest: before.images[digest] for digest in emptied}
    return changed.having(replace(after, images={**after.images, **kept})), answer


@broken_operation(
    "BatchDeleteImage",
    condemned_by=["tags.delete-by-digest"],
)
def deleting_by_digest_leaves_tagged_images(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Deleting an image of several tags by its digest leaves it there."""
    changed, answer = right(registry, given, call)
    before = _repository(registry, given)
    several = [each for each in before.images if len(before.tags_of(each)) > 1]
    by_digest = all(each.keys() == {"imageDigest"} for each in given["imageIds"])
    return (registry if several and by_digest else changed), answer


@broken_operation("BatchDeleteImage", condemned_by=["tags.delete-untagged"])
def untagged_images_stay(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Deleting an untagged image answers as if it had."""
    changed, answer = right(registry, given, call)
    before = _repository(registry, given)
    return (registry if before.images and not before.tags else changed), answer


@broken_answer("BatchDeleteImage", condemned_by=["tags.deleted-tag-named-with-digest"])
def a_deleted_tag_comes_with_another_digest(answer: Answer, given: Parameters) -> None:
    """Deleting one tag answers with the digest of nothing."""
    if [each.keys() for each in given["imageIds"]] == [{"imageTag"}] and answer["imageIds"]:
        answer["imageIds"][0]["imageDigest"] = digest_of(b"")


@broken_answer(
    "BatchDeleteImage",
    condemned_by=[
        "tags.deleted-digest-named",
        "tags.deleted-digest-names-every-tag",
        "tags.deleted-untagged-named-by-digest-alone",
    ],
)
def a_deleted_digest_is_not_named(answer: Answer, given: Parameters) -> None:
    """Deleting by digest answers with an empty list."""
    if all(each.keys() == {"imageDigest"} for each in given["imageIds"]):
        answer["imageIds"] = []


@broken_answer("BatchDeleteImage", condemned_by=["tags.deleted-digest-names-every-tag"])
def only_the_first_tag_is_named(answer: Answer, given: Parameters) -> None:
    """Deleting by digest answers with one entry, whose tag is the first of the image."""
    if all(each.keys() == {"imageDigest"} for each in given["imageIds"]):
        answer["imageIds"] = answer["imageIds"][:1]


@broken_answer("BatchDeleteImage", condemned_by=["tags.deleted-untagged-named-by-digest-alone"])
def an_untagged_image_has_an_empty_tag(answer: Answer, given: Parameters) -> None:
    """Deleting an untagged image answers with a tag that says ``untagged``."""
    for each in answer["imageIds"]:
        each.setdefault("imageTag", "untagged")


@broken_operation("BatchDeleteImage", condemned_by=["tags.delete-by-tag-and-digest"])
def tag_and_digest_together_fail(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A tag given together with its own digest is a failure."""
    changed, answer = right(registry, given, call)
    known = _repository(registry, given).tags
    for each in given["imageIds"]:
        matching = each.get("imageTag") in known and "imageDigest" in each
        if matching and known[each["imageTag"]].digest == each["imageDigest"]:
            failure = {"failureCode": "ImageTagDoesNotMatchDigest", "failureReason": "no",
                       "imageId": dict(each)}  # fmt: skip
            return registry, {"imageIds": [], "failures": [failure]}
    return changed, answer


@broken_operation(
    "BatchDeleteImage",
    condemned_by=[
        "tags.delete-mismatch-deletes-nothing",
        "ecr.images.mismatch-fails",
        "ecr-public.images.mismatch-fails",
    ],
)
def the_digest_beside_a_tag_does_not_count(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Where a tag and another image's digest are given, the tag is deleted."""
    repository = _repository(registry, given)
    image_ids = [
        {"imageTag": each["imageTag"]}
        if each.get("imageTag") in repository.tags and each.get("imageDigest") in repository.images
        else each
        for each in given["imageIds"]
    ]
    return right(registry, {**given, "imageIds": image_ids}, call)


@broken_operation("PutImage", condemned_by=["tags.put-moves-tag"])
def a_tag_stays_where_it_is(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage of another image under an existing tag leaves the tag on the old image."""
    changed, answer = right(registry, given, call)
    before, after = _repository(registry, given), _repository(changed, given)
    old = before.tags.get(given.get("imageTag", ""))
    if old is None or len(before.images) == 1:
        return changed, answer
    return changed.having(replace(after, tags=before.tags)), answer


@broken_operation(
    "PutImage", condemned_by=["tags.moved-tag-leaves-image-untagged", "tags.tagged-at-once"]
)
def a_moved_tag_deletes_the_image(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """An image whose only tag moves to another image is deleted."""
    changed, answer = right(registry, given, call)
    before, after = _repository(registry, given), _repository(changed, given)
    old = before.tags.get(given.get("imageTag", ""))
    if old is None or after.tags_of(old.digest):
        return changed, answer
    return changed.having(replace(after, images=without(after.images, old.digest))), answer


@broken_answer("DescribeImages", condemned_by=["tags.one-image-of-several-tags"])
def an_image_is_described_once_for_each_tag(answer: Answer, given: Parameters) -> None:
    """DescribeImages has an entry for each tag of an image."""
    answer["imageDetails"] = [
        {**each, **tagged}
        for each in answer["imageDetails"]
        for tagged in [{"imageTags": [tag]} for tag in each.get("imageTags", ())] or [{}]
    ]


@broken_operation(
    "PutImage",
    condemned_by=[
        "tags.immutable-refuses-another-image",
        "tags.immutable-stays",
        "tags.immutable-same-image-refused",
        "repositories.put-immutable-takes-effect",
        "repositories.put-immutable-covers-old-tags",
        "repositories.put-immutable-covers-excluded-tags",
    ],
)
def immutability_is_only_a_word(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage moves the tags of a repository that is IMMUTABLE, and takes images again."""
    repository = _repository(registry, given)
    if repository.settings.mutability != "IMMUTABLE":
        return right(registry, given, call)
    free = replace(repository, tags=without(repository.tags, given.get("imageTag", "")))
    if digest_of(given["imageManifest"].encode()) in free.images:
        return right(registry.having(_mutable(free)), given, call)
    changed, answer = right(registry.having(_mutable(repository)), given, call)
    kept = replace(_repository(changed, given), settings=repository.settings)
    return changed.having(kept), answer


@broken_operation("PutImage", condemned_by=["tags.immutable-refuses-another-image"])
def an_immutable_tag_is_an_existing_image(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage of another image under an immutable tag is ImageAlreadyExistsException."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != "ImageTagAlreadyExistsException":
            raise
        raise Refusal("ImageAlreadyExistsException", refusal.message) from None


@broken_operation(
    "PutImage",
    condemned_by=[
        "tags.immutable-stays",
        "repositories.put-immutable-takes-effect",
        "repositories.put-immutable-covers-old-tags",
        "repositories.put-immutable-covers-excluded-tags",
        "repositories.not-excluded-tag-stays",
    ],
)
def a_refused_image_takes_the_tag(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage refuses to move an immutable tag after it has moved it."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code == "ImageTagAlreadyExistsException":
            repository = _repository(registry, given)
            moved, _ = right(registry.having(_mutable(repository)), given, call)
            settled = replace(_repository(moved, given), settings=repository.settings)
            registry.repositories[repository.name] = settled
        raise


@broken_operation("PutImage", condemned_by=["tags.immutable-takes-new-images"])
def an_immutable_repository_is_closed_once_it_has_an_image(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage takes no second image in a repository that is IMMUTABLE."""
    repository = _repository(registry, given)
    known = digest_of(given["imageManifest"].encode()) in repository.images
    taken = given.get("imageTag") in repository.tags
    closed = repository.settings.mutability == "IMMUTABLE" and repository.images
    if closed and not known and not taken:
        raise Refusal("ImageTagAlreadyExistsException", "The repository is immutable")
    return right(registry, given, call)


@broken_operation("PutImage", condemned_by=["tags.immutable-takes-new-tag"])
def an_immutable_image_has_one_tag(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage gives an image of a repository that is IMMUTABLE no second tag."""
    repository = _repository(registry, given)
    known = digest_of(given["imageManifest"].encode()) in repository.images
    new = given.get("imageTag") not in repository.tags
    if repository.settings.mutability == "IMMUTABLE" and known and new:
        raise Refusal("ImageAlreadyExistsException", "The image is there already")
    return right(registry, given, call)


@broken_operation("PutImage", condemned_by=["tags.immutable-same-image-refused"])
def an_immutable_image_is_taken_again(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage of the same image under the same tag succeeds in a repository that is IMMUTABLE."""
    repository = _repository(registry, given)
    if repository.settings.mutability != "IMMUTABLE":
        return right(registry, given, call)
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != "ImageAlreadyExistsException":
            raise
        free = replace(repository, tags=without(repository.tags, given.get("imageTag", "")))
        return registry, right(registry.having(free), given, call)[1]


@broken_answer(
    "DescribeRepositories",
    condemned_by=[
        "tags.immutability-described",
        "repositories.exclusions-described",
        "repositories.put-mutability-described",
    ],
    services=["ecr"],
)
def every_repository_is_described_as_mutable(answer: Answer, given: Parameters) -> None:
    """DescribeRepositories says MUTABLE of every repository."""
    for each in answer["repositories"]:
        each["imageTagMutability"] = "MUTABLE"


def _repository(registry: Registry, given: Parameters) -> Repository:
    """The repository asked for, or an empty one where there is none."""
    name = given["repositoryName"]
    return registry.repositories.get(name, Repository(name, 0.0))


def _mutable(repository: Repository) -> Repository:
    return replace(repository, settings=replace(repository.settings, mutability="MUTABLE"))


@broken_answer("ListImages", "DescribeImageTags", condemned_by=["tags.thousand-listed"])
def a_listing_ends_after_500_tags(answer: Answer, given: Parameters) -> None:
    """A page of 500 tags is the last one, though there are more."""
    for member in {"imageIds", "imageTagDetails"} & answer.keys():
        if len(answer[member]) > 500:
            del answer[member][500:]
