"""A layer upload under way, the requests it is made of, and how layers are found afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance.suite.answers import objects, text
from conformance.suite.artifacts import Blob
from conformance.suite.registry import Registry
from conformance.suite.steps import initiate

CONTAINERD_RESOLVER = "https://github.com/awslabs/amazon-ecr-containerd-resolver/blob/main/ecr"
"""AWS's own client of the layer operations, whose comments say how ECR answers."""

SMALLEST_PART = 5 * 1024 * 1024
"""Bytes that every part but a layer's last has at least, which the service quotas document:
https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html."""


@dataclass(frozen=True, slots=True)
class LayerUpload:
    """An upload that was begun in a repository; gives the parameters of its requests."""

    repository: str
    upload_id: str

    def part(self, content: bytes, first: int = 0) -> dict[str, Any]:
        """``UploadLayerPart`` of the bytes that begin at ``first``, counted from 0."""
        return {
            "repositoryName": self.repository,
            "uploadId": self.upload_id,
            "partFirstByte": first,
            "partLastByte": first + len(content) - 1,
            "layerPartBlob": content,
        }

    def completion(self, digest: str) -> dict[str, Any]:
        """``CompleteLayerUpload`` of a layer said to have a digest."""
        return {
            "repositoryName": self.repository,
            "uploadId": self.upload_id,
            "layerDigests": [digest],
        }


def begun(registry: Registry, repository: str) -> LayerUpload:
    """Begin an upload. ``Untestable`` unless it gets an id."""
    return LayerUpload(repository, initiate(registry, repository))


def uploaded(registry: Registry, repository: str, blob: Blob) -> LayerUpload:
    """Begin an upload and send the whole layer as its one part; it is not completed."""
    upload = begun(registry, repository)
    registry.given("UploadLayerPart", **upload.part(blob.content))
    return upload


def checked(registry: Registry, repository: str, *digests: str) -> dict[str, Any]:
    """What ``BatchCheckLayerAvailability`` answers about some digests."""
    return registry.call(
        "BatchCheckLayerAvailability", repositoryName=repository, layerDigests=list(digests)
    )


def layer_called(answer: Mapping[str, Any], digest: str) -> dict[str, Any]:
    """The entry of ``layers`` about a digest; empty where there is none."""
    entries = (each for each in objects(answer, "layers") if each.get("layerDigest") == digest)
    return next(entries, {})


def states(answer: Mapping[str, Any]) -> dict[str, str]:
    """What an answer says of each digest: its availability, or ``failure`` and the code."""
    failures = {
        text(each, "layerDigest") or "no digest": f"failure {text(each, 'failureCode')}"
        for each in objects(answer, "failures")
    }
    layers = {
        text(each, "layerDigest") or "no digest": text(each, "layerAvailability") or "no state"
        for each in objects(answer, "layers")
    }
    return failures | layers
