"""Layers that are there: checked for, and fetched."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders

from conformance.suite.answers import objects, text
from conformance.suite.artifacts import DOCKER_CONFIG, DOCKER_LAYER, Blob, digest_of, layer
from conformance.suite.evidence import documented, model, recorded
from conformance.suite.fixtures import PushImage
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import create_repository, upload
from conformance.suite.topics.image_answers import AWS_CLI_EXAMPLES, settled_image, unknown_digest
from conformance.suite.topics.layer_uploads import checked, layer_called, states
from conformance.suite.verdicts import MUST, SHOULD
from conformance.transport import Transport

_UPLOADED_BEFORE = documented(
    "BatchCheckLayerAvailability",
    "When an image is pushed to a repository, each image layer is checked to verify if it has been "
    "uploaded before. If it has been uploaded, then the image layer is skipped.",
)
_IN_A_REPOSITORY = documented(
    "BatchCheckLayerAvailability",
    "Checks the availability of one or more image layers in a repository.",
    public="Checks the availability of one or more image layers that are within a repository in a "
    "public registry.",
)
_LAYERS = documented(
    "BatchCheckLayerAvailability.layers",
    "A list of image layer objects corresponding to the image layer references in the request.",
    public="A list of image layer objects that correspond to the image layer references in the "
    "request.",
)
_FAILURES = documented(
    "BatchCheckLayerAvailability.failures", "Any failures associated with the call."
)
_CHECK_EXAMPLE = f"{AWS_CLI_EXAMPLES}/ecr/batch-check-layer-availability.rst"
_URL_EXAMPLE = f"{AWS_CLI_EXAMPLES}/ecr/get-download-url-for-layer.rst"
_ONLY_REFERENCED = documented(
    "GetDownloadUrlForLayer",
    "You can only get URLs for image layers that are referenced in an image.",
)
_DOWNLOAD_URL = documented(
    "GetDownloadUrlForLayer.downloadUrl",
    "The pre-signed Amazon S3 download URL for the requested layer.",
)


def _stored(registry: Registry, repository: str) -> Blob:
    blob = layer(registry.content_seed, 300)
    upload(registry, repository, blob)
    return blob


def _require_states(registry: Registry, repository: str, expected: dict[str, bool]) -> None:
    """Require that one call about some digests comes to tell which of them are available."""

    def observe() -> None:
        found = states(checked(registry, repository, *expected))
        for digest, available in expected.items():
            state = found.get(digest, "not in the answer")
            wanted = "AVAILABLE" if available else "UNAVAILABLE or a failure"
            known = (state == "AVAILABLE") == available and state != "not in the answer"
            assert known, f"BatchCheckLayerAvailability: {digest} is {state}, not {wanted}"

    registry.eventually(observe)


@rule(
    "layers.uploaded-is-available",
    level=MUST,
    operations=["BatchCheckLayerAvailability"],
    evidence=[
        _UPLOADED_BEFORE,
        documented(
            "batch-check-layer-availability",
            '"layerAvailability": "AVAILABLE"',
            url=_CHECK_EXAMPLE,
        ),
    ],
)
def test_an_uploaded_layer_is_available(registry: Registry, repository: str) -> None:
    """A layer that was uploaded to the repository is AVAILABLE in it."""
    _require_states(registry, repository, {_stored(registry, repository).digest: True})


@rule(
    "layers.unknown-is-not-available",
    level=MUST,
    operations=["BatchCheckLayerAvailability"],
    evidence=[
        _UPLOADED_BEFORE,
        _LAYERS,
        _FAILURES,
        model("LayerAvailability", "AVAILABLE, UNAVAILABLE, ARCHIVED"),
    ],
)
def test_an_unknown_layer_is_not_available(registry: Registry, repository: str) -> None:
    """A layer that nobody uploaded is UNAVAILABLE or among the failures."""
    _stored(registry, repository)
    _require_states(registry, repository, {unknown_digest(registry): False})


@rule(
    "layers.several-checked-at-once",
    level=MUST,
    operations=["BatchCheckLayerAvailability"],
    evidence=[
        _IN_A_REPOSITORY,
        _LAYERS,
        model("BatchedOperationLayerDigestList", "1 to 100 layers in one call"),
    ],
)
def test_several_layers_are_checked_at_once(registry: Registry, repository: str) -> None:
    """One call about an uploaded layer and an unknown one tells about each of them."""
    there, unknown = _stored(registry, repository).digest, unknown_digest(registry)
    _require_states(registry, repository, {unknown: False, there: True})


@pytest.mark.parametrize(
    ("digest", "code"),
    [
        pytest.param("sha256:not-a-digest", "InvalidLayerDigest", id="invalid"),
        pytest.param("", "MissingLayerDigest", id="empty"),
    ],
)
@rule(
    "layers.malformed-digest-fails",
    level=SHOULD,
    operations=["BatchCheckLayerAvailability"],
    evidence=[
        _FAILURES,
        model("LayerFailureCode", "InvalidLayerDigest, MissingLayerDigest"),
        model("BatchedOperationLayerDigest", "up to 1,000 characters, of no pattern"),
    ],
)
def test_a_malformed_digest_is_a_failure(
    registry: Registry, repository: str, digest: str, code: str
) -> None:
    """In a call about a layer and what is no digest, the layer is told of and the other fails."""
    there = _stored(registry, repository).digest

    def observe() -> None:
        answer = checked(registry, repository, there, digest)
        known = states(answer).get(there)
        assert known == "AVAILABLE", f"{there} is {known}, not AVAILABLE"
        codes = [text(each, "failureCode") for each in objects(answer, "failures")]
        assert codes == [code], f"the failures for {digest!r} are {codes}, not {[code]}"

    registry.eventually(observe)


@rule(
    "layers.checked-in-their-repository",
    level=SHOULD,
    operations=["BatchCheckLayerAvailability"],
    evidence=[_IN_A_REPOSITORY],
)
def test_a_layer_is_available_in_its_own_repository(registry: Registry, repository: str) -> None:
    """A layer that was uploaded to one repository is not AVAILABLE in another."""
    digest = _stored(registry, repository).digest
    other = create_repository(registry, "-other")
    _require_states(registry, repository, {digest: True})
    _require_states(registry, other, {digest: False})


@rule(
    "layers.checked-size",
    level=MUST,
    operations=["BatchCheckLayerAvailability"],
    evidence=[
        documented("Layer.layerSize", "The size, in bytes, of the image layer."),
        documented("batch-check-layer-availability", '"layerSize": 2777', url=_CHECK_EXAMPLE),
    ],
)
def test_an_available_layer_has_its_size(registry: Registry, repository: str) -> None:
    """The layerSize of an AVAILABLE layer is the number of its bytes."""
    blob = _stored(registry, repository)

    def observe() -> None:
        size = layer_called(checked(registry, repository, blob.digest), blob.digest).get(
            "layerSize"
        )
        assert size == len(blob.content), f"layerSize is {size!r}, not {len(blob.content)}"

    registry.eventually(observe)


@rule(
    "layers.checked-media-type",
    level=SHOULD,
    operations=["BatchCheckLayerAvailability"],
    evidence=[
        documented(
            "Layer.mediaType",
            "The media type of the layer, such as "
            "application/vnd.docker.image.rootfs.diff.tar.gzip or "
            "application/vnd.oci.image.layer.v1.tar+gzip.",
        ),
        documented(
            "batch-check-layer-availability",
            '"mediaType": "application/vnd.docker.container.image.v1+json"',
            url=_CHECK_EXAMPLE,
        ),
    ],
)
def test_a_layer_has_the_media_type_of_its_manifest(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """The mediaType of an image's layer is the one that the image's manifest gives it."""
    blobs = push_image("latest").blobs
    settled_image(registry, repository, "latest")

    def observe() -> None:
        answer = checked(registry, repository, *(blob.digest for blob in blobs))
        found = [layer_called(answer, blob.digest).get("mediaType") for blob in blobs]
        wanted = [DOCKER_CONFIG, DOCKER_LAYER]
        assert found == wanted, f"the mediaTypes of config and layer are {found}, not {wanted}"

    registry.eventually(observe)


@rule(
    "layers.download-url",
    level=MUST,
    operations=["GetDownloadUrlForLayer"],
    services=["ecr"],
    evidence=[
        _DOWNLOAD_URL,
        documented(
            "get-download-url-for-layer",
            '"downloadUrl": "https://',
            url=_URL_EXAMPLE,
        ),
    ],
)
def test_a_layer_has_a_download_url(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """GetDownloadUrlForLayer answers with a URL, and with the digest of the layer asked for."""
    digest = push_image("latest").blobs[-1].digest
    settled_image(registry, repository, "latest")

    def observe() -> None:
        answer = registry.call(
            "GetDownloadUrlForLayer", repositoryName=repository, layerDigest=digest
        )
        url = urlsplit(text(answer, "downloadUrl") or "")
        whole = url.scheme in {"http", "https"} and url.netloc
        assert whole, f"the downloadUrl is no URL: {answer.get('downloadUrl')!r:.80}"
        named = answer.get("layerDigest")
        assert named == digest, f"the layerDigest is {named!r}, not {digest}"

    registry.eventually(observe)


@rule(
    "layers.download",
    level=SHOULD,
    operations=["GetDownloadUrlForLayer"],
    services=["ecr"],
    evidence=[
        _DOWNLOAD_URL,
        documented(
            "GetDownloadUrlForLayer",
            "When an image is pulled, the GetDownloadUrlForLayer API is called once per image "
            "layer that is not already cached.",
        ),
    ],
)
def test_the_download_is_the_layer(
    registry: Registry, repository: str, push_image: PushImage, transport: Transport
) -> None:
    """What the download URL leads to, without credentials, is the layer's bytes.

    Only a URL at the target itself is followed; the run talks to nobody else.
    """
    blob = push_image("latest").blobs[-1]
    settled_image(registry, repository, "latest")

    def observe() -> None:
        answer = registry.call(
            "GetDownloadUrlForLayer", repositoryName=repository, layerDigest=blob.digest
        )
        url = text(answer, "downloadUrl") or ""
        host = urlsplit(url).netloc
        if host != urlsplit(registry.target.endpoint).netloc:
            raise Untestable("GetDownloadUrlForLayer", f"the URL leads to another host, {host}")
        fetch = AWSPreparedRequest("GET", url, HTTPHeaders(), b"", stream_output=False)
        response = transport(fetch)
        came = f"status {response.status} and {len(response.body)} bytes"
        whole = response.status == 200 and digest_of(response.body) == blob.digest
        assert whole, f"the downloadUrl gives {came} that are not those of {blob.digest}"

    registry.eventually(observe)


@rule(
    "layers.download-of-unknown-refused",
    level=MUST,
    operations=["GetDownloadUrlForLayer"],
    services=["ecr"],
    evidence=[
        documented(
            "GetDownloadUrlForLayer.LayersNotFoundException",
            "The specified layers could not be found, or the specified layer is not valid for this "
            "repository.",
        ),
        recorded(
            "GetDownloadUrlForLayer",
            "LayersNotFoundException for a layer that the repository does not hold",
            "https://github.com/monken/aws-ecr-public/issues/11",
        ),
    ],
)
def test_an_unknown_layer_has_no_download_url(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """GetDownloadUrlForLayer is refused for a layer that the repository does not hold."""
    push_image("latest")
    settled_image(registry, repository, "latest")
    registry.refused(
        "GetDownloadUrlForLayer", "LayersNotFoundException",
        repositoryName=repository, layerDigest=unknown_digest(registry),
    )  # fmt: skip


@rule(
    "layers.download-of-unreferenced-refused",
    level=SHOULD,
    operations=["GetDownloadUrlForLayer"],
    services=["ecr"],
    evidence=[
        _ONLY_REFERENCED,
        documented(
            "GetDownloadUrlForLayer.LayerInaccessibleException",
            "The specified layer is not available because it is not associated with an image. "
            "Unassociated image layers may be cleaned up at any time.",
        ),
    ],
)
def test_a_layer_of_no_image_has_no_download_url(registry: Registry, repository: str) -> None:
    """GetDownloadUrlForLayer is refused for a layer that no image refers to."""
    digest = _stored(registry, repository).digest
    registry.refused(
        "GetDownloadUrlForLayer", "LayerInaccessibleException",
        repositoryName=repository, layerDigest=digest,
    )  # fmt: skip
