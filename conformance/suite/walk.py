"""One plain, valid program over the operations of the first release, and its sorry end.

It shows which operations a target has at all, and gives every exchange rule a success and a
refusal of each operation to judge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.contract import Contract
from conformance.suite.answers import success
from conformance.suite.artifacts import docker_image
from conformance.suite.policies import denial
from conformance.transport.exchange import Exchange
from conformance.transport.wire import WireClient


@dataclass(frozen=True, slots=True)
class Step:
    """A request whose ``learned`` parameters come from answers to earlier steps of the walk."""

    operation: str
    fixed: Mapping[str, Any]
    learned: tuple[str, ...] = ()
    memory: dict[str, Any] = field(default_factory=dict)

    def take(self, client: WireClient) -> Exchange:
        """Send the request; remember the answer for later steps."""
        recalled = {name: self.memory.get(name, "") for name in self.learned}
        exchange = client.send(self.operation, {**self.fixed, **recalled})
        if exchange.response is not None:
            self.memory.update(success(exchange.response) or {})
        return exchange


def program(contract: Contract, name: str) -> Iterator[Step]:
    """Steps that all succeed on a working registry where no repository is called ``name``."""
    memory: dict[str, Any] = {}
    for step in _steps(contract.service, name):
        if step.operation in contract.operations:
            yield Step(step.operation, step.fixed, step.learned, memory)


def aftermath(contract: Contract, name: str) -> Iterator[Step]:
    """The same requests once the repository is gone: all that need it are refused.

    Last it is made once more and twice, which is refused, and deleted.
    """
    needless = ("CreateRepository", "GetAuthorizationToken")
    taken: set[str] = set()
    for step in program(contract, name):
        if step.operation not in taken and step.operation not in needless:
            taken.add(step.operation)
            unknown_upload = dict.fromkeys(step.learned, "00000000-0000-4000-8000-000000000000")
            yield Step(step.operation, {**step.fixed, **unknown_upload})
    for operation in ("CreateRepository", "CreateRepository", "DeleteRepository"):
        yield Step(operation, {"repositoryName": name})


def _steps(service: str, name: str) -> Iterator[Step]:
    here: dict[str, Any] = {"repositoryName": name}
    manifest = docker_image(f"walk {name}")
    layer = manifest.blobs[-1].digest
    image = {**here, "imageIds": [{"imageTag": "walk"}]}
    yield Step("CreateRepository", here)
    yield Step("DescribeRepositories", {"repositoryNames": [name]})
    yield Step("GetAuthorizationToken", {})
    yield Step("SetRepositoryPolicy", {**here, "policyText": denial(service, "TagResource")})
    yield Step("GetRepositoryPolicy", here)
    yield Step("DeleteRepositoryPolicy", here)
    for blob in manifest.blobs:
        part = {"partFirstByte": 0, "partLastByte": len(blob.content) - 1}
        content = {"layerPartBlob": blob.content}
        yield Step("InitiateLayerUpload", here)
        yield Step("UploadLayerPart", {**here, **part, **content}, ("uploadId",))
        yield Step("CompleteLayerUpload", {**here, "layerDigests": [blob.digest]}, ("uploadId",))
    yield Step("BatchCheckLayerAvailability", {**here, "layerDigests": [layer]})
    yield Step("PutImage", {**here, "imageManifest": manifest.text, "imageTag": "walk"})
    yield Step("GetDownloadUrlForLayer", {**here, "layerDigest": layer})
    yield Step("BatchGetImage", image)
    yield Step("ListImages", here)
    yield Step("DescribeImages", here)
    yield Step("DescribeImageTags", here)
    yield Step("BatchDeleteImage", image)
    yield Step("DeleteRepository", {**here, "force": True})


CORE_OPERATIONS = tuple(dict.fromkeys(step.operation for step in _steps("ecr", "any")))
"""The operations of the first ECR release, and ECR Public's ``DescribeImageTags``."""

REFUSED_OPERATIONS = tuple(name for name in CORE_OPERATIONS if name != "GetAuthorizationToken")
"""Those that a walk's aftermath gets an error of; a token is given to everybody."""
