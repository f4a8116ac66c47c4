"""Layers and manifests, made from a seed text: the same text gives the same bytes and digests.

Media types and fields: Docker Image Manifest V2 Schema 2 and the OCI image specification
(https://distribution.github.io/distribution/spec/manifest-v2-2/,
https://github.com/opencontainers/image-spec).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json"
DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_CONFIG = "application/vnd.oci.image.config.v1+json"
OCI_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"


def digest_of(content: bytes) -> str:
    """The content's address: ``sha256:<hex>``."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Blob:
    """A layer or an image configuration: what ``CompleteLayerUpload`` stores."""

    content: bytes

    @property
    def digest(self) -> str:
        """The content's digest."""
        return digest_of(self.content)

    def descriptor(self, media_type: str) -> dict[str, Any]:
        """How a manifest refers to the blob."""
        return {"mediaType": media_type, "size": len(self.content), "digest": self.digest}


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest as text, because its digest is that of its exact bytes.

    ``blobs`` are what it refers to; they have to be uploaded before it is put.
    """

    text: str
    media_type: str
    blobs: tuple[Blob, ...] = ()

    @property
    def digest(self) -> str:
        """The digest of the exact text, UTF-8."""
        return digest_of(self.text.encode())

    def descriptor(self, architecture: str = "amd64") -> dict[str, Any]:
        """How a manifest list or index refers to the manifest."""
        return {
            "mediaType": self.media_type,
            "size": len(self.text.encode()),
            "digest": self.digest,
            "platform": {"architecture": architecture, "os": "linux"},
        }


def layer(seed: str, size: int = 0) -> Blob:
    """A layer that is unique to ``seed``, padded to ``size`` bytes with one repeated character."""
    return Blob(f"layer {seed} ".encode().ljust(size, b"x"))


def config(seed: str, *layers: Blob) -> Blob:
    """An image configuration for some layers."""
    value = {
        "architecture": "amd64",
        "os": "linux",
        "config": {"Labels": {"seed": seed}},
        "rootfs": {"type": "layers", "diff_ids": [blob.digest for blob in layers]},
    }
    return Blob(json.dumps(value).encode())


def docker_image(seed: str) -> Manifest:
    """A Docker image of one layer. The text is indented, so that re-serialising it shows."""
    content = layer(seed)
    settings = config(seed, content)
    value = {
        "schemaVersion": 2,
        "mediaType": DOCKER_MANIFEST,
        "config": settings.descriptor(DOCKER_CONFIG),
        "layers": [content.descriptor(DOCKER_LAYER)],
    }
    return Manifest(json.dumps(value, indent=3), DOCKER_MANIFEST, (settings, content))


def oci_image(
    seed: str, annotations: Mapping[str, str] | None = None, *, with_media_type: bool = True
) -> Manifest:
    """An OCI image of one layer; images of one ``seed`` and other ``annotations`` share blobs."""
    content = layer(seed)
    settings = config(seed, content)
    value: dict[str, Any] = {"schemaVersion": 2}
    if with_media_type:
        value["mediaType"] = OCI_MANIFEST
    value["config"] = settings.descriptor(OCI_CONFIG)
    value["layers"] = [content.descriptor(OCI_LAYER)]
    if annotations:
        value["annotations"] = dict(annotations)
    return Manifest(json.dumps(value, indent=3), OCI_MANIFEST, (settings, content))


def docker_list(children: Sequence[Manifest]) -> Manifest:
    """A Docker manifest list of some images."""
    return _collection(DOCKER_LIST, children)


def oci_index(children: Sequence[Manifest]) -> Manifest:
    """An OCI image index of some images."""
    return _collection(OCI_INDEX, children)


def _collection(media_type: str, children: Sequence[Manifest]) -> Manifest:
    architectures = ("amd64", "arm64", "arm", "386", "ppc64le", "s390x")
    value = {
        "schemaVersion": 2,
        "mediaType": media_type,
        "manifests": [
            child.descriptor(architectures[index % len(architectures)])
            for index, child in enumerate(children)
        ],
    }
    return Manifest(json.dumps(value, indent=3), media_type)
