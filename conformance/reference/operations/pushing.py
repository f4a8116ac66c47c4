"""``PutImage``: what makes an image, and what moves a tag.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from conformance.reference.call import Answer, Call, Outcome, Parameters, existing, named
from conformance.reference.operations.image_ids import require_forms
from conformance.reference.operations.manifests import Manifest, read_manifest
from conformance.reference.operations.replication import replicated
from conformance.reference.operations.scanning import scanned_on_push
from conformance.reference.operations.signing import signed
from conformance.reference.operations.storage_class import restored
from conformance.reference.operations.tag_mutability import tag_is_immutable
from conformance.reference.refusal import Refusal
from conformance.reference.state import Image, Registry, Repository, Tag

MAXIMUM_TAGS = 1000
"""Tags of one image: https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html."""


def put_image(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Store an image, or give one another tag.

    "Creates or updates the image manifest and tags associated with an image". A manifest that is
    there already is the same image, which gains a tag. A tag that is there already moves; the image
    it was on stays, untagged if it had no other. An archived image that is pushed again is restored
    (https://docs.aws.amazon.com/AmazonECR/latest/userguide/restore-image.html).
    """
    repository = existing(registry, given["repositoryName"], call)
    require_forms(given)
    manifest = read_manifest(given["imageManifest"], given.get("imageManifestMediaType"))
    _require_digest(manifest, repository, given, call)
    _require_parts(manifest, repository, call)
    _require_news(manifest, repository, given, call)
    _require_room(manifest, repository, given, call)
    known = repository.images.get(manifest.digest)
    if known:
        image = restored(known, call)
    else:
        new = _image(manifest, repository, given, call)
        image = scanned_on_push(new, registry, repository, call)
    image = signed(replicated(image, registry, repository.name), registry, repository.name)
    pushed = replace(
        repository,
        images={**repository.images, image.digest: image},
        tags=_tagged(repository.tags, given.get("imageTag"), image, call),
    )
    answer = described_image(image, pushed, given.get("imageTag"), call)
    return registry.having(pushed), {"image": answer}


def described_image(image: Image, repository: Repository, tag: str | None, call: Call) -> Answer:
    """The ``Image`` of an answer (API_Image): its manifest is byte for byte what was pushed."""
    tagged = {} if tag is None else {"imageTag": tag}
    return {
        **named(repository, call),
        "imageId": {"imageDigest": image.digest, **tagged},
        "imageManifest": image.manifest,
        "imageManifestMediaType": image.media_type,
    }


def _require_digest(
    manifest: Manifest, repository: Repository, given: Parameters, call: Call
) -> None:
    """Refuse a digest that is not the manifest's.

    ImageDigestDoesNotMatchException: "The specified image digest does not match the digest that
    Amazon ECR calculated for the image". Text:
    https://github.com/google/go-containerregistry/issues/1568.
    """
    digest = given.get("imageDigest", manifest.digest)
    if digest != manifest.digest:
        raise Refusal(
            "ImageDigestDoesNotMatchException",
            f"The image with digest '{digest}' in repository '{repository.name}' and registry ID "
            f"'{call.key.account}' does not match the image digest that Amazon ECR has calculated.",
        )


def _require_parts(manifest: Manifest, repository: Repository, call: Call) -> None:
    """Refuse a manifest whose layers or images are not in the repository.

    LayersNotFoundException: "The specified layers could not be found".
    ReferencedImagesNotFoundException: "The manifest list is referencing an image that does not
    exist". The texts are not public.
    """
    where = f"in repository '{repository.name}' and registry ID '{call.key.account}'"
    missing = [digest for digest in manifest.layers if digest not in repository.layers]
    if missing:
        raise Refusal("LayersNotFoundException", f"Layers {missing} do not exist {where}")
    missing = [digest for digest in manifest.images if digest not in repository.images]
    if missing:
        raise Refusal("ReferencedImagesNotFoundException", f"Images {missing} do not exist {where}")


def _require_news(
    manifest: Manifest, repository: Repository, given: Parameters, call: Call
) -> None:
    """Refuse what would change nothing, and to move a tag that is immutable.

    ImageAlreadyExistsException: "The specified image has already been pushed, and there were no
    changes to the manifest or image tag after the last push"; restoring is a change. Text:
    https://github.com/buildkite-plugins/ecr-buildkite-plugin/issues/111.
    ImageTagAlreadyExistsException: "The specified image is tagged with a tag that already exists.
    The repository is configured for tag immutability". Text:
    https://github.com/moby/buildkit/issues/3776.
    """
    tag = given.get("imageTag")
    old = repository.tags.get(tag) if tag is not None else None
    known = repository.images.get(manifest.digest)
    same = known is not None if tag is None else _on(old, manifest)
    if same and known is not None and known.status == "ACTIVE":
        raise Refusal(
            "ImageAlreadyExistsException",
            f"Image with digest '{manifest.digest}' and tag '{tag or 'null'}' already exists in "
            f"the repository with name '{repository.name}' in registry with id "
            f"'{call.key.account}'",
        )
    moves = old is not None and not same
    if tag is not None and moves and tag_is_immutable(repository.settings, tag):
        raise Refusal(
            "ImageTagAlreadyExistsException",
            f"The image tag '{tag}' already exists in the '{repository.name}' repository and "
            "cannot be overwritten because the repository is immutable.",
        )


def _on(tag: Tag | None, manifest: Manifest) -> bool:
    return tag is not None and tag.digest == manifest.digest


def _require_room(
    manifest: Manifest, repository: Repository, given: Parameters, call: Call
) -> None:
    """Refuse a tag too many. Text: https://github.com/namespacelabs/foundation/issues/649."""
    tag, tags = given.get("imageTag"), repository.tags_of(manifest.digest)
    if tag is not None and tag not in tags and len(tags) >= MAXIMUM_TAGS:
        raise Refusal(
            "LimitExceededException",
            f"Adding tag '{tag}' to an image in the repository with name '{repository.name}' in "
            f"registry with id '{call.key.account}' exceeds the maximum allowed number of tags "
            f"per image which is '{MAXIMUM_TAGS}'",
        )


def _image(manifest: Manifest, repository: Repository, given: Parameters, call: Call) -> Image:
    """A new image. Its time of push has whole seconds, as everywhere AWS shows one.

    "If the image is a manifest list, this will be the max size of all manifests in the list"
    (API_ImageDetail), taken here as the size of the images listed.
    """
    sizes = [repository.images[digest].size for digest in manifest.images]
    return Image(
        digest=manifest.digest,
        manifest=given["imageManifest"],
        media_type=manifest.media_type,
        artifact_type=manifest.artifact_type,
        size=max(sizes, default=0) if manifest.size is None else manifest.size,
        layers=manifest.layers,
        images=manifest.images,
        pushed_at=float(int(call.now)),
        subject=manifest.subject,
        annotations=manifest.annotations,
    )


def _tagged(
    tags: Mapping[str, Tag], name: str | None, image: Image, call: Call
) -> Mapping[str, Tag]:
    return tags if name is None else {**tags, name: Tag(image.digest, float(int(call.now)))}
