"""boto3 pushes an image to the reference and pulls it again."""

from __future__ import annotations

import base64
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from botocore.awsrequest import AWSRequest
from pushing import push, upload

from conformance.reference import ReferenceTransport
from conformance.suite.artifacts import docker_image, docker_list, layer


def test_a_pushed_image_is_pulled_byte_for_byte(ecr: Any, reference: ReferenceTransport) -> None:
    """Manifest and layers come back as they were pushed, the layers from their presigned URLs."""
    ecr.create_repository(repositoryName="team/app")
    manifest = docker_image("pulled")
    push(ecr, "team/app", manifest, "v1")
    pulled = ecr.batch_get_image(repositoryName="team/app", imageIds=[{"imageTag": "v1"}])
    assert [image["imageManifest"] for image in pulled["images"]] == [manifest.text]
    for blob in manifest.blobs:
        found = ecr.get_download_url_for_layer(repositoryName="team/app", layerDigest=blob.digest)
        response = reference(AWSRequest("GET", found["downloadUrl"]).prepare())
        assert (response.status, response.body) == (200, blob.content)


def test_a_presigned_url_is_good_for_one_layer_and_one_hour(
    ecr: Any, reference: ReferenceTransport
) -> None:
    """A URL that was changed, or is out of date, leads to nothing."""
    ecr.create_repository(repositoryName="app")
    one, other = docker_image("one"), docker_image("other")
    push(ecr, "app", one, "one")
    push(ecr, "app", other, "other")
    digest, wrong = one.blobs[0].digest, other.blobs[0].digest
    url = ecr.get_download_url_for_layer(repositoryName="app", layerDigest=digest)["downloadUrl"]
    changed = url.replace(digest.removeprefix("sha256:"), wrong.removeprefix("sha256:"))
    assert changed != url
    assert reference(AWSRequest("GET", changed).prepare()).status == 403
    for _ in range(3600):  # a second passes with each request
        late = reference(AWSRequest("GET", url).prepare())
    assert late.status == 403


def test_a_layer_is_assembled_from_its_parts(ecr: Any) -> None:
    """Parts that follow each other make one layer, whose size is that of all of them."""
    ecr.create_repository(repositoryName="app")
    blob = layer("parts", 6 * 1024 * 1024)
    upload_id = ecr.initiate_layer_upload(repositoryName="app")["uploadId"]
    here = {"repositoryName": "app", "uploadId": upload_id}
    cut = 5 * 1024 * 1024
    for first, last in ((0, cut - 1), (cut, len(blob.content) - 1)):
        part = blob.content[first : last + 1]
        answer = ecr.upload_layer_part(
            **here, partFirstByte=first, partLastByte=last, layerPartBlob=part
        )
        assert answer["lastByteReceived"] == last
    ecr.complete_layer_upload(**here, layerDigests=[blob.digest])
    checked = ecr.batch_check_layer_availability(repositoryName="app", layerDigests=[blob.digest])
    assert checked["layers"][0]["layerSize"] == len(blob.content)


def test_a_layer_belongs_to_one_repository(ecr: Any) -> None:
    """A layer of one repository is not available in another."""
    for name in ("one", "other"):
        ecr.create_repository(repositoryName=name)
    digest = upload(ecr, "one", layer("mine"))
    checked = ecr.batch_check_layer_availability(repositoryName="other", layerDigests=[digest])
    assert checked["layers"][0]["layerAvailability"] == "UNAVAILABLE"


def test_the_size_of_an_image_is_that_of_its_configuration_and_layers(ecr: Any) -> None:
    """The size of an image leaves out the manifest; a list has the size of its largest image."""
    ecr.create_repository(repositoryName="app")
    manifest = docker_image("sized")
    push(ecr, "app", manifest, "v1")
    push(ecr, "app", docker_list([manifest]), "list")
    described = ecr.describe_images(repositoryName="app")["imageDetails"]
    size = sum(len(blob.content) for blob in manifest.blobs)
    assert {detail["imageTags"][0]: detail["imageSizeInBytes"] for detail in described} == {
        "v1": size,
        "list": size,
    }


def test_a_token_names_aws_as_the_user(ecr: Any) -> None:
    """An authorization token is AWS and a password, and holds for twelve hours."""
    answer = ecr.get_authorization_token()
    (found,) = answer["authorizationData"]
    user, _, password = base64.b64decode(found["authorizationToken"]).decode().partition(":")
    assert (user, bool(password)) == ("AWS", True)
    assert found["proxyEndpoint"] == "https://123456789012.dkr.ecr.eu-west-1.amazonaws.com"
    sent = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
    assert found["expiresAt"] - sent == timedelta(hours=12)
