"""What is known of real ECR from recordings, reports and documentation, held against the reference.

The numbers are those of the project's collection of such facts, the address in each docstring is
where the public can see it.
"""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest
from asking import ACCOUNT, Wire, invalid
from botocore.awsrequest import AWSRequest
from pushing import push

from conformance.reference import ReferenceTransport
from conformance.suite.artifacts import (
    Manifest,
    digest_of,
    docker_image,
    docker_list,
    layer,
    oci_image,
)

UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@pytest.fixture
def image(ecr: Any, wire: Wire) -> Manifest:
    """An image under the tags one and two, in app."""
    manifest = docker_image("of the facts")
    push(ecr, "app", manifest, "one", "two")
    return manifest


def put(wire: Wire, manifest: Manifest, **more: Any) -> tuple[str, str]:
    """How putting a manifest into app is refused."""
    return wire.refused("PutImage", repositoryName="app", imageManifest=manifest.text, **more)


def test_fact_1_content_type_and_request_id(wire: Wire) -> None:
    """Bodies are application/x-amz-json-1.1, with a UUID in x-amzn-RequestId (aws-cli#6424)."""
    for name in ("app", "nowhere"):
        response = wire.send("DescribeRepositories", repositoryNames=[name])
        assert response.header("Content-Type") == "application/x-amz-json-1.1"
        assert re.fullmatch(UUID, response.header("x-amzn-RequestId") or "")


def test_facts_2_to_5_an_error_is_a_bare_code_and_a_message(wire: Wire) -> None:
    """An error is HTTP 400, __type without a namespace and message, no more (aws-sdk-php#1114)."""
    response = wire.send("GetRepositoryPolicy", repositoryName="app")
    text = f"Repository policy does not exist for the repository with name 'app' in the registry \
with id '{ACCOUNT}'"
    body = {"__type": "RepositoryPolicyNotFoundException", "message": text}
    assert (response.status, json.loads(response.body)) == (400, body)
    assert response.body == json.dumps(body, separators=(",", ":")).encode()
    assert response.header("x-amzn-ErrorType") is None


def test_fact_6_timestamps_are_numbers(wire: Wire, image: Manifest) -> None:
    """Timestamps are JSON numbers of seconds (terraform-provider-aws#35268)."""
    (repository,) = wire.call("DescribeRepositories")["repositories"]
    (detail,) = wire.call("DescribeImages", repositoryName="app")["imageDetails"]
    for stamp in (repository["createdAt"], detail["imagePushedAt"]):
        assert isinstance(stamp, float)
        assert 1_600_000_000 < stamp < 2_000_000_000


def test_fact_8_empty_lists_are_there_and_absent_members_are_not(wire: Wire) -> None:
    """An empty list is there, nextToken is not (cloud-custodian, test_ecr_no_policy)."""
    wire.call("DeleteRepository", repositoryName="app")
    assert wire.send("DescribeRepositories").body == b'{"repositories":[]}'


def test_fact_10_members_are_in_alphabetical_order(wire: Wire) -> None:
    """A failure prints as AWS printed one, 136 bytes in all (aws-cli#6424)."""
    response = wire.send(
        "BatchDeleteImage", repositoryName="app", imageIds=[{"imageTag": "latest"}]
    )
    assert response.body == (
        b'{"failures":[{"failureCode":"ImageNotFound","failureReason":"Requested image not found"'
        b',"imageId":{"imageTag":"latest"}}],"imageIds":[]}'
    )


NAME_PATTERN = "(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*"


def test_fact_11_a_browser_may_ask(reference: ReferenceTransport) -> None:
    """A preflight request is granted what it asks for (AWS's endpoints, seen in 2021)."""
    asked = {"Origin": "https://localhost", "Access-Control-Request-Headers": "x-amz-target"}
    response = reference(AWSRequest("OPTIONS", "http://reference.invalid/", asked).prepare())
    assert (response.status, response.body) == (200, b"")
    assert response.header("Access-Control-Allow-Origin") == "*"
    assert response.header("Access-Control-Allow-Methods") == "POST"
    assert response.header("Access-Control-Allow-Headers") == "x-amz-target"
    assert response.header("Access-Control-Max-Age") == "172800"


def test_facts_15_to_20_how_broken_constraints_read(public_wire: Wire, wire: Wire) -> None:
    """Each kind of constraint has its own words (ecr-cleaner#8, aws-dotnet-deploy#549)."""
    assert public_wire.refused("CreateRepository", repositoryName="App") == invalid(
        "repositoryName", f"must satisfy regular expression '{NAME_PATTERN}'"
    )
    assert wire.refused("CreateRepository", repositoryName="a") == invalid(
        "repositoryName", "must have length greater than or equal to 2"
    )
    assert wire.refused("ListImages", repositoryName="app", registryId="1") == invalid(
        "registryId", "must satisfy regular expression [0-9]{12}"
    )
    assert wire.refused("BatchDeleteImage", repositoryName="app", imageIds=[]) == invalid(
        "imageIds", "Member must have length greater than or equal to 1"
    )
    assert wire.refused("ListImages", repositoryName="app", maxResults=1001) == invalid(
        "maxResults", "Member must have value less than or equal to 1000"
    )
    assert wire.refused("GetAuthorizationToken", registryIds=["1"]) == invalid(
        "registryIds",
        "Member must satisfy constraint: [Member must satisfy regular expression pattern: "
        "[0-9]{12}]",
    )
    code, text = public_wire.refused("DescribeRepositories", repositoryNames=["App"])
    assert (code, text.startswith("Invalid parameter at 'repositoryName' ")) == (
        "InvalidParameterException",
        True,
    )


@pytest.mark.parametrize(
    ("asked", "parameter", "pattern"),
    [
        ({"imageTag": "a b"}, "imageTag", "[a-zA-Z0-9-_.]+"),
        ({"imageDigest": ""}, "imageDigest", "[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+"),
    ],
)
def test_facts_20_and_21_a_malformed_image_id_fails_the_whole_call(
    wire: Wire, asked: dict[str, str], parameter: str, pattern: str
) -> None:
    """DescribeImages refuses what is no tag or digest (datawire/forge#99, pulumi-aws#2466)."""
    refusal = wire.refused("DescribeImages", repositoryName="app", imageIds=[asked])
    assert refusal == invalid(parameter, f"must satisfy regular expression '{pattern}'")


def test_fact_23_a_name_like_a_uri_is_valid(wire: Wire) -> None:
    """Dots and slashes in a name make it unknown, not invalid; a colon makes it invalid."""
    code, _ = wire.refused("ListImages", repositoryName="public.ecr.aws/a-b/c-d")
    assert code == "RepositoryNotFoundException"


def test_facts_24_and_25_a_modern_repository(wire: Wire) -> None:
    """A repository's members, ARN, URI and defaults (cloud-custodian, test_ecr_no_policy)."""
    (repository,) = wire.call("DescribeRepositories")["repositories"]
    del repository["createdAt"]
    assert repository == {
        "repositoryArn": f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/app",
        "registryId": ACCOUNT,
        "repositoryName": "app",
        "repositoryUri": f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/app",
        "imageTagMutability": "MUTABLE",
        "imageScanningConfiguration": {"scanOnPush": False},
        "encryptionConfiguration": {"encryptionType": "AES256"},
    }


def test_fact_26_delete_repository_answers_with_it(wire: Wire) -> None:
    """DeleteRepository answers with the repository, createdAt included (cloud-custodian)."""
    (described,) = wire.call("DescribeRepositories")["repositories"]
    assert wire.call("DeleteRepository", repositoryName="app")["repository"] == described


def test_fact_27_words_about_repositories(wire: Wire, image: Manifest) -> None:
    """Unknown, existing and non-empty repositories (aws-ecr-orb#22, nitrictech/cli#273)."""
    assert wire.refused("DeleteRepository", repositoryName="nowhere") == (
        "RepositoryNotFoundException",
        f"The repository with name 'nowhere' does not exist in the registry with id '{ACCOUNT}'",
    )
    assert wire.refused("CreateRepository", repositoryName="app") == (
        "RepositoryAlreadyExistsException",
        f"The repository with name 'app' already exists in the registry with id '{ACCOUNT}'",
    )
    assert wire.refused("DeleteRepository", repositoryName="app") == (
        "RepositoryNotEmptyException",
        f"The repository with name 'app' in registry with id '{ACCOUNT}' cannot be deleted because "
        "it still contains images",
    )


def test_fact_29_the_key_of_kms_is_shown(wire: Wire) -> None:
    """Encrypted by KMS, a repository shows the ARN of a key (terraform-provider-aws)."""
    made = wire.call(
        "CreateRepository", repositoryName="kms", encryptionConfiguration={"encryptionType": "KMS"}
    )
    key = made["repository"]["encryptionConfiguration"]["kmsKey"]
    assert re.fullmatch(f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/{UUID}", key)


def test_fact_30_exclusions_need_filters(wire: Wire) -> None:
    """A mode with exclusions is refused without filters (aws-cdk#35246)."""
    mode = "IMMUTABLE_WITH_EXCLUSION"
    refusal = wire.refused("CreateRepository", repositoryName="other", imageTagMutability=mode)
    assert refusal == invalid(
        "imageTagMutabilityExclusionFilters",
        "ImageTagMutabilityExclusionFilters can't be null when imageTagMutability is set as "
        f"{mode}",
    )


POLICY = {
    "Statement": [
        {"Action": ["ecr:GetDownloadUrlForLayer"], "Effect": "Allow", "Principal": "*", "Sid": "1"}
    ],
    "Version": "2008-10-17",
}
PRINTED = """{
  "Version" : "2008-10-17",
  "Statement" : [ {
    "Sid" : "1",
    "Effect" : "Allow",
    "Principal" : "*",
    "Action" : [ "ecr:GetDownloadUrlForLayer" ]
  } ]
}"""


def test_fact_31_listings_have_no_order(wire: Wire) -> None:
    """Repositories are listed neither by name nor by age (cloud-custodian, test_ecr_no_policy)."""
    names = [f"repository-{number}" for number in range(20)]
    for name in names:
        wire.call("CreateRepository", repositoryName=name)
    listed = [each["repositoryName"] for each in wire.call("DescribeRepositories")["repositories"]]
    assert sorted(listed) == sorted(["app", *names])
    assert listed not in (sorted(listed), sorted(listed, reverse=True), ["app", *names])


def test_facts_34_and_36_a_policy_is_printed_anew(wire: Wire) -> None:
    """Set, get and delete answer with the policy as AWS prints it (cloud-custodian)."""
    text = json.dumps(POLICY)
    answers = [
        wire.call("SetRepositoryPolicy", repositoryName="app", policyText=text),
        wire.call("GetRepositoryPolicy", repositoryName="app"),
        wire.call("DeleteRepositoryPolicy", repositoryName="app"),
    ]
    wanted = {"policyText": PRINTED, "registryId": ACCOUNT, "repositoryName": "app"}
    assert answers == [wanted] * 3
    code, _ = wire.refused("DeleteRepositoryPolicy", repositoryName="app")
    assert code == "RepositoryPolicyNotFoundException"


def test_fact_35_a_resource_in_a_policy_is_refused(wire: Wire) -> None:
    """A policy that names a resource is invalid (amazon-ecr-user-guide#20)."""
    statement = {**POLICY["Statement"][0], "Resource": "*"}  # type: ignore[dict-item]
    text = json.dumps({**POLICY, "Statement": [statement]})
    refusal = wire.refused("SetRepositoryPolicy", repositoryName="app", policyText=text)
    assert refusal == invalid("PolicyText", "Invalid repository policy provided")


def test_facts_41_and_43_an_image_is_its_manifest(wire: Wire, image: Manifest) -> None:
    """The digest is the manifest's SHA-256, and PutImage answers with it all (put-image.rst)."""
    answer = wire.call("PutImage", repositoryName="app", imageManifest=image.text, imageTag="three")
    assert answer["image"] == {
        "registryId": ACCOUNT,
        "repositoryName": "app",
        "imageId": {"imageDigest": digest_of(image.text.encode()), "imageTag": "three"},
        "imageManifest": image.text,
        "imageManifestMediaType": image.media_type,
    }


def test_facts_42_44_51_one_image_with_its_tags(wire: Wire, image: Manifest) -> None:
    """One entry with all tags, sized as config and layers; ListImages has one for each tag."""
    (detail,) = wire.call("DescribeImages", repositoryName="app")["imageDetails"]
    size = sum(len(blob.content) for blob in image.blobs)
    assert (sorted(detail["imageTags"]), detail["imageSizeInBytes"]) == (["one", "two"], size)
    assert detail["artifactMediaType"] == "application/vnd.docker.container.image.v1+json"
    listed = wire.call("ListImages", repositoryName="app")["imageIds"]
    assert sorted(each["imageTag"] for each in listed) == ["one", "two"]


def test_fact_45_the_same_again(wire: Wire, image: Manifest) -> None:
    """The same image under the same tag is refused (ecr-buildkite-plugin#111)."""
    assert put(wire, image, imageTag="one") == (
        "ImageAlreadyExistsException",
        f"Image with digest '{image.digest}' and tag 'one' already exists in the repository with "
        f"name 'app' in registry with id '{ACCOUNT}'",
    )


def test_fact_46_a_tag_moves_or_not(ecr: Any, wire: Wire, image: Manifest) -> None:
    """A mutable tag moves; an immutable one does not (moby/buildkit#3776)."""
    push(ecr, "app", docker_image("another"), "one", "two")
    listed = wire.call("ListImages", repositoryName="app")["imageIds"]
    assert {"imageDigest": image.digest} in listed
    wire.call("CreateRepository", repositoryName="fixed", imageTagMutability="IMMUTABLE")
    push(ecr, "fixed", image, "one")
    with pytest.raises(ecr.exceptions.ImageTagAlreadyExistsException) as raised:
        push(ecr, "fixed", docker_image("yet another"), "one")
    assert raised.value.response["Error"]["Message"] == (
        "The image tag 'one' already exists in the 'fixed' repository and cannot be overwritten "
        "because the repository is immutable."
    )


def test_fact_47_a_manifest_of_unknown_type(wire: Wire) -> None:
    """Without any media type a manifest has invalid syntax (aws-cli#8620)."""
    untyped = oci_image("untyped", with_media_type=False)
    assert put(wire, untyped) == invalid("ImageManifest", "Invalid JSON syntax")


def test_fact_48_a_digest_that_is_another(wire: Wire) -> None:
    """A wrong imageDigest is refused (go-containerregistry#1568)."""
    wrong = digest_of(b"")
    assert put(wire, docker_image("any"), imageDigest=wrong) == (
        "ImageDigestDoesNotMatchException",
        f"The image with digest '{wrong}' in repository 'app' and registry ID '{ACCOUNT}' does not "
        "match the image digest that Amazon ECR has calculated.",
    )


def test_fact_49_a_thousand_tags(wire: Wire, image: Manifest) -> None:
    """An image has 1,000 tags at most (namespacelabs/foundation#649)."""
    for number in range(998):
        asked = {"repositoryName": "app", "imageManifest": image.text, "imageTag": f"n{number}"}
        wire.call("PutImage", **asked)
    code, text = put(wire, image, imageTag="last")
    assert code == "LimitExceededException"
    assert text.endswith("exceeds the maximum allowed number of tags per image which is '1000'")


def test_fact_50_an_unknown_image_fails_the_call(wire: Wire, image: Manifest) -> None:
    """DescribeImages of an unknown image is refused as a whole (terraform-provider-aws#35268)."""
    ids = [{"imageTag": "one"}, {"imageTag": "latest"}]
    assert wire.refused("DescribeImages", repositoryName="app", imageIds=ids) == (
        "ImageNotFoundException",
        "The image with imageId {imageDigest:'null', imageTag:'latest'} does not exist within the "
        f"repository with name 'app' in the registry with id '{ACCOUNT}'",
    )


def test_fact_53_a_token_nobody_gave(wire: Wire) -> None:
    """An unknown nextToken is called NextToken and invalid (regclient#931)."""
    code, text = wire.refused("ListImages", repositoryName="app", nextToken="made up")
    assert code == "InvalidParameterException"
    assert text.startswith(
        "Invalid parameter at 'NextToken' failed to satisfy constraint: 'Invalid next token "
        "provided."
    )


def test_fact_60_a_batch_has_1_to_100_images(wire: Wire) -> None:
    """Fewer or more images in a call are refused (ecr-cleaner#8)."""
    for count, bound in ((0, "greater than or equal to 1"), (101, "less than or equal to 100")):
        asked = {"repositoryName": "app", "imageIds": [{"imageTag": "one"}] * count}
        refused = invalid("imageIds", f"Member must have length {bound}")
        assert wire.refused("BatchDeleteImage", **asked) == refused


def test_facts_55_and_56_what_deleting_answers(wire: Wire, image: Manifest) -> None:
    """By tag: that tag with its digest; by digest: every tag (batch-delete-image.rst)."""
    asked = {"repositoryName": "app", "imageIds": [{"imageTag": "one"}]}
    one = {"imageDigest": image.digest, "imageTag": "one"}
    assert wire.call("BatchDeleteImage", **asked) == {"failures": [], "imageIds": [one]}
    wire.call("PutImage", repositoryName="app", imageManifest=image.text, imageTag="three")
    ids = [{"imageDigest": image.digest}]
    deleted = wire.call("BatchDeleteImage", repositoryName="app", imageIds=ids)["imageIds"]
    assert sorted(each["imageTag"] for each in deleted) == ["three", "two"]
    assert {each["imageDigest"] for each in deleted} == {image.digest}


def test_fact_57_the_last_tag_takes_the_image_along(wire: Wire, image: Manifest) -> None:
    """Without its last tag an image is gone (containers-roadmap#1567)."""
    ids = [{"imageTag": "one"}, {"imageTag": "two"}]
    wire.call("BatchDeleteImage", repositoryName="app", imageIds=ids)
    assert wire.call("DescribeImages", repositoryName="app")["imageDetails"] == []


def test_fact_58_a_listed_image_stays(ecr: Any, wire: Wire, image: Manifest) -> None:
    """A child of a list cannot be deleted, nor its only tag (containers-roadmap#1567)."""
    parent = docker_list([image])
    push(ecr, "app", parent, "list")
    wire.call("BatchDeleteImage", repositoryName="app", imageIds=[{"imageTag": "two"}])
    for asked in ({"imageDigest": image.digest}, {"imageTag": "one"}):
        answer = wire.call("BatchDeleteImage", repositoryName="app", imageIds=[asked])
        assert answer["imageIds"] == []
        assert answer["failures"] == [
            {
                "failureCode": "ImageReferencedByManifestList",
                "failureReason": f"Requested image referenced by manifest list: [{parent.digest}]",
                "imageId": asked,
            }
        ]


def test_facts_63_to_68_uploading_a_layer(wire: Wire) -> None:
    """Parts follow each other, small ones come last, an empty upload is no layer (kaniko#607)."""
    begun = wire.call("InitiateLayerUpload", repositoryName="app")
    assert re.fullmatch(UUID, begun["uploadId"])
    assert begun["partSize"] > 0
    upload = {"repositoryName": "app", "uploadId": begun["uploadId"]}
    blob = layer("of the facts")
    code, text = wire.refused("CompleteLayerUpload", **upload, layerDigests=[blob.digest])
    assert (code, text) == (
        "EmptyUploadException",
        f"The upload with id '{begun['uploadId']}' in the repository with name 'app' in registry "
        f"with id '{ACCOUNT}' cannot be completed because it does not have any parts",
    )
    size = len(blob.content)
    part = {**upload, "layerPartBlob": blob.content}
    taken = wire.call("UploadLayerPart", **part, partFirstByte=0, partLastByte=size - 1)
    assert taken["lastByteReceived"] == size - 1
    assert wire.refused("UploadLayerPart", **part, partFirstByte=0, partLastByte=size - 1) == (
        "InvalidLayerPartException",
        f"First byte of the layer part is 0 instead of {size}",
    )
    wire.call("UploadLayerPart", **part, partFirstByte=size, partLastByte=2 * size - 1)
    both = digest_of(blob.content * 2)
    assert wire.refused("CompleteLayerUpload", **upload, layerDigests=[both]) == (
        "LayerPartTooSmallException",
        "All layer parts except the last part should be at least 5MB",
    )


def test_facts_68_to_70_layers_that_are_there(ecr: Any, wire: Wire, image: Manifest) -> None:
    """Availability, the URL of a layer, an unknown layer, one there already (aws-ecr-public#11)."""
    blob, unknown = image.blobs[-1], digest_of(b"unknown")
    answer = wire.call(
        "BatchCheckLayerAvailability", repositoryName="app", layerDigests=[blob.digest]
    )
    (found,) = answer["layers"]
    assert answer["failures"] == []
    assert found.keys() == {"layerDigest", "layerAvailability", "layerSize", "mediaType"}
    url = wire.call("GetDownloadUrlForLayer", repositoryName="app", layerDigest=blob.digest)
    assert url["layerDigest"] == blob.digest
    code, text = wire.refused("GetDownloadUrlForLayer", repositoryName="app", layerDigest=unknown)
    assert code == "LayersNotFoundException"
    assert text.endswith(
        f"does not exist within the repository with name 'app' in the registry with id '{ACCOUNT}'"
    )
    with pytest.raises(ecr.exceptions.LayerAlreadyExistsException):
        push(ecr, "app", image, "again")


def test_facts_71_and_72_authorization(reference: ReferenceTransport, wire: Wire) -> None:
    """ECR gives a list with an endpoint, ECR Public one object, in one region (aws-cdk#24244)."""
    (private,) = wire.call("GetAuthorizationToken")["authorizationData"]
    at_home = Wire(reference, "ecr-public", "us-east-1")
    public = at_home.call("GetAuthorizationToken")["authorizationData"]
    assert private["proxyEndpoint"] == f"https://{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com"
    assert public.keys() == {"authorizationToken", "expiresAt"}
    for data in (private, public):
        assert base64.b64decode(data["authorizationToken"]).startswith(b"AWS:")
    assert Wire(reference, "ecr-public").refused("GetAuthorizationToken") == (
        "UnsupportedCommandException",
        "GetAuthorizationToken command is only supported in us-east-1.",
    )


def test_facts_73_and_74_a_public_repository(reference: ReferenceTransport) -> None:
    """A public ARN has no region, the URI an alias, and catalogData is always there."""
    made = Wire(reference, "ecr-public").call("CreateRepository", repositoryName="app")
    repository = made["repository"]
    assert made["catalogData"] == {}
    assert repository["repositoryArn"] == f"arn:aws:ecr-public::{ACCOUNT}:repository/app"
    assert re.fullmatch("public.ecr.aws/[a-z0-9]+/app", repository["repositoryUri"])


def test_fact_78_tags_of_a_public_repository(public: Any, public_wire: Wire) -> None:
    """Each tag comes with its image, which has no list of tags (describe-image-tags.rst)."""
    manifest = docker_image("of the facts")
    push(public, "app", manifest, "one", "two")
    details = public_wire.call("DescribeImageTags", repositoryName="app")["imageTagDetails"]
    assert sorted(each["imageTag"] for each in details) == ["one", "two"]
    for each in details:
        assert each.keys() == {"imageTag", "createdAt", "imageDetail"}
        assert "imageTags" not in each["imageDetail"]
        assert each["imageDetail"]["imageDigest"] == manifest.digest
