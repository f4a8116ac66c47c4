"""AWS's own SDK for Python, unchanged: what boto3 makes of the answers of the target."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime
from typing import Any

from conformance.suite.answers import objects, refusal, structure, text
from conformance.suite.artifacts import (
    DOCKER_CONFIG,
    DOCKER_LAYER,
    DOCKER_MANIFEST,
    Blob,
    Manifest,
    config,
    layer,
)
from conformance.suite.boto_clients import BotoClient
from conformance.suite.clock import clock
from conformance.suite.evidence import documented, recorded
from conformance.suite.fixtures import PushImage
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import listed
from conformance.suite.topics.image_answers import settled_image, shown
from conformance.suite.topics.layer_uploads import SMALLEST_PART, LayerUpload
from conformance.suite.verdicts import MUST, SHOULD

_MINUTES_APART = 10
"""How far a time may be from the present."""


def _created(registry: Registry, boto: BotoClient) -> dict[str, Any]:
    """What boto3 gives for ``CreateRepository``. ``Untestable`` unless it names the repository."""
    name = registry.name_prefix
    answer = boto.call("CreateRepository", repositoryName=name)
    if structure(answer, "repository").get("repositoryName") != name:
        raise Untestable("CreateRepository", f"the answer does not name the repository {name}")
    return answer


@rule(
    "client.request-id",
    level=MUST,
    operations=["CreateRepository"],
    evidence=[
        recorded(
            "every recording",
            "the ResponseMetadata of an answer has a RequestId, which boto3 takes from the header "
            "x-amzn-RequestId",
            "https://github.com/cloud-custodian/cloud-custodian/tree/main/tests/data/placebo"
            "/test_ecr_tags",
        )
    ],
)
def test_an_answer_has_a_request_id(registry: Registry, boto: BotoClient) -> None:
    """The ResponseMetadata that boto3 gives with an answer has the id of the request."""
    metadata = structure(_created(registry, boto), "ResponseMetadata")
    assert metadata.get("RequestId"), "CreateRepository: the ResponseMetadata has no RequestId"


def _require_present(registry: Registry, member: str, found: Any) -> None:
    assert isinstance(found, datetime), f"{member} is {found!r}, not a datetime"
    apart = abs(found.timestamp() - clock(registry)) / 60
    assert apart <= _MINUTES_APART, f"{member} is {found.isoformat()}, {apart:.0f} minutes from now"


@rule(
    "client.created-at",
    level=SHOULD,
    operations=["CreateRepository"],
    evidence=[
        documented(
            "Repository.createdAt",
            "The date and time, in JavaScript date format, when the repository was created.",
        )
    ],
)
def test_the_creation_of_a_repository_is_now(registry: Registry, boto: BotoClient) -> None:
    """The createdAt of a new repository is in boto3 a datetime of the present."""
    repository = structure(_created(registry, boto), "repository")
    _require_present(registry, "createdAt", repository.get("createdAt"))


@rule(
    "client.pushed-at",
    level=SHOULD,
    operations=["DescribeImages"],
    evidence=[
        documented(
            "ImageDetail.imagePushedAt",
            "The date and time, expressed in standard JavaScript date format, at which the current "
            "image was pushed to the repository.",
            public="The date and time, expressed in standard JavaScript date format, that the "
            "current image was pushed to the repository at.",
        )
    ],
)
def test_the_push_of_an_image_is_now(
    registry: Registry, boto: BotoClient, repository: str, push_image: PushImage
) -> None:
    """The imagePushedAt of a new image is in boto3 a datetime of the present."""
    push_image("latest")
    settled_image(registry, repository, "latest")

    def now() -> None:
        details = objects(boto.call("DescribeImages", repositoryName=repository), "imageDetails")
        assert details, "DescribeImages: boto3 gives no image, where one was pushed"
        _require_present(registry, "imagePushedAt", details[0].get("imagePushedAt"))

    registry.eventually(now)


# No message of the next rule contains a token or a part of one.


@rule(
    "client.authorization-token",
    level=MUST,
    operations=["GetAuthorizationToken"],
    evidence=[
        documented(
            "Private registry authentication",
            "a base64-encoded authorization token containing the username AWS and an encoded "
            "password",
            url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html",
        ),
        documented(
            "Public registry authentication",
            "a base64-encoded authorization token containing the username AWS and an encoded "
            "password",
            url="https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html",
        ),
    ],
)
def test_the_token_logs_docker_in(registry: Registry, boto: BotoClient) -> None:
    """The authorizationToken that boto3 gives is base64 of the user AWS, a colon and a password."""
    error = refusal(registry.send("GetAuthorizationToken", {}))
    if error is not None and error.code == "UnsupportedCommandException":
        raise Untestable("GetAuthorizationToken", "it is not supported in this region")
    answer = boto.call("GetAuthorizationToken")
    data = next(iter(objects(answer, "authorizationData")), structure(answer, "authorizationData"))
    user, _, password = _decoded(text(data, "authorizationToken") or "").partition(":")
    assert user == "AWS", "the authorizationToken is not base64 of a text that begins with AWS:"
    assert password, "the authorizationToken, decoded, has no password"


def _decoded(token: str) -> str:
    try:
        return base64.b64decode(token + "=" * (-len(token) % 4), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""


def _image_of_two_parts(seed: str) -> Manifest:
    """An image whose layer is as long as the least part, and some more."""
    content = layer(seed, SMALLEST_PART + 1000)
    settings = config(seed, content)
    value = {
        "schemaVersion": 2,
        "mediaType": DOCKER_MANIFEST,
        "config": settings.descriptor(DOCKER_CONFIG),
        "layers": [content.descriptor(DOCKER_LAYER)],
    }
    return Manifest(json.dumps(value, indent=3), DOCKER_MANIFEST, (settings, content))


def _upload(boto: BotoClient, repository: str, blob: Blob) -> None:
    upload_id = text(boto.call("InitiateLayerUpload", repositoryName=repository), "uploadId")
    assert upload_id, "InitiateLayerUpload: boto3 gives no uploadId"
    upload = LayerUpload(repository, upload_id)
    for first in range(0, len(blob.content), SMALLEST_PART):
        part = upload.part(blob.content[first : first + SMALLEST_PART], first)
        boto.call("UploadLayerPart", **part)
    boto.call("CompleteLayerUpload", **upload.completion(blob.digest))


@rule(
    "client.push",
    level=MUST,
    operations=["InitiateLayerUpload", "UploadLayerPart", "CompleteLayerUpload", "PutImage"],
    evidence=[
        documented(
            "InitiateLayerUpload.uploadId",
            "The upload ID for the layer upload. This parameter is passed to further "
            "UploadLayerPart and CompleteLayerUpload operations.",
        ),
        documented(
            "UploadLayerPart",
            "When an image is pushed, each new image layer is uploaded in parts.",
        ),
        documented(
            "PutImage",
            "When an image is pushed and all new image layers have been uploaded, the PutImage API "
            "is called once to create or update the image manifest and the tags associated with "
            "the image.",
            public="When an image is pushed and all new image layers have been uploaded, the "
            "PutImage API is called once to create or update the image manifest and the tags that "
            "are associated with the image.",
        ),
    ],
)
def test_an_image_is_pushed(registry: Registry, boto: BotoClient, repository: str) -> None:
    """boto3 pushes an image as Docker does: its layers in parts, then its manifest under a tag."""
    manifest = _image_of_two_parts(registry.content_seed)
    for blob in manifest.blobs:
        _upload(boto, repository, blob)
    boto.call(
        "PutImage", repositoryName=repository, imageManifest=manifest.text,
        imageManifestMediaType=manifest.media_type, imageTag="latest",
    )  # fmt: skip

    def there() -> None:
        found = listed(registry, repository)
        tags = {entry.tag for entry in found}
        assert "latest" in tags, f"latest was pushed, the repository holds {shown(found)}"

    registry.eventually(there)


@rule(
    "client.pull",
    level=MUST,
    operations=["BatchGetImage"],
    services=["ecr"],
    evidence=[
        documented(
            "BatchGetImage",
            "When an image is pulled, the BatchGetImage API is called once to retrieve the image "
            "manifest.",
        ),
        documented("Image.imageManifest", "The image manifest associated with the image."),
    ],
)
def test_a_manifest_is_pulled(
    registry: Registry, boto: BotoClient, repository: str, push_image: PushImage
) -> None:
    """boto3 pulls an image's manifest by tag, character for character as it was pushed."""
    manifest = push_image("latest")
    settled_image(registry, repository, "latest")

    def same() -> None:
        answer = boto.call(
            "BatchGetImage", repositoryName=repository, imageIds=[{"imageTag": "latest"}],
            acceptedMediaTypes=[manifest.media_type],
        )  # fmt: skip
        found = [text(image, "imageManifest") for image in objects(answer, "images")]
        assert found, "BatchGetImage: boto3 gives no image, where one was pushed"
        assert found[0] == manifest.text, f"the manifest came back changed: {found[0]!r:.80}"

    registry.eventually(same)
