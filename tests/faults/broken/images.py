"""What can be wrong with images: put, described, fetched, listed, deleted."""

from __future__ import annotations

import json
from dataclasses import replace

from fault import broken_answer, broken_operation

from conformance.reference import Refusal
from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters
from conformance.reference.operations.manifests import digest_of
from conformance.reference.operations.pushing import described_image
from conformance.reference.state import Image, Registry, Repository, without

NOTHING = digest_of(b"")


@broken_answer("PutImage", condemned_by=["ecr.images.put-without-tag"], services=["ecr"])
def an_image_without_a_tag_is_the_latest(answer: Answer, given: Parameters) -> None:
    """PutImage answers with the tag latest where none was given."""
    if "imageTag" not in given:
        answer["image"]["imageId"]["imageTag"] = "latest"


@broken_answer("PutImage", condemned_by=["images.put-returns-manifest"])
def the_manifest_is_written_anew(answer: Answer, given: Parameters) -> None:
    """PutImage answers with the manifest as it writes JSON itself."""
    answer["image"]["imageManifest"] = json.dumps(json.loads(given["imageManifest"]), indent=1)


@broken_operation(
    "PutImage",
    condemned_by=["images.digest-is-that-of-the-manifest"],
)
def the_digest_is_of_the_parsed_manifest(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage answers with the digest of the manifest without its white space."""
    changed, answer = right(registry, given, call)
    text = json.dumps(_parsed(given), separators=(",", ":"), sort_keys=True)
    answer["image"]["imageId"]["imageDigest"] = digest_of(text.encode())
    return changed, answer


@broken_answer("PutImage", condemned_by=["images.put-names-image"])
def the_repository_is_always_the_same(answer: Answer, given: Parameters) -> None:
    """PutImage answers with one repository name for all."""
    answer["image"]["repositoryName"] = "library/image"


@broken_operation("PutImage", condemned_by=["images.media-type-accepted"])
def oci_indexes_are_refused(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage does not know the image index of OCI."""
    if "application/vnd.oci.image.index.v1+json" in given["imageManifest"]:
        raise Refusal("InvalidParameterException", "Unsupported media type")
    return right(registry, given, call)


@broken_operation(
    "PutImage",
    condemned_by=[
        "images.media-type-in-manifest-suffices",
        "images.digest-is-that-of-the-manifest",
    ],
)
def oci_needs_a_media_type(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage refuses an OCI image without imageManifestMediaType."""
    oci = str(_parsed(given).get("mediaType")).startswith("application/vnd.oci")
    if oci and "imageManifestMediaType" not in given:
        raise Refusal("InvalidParameterException", "Which media type?")
    return right(registry, given, call)


@broken_operation("PutImage", condemned_by=["images.media-type-in-request-suffices"])
def the_requests_media_type_does_not_count(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage refuses a manifest without a mediaType whatever the request says."""
    rest = {name: value for name, value in given.items() if name != "imageManifestMediaType"}
    only = given.get("imageTag") == "latest" and "imageManifestMediaType" in given
    return right(registry, rest if only else given, call)


@broken_operation("PutImage", condemned_by=["images.media-type-required"])
def a_media_type_is_guessed(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage takes a manifest of unknown type for an OCI image."""
    guessed = {"imageManifestMediaType": "application/vnd.oci.image.manifest.v1+json"}
    return right(registry, {**guessed, **given}, call)


@broken_operation("PutImage", condemned_by=["images.right-digest-accepted"])
def a_digest_is_always_wrong(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage with a digest is refused whatever the digest is."""
    if "imageDigest" in given:
        raise Refusal("ImageDigestDoesNotMatchException", "The digest is another")
    return right(registry, given, call)


@broken_operation("PutImage", condemned_by=["images.wrong-digest-refused"])
def a_digest_is_not_looked_at(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage takes a manifest together with another one's digest."""
    rest = {name: value for name, value in given.items() if name != "imageDigest"}
    return right(registry, rest, call)


@broken_operation(
    "PutImage",
    condemned_by=["images.same-image-and-tag-refused", "images.same-untagged-refused"],
)
def an_image_is_taken_again(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage of the same image under the same tag, or none, succeeds and changes nothing."""
    repository = _repository(registry, given)
    if repository.settings.mutability == "IMMUTABLE":
        return right(registry, given, call)
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != "ImageAlreadyExistsException":
            raise
        digest = digest_of(given["imageManifest"].encode())
        free = replace(
            repository,
            images=without(repository.images, digest),
            tags=without(repository.tags, given.get("imageTag", "")),
        )
        return registry, right(registry.having(free), given, call)[1]


@broken_operation("PutImage", condemned_by=["images.missing-layer-refused"])
def layers_are_not_looked_for(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage takes a manifest whose layers are not in the repository."""
    repository = _repository(registry, given)
    if repository.name not in registry.repositories:
        return right(registry, given, call)
    manifest = _parsed(given)
    wanted = [each.get("digest", "") for each in manifest.get("layers", ())]
    everything = {**dict.fromkeys(wanted, b""), **repository.layers}
    changed, answer = right(registry.having(replace(repository, layers=everything)), given, call)
    kept = replace(changed.repositories[repository.name], layers=repository.layers)
    return changed.having(kept), answer


@broken_operation("PutImage", condemned_by=["images.list-of-missing-images-refused"])
def listed_images_are_not_looked_for(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage takes a manifest list of images that are not in the repository."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != "ReferencedImagesNotFoundException":
            raise
        repository = _repository(registry, given)
        blank = Image("", "", "", None, 0, {}, (), 0.0)
        wanted = {each["digest"]: blank for each in _parsed(given)["manifests"]}
        whole = replace(repository, images={**wanted, **repository.images})
        return registry, right(registry.having(whole), given, call)[1]


@broken_operation(
    "BatchDeleteImage",
    condemned_by=[
        "images.listed-image-not-deletable",
        "images.listed-image-stays",
        "images.listed-image-keeps-last-tag",
    ],
)
def listed_images_are_deleted(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """BatchDeleteImage deletes an image that a manifest list refers to."""
    repository = _repository(registry, given)
    if repository.name not in registry.repositories:
        return right(registry, given, call)
    loose = {d: replace(image, images=()) for d, image in repository.images.items()}
    changed, answer = right(registry.having(replace(repository, images=loose)), given, call)
    left = changed.repositories[repository.name]
    images = {digest: repository.images[digest] for digest in left.images}
    return changed.having(replace(left, images=images)), answer


@broken_answer(
    "BatchDeleteImage",
    condemned_by=["images.listed-image-not-deletable", "images.listed-image-keeps-last-tag"],
)
def listed_images_are_not_found(answer: Answer, given: Parameters) -> None:
    """Deleting an image that a manifest list refers to is the failure ImageNotFound."""
    for each in answer["failures"]:
        if each["failureCode"] == "ImageReferencedByManifestList":
            each["failureCode"] = "ImageNotFound"


@broken_operation("BatchDeleteImage", condemned_by=["images.listed-image-keeps-last-tag"])
def a_listed_image_loses_its_last_tag(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Deleting the only tag of an image that a manifest list refers to leaves it untagged."""
    changed, answer = right(registry, given, call)
    repository = _repository(registry, given)
    codes = [each["failureCode"] for each in answer["failures"]]
    if codes != ["ImageReferencedByManifestList"] or "imageTag" not in given["imageIds"][0]:
        return changed, answer
    tag = given["imageIds"][0]["imageTag"]
    kept = replace(repository, tags=without(repository.tags, tag))
    done = {"imageDigest": repository.tags[tag].digest, "imageTag": tag}
    return registry.having(kept), {"imageIds": [done], "failures": []}


@broken_operation(
    "BatchDeleteImage",
    condemned_by=["images.deleting-list-keeps-its-images"],
)
def deleting_a_list_deletes_all(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Deleting a manifest list deletes the last of the images it refers to as well."""
    changed, answer = right(registry, given, call)
    before, after = _repository(registry, given), _repository(changed, given)
    gone = [image for digest, image in before.images.items() if digest not in after.images]
    digests = [each.images[-1] for each in gone if each.images and len(given["imageIds"]) == 1]
    for digest in digests:
        tags = {name: tag for name, tag in after.tags.items() if tag.digest != digest}
        after = replace(after, images=without(after.images, digest), tags=tags)
    return (changed.having(after) if digests else changed), answer


@broken_operation("BatchDeleteImage", condemned_by=["images.deletable-after-its-list"])
def once_listed_is_listed_for_ever(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """An image that a manifest list referred to is not deleted even after the list."""
    repository = _repository(registry, given)
    family = {"amd64", "arm64"} == set(repository.tags)
    changed, answer = right(registry, given, call)
    if not family or not answer["imageIds"]:
        return changed, answer
    failure = {"failureCode": "ImageReferencedByManifestList", "failureReason": "still",
               "imageId": dict(given["imageIds"][0])}  # fmt: skip
    return registry, {"imageIds": [], "failures": [failure]}


@broken_operation(
    "BatchDeleteImage",
    "BatchGetImage",
    condemned_by=[
        "images.tag-with-unknown-digest-fails",
        "images.unknown-image-fails",
        "images.partial-success",
        "images.failure-names-image",
    ],
)
def unknown_images_are_left_out(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """What is not found is in no list of the answer."""
    changed, answer = right(registry, given, call)
    found = [each for each in answer["failures"] if each["failureCode"] != "ImageNotFound"]
    return changed, {**answer, "failures": found}


@broken_operation(
    "BatchDeleteImage",
    "BatchGetImage",
    condemned_by=[
        "images.unknown-image-fails",
        "images.partial-success",
        "images.failure-names-image",
        "validation.full-list",
        "images.deleted-beside-failure",
        "images.tag-with-unknown-digest-fails",
        "validation.batch-delete-image.valid",
        "ecr.validation.batch-get-image.valid",
    ],
)
def one_unknown_image_refuses_the_call(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """An unknown image among those asked for is an error of the whole call."""
    changed, answer = right(registry, given, call)
    if any(each["failureCode"] == "ImageNotFound" for each in answer["failures"]):
        raise Refusal("InvalidParameterException", "There is no such image")
    return changed, answer


@broken_answer("BatchDeleteImage", "BatchGetImage", condemned_by=["images.failure-names-image"])
def failures_have_null_for_what_was_not_asked(answer: Answer, given: Parameters) -> None:
    """The imageId of a failure has the text ``null`` for the half that was not asked for."""
    for each in answer["failures"]:
        if each["failureCode"] == "ImageNotFound":
            each["imageId"] = {"imageDigest": NOTHING, "imageTag": "null", **each["imageId"]}


@broken_answer("BatchDeleteImage", "BatchGetImage", condemned_by=["images.mismatch-fails"])
def a_mismatch_is_not_found(answer: Answer, given: Parameters) -> None:
    """A tag together with another image's digest is the failure ImageNotFound."""
    for each in answer["failures"]:
        if each["failureCode"] == "ImageTagDoesNotMatchDigest":
            each["failureCode"] = "ImageNotFound"


@broken_operation(
    "BatchGetImage",
    condemned_by=["ecr.images.tag-with-unknown-digest-fails", "ecr.images.mismatch-fails"],
)
def tag_or_digest_will_do(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """BatchGetImage takes the tag where tag and digest are given."""
    ids = [{"imageTag": e["imageTag"]} if "imageTag" in e else e for e in given["imageIds"]]
    return right(registry, {**given, "imageIds": ids}, call)


@broken_operation(
    "BatchDeleteImage",
    condemned_by=["images.tag-with-unknown-digest-fails"],
)
def an_unknown_digest_beside_a_tag_does_not_count(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """BatchDeleteImage deletes a tag that comes with a digest nobody knows."""
    images = _repository(registry, given).images
    ids = [
        {"imageTag": each["imageTag"]}
        if "imageTag" in each and each.get("imageDigest", NOTHING) not in images
        else each
        for each in given["imageIds"]
    ]
    return right(registry, {**given, "imageIds": ids}, call)


@broken_answer("BatchDeleteImage", "BatchGetImage", condemned_by=["images.malformed-id-fails"])
def malformed_ids_are_not_found(answer: Answer, given: Parameters) -> None:
    """An id that is no tag and no digest is the failure ImageNotFound."""
    for each in answer["failures"]:
        if each["failureCode"] in ("InvalidImageTag", "InvalidImageDigest", "MissingDigestAndTag"):
            each["failureCode"] = "ImageNotFound"


@broken_operation("BatchDeleteImage", condemned_by=["images.deleted-beside-failure"])
def a_failure_ends_the_deleting(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """BatchDeleteImage deletes what comes before the first failure, and answers for the rest."""
    changed, answer = right(registry, given, call)
    ids = given["imageIds"]
    if not answer["failures"] or len(ids) < 3 or "imageTag" not in ids[0]:
        return changed, answer
    first, _ = right(registry, {**given, "imageIds": ids[:1]}, call)
    return first, answer


@broken_operation(
    "DescribeImages",
    condemned_by=[
        "images.empty-repository",
        "images.of-other-account-unlisted",
    ],
)
def an_empty_repository_is_not_found(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DescribeImages of a repository that never had a layer is refused."""
    repository = _repository(registry, given)
    empty = repository.name in registry.repositories and not repository.layers
    if empty and "maxResults" not in given and "imageIds" not in given:
        raise Refusal("RepositoryNotFoundException", "There is nothing in the repository")
    return right(registry, given, call)


@broken_operation(
    "DescribeImages",
    condemned_by=[
        "images.described-alone",
        "images.several-described",
        "images.unknown-image-refused",
        "images.unknown-beside-known-refused",
        "images.malformed-id-refused",
    ],
)
def ids_do_not_count(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DescribeImages describes every image whatever images it is asked for."""
    rest = {name: value for name, value in given.items() if name != "imageIds"}
    return right(registry, rest if "maxResults" not in given else given, call)


@broken_operation("DescribeImages", condemned_by=["images.several-described"])
def only_the_first_id_counts(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DescribeImages describes the first of several images."""
    _, answer = right(registry, given, call)
    if "imageIds" in given:
        answer = {"imageDetails": answer["imageDetails"][:1]}
    return registry, answer


@broken_operation(
    "DescribeImages",
    condemned_by=["images.unknown-image-refused", "images.unknown-beside-known-refused"],
)
def unknown_images_are_not_described(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DescribeImages answers for the images that are there, and with an empty list for none."""
    found = []
    for each in given.get("imageIds", ()):
        try:
            found += right(registry, {**given, "imageIds": [each]}, call)[1]["imageDetails"]
        except Refusal as refusal:
            if refusal.code != "ImageNotFoundException":
                raise
    if "imageIds" in given and "maxResults" not in given and "nextToken" not in given:
        right(registry, {"repositoryName": given["repositoryName"]}, call)
        return registry, {"imageDetails": found}
    return right(registry, given, call)


@broken_operation("DescribeImages", condemned_by=["images.malformed-id-refused"])
def malformed_ids_are_unknown_images(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """DescribeImages refuses what is no tag and no digest with ImageNotFoundException."""
    words = {"not a tag!", "not-a-digest"}
    if any(words & set(each.values()) for each in given.get("imageIds", ())):
        raise Refusal("ImageNotFoundException", "There is no such image")
    return right(registry, given, call)


@broken_answer("DescribeImages", condemned_by=["images.size", "tags.list-described-like-image"])
def the_size_is_that_of_the_manifest(answer: Answer, given: Parameters) -> None:
    """The imageSizeInBytes of an image is the length of its digest."""
    for each in answer["imageDetails"]:
        each["imageSizeInBytes"] = len(each["imageDigest"])


@broken_answer(
    "DescribeImages",
    condemned_by=[
        "client.paginator",
        "client.pushed-at",
        "client.resume",
        "client.resume-within-page",
        "images.pushed-at",
    ],
)
def images_were_pushed_in_milliseconds(answer: Answer, given: Parameters) -> None:
    """The imagePushedAt of an image counts milliseconds."""
    for each in answer["imageDetails"]:
        each["imagePushedAt"] = int(each["imagePushedAt"] * 1000)


@broken_answer("DescribeImages", condemned_by=["images.untagged-has-no-tags"])
def untagged_images_are_tagged_none(answer: Answer, given: Parameters) -> None:
    """DescribeImages gives an image that was put without a tag the tag ``<none>``."""
    if len(answer["imageDetails"]) == 1 and "filter" not in given:
        answer["imageDetails"][0].setdefault("imageTags", ["<none>"])


@broken_answer("DescribeImages", condemned_by=["images.registry-and-repository"])
def descriptions_name_another_registry(answer: Answer, given: Parameters) -> None:
    """DescribeImages gives a registryId of zeros."""
    for each in answer["imageDetails"]:
        each["registryId"] = "000000000000"


@broken_answer("DescribeImages", condemned_by=["images.described-media-type"])
def every_manifest_is_of_docker(answer: Answer, given: Parameters) -> None:
    """DescribeImages gives every image the media type of Docker's manifests."""
    for each in answer["imageDetails"]:
        each["imageManifestMediaType"] = "application/vnd.docker.distribution.manifest.v2+json"


@broken_answer("DescribeImages", condemned_by=["images.artifact-media-type"])
def the_artifact_type_is_that_of_the_manifest(answer: Answer, given: Parameters) -> None:
    """DescribeImages gives the manifest's media type as that of the artifact."""
    for each in answer["imageDetails"]:
        if "artifactMediaType" in each:
            each["artifactMediaType"] = each["imageManifestMediaType"]


@broken_answer(
    "BatchGetImage",
    condemned_by=["client.pull", "images.accepted-media-type", "images.get-returns-manifest"],
)
def the_manifest_is_given_anew(answer: Answer, given: Parameters) -> None:
    """BatchGetImage gives the manifest as it writes JSON itself."""
    for each in answer["images"]:
        each["imageManifest"] = json.dumps(json.loads(each["imageManifest"]), indent=1)


@broken_answer("BatchGetImage", condemned_by=["client.pull", "images.accepted-media-type"])
def accepted_types_convert(answer: Answer, given: Parameters) -> None:
    """BatchGetImage writes the manifest anew where media types are accepted."""
    for each in answer["images"]:
        if "acceptedMediaTypes" in given:
            each["imageManifest"] = json.dumps(json.loads(each["imageManifest"]), indent=1)


@broken_answer("BatchGetImage", condemned_by=["images.get-media-type"])
def every_image_given_is_of_docker(answer: Answer, given: Parameters) -> None:
    """BatchGetImage gives every image the media type of Docker's manifests."""
    for each in answer["images"]:
        each["imageManifestMediaType"] = "application/vnd.docker.distribution.manifest.v2+json"


@broken_answer(
    "BatchGetImage",
    condemned_by=["images.get-names-image", "ecr.images.registry-and-repository"],
)
def images_are_given_without_their_repository(answer: Answer, given: Parameters) -> None:
    """BatchGetImage gives images with the last part of their repository's name."""
    for each in answer["images"]:
        each["repositoryName"] = each["repositoryName"].partition("-")[2]


@broken_operation("BatchGetImage", condemned_by=["images.get-every-image"])
def only_the_last_image_is_given(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """BatchGetImage gives the last of several images that are there."""
    _, answer = right(registry, given, call)
    return registry, {**answer, "images": answer["images"][-1:]}


@broken_operation("ListImages", condemned_by=["images.listed-with-every-tag"])
def one_entry_for_each_image(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """ListImages has one entry for each image, with one of its tags."""
    _, answer = right(registry, given, call)
    by_digest = {each["imageDigest"]: each for each in answer["imageIds"]}
    return registry, {**answer, "imageIds": list(by_digest.values())}


@broken_answer("ListImages", condemned_by=["images.untagged-listed-by-digest"])
def untagged_images_are_listed_as_untagged(answer: Answer, given: Parameters) -> None:
    """ListImages has an empty tag for an untagged image, unless it is asked for such."""
    if "filter" not in given and len(answer["imageIds"]) == 1:
        answer["imageIds"][0].setdefault("imageTag", "untagged")


@broken_operation("ListImages", condemned_by=["images.list-of-empty-repository"])
def an_empty_repository_is_not_listed(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """ListImages of a repository that never had a layer is refused."""
    repository = _repository(registry, given)
    empty = repository.name in registry.repositories and not repository.layers
    if empty and given.keys() == {"repositoryName"}:
        raise Refusal("RepositoryNotFoundException", "There is nothing in the repository")
    return right(registry, given, call)


@broken_operation(
    "ListImages",
    "DescribeImages",
    condemned_by=[
        "images.filter-by-tag-status",
        "registry.storage-class-archived",
        "registry.storage-class-filter",
    ],
    services=["ecr"],
)
def filters_do_not_count(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Listings of images ignore their filter."""
    rest = {name: value for name, value in given.items() if name != "filter"}
    return right(registry, rest, call)


def _repository(registry: Registry, given: Parameters) -> Repository:
    """The repository asked for, or an empty one where there is none."""
    name = given["repositoryName"]
    return registry.repositories.get(name, Repository(name, 0.0))


def _parsed(given: Parameters) -> Answer:
    """The manifest as JSON; nothing of one that is none."""
    try:
        parsed = json.loads(given["imageManifest"])
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


@broken_operation("PutImage", condemned_by=["images.longest-manifest"])
def manifests_have_a_megabyte(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A manifest of more than a megabyte is refused."""
    if len(given["imageManifest"]) > 1_000_000:
        raise Refusal("InvalidParameterException", "the manifest is too long")
    return right(registry, given, call)


@broken_operation("PutImage", condemned_by=["images.no-json-refused"])
def the_end_of_a_manifest_is_guessed(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage takes a manifest whose last bracket is missing."""
    text = given["imageManifest"]
    mended = text + "}" * (text.count("{") - text.count("}"))
    return right(registry, {**given, "imageManifest": mended}, call)


@broken_operation("PutImage", condemned_by=["images.same-untagged-refused"])
def an_untagged_image_is_put_again(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage without a tag takes an image that is there already."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != "ImageAlreadyExistsException" or "imageTag" in given:
            raise
        repository = registry.repositories[given["repositoryName"]]
        image = repository.images[digest_of(given["imageManifest"].encode())]
        return registry, {"image": described_image(image, repository, None, call)}
