"""Layers: uploaded part by part, checked, fetched. A layer belongs to one repository.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_InitiateLayerUpload.html and its
neighbours.
"""

from __future__ import annotations

from dataclasses import replace

from conformance.reference.call import Answer, Call, Outcome, Parameters, existing, named
from conformance.reference.downloads import download_url
from conformance.reference.image_ids import is_digest
from conformance.reference.manifests import digest_of
from conformance.reference.refusal import Refusal
from conformance.reference.state import Registry, Repository, Upload, without

PART_SIZE = 10 * 1024 * 1024
"""What AWS's example answers
(https://github.com/aws/aws-cli/blob/develop/awscli/examples/ecr/initiate-layer-upload.rst)."""

SMALLEST_PART = 5 * 1024 * 1024
"""https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html"""

UNKNOWN_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
"""The media type of a layer that no manifest speaks of yet. What AWS answers is not public."""


def initiate_layer_upload(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """ "Notifies Amazon ECR that you intend to upload an image layer" (API_InitiateLayerUpload)."""
    repository = existing(registry, given["repositoryName"], call)
    upload_id = str(call.fresh)
    begun = replace(repository, uploads={**repository.uploads, upload_id: Upload()})
    return registry.having(begun), {"uploadId": upload_id, "partSize": PART_SIZE}


def upload_layer_part(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """ "Uploads an image layer part to Amazon ECR" (API_UploadLayerPart): each part begins where
    the one before ended, and has as many bytes as its positions say, both inclusive.
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
    """ "Informs Amazon ECR that the image layer upload has completed" (API_CompleteLayerUpload),
    and validates it by the sha256 digest given.
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


def batch_check_layer_availability(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """ "Checks the availability of one or more image layers in a repository"
    (API_BatchCheckLayerAvailability).

    What is no digest is a failure of its own. That an absent layer is UNAVAILABLE rather than a
    failure is a choice: which of them AWS answers is not public.
    """
    repository = existing(registry, given["repositoryName"], call)
    digests = list(dict.fromkeys(given["layerDigests"]))
    layers = [_availability(each, repository) for each in digests if is_digest(each)]
    failures = [_failure(each) for each in digests if not is_digest(each)]
    return registry, {"layers": layers, "failures": failures}


def get_download_url_for_layer(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """ "Retrieves the pre-signed Amazon S3 download URL corresponding to an image layer. You can
    only get URLs for image layers that are referenced in an image" (API_GetDownloadUrlForLayer).

    LayerInaccessibleException: "The specified layer is not available because it is not associated
    with an image". LayersNotFoundException; text: https://github.com/monken/aws-ecr-public/
    issues/11.
    """
    repository = existing(registry, given["repositoryName"], call)
    digest = given["layerDigest"]
    where = (
        f"within the repository with name '{repository.name}' in the registry with id "
        f"'{call.key.account}'"
    )
    if digest not in repository.layers:
        raise Refusal(
            "LayersNotFoundException", f"The layer with digest '{digest}' does not exist {where}"
        )
    if _media_type(digest, repository) is None:
        raise Refusal(
            "LayerInaccessibleException",
            f"The layer with digest '{digest}' is not associated with an image {where}",
        )
    url = download_url(repository.name, digest, call)
    return registry, {"downloadUrl": url, "layerDigest": digest}


def _upload(repository: Repository, given: Parameters, call: Call) -> Upload:
    """UploadNotFoundException: "The upload could not be found, or the specified upload ID is not
    valid for this repository". The text is not public.
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
    """InvalidLayerPartException: "The layer part size is not valid, or the first byte specified is
    not consecutive to the last byte of a previous layer part upload"; text of the latter:
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
    """EmptyUploadException: "The specified layer upload does not contain any layer parts"; text:
    https://github.com/devcontainers/cli/issues/814. LayerPartTooSmallException; text:
    https://github.com/dotnet/sdk-container-builds/issues/424.
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
    """InvalidLayerException: "The layer digest calculation performed by Amazon ECR upon receipt of
    the image layer does not match the digest specified". Digests of other algorithms are not
    looked at: AWS's example gives one. The text is not public.
    """
    claimed = [each for each in given["layerDigests"] if each.startswith("sha256:")]
    if claimed and digest not in claimed:
        raise Refusal(
            "InvalidLayerException", f"The layer has the digest '{digest}', not {claimed}"
        )


def _require_new(digest: str, repository: Repository, call: Call) -> None:
    """LayerAlreadyExistsException: "The image layer already exists in the associated repository".
    The text is not public.
    """
    if digest in repository.layers:
        raise Refusal(
            "LayerAlreadyExistsException",
            f"The layer with digest '{digest}' already exists in the repository with name "
            f"'{repository.name}' in registry with id '{call.key.account}'",
        )


def _availability(digest: str, repository: Repository) -> Answer:
    content = repository.layers.get(digest)
    if content is None:
        return {"layerDigest": digest, "layerAvailability": "UNAVAILABLE"}
    return {
        "layerDigest": digest,
        "layerAvailability": "AVAILABLE",
        "layerSize": len(content),
        "mediaType": _media_type(digest, repository) or UNKNOWN_LAYER,
    }


def _failure(digest: str) -> Answer:
    """API_LayerFailure; its reasons are not public."""
    code = "InvalidLayerDigest" if digest else "MissingLayerDigest"
    reason = "The layer digest is invalid" if digest else "The layer digest is missing"
    return {"layerDigest": digest, "failureCode": code, "failureReason": reason}


def _media_type(digest: str, repository: Repository) -> str | None:
    """What an image calls a layer; ``None`` where no image refers to it."""
    known = (image.layers.get(digest) for image in repository.images.values())
    return next((each for each in known if each is not None), None)
