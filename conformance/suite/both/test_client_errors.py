"""Errors as AWS's own SDK for Python raises them: by their class, with what they carry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from conformance.suite.answers import describe, refusal, structure
from conformance.suite.artifacts import docker_image, layer
from conformance.suite.boto_clients import BotoClient
from conformance.suite.evidence import documented, model, recorded
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import create_repository, push_with_layers
from conformance.suite.topics.layer_uploads import LayerUpload, uploaded
from conformance.suite.verdicts import MUST, SHOULD
from conformance.suite.walk import UNKNOWN_UPLOAD

GUIDE = "https://docs.aws.amazon.com/boto3/latest/guide/error-handling.html"
_PLACEBO = "https://github.com/cloud-custodian/cloud-custodian/tree/main/tests/data/placebo"


@dataclass(frozen=True, slots=True)
class _Refused:
    """A request that is refused with ``code``; ``arrange`` makes what it needs and gives it."""

    operation: str
    code: str
    arrange: Callable[[Registry], dict[str, Any]]

    @property
    def label(self) -> str:
        """What the check is called."""
        return self.code


def _taken_name(registry: Registry) -> dict[str, Any]:
    return {"repositoryName": create_repository(registry)}


def _capitals(registry: Registry) -> dict[str, Any]:
    return {"repositoryName": create_repository(registry).upper()}


def _unknown_repository(registry: Registry) -> dict[str, Any]:
    return {"repositoryNames": [f"{registry.name_prefix}-unknown"]}


def _image(registry: Registry) -> dict[str, Any]:
    """An image put already under the tag that it is put under."""
    repository, manifest = create_repository(registry), docker_image(registry.content_seed)
    push_with_layers(registry, repository, manifest, "latest")
    return {"repositoryName": repository, "imageManifest": manifest.text, "imageTag": "latest"}


def _full_repository(registry: Registry) -> dict[str, Any]:
    return {"repositoryName": _image(registry)["repositoryName"]}


def _unknown_image(registry: Registry) -> dict[str, Any]:
    return {**_full_repository(registry), "imageIds": [{"imageTag": "unknown"}]}


def _image_without_layers(registry: Registry) -> dict[str, Any]:
    manifest = docker_image(f"{registry.content_seed} incomplete")
    return {**_full_repository(registry), "imageManifest": manifest.text, "imageTag": "other"}


def _unknown_upload(registry: Registry) -> dict[str, Any]:
    upload = LayerUpload(create_repository(registry), UNKNOWN_UPLOAD)
    return upload.completion(docker_image(registry.content_seed).digest)


def _part_out_of_place(registry: Registry) -> dict[str, Any]:
    blob = layer(registry.content_seed)
    return uploaded(registry, create_repository(registry), blob).part(blob.content)


_OUT_OF_PLACE = _Refused("UploadLayerPart", "InvalidLayerPartException", _part_out_of_place)
_NOT_FOUND = _Refused("DescribeRepositories", "RepositoryNotFoundException", _unknown_repository)
_REFUSED = (
    _NOT_FOUND,
    _Refused("CreateRepository", "RepositoryAlreadyExistsException", _taken_name),
    _Refused("CreateRepository", "InvalidParameterException", _capitals),
    _Refused("DeleteRepository", "RepositoryNotEmptyException", _full_repository),
    _Refused("GetRepositoryPolicy", "RepositoryPolicyNotFoundException", _taken_name),
    _Refused("DescribeImages", "ImageNotFoundException", _unknown_image),
    _Refused("PutImage", "ImageAlreadyExistsException", _image),
    _Refused("PutImage", "LayersNotFoundException", _image_without_layers),
    _Refused("CompleteLayerUpload", "UploadNotFoundException", _unknown_upload),
)


def _raised(registry: Registry, boto: BotoClient, case: _Refused) -> ClientError:
    """What boto3 raises for a request that is refused with the right code."""
    return _raised_for(registry, boto, case, case.arrange(registry))


def _raised_for(
    registry: Registry, boto: BotoClient, case: _Refused, request: dict[str, Any]
) -> ClientError:
    """What boto3 raises for that request. ``Untestable`` where the code is another.

    Other rules judge that.
    """
    response = registry.send(case.operation, request)
    error = refusal(response)
    if error is None or error.code != case.code:
        raise Untestable(case.operation, f"no {case.code}, but {describe(response)}")
    return boto.raised(case.operation, **request)


@pytest.mark.parametrize("case", _REFUSED)
@rule(
    "client.exception-class",
    level=MUST,
    operations=[case.operation for case in _REFUSED],
    evidence=[
        documented(
            "Parsing error responses and catching exceptions from AWS services",
            "Additionally, you can also access some of the dynamic service-side exceptions from "
            "the client\N{RIGHT SINGLE QUOTATION MARK}s exception property.",
            url=GUIDE,
        ),
        model("operations", "each operation lists its errors, boto3 makes a class of each"),
    ],
)
def test_an_error_is_raised_as_its_own_class(
    registry: Registry, boto: BotoClient, case: _Refused
) -> None:
    """boto3 raises an error as the exception class of its name, and gives its code."""
    error = _raised(registry, boto, case)
    expected = getattr(boto.client.exceptions, case.code)
    raised = type(error).__name__
    assert isinstance(error, expected), f"{case.operation}: {case.code} is raised as {raised}"
    code = error.response["Error"].get("Code")
    assert code == case.code, f"{case.operation}: the Code of a {case.code} is {code!r}"


@rule(
    "client.exception-metadata",
    level=MUST,
    operations=[_NOT_FOUND.operation],
    evidence=[
        documented(
            "Discerning useful information from error responses",
            "Request ID and HTTP status code",
            url=GUIDE,
        ),
        recorded(
            "GetRepositoryPolicy",
            "a RepositoryPolicyNotFoundException came with status 400 and the header "
            "x-amzn-RequestId",
            f"{_PLACEBO}/test_ecr_no_policy",
        ),
    ],
)
def test_an_exception_has_status_and_request_id(registry: Registry, boto: BotoClient) -> None:
    """An exception of boto3 carries the status 400 and the id of the request."""
    raised = _raised(registry, boto, _NOT_FOUND)
    metadata = structure(dict(raised.response), "ResponseMetadata")
    status = metadata.get("HTTPStatusCode")
    assert status == 400, f"the HTTPStatusCode of a {_NOT_FOUND.code} is {status}, not 400"
    assert metadata.get("RequestId"), f"a {_NOT_FOUND.code} has no RequestId"


@rule(
    "client.exception-message",
    level=SHOULD,
    operations=[_NOT_FOUND.operation],
    evidence=[
        documented(
            "Discerning useful information from error responses",
            "Exception class and error message",
            url=GUIDE,
        ),
        model("ExceptionMessage", "modelled errors have a member message"),
    ],
)
def test_an_exception_has_a_message(registry: Registry, boto: BotoClient) -> None:
    """An exception of boto3 carries the message of the error."""
    message = _raised(registry, boto, _NOT_FOUND).response["Error"].get("Message")
    assert message, f"a {_NOT_FOUND.code} has no Message"


@rule(
    "client.exception-fields",
    level=SHOULD,
    operations=[_OUT_OF_PLACE.operation],
    evidence=[
        documented(
            "InvalidLayerPartException.uploadId",
            "The upload ID associated with the exception.",
            public="The upload ID that's associated with the layer part.",
        ),
        model(
            "InvalidLayerPartException",
            "it has the members registryId, repositoryName, uploadId and lastValidByteReceived, "
            "which boto3 gives beside the Error of an exception's response",
        ),
    ],
)
def test_an_exception_has_its_fields(registry: Registry, boto: BotoClient) -> None:
    """An exception of boto3 carries the fields that its model has: repository and upload."""
    sent = _OUT_OF_PLACE.arrange(registry)
    response = dict(_raised_for(registry, boto, _OUT_OF_PLACE, sent).response)
    for member in ("repositoryName", "uploadId"):
        found = response.get(member)
        says = f"the {member} of an {_OUT_OF_PLACE.code} is {found!r}, not that of the request"
        assert found == sent[member], says
