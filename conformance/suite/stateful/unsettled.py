"""What AWS has not made public, so that no program rests on it.

The reference has to do something in these cases, too; what it does is one possibility of several.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from conformance.reference.operations.tag_mutability import tag_is_immutable
from conformance.reference.state import Repository
from conformance.suite.artifacts import digest_of
from conformance.suite.stateful.call import IMAGES, UPLOADING, Call, DigestOf

_NOTHING_NEW = frozenset({"ImageAlreadyExistsException", "ImageTagAlreadyExistsException"})
_NOTHING_THERE = frozenset({"RepositoryNotFoundException", "UploadNotFoundException"})
_NOT_IN_USE = frozenset({"LayerInaccessibleException", "LayersNotFoundException"})


@dataclass(frozen=True, slots=True)
class Situation:
    """A repository as the reference has it before a call.

    ``doubtful`` are layers that were there, and that AWS may have deleted since: "Unassociated
    image layers may be cleaned up at any time" (LayerInaccessibleException of
    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetDownloadUrlForLayer.html).
    """

    repository: Repository
    doubtful: AbstractSet[str]


def is_open(call: Call, situation: Situation) -> bool:
    """Whether nobody knows what AWS answers to a call."""
    question = _QUESTIONS.get(call.operation)
    return question is not None and question(call, situation)


def codes_alike(call: Call, code: str, situation: Situation | None) -> frozenset[str]:
    """The codes that AWS may refuse a call with where the reference refuses with ``code``.

    A push of what is there already to an immutable tag was seen refused with either of two
    (https://github.com/aws/containers-roadmap/issues/2179); a layer that belongs to no image is
    inaccessible as long as it is there; and where there is no repository, there is no upload.
    """
    if situation is None:
        return _NOTHING_THERE if call.operation in UPLOADING[1:] else frozenset({code})
    immutable = situation.repository.settings.mutability == "IMMUTABLE"
    if code == "ImageAlreadyExistsException" and immutable:
        return _NOTHING_NEW
    return _NOT_IN_USE if code == "LayerInaccessibleException" else frozenset({code})


def still_doubtful(call: Call, before: Situation, after: Repository | None) -> AbstractSet[str]:
    """The layers that are doubtful after a call, which left the repository so.

    They are those of deleted images and repositories, until a call has shown that they are there.
    """
    if after is None:
        return before.doubtful | set(before.repository.layers)
    left = _in_use(before.repository) - _in_use(after)
    completed = call.operation == "CompleteLayerUpload"
    shown = set(call.members["layerDigests"]) & set(after.layers) if completed else set()
    return (before.doubtful | left) - _in_use(after) - shown


def _in_use(repository: Repository) -> AbstractSet[str]:
    return frozenset(digest for image in repository.images.values() for digest in image.layers)


def _layers_but_no_image(call: Call, situation: Situation) -> bool:
    """Whether a repository is empty that has layers alone, or has some under way."""
    there = situation.repository
    bare = not there.images and bool(there.layers or there.uploads)
    return bare and not call.members.get("force")


def _which_comes_first(call: Call, situation: Situation) -> bool:
    """Whether layers are still there; which of two errors comes; and what names no tag is for."""
    there, text, tag = situation.repository, call.members["imageManifest"], _tag(call)
    manifest = next(each for each in IMAGES.values() if each.text == text)
    blobs = {blob.digest for blob in manifest.blobs}
    parts = blobs <= set(there.layers) and _children(text) <= set(there.images)
    old = there.tags.get(tag)
    taken = old is not None and old.digest != manifest.digest
    conflict = taken and tag_is_immutable(there.settings, tag)
    again = not tag and bool(there.tags_of(manifest.digest))
    return bool(blobs & situation.doubtful) or (conflict and not parts) or again


def _tag(call: Call) -> str:
    return str(call.members.get("imageTag", ""))


def _children(text: str) -> AbstractSet[str]:
    return {each.digest for each in IMAGES.values() if each.text != text and each.digest in text}


def _one_after_the_other(call: Call, situation: Situation) -> bool:
    """Whether an image that two of the ids are about is there for the second of them."""
    there = situation.repository
    digests = [_meant(each, there) for each in call.members["imageIds"]]
    known = [there.images[digest] for digest in digests if digest in there.images]
    listed = {digest for image in known for digest in image.images}
    by_digest = any("imageDigest" in each for each in call.members["imageIds"])
    twice = by_digest and len({image.digest for image in known}) < len(known)
    return twice or bool(listed & {image.digest for image in known})


def _meant(image_id: Mapping[str, object], there: Repository) -> str:
    digest = image_id.get("imageDigest")
    if isinstance(digest, DigestOf):
        return IMAGES[digest.image].digest
    tag = there.tags.get(str(image_id["imageTag"]))
    return "" if tag is None else tag.digest


def _uploaded_before(call: Call, situation: Situation) -> bool:
    """Whether what is uploaded is still there from before; and which of two errors comes."""
    there, (claimed,) = situation.repository, call.members["layerDigests"]
    contents = {digest_of(b"".join(each.parts)) for each in there.uploads.values()}
    wrong = contents != {claimed}
    known = ({claimed} | contents) & set(there.layers)
    return bool(({claimed} | contents) & situation.doubtful) or (wrong and bool(known))


def _unknown_keys(call: Call, situation: Situation) -> bool:
    """Whether a tag that is not there can be taken away."""
    return not set(call.members["tagKeys"]) <= set(situation.repository.settings.resource_tags)


def _still_there(call: Call, situation: Situation) -> bool:
    digests = {*call.members.get("layerDigests", ()), call.members.get("layerDigest")}
    return bool(digests & situation.doubtful)


_QUESTIONS: Mapping[str, Callable[[Call, Situation], bool]] = {
    "BatchCheckLayerAvailability": _still_there,
    "BatchDeleteImage": _one_after_the_other,
    "CompleteLayerUpload": _uploaded_before,
    "DeleteRepository": _layers_but_no_image,
    "GetDownloadUrlForLayer": _still_there,
    "PutImage": _which_comes_first,
    "UntagResource": _unknown_keys,
}
