"""Layer uploads: begun, sent in one part or several, completed."""

from __future__ import annotations

import re

import pytest

from conformance.suite.answers import text
from conformance.suite.artifacts import Blob, layer
from conformance.suite.evidence import documented, model
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.topics.image_answers import AWS_CLI_EXAMPLES
from conformance.suite.topics.layer_uploads import SMALLEST_PART, begun, uploaded
from conformance.suite.verdicts import MUST, SHOULD

_UPLOAD_ID = documented(
    "InitiateLayerUpload.uploadId",
    "The upload ID for the layer upload. This parameter is passed to further UploadLayerPart and "
    "CompleteLayerUpload operations.",
)
_IN_PARTS = documented(
    "UploadLayerPart",
    "When an image is pushed, each new image layer is uploaded in parts.",
)
_DIGEST = documented("CompleteLayerUpload.layerDigest", "The sha256 digest of the image layer.")
_LAST_BYTE = documented(
    "UploadLayerPart.lastByteReceived",
    "The integer value of the last byte received in the request.",
    public="The integer value of the last byte that's received in the request.",
)
_PART_EXAMPLE = f"{AWS_CLI_EXAMPLES}/ecr/upload-layer-part.rst"
_COMPLETE_EXAMPLE = f"{AWS_CLI_EXAMPLES}/ecr/complete-layer-upload.rst"


@rule(
    "layers.uploads-have-own-ids",
    level=MUST,
    operations=["InitiateLayerUpload"],
    evidence=[_UPLOAD_ID],
)
def test_every_upload_has_an_id_of_its_own(registry: Registry, repository: str) -> None:
    """Every layer upload gets an uploadId of its own."""
    ids = [
        text(registry.call("InitiateLayerUpload", repositoryName=repository), "uploadId")
        for _ in range(2)
    ]
    assert all(ids), f"an answer has no uploadId: {ids}"
    assert ids[0] != ids[1], f"two uploads were begun, both have the uploadId {ids[0]}"


@rule(
    "layers.upload-id-is-uuid",
    level=SHOULD,
    operations=["InitiateLayerUpload"],
    evidence=[
        model("UploadId", "pattern of a UUID"),
        documented(
            "initiate-layer-upload",
            '"uploadId": "6cb64b8a-9378-0e33-2ab1-b780fab8a9e9"',
            url=f"{AWS_CLI_EXAMPLES}/ecr/initiate-layer-upload.rst",
        ),
    ],
)
def test_an_upload_id_is_a_uuid(registry: Registry, repository: str) -> None:
    """An uploadId has the form of a UUID."""
    found = registry.call("InitiateLayerUpload", repositoryName=repository).get("uploadId")
    form = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    assert re.fullmatch(form, str(found)), f"the uploadId {found!r} is no UUID"


@rule(
    "layers.part-size",
    level=MUST,
    operations=["InitiateLayerUpload"],
    evidence=[
        documented(
            "InitiateLayerUpload.partSize",
            "The size, in bytes, that Amazon ECR expects future layer part uploads to be.",
        )
    ],
)
def test_the_part_size_is_a_number_of_bytes(registry: Registry, repository: str) -> None:
    """InitiateLayerUpload answers with a partSize of at least one byte."""
    found = registry.call("InitiateLayerUpload", repositoryName=repository).get("partSize")
    positive = isinstance(found, int) and not isinstance(found, bool) and found > 0
    assert positive, f"partSize is {found!r}, not a positive integer"


@rule(
    "layers.last-byte-received",
    level=MUST,
    operations=["UploadLayerPart"],
    evidence=[
        _LAST_BYTE,
        documented(
            "upload-layer-part",
            'the example sends --part-last-byte 8323314 and is answered "lastByteReceived": '
            "8323314",
            url=_PART_EXAMPLE,
        ),
    ],
)
def test_the_last_byte_is_reported(registry: Registry, repository: str) -> None:
    """The lastByteReceived of a layer's first part is the part's last byte, counted from 0."""
    part = begun(registry, repository).part(layer(registry.content_seed).content)
    found = registry.call("UploadLayerPart", **part).get("lastByteReceived")
    wanted = part["partLastByte"]
    assert found == wanted, f"bytes 0 to {wanted} were sent, lastByteReceived is {found}"


@rule(
    "layers.part-names-upload",
    level=MUST,
    operations=["UploadLayerPart"],
    evidence=[
        documented(
            "UploadLayerPart.uploadId",
            "The upload ID associated with the request.",
            public="The upload ID that's associated with the request.",
        ),
        documented(
            "UploadLayerPart.repositoryName",
            "The repository name associated with the request.",
            public="The repository name that's associated with the request.",
        ),
    ],
)
def test_a_part_is_answered_with_its_upload(registry: Registry, repository: str) -> None:
    """UploadLayerPart names no other repository and no other upload than those of the request."""
    part = begun(registry, repository).part(layer(registry.content_seed).content)
    answer = registry.call("UploadLayerPart", **part)
    _require_same_names(answer, part)


@rule(
    "layers.completion-names-upload",
    level=MUST,
    operations=["CompleteLayerUpload"],
    evidence=[
        documented(
            "CompleteLayerUpload.uploadId",
            "The upload ID associated with the layer.",
            public="The upload ID that's associated with the layer.",
        ),
        documented(
            "CompleteLayerUpload.repositoryName",
            "The repository name associated with the request.",
            public="The repository name that's associated with the request.",
        ),
    ],
)
def test_a_completion_is_answered_with_its_upload(registry: Registry, repository: str) -> None:
    """CompleteLayerUpload names no other repository and no other upload than those of the request.

    That both are there at all is a matter of ``shapes.presence``.
    """
    blob = layer(registry.content_seed)
    request = uploaded(registry, repository, blob).completion(blob.digest)
    answer = registry.call("CompleteLayerUpload", **request)
    _require_same_names(answer, request)


def _require_same_names(answer: dict[str, object], request: dict[str, object]) -> None:
    for member in ("uploadId", "repositoryName"):
        found, asked = answer.get(member, request[member]), request[member]
        assert found == asked, f"{member} of the request is {asked}, of the answer {found}"


@rule(
    "layers.digest",
    level=MUST,
    operations=["CompleteLayerUpload"],
    evidence=[
        _DIGEST,
        documented(
            "complete-layer-upload",
            '"layerDigest": "sha256:9a77f85878aa1906f2020a0ecdf7a7e962d57e882250acd773383224b3fe9a'
            '02"',
            url=_COMPLETE_EXAMPLE,
        ),
    ],
)
def test_a_layer_has_the_digest_of_its_content(registry: Registry, repository: str) -> None:
    """CompleteLayerUpload answers with the SHA-256 digest of the bytes that were uploaded."""
    blob = layer(registry.content_seed)
    upload = uploaded(registry, repository, blob)
    answer = registry.call("CompleteLayerUpload", **upload.completion(blob.digest))
    _require_digest(answer, blob)


def _require_digest(answer: dict[str, object], blob: Blob) -> None:
    found = answer.get("layerDigest")
    assert found == blob.digest, f"the layer's SHA-256 is {blob.digest}, layerDigest is {found}"


@pytest.mark.parametrize("size", [SMALLEST_PART, SMALLEST_PART + 1000])
@rule(
    "layers.several-parts",
    level=MUST,
    operations=["UploadLayerPart", "CompleteLayerUpload"],
    evidence=[
        _IN_PARTS,
        documented(
            "UploadLayerPart.partFirstByte",
            "The position of the first byte of the layer part witin the overall image layer.",
        ),
        documented(
            "CompleteLayerUpload.LayerPartTooSmallException",
            "Layer parts must be at least 5 MiB in size.",
        ),
    ],
)
def test_a_layer_is_uploaded_in_several_parts(
    registry: Registry, repository: str, size: int
) -> None:
    """A part of 5 MiB, or of more, and the part that follows it become one layer."""
    blob = layer(registry.content_seed, size + 1000)
    upload = begun(registry, repository)
    for first in (0, size):
        content = blob.content[first : first + size]
        registry.call("UploadLayerPart", **upload.part(content, first))
    answer = registry.call("CompleteLayerUpload", **upload.completion(blob.digest))
    _require_digest(answer, blob)


@rule(
    "layers.last-byte-of-later-part",
    level=SHOULD,
    operations=["UploadLayerPart"],
    evidence=[_LAST_BYTE],
)
def test_the_last_byte_of_a_later_part_is_reported(registry: Registry, repository: str) -> None:
    """The lastByteReceived of a later part is that part's last byte within the layer."""
    blob = layer(registry.content_seed, SMALLEST_PART + 1000)
    upload = begun(registry, repository)
    registry.given("UploadLayerPart", **upload.part(blob.content[:SMALLEST_PART]))
    part = upload.part(blob.content[SMALLEST_PART:], SMALLEST_PART)
    found = registry.call("UploadLayerPart", **part).get("lastByteReceived")
    wanted = part["partLastByte"]
    assert found == wanted, f"the second part ends at {wanted}, lastByteReceived is {found}"


@rule(
    "layers.uploads-apart",
    level=MUST,
    operations=["UploadLayerPart", "CompleteLayerUpload"],
    evidence=[_UPLOAD_ID, _DIGEST],
)
def test_two_uploads_do_not_mix(registry: Registry, repository: str) -> None:
    """Two uploads under way in one repository become two layers, each of its own bytes."""
    blobs = [layer(f"{registry.content_seed} {name}") for name in ("one", "two")]
    uploads = [begun(registry, repository) for _ in blobs]
    for upload, blob in zip(uploads, blobs, strict=True):
        registry.call("UploadLayerPart", **upload.part(blob.content))
    for upload, blob in zip(uploads, blobs, strict=True):
        answer = registry.call("CompleteLayerUpload", **upload.completion(blob.digest))
        _require_digest(answer, blob)
