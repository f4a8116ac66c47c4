"""Layer uploads that go wrong: parts out of place, unknown uploads, layers that do not fit."""

from __future__ import annotations

import pytest

from conformance.suite.answers import describe, refusal, success
from conformance.suite.artifacts import digest_of, layer
from conformance.suite.evidence import documented, model, observed, recorded, unverified
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import create_repository, upload
from conformance.suite.topics.image_answers import unknown_digest
from conformance.suite.topics.layer_uploads import (
    CONTAINERD_RESOLVER,
    LayerUpload,
    begun,
    checked,
    states,
    uploaded,
)
from conformance.suite.verdicts import INFO, MUST, SHOULD
from conformance.suite.walk import UNKNOWN_UPLOAD

_INVALID_PART = documented(
    "UploadLayerPart.InvalidLayerPartException",
    "The layer part size is not valid, or the first byte specified is not consecutive to the last "
    "byte of a previous layer part upload.",
    public="The layer part size isn't valid, or the first byte specified isn't consecutive to the "
    "last byte of a previous layer part upload.",
)
_INVALID_LAYER = documented(
    "CompleteLayerUpload.InvalidLayerException",
    "The layer digest calculation performed by Amazon ECR upon receipt of the image layer does not "
    "match the digest specified.",
    public="The layer digest calculation performed by Amazon ECR when the image layer doesn't "
    "match the digest specified.",
)
_UPLOAD_NOT_FOUND = documented(
    "UploadLayerPart.UploadNotFoundException",
    "The upload could not be found, or the specified upload ID is not valid for this repository.",
    public="The upload can't be found, or the specified upload ID isn't valid for this repository.",
)
_TOO_SMALL = documented(
    "CompleteLayerUpload.LayerPartTooSmallException",
    "Layer parts must be at least 5 MiB in size.",
)


@pytest.mark.parametrize("place", ["gap", "repeat"])
@rule(
    "layers.part-out-of-place-refused",
    level=MUST,
    operations=["UploadLayerPart"],
    evidence=[
        _INVALID_PART,
        observed(
            "UploadLayerPart",
            "First byte of the layer part is 0 instead of 11304960",
            "https://github.com/apple/container/issues/1895",
        ),
    ],
)
def test_a_part_out_of_place_is_refused(registry: Registry, repository: str, place: str) -> None:
    """A part that does not begin right after the last byte of the part before it is refused."""
    blob = layer(registry.content_seed)
    under_way = uploaded(registry, repository, blob)
    first = {"gap": len(blob.content) + 1, "repeat": 0}[place]
    registry.refused(
        "UploadLayerPart", "InvalidLayerPartException", **under_way.part(blob.content, first)
    )


@rule(
    "layers.last-valid-byte",
    level=SHOULD,
    operations=["UploadLayerPart"],
    services=["ecr"],
    evidence=[
        documented(
            "InvalidLayerPartException.lastValidByteReceived",
            "The last valid byte received from the layer part upload that is associated with the "
            "exception.",
        ),
    ],
)
def test_a_refused_part_tells_where_to_go_on(registry: Registry, repository: str) -> None:
    """The refusal of a part out of place tells the last valid byte, counted from 0."""
    blob = layer(registry.content_seed, 1000)
    under_way = uploaded(registry, repository, blob)
    error = registry.refused(
        "UploadLayerPart", "InvalidLayerPartException", **under_way.part(blob.content, 0)
    )
    told, last = error.members.get("lastValidByteReceived"), len(blob.content) - 1
    assert told == last, f"byte {last} was the last that came, lastValidByteReceived is {told}"


@rule(
    "layers.part-size-not-that-of-range",
    level=INFO,
    operations=["UploadLayerPart"],
    evidence=[
        _INVALID_PART,
        unverified("UploadLayerPart", "Is a part of fewer bytes than its range has refused?"),
    ],
)
def test_what_a_part_shorter_than_its_range_is(
    registry: Registry, repository: str, observe: list[str]
) -> None:
    """A part with fewer bytes than there are from its first byte to its last is refused or not."""
    part = begun(registry, repository).part(layer(registry.content_seed).content)
    response = registry.send("UploadLayerPart", {**part, "partLastByte": part["partLastByte"] + 10})
    observe.append(f"a part ten bytes short of its range: {describe(response)}")


@pytest.mark.parametrize("upload_of", ["nobody", "another-repository"])
@rule(
    "layers.part-of-unknown-upload-refused",
    level=MUST,
    operations=["UploadLayerPart"],
    evidence=[_UPLOAD_NOT_FOUND],
)
def test_a_part_of_an_unknown_upload_is_refused(
    registry: Registry, repository: str, upload_of: str
) -> None:
    """A part is refused when the repository has no upload of that uploadId."""
    content = layer(registry.content_seed).content
    registry.given("UploadLayerPart", **begun(registry, repository).part(content))
    unknown = LayerUpload(repository, _unknown(registry, upload_of))
    registry.refused("UploadLayerPart", "UploadNotFoundException", **unknown.part(content))


@pytest.mark.parametrize("upload_of", ["nobody", "another-repository"])
@rule(
    "layers.completing-unknown-upload-refused",
    level=MUST,
    operations=["CompleteLayerUpload"],
    evidence=[_UPLOAD_NOT_FOUND],
)
def test_completing_an_unknown_upload_is_refused(
    registry: Registry, repository: str, upload_of: str
) -> None:
    """CompleteLayerUpload is refused when the repository has no upload of that uploadId."""
    upload(registry, repository, layer(f"{registry.content_seed} twin"))
    unknown = LayerUpload(repository, _unknown(registry, upload_of))
    digest = layer(registry.content_seed).digest
    registry.refused("CompleteLayerUpload", "UploadNotFoundException", **unknown.completion(digest))


def _unknown(registry: Registry, upload_of: str) -> str:
    """The id of an upload that nobody began, or that is under way in another repository."""
    if upload_of == "nobody":
        return UNKNOWN_UPLOAD
    other = create_repository(registry, "-other")
    return uploaded(registry, other, layer(registry.content_seed)).upload_id


@rule(
    "layers.empty-upload-refused",
    level=MUST,
    operations=["CompleteLayerUpload"],
    evidence=[
        documented(
            "CompleteLayerUpload.EmptyUploadException",
            "The specified layer upload does not contain any layer parts.",
            public="The specified layer upload doesn't contain any layer parts.",
        ),
        recorded(
            "CompleteLayerUpload",
            "EmptyUploadException: … cannot be completed because it does not have any parts",
            "https://github.com/devcontainers/cli/issues/814",
        ),
    ],
)
def test_an_empty_upload_is_refused(registry: Registry, repository: str) -> None:
    """CompleteLayerUpload is refused while no part was uploaded."""
    upload(registry, repository, layer(f"{registry.content_seed} twin"))
    empty = begun(registry, repository)
    registry.refused(
        "CompleteLayerUpload", "EmptyUploadException", **empty.completion(digest_of(b""))
    )


@rule(
    "layers.wrong-digest-refused",
    level=MUST,
    operations=["CompleteLayerUpload"],
    evidence=[
        _INVALID_LAYER,
        observed(
            "CompleteLayerUpload.layerDigests",
            "ECR has validated that the digest provided matches, where it starts with sha256:",
            f"{CONTAINERD_RESOLVER}/layer_writer.go",
        ),
    ],
)
def test_a_layer_with_another_digest_is_refused(registry: Registry, repository: str) -> None:
    """CompleteLayerUpload is refused when the uploaded bytes have another SHA-256 digest."""
    upload(registry, repository, layer(f"{registry.content_seed} twin"))
    under_way = uploaded(registry, repository, layer(registry.content_seed))
    registry.refused(
        "CompleteLayerUpload", "InvalidLayerException",
        **under_way.completion(unknown_digest(registry)),
    )  # fmt: skip


@rule(
    "layers.refused-layer-not-stored",
    level=MUST,
    operations=["CompleteLayerUpload"],
    evidence=[_INVALID_LAYER],
)
def test_a_layer_is_not_stored_under_a_wrong_digest(registry: Registry, repository: str) -> None:
    """Completing an upload with a wrong digest makes no layer of that digest available."""
    upload(registry, repository, layer(f"{registry.content_seed} twin"))
    digest = unknown_digest(registry)
    if states(checked(registry, repository, digest)).get(digest) == "AVAILABLE":
        raise Untestable("BatchCheckLayerAvailability", f"{digest} is AVAILABLE from the start")
    under_way = uploaded(registry, repository, layer(registry.content_seed))
    registry.send("CompleteLayerUpload", under_way.completion(digest))
    state = states(checked(registry, repository, digest)).get(digest)
    assert state != "AVAILABLE", f"no such bytes were uploaded, but {digest} is {state}"


@rule(
    "layers.small-parts-refused",
    level=MUST,
    operations=["CompleteLayerUpload"],
    evidence=[
        _TOO_SMALL,
        recorded(
            "CompleteLayerUpload",
            "LayerPartTooSmallException: All layer parts except the last part should be at least "
            "5MB",
            "https://github.com/dotnet/sdk-container-builds/issues/424",
        ),
    ],
)
def test_a_layer_of_small_parts_is_refused(registry: Registry, repository: str) -> None:
    """A layer of two parts, the first of them below 5 MiB, is refused."""
    blob = layer(registry.content_seed, 2000)
    upload(registry, repository, layer(f"{registry.content_seed} twin"))
    under_way = begun(registry, repository)
    registry.given("UploadLayerPart", **under_way.part(blob.content[:1000]))
    second = registry.send("UploadLayerPart", under_way.part(blob.content[1000:], 1000))
    early = refusal(second)
    if early is not None and early.code == "InvalidLayerPartException":
        return  # "The layer part size is not valid": a registry need not wait for the end
    if success(second) is None:
        raise Untestable("UploadLayerPart", describe(second))
    registry.refused(
        "CompleteLayerUpload", "LayerPartTooSmallException", **under_way.completion(blob.digest)
    )


@rule(
    "layers.same-layer-again-refused",
    level=MUST,
    operations=["CompleteLayerUpload"],
    evidence=[
        documented(
            "CompleteLayerUpload.LayerAlreadyExistsException",
            "The image layer already exists in the associated repository.",
        ),
        observed(
            "CompleteLayerUpload",
            "AWS's own client takes LayerAlreadyExistsException for success",
            f"{CONTAINERD_RESOLVER}/layer_writer.go",
        ),
    ],
)
def test_the_same_layer_again_is_refused(registry: Registry, repository: str) -> None:
    """Completing the upload of a layer that the repository has already is refused."""
    blob = layer(registry.content_seed)
    upload(registry, repository, blob)

    def refused() -> None:
        again = uploaded(registry, repository, blob).completion(blob.digest)
        registry.refused("CompleteLayerUpload", "LayerAlreadyExistsException", **again)

    registry.eventually(refused)


@rule(
    "layers.upload-after-completion",
    level=INFO,
    operations=["UploadLayerPart", "CompleteLayerUpload"],
    evidence=[
        _UPLOAD_NOT_FOUND,
        unverified("UploadLayerPart", "Is an upload still found once it was completed?"),
        model("UploadLayerPart", "declares UploadNotFoundException"),
    ],
)
def test_what_an_upload_is_after_its_completion(
    registry: Registry, repository: str, observe: list[str]
) -> None:
    """An upload that was completed is found no more, or still takes parts."""
    blob = layer(registry.content_seed)
    done = uploaded(registry, repository, blob)
    registry.given("CompleteLayerUpload", **done.completion(blob.digest))
    part = done.part(blob.content, len(blob.content))
    for operation, request in (
        ("UploadLayerPart", part),
        ("CompleteLayerUpload", done.completion(blob.digest)),
    ):
        response = registry.send(operation, request)
        observe.append(f"{operation} after completion: {describe(response)}")
