"""Layers that are there: checked, fetched. A layer belongs to one repository.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchCheckLayerAvailability.html and
API_GetDownloadUrlForLayer.
"""

from __future__ import annotations

from conformance.reference.call import Answer, Call, Outcome, Parameters, existing
from conformance.reference.operations.downloads import download_url
from conformance.reference.operations.image_ids import is_digest
from conformance.reference.refusal import Refusal
from conformance.reference.state import Registry, Repository

UNKNOWN_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
"""The media type of a layer that no manifest speaks of yet. What AWS answers is not public."""


def batch_check_layer_availability(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Whether layers are there; what is no digest is a failure of its own.

    "Checks the availability of one or more image layers in a repository". That an absent layer is
    UNAVAILABLE rather than a failure is a choice: which of them AWS answers is not public.
    """
    repository = existing(registry, given["repositoryName"], call)
    digests = list(dict.fromkeys(given["layerDigests"]))
    layers = [_availability(each, repository) for each in digests if is_digest(each)]
    failures = [_failure(each) for each in digests if not is_digest(each)]
    return registry, {"layers": layers, "failures": failures}


def get_download_url_for_layer(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """An address from which a layer can be downloaded without credentials.

    "Retrieves the pre-signed Amazon S3 download URL corresponding to an image layer. You can only
    get URLs for image layers that are referenced in an image".

    LayerInaccessibleException: "The specified layer is not available because it is not associated
    with an image". Text of LayersNotFoundException: https://github.com/monken/aws-ecr-public/
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
