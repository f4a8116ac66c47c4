"""One plain, valid program over the operations of a service, and its sorry end.

It shows which operations a target has at all, and gives every exchange rule a success and a
refusal of each operation to judge. What is set for a whole registry is left as it was found.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.contract import Contract, only_reads
from conformance.suite.answers import success
from conformance.suite.artifacts import docker_image
from conformance.suite.topics.policies import denial
from conformance.transport.clock import Clock
from conformance.transport.exchange import Exchange
from conformance.transport.wire import WireClient

_PAUSE = 1.0
"""Seconds between two readings of what may be stale."""

UNKNOWN_UPLOAD = "00000000-0000-4000-8000-000000000000"

Memory = dict[str, dict[str, Any]]
"""The last successful answer of each operation."""


@dataclass(frozen=True, slots=True)
class Step:
    """A request, some of whose parameters come from answers to earlier steps.

    ``learned`` gives the place of each: an operation and members, joined by dots. ``lasting``: it
    is answered as before when the repository that the walk made is gone.
    """

    operation: str
    fixed: Mapping[str, Any]
    learned: Mapping[str, str] = field(default_factory=dict)
    lasting: bool = False
    memory: Memory = field(default_factory=dict)

    @property
    def parameters(self) -> dict[str, Any]:
        """What the request says; what was not learned is an empty text."""
        recalled = {name: self._recall(place) for name, place in self.learned.items()}
        return {**self.fixed, **recalled}

    def take(self, client: WireClient) -> Exchange:
        """Send the request; remember the answer for later steps."""
        exchange = client.send(self.operation, self.parameters)
        if exchange.response is not None:
            answer = success(exchange.response)
            if answer is not None:
                self.memory[self.operation] = answer
        return exchange

    def take_in_time(
        self, client: WireClient, clock: Clock, patience: float, *, succeeds: bool
    ) -> None:
        """Send the request; where it only reads, repeat it for so many seconds until it succeeds.

        Or, unless it ``succeeds``, until it does not.
        """
        deadline = clock.monotonic() + patience
        while _succeeded(self.take(client)) is not succeeds:
            if not only_reads(self.operation) or clock.monotonic() >= deadline:
                return
            clock.sleep(_PAUSE)

    def _recall(self, place: str) -> Any:
        found: Any = self.memory
        for member in place.split("."):
            found = found.get(member) if isinstance(found, dict) else None
        return "" if found is None else found


def _succeeded(exchange: Exchange) -> bool:
    return exchange.response is not None and success(exchange.response) is not None


def program(
    contract: Contract, name: str, seed: str, memory: Memory | None = None
) -> Iterator[Step]:
    """Steps that all succeed on a working registry where no repository is called ``name``.

    The image they push is made from ``seed``. ``memory`` is where they remember what they learn.
    """
    kept: Memory = {} if memory is None else memory
    for step in _steps(contract.service, name, seed):
        if step.operation in contract.operations:
            yield Step(step.operation, step.fixed, step.learned, step.lasting, kept)


def aftermath(contract: Contract, name: str, seed: str, memory: Memory) -> Iterator[Step]:
    """The same requests once all that the walk made is gone: all that need it are refused.

    Last the repository is made once more and twice, which is refused, and deleted.
    """
    memory["InitiateLayerUpload"] = {"uploadId": UNKNOWN_UPLOAD}
    taken: set[str] = set()
    for step in program(contract, name, seed, memory):
        if step.operation not in taken and not step.lasting:
            taken.add(step.operation)
            yield step
    for operation in ("CreateRepository", "CreateRepository", "DeleteRepository"):
        yield Step(operation, {"repositoryName": name})


def _steps(service: str, name: str, seed: str) -> Iterator[Step]:
    here: dict[str, Any] = {"repositoryName": name}
    manifest = docker_image(f"walk {seed}")
    image = {**here, "imageIds": [{"imageTag": "walk"}]}
    yield Step("CreateRepository", here, lasting=True)
    yield Step("DescribeRepositories", {"repositoryNames": [name]})
    yield Step("GetAuthorizationToken", {}, lasting=True)
    yield from _policies(service, here)
    yield from _resource_tags()
    for blob in manifest.blobs:
        upload = {"uploadId": "InitiateLayerUpload.uploadId"}
        part = {"partFirstByte": 0, "partLastByte": len(blob.content) - 1}
        content = {"layerPartBlob": blob.content}
        yield Step("InitiateLayerUpload", here)
        yield Step("UploadLayerPart", {**here, **part, **content}, upload)
        yield Step("CompleteLayerUpload", {**here, "layerDigests": [blob.digest]}, upload)
    layer = manifest.blobs[-1].digest
    yield Step("BatchCheckLayerAvailability", {**here, "layerDigests": [layer]})
    yield Step("PutImage", {**here, "imageManifest": manifest.text, "imageTag": "walk"})
    yield Step("GetDownloadUrlForLayer", {**here, "layerDigest": layer})
    yield Step("BatchGetImage", image)
    yield Step("ListImages", here)
    yield Step("DescribeImages", here)
    yield Step("DescribeImageTags", here)
    yield from _about_an_image({**here, "imageId": {"imageTag": "walk"}}, manifest.digest)
    yield from _repository_settings(here)
    yield from _registry(name)
    yield Step("BatchDeleteImage", image)
    yield Step("DeleteRepository", {**here, "force": True})


def _policies(service: str, here: dict[str, Any]) -> Iterator[Step]:
    yield Step("SetRepositoryPolicy", {**here, "policyText": denial(service, "TagResource")})
    yield Step("GetRepositoryPolicy", here)
    yield Step("DeleteRepositoryPolicy", here)
    expiry = {
        "rulePriority": 1,
        "selection": {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 9},
        "action": {"type": "expire"},
    }
    policy = {**here, "lifecyclePolicyText": json.dumps({"rules": [expiry]})}
    yield Step("PutLifecyclePolicy", policy)
    yield Step("GetLifecyclePolicy", here)
    yield Step("StartLifecyclePolicyPreview", here)
    yield Step("GetLifecyclePolicyPreview", here)
    yield Step("DeleteLifecyclePolicy", here)


def _resource_tags() -> Iterator[Step]:
    resource = {"resourceArn": "CreateRepository.repository.repositoryArn"}
    yield Step("TagResource", {"tags": [{"Key": "walk", "Value": "on"}]}, resource)
    yield Step("ListTagsForResource", {}, resource)
    yield Step("UntagResource", {"tagKeys": ["walk"]}, resource)


def _about_an_image(image: dict[str, Any], digest: str) -> Iterator[Step]:
    yield Step("StartImageScan", image)
    yield Step("DescribeImageScanFindings", image)
    yield Step("DescribeImageReplicationStatus", image)
    yield Step("DescribeImageSigningStatus", image)
    name = {"repositoryName": image["repositoryName"]}
    yield Step("ListImageReferrers", {**name, "subjectId": {"imageDigest": digest}})


def _repository_settings(here: dict[str, Any]) -> Iterator[Step]:
    yield Step("PutImageTagMutability", {**here, "imageTagMutability": "MUTABLE"})
    scanning = {"imageScanningConfiguration": {"scanOnPush": False}}
    yield Step("PutImageScanningConfiguration", {**here, **scanning})
    yield Step("PutRepositoryCatalogData", {**here, "catalogData": {"description": "a walk"}})
    yield Step("GetRepositoryCatalogData", here)


def _registry(name: str) -> Iterator[Step]:
    """What a registry is asked, and what is made in it and deleted again."""
    for operation in (
        "DescribeRegistry",
        "DescribeRegistries",
        "GetRegistryScanningConfiguration",
        "GetRegistryCatalogData",
        "ListPullTimeUpdateExclusions",
        "ListReplicationBackfills",
    ):
        yield Step(operation, {}, lasting=True)
    yield Step("GetAccountSetting", {"name": "BASIC_SCAN_TYPE_VERSION"}, lasting=True)
    names = {"repositoryNames": [name]}
    yield Step("BatchGetRepositoryScanningConfiguration", names, lasting=True)
    rule = {"ecrRepositoryPrefix": prefix_of(name)}
    upstream = {"upstreamRegistryUrl": "public.ecr.aws"}
    yield Step("CreatePullThroughCacheRule", {**rule, **upstream}, lasting=True)
    yield Step("DescribePullThroughCacheRules", {"ecrRepositoryPrefixes": [prefix_of(name)]})
    yield Step("ValidatePullThroughCacheRule", rule)
    yield Step("DeletePullThroughCacheRule", rule)
    template = {"prefix": prefix_of(name)}
    yield Step(
        "CreateRepositoryCreationTemplate",
        {**template, "appliedFor": ["REPLICATION"]},
        lasting=True,
    )
    prefixes = {"prefixes": [prefix_of(name)]}
    yield Step("DescribeRepositoryCreationTemplates", prefixes, lasting=True)
    yield Step("UpdateRepositoryCreationTemplate", {**template, "description": "a walk"})
    yield Step("DeleteRepositoryCreationTemplate", template)


def prefix_of(name: str) -> str:
    """A prefix of repositories' names that fits AWS's bounds: 30 characters at most."""
    return name[-30:].strip("-_./")


def _every_step() -> tuple[Step, ...]:
    return tuple(
        step for service in ("ecr", "ecr-public") for step in _steps(service, "any", "any")
    )


WALKED_OPERATIONS = tuple(dict.fromkeys(step.operation for step in _every_step()))
"""The operations that the walk tries, those of ECR Public included."""

_REFUSED = (step.operation for step in _every_step() if not step.lasting)
REFUSED_OPERATIONS = tuple(dict.fromkeys(["CreateRepository", *_REFUSED]))
"""Those that a walk's aftermath gets an error of."""
