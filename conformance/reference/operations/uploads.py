"""Layers under way: begun, uploaded part by part, completed.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_InitiateLayerUpload.html,
API_UploadLayerPart and API_CompleteLayerUpload.
"""

from __future__ import annotations

from dataclasses import replace

from conformance.reference.call import Call, Outcome, Parameters, existing, named
from conformance.reference.operations.manifests import digest_of
from conformance.reference.refusal import Refusal
from conformance.reference.state import Registry, Repository, Upload, without

PART_SIZE = 10 * 1024 * 1024
"""What AWS's example answers
(https://github.com/aws/aws-cli/blob/develop/awscli/examples/ecr/initiate-layer-upload.rst)."""

SMALLEST_PART = 5 * 1024 * 1024
"""https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html"""


def initiate_layer_upload(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Begin an upload. "Notifies Amazon ECR that you intend to upload an image layer"."""
    repository = existing(registry, given["repositoryName"], call)
    upload_id = str(call.fresh)
    begun = replace(repository, uploads={**repository.uploads, upload_id: Upload()})
    return registry.having(begun), {"uploadId": upload_id, "partSize": PART_SIZE}


def upload_layer_part(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Take the next part of a layer. "Uploads an image layer part to Amazon ECR".

    Each part begins where the one before ended, and has as many bytes as its positions say, both
    inclusive.
    """
    repository = existing(registry, given["repositoryName"], call)
    upload = _upload(repository, given, call)
    _require_next_part(upload, repository, given, call)
    longer = Upload((*upload.parts, given["layerPartBlob"]))
    stored = replace(repository, uploads={**repository.uploads, given["uploadId"]: longer})
    answer = {
        **named(repository, call),
        "uploadId": given["uploadId"],
        "lastByteReceived": given["partLastByte"],
    }
    return registry.having(stored), answer


def complete_layer_upload(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Make a layer of the parts.

    "Informs Amazon ECR that the image layer upload has completed"; the digest given is there "for
    data validation purposes".
    """
    repository = existing(registry, given["repositoryName"], call)
    upload = _upload(repository, given, call)
    _require_parts(upload, repository, given, call)
    content = b"".join(upload.parts)
    digest = digest_of(content)
    _require_digest(digest, given)
    _require_new(digest, repository, call)
    completed = replace(
        repository,
        layers={**repository.layers, digest: content},
        uploads=without(repository.uploads, given["uploadId"]),
    )
    answer = {**named(repository, call), "uploadId": given["uploadId"], "layerDigest": digest}
    return registry.having(completed), answer


def _upload(repository: Repository, given: Parameters, call: Call) -> Upload:
    """The upload that is meant, or ``UploadNotFoundException``.

    "The upload could not be found, or the specified upload ID is not valid for this repository".
    The text is not public.
    """
    upload = repository.uploads.get(given["uploadId"])
    if upload is None:
        raise Refusal(
            "UploadNotFoundException", f"{_subject(repository, given, call)} does not exist"
        )
    return upload


def _subject(repository: Repository, given: Parameters, call: Call) -> str:
    return (
        f"The upload with id '{given['uploadId']}' in the repository with name "
        f"'{repository.name}' in registry with id '{call.key.account}'"
    )


def _require_next_part(
    upload: Upload, repository: Repository, given: Parameters, call: Call
) -> None:
    """Refuse a part that does not follow the last one, or is not as long as it claims.

    InvalidLayerPartException: "The layer part size is not valid, or the first byte specified is
    not consecutive to the last byte of a previous layer part upload". Text of the latter:
    https://github.com/GoogleContainerTools/kaniko/issues/607.
    """
    first, last = given["partFirstByte"], given["partLastByte"]
    message = ""
    if first != upload.size:
        message = f"First byte of the layer part is {first} instead of {upload.size}"
    elif last - first + 1 != len(given["layerPartBlob"]):
        message = f"The layer part has {len(given['layerPartBlob'])} bytes, not {last - first + 1}"
    if message:
        received = {"lastValidByteReceived": upload.size - 1} if upload.parts else {}
        members = {**named(repository, call), "uploadId": given["uploadId"], **received}
        raise Refusal("InvalidLayerPartException", message, members)


def _require_parts(upload: Upload, repository: Repository, given: Parameters, call: Call) -> None:
    """Refuse to complete an upload of no parts, or of small ones.

    EmptyUploadException: "The specified layer upload does not contain any layer parts". Text:
    https://github.com/devcontainers/cli/issues/814. LayerPartTooSmallException: "Layer parts must
    be at least 5 MiB in size". Text: https://github.com/dotnet/sdk-container-builds/issues/424.
    """
    if not upload.parts:
        raise Refusal(
            "EmptyUploadException",
            f"{_subject(repository, given, call)} cannot be completed because it does not have "
            "any parts",
        )
    if any(len(part) < SMALLEST_PART for part in upload.parts[:-1]):
        raise Refusal(
            "LayerPartTooSmallException",
            "All layer parts except the last part should be at least 5MB",
        )


def _require_digest(digest: str, given: Parameters) -> None:
    """Refuse a layer whose digest is not the one given.

    InvalidLayerException: "The layer digest calculation performed by Amazon ECR upon receipt of
    the image layer does not match the digest specified". Digests of other algorithms are not
    looked at: AWS's example gives one. The text is not public.
    """
    claimed = [each for each in given["layerDigests"] if each.startswith("sha256:")]
    if claimed and digest not in claimed:
        raise Refusal(
            "InvalidLayerException", f"The layer has the digest '{digest}', not {claimed}"
        )


def _require_new(digest: str, repository: Repository, call: Call) -> None:
    """Refuse a layer that is there already.

    LayerAlreadyExistsException: "The image layer already exists in the associated repository". The
    text is not public.
    """
    if digest in repository.layers:
        raise Refusal(
            "LayerAlreadyExistsException",
            f"The layer with digest '{digest}' already exists in the repository with name "
            f"'{repository.name}' in registry with id '{call.key.account}'",
        )
