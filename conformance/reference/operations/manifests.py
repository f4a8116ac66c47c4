"""Manifests: what one says of itself.

The formats ECR takes: https://docs.aws.amazon.com/AmazonECR/latest/userguide/
image-manifest-formats.html. Docker's schema 1, which that page has too, is not here yet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance.reference.json_text import parsed
from conformance.reference.refusal import Refusal, invalid
from conformance.transport.exchange import NotJson

SINGLE = frozenset(
    {
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
    }
)
LISTS = frozenset(
    {
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.index.v1+json",
    }
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest's content. ``layers`` are media types by digest, the configuration included.

    ``size`` is None for a list, which has none of its own. ``subject`` is the digest of the image
    that it is an artifact of, whether that is here or not.
    """

    digest: str
    media_type: str
    artifact_type: str | None
    size: int | None
    layers: Mapping[str, str]
    images: tuple[str, ...]
    subject: str | None
    annotations: Mapping[str, str]


def digest_of(content: bytes) -> str:
    """The SHA-256 digest of a content: what images and layers are addressed by."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def read_manifest(text: str, media_type: str | None) -> Manifest:
    """Read a manifest. Raises ``InvalidParameterException`` for what is none.

    "If you push an image manifest that does not contain the mediaType field, you must specify the
    imageManifestMediaType in the request" (API_PutImage). Without either, AWS speaks of JSON
    syntax: https://github.com/aws/aws-cli/issues/8620.
    """
    value = _object(text)
    kind = _text(value, "mediaType") or media_type
    if kind in SINGLE:
        return _single(text, kind, value)
    if kind in LISTS:
        return _list(text, kind, value)
    raise _syntax() if kind is None else invalid("ImageManifest", "Unsupported media type")


def _object(text: str) -> dict[str, Any]:
    try:
        value = parsed(text.encode())
    except NotJson:
        raise _syntax() from None
    if not isinstance(value, dict):
        raise _syntax()
    return value


def _single(text: str, kind: str, value: dict[str, Any]) -> Manifest:
    """An image. Its size is that of configuration and layers, not counting the manifest.

    So it adds up in AWS's examples, batch-get-image.rst and describe-images.rst in
    https://github.com/aws/aws-cli/blob/develop/awscli/examples/ecr/, which show one image.
    """
    config = value.get("config")
    parts = [_descriptor(config), *_descriptors(value.get("layers"))]
    return Manifest(
        digest=digest_of(text.encode()),
        media_type=kind,
        artifact_type=_text(value, "artifactType") or parts[0]["mediaType"],
        size=sum(part["size"] for part in parts),
        layers={part["digest"]: part["mediaType"] for part in parts},
        images=(),
        subject=_subject(value),
        annotations=_annotations(value),
    )


def _list(text: str, kind: str, value: dict[str, Any]) -> Manifest:
    images = tuple(each["digest"] for each in _descriptors(value.get("manifests")))
    return Manifest(
        digest=digest_of(text.encode()),
        media_type=kind,
        artifact_type=_text(value, "artifactType"),
        size=None,
        layers={},
        images=images,
        subject=_subject(value),
        annotations=_annotations(value),
    )


def _descriptors(value: object) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise _syntax()
    return [_descriptor(each) for each in value]


def _descriptor(value: object) -> dict[str, Any]:
    """One of https://github.com/opencontainers/image-spec/blob/main/descriptor.md."""
    if not isinstance(value, dict):
        raise _syntax()
    size = value.get("size")
    # Python's True is an int, JSON's is no number.
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise _syntax()
    if _text(value, "mediaType") is None or _text(value, "digest") is None:
        raise _syntax()
    return value


def _subject(value: Mapping[str, Any]) -> str | None:
    """See https://github.com/opencontainers/image-spec/blob/main/manifest.md."""
    subject = value.get("subject")
    digest: str | None = None if subject is None else _descriptor(subject)["digest"]
    return digest


def _annotations(value: Mapping[str, Any]) -> Mapping[str, str]:
    """See https://github.com/opencontainers/image-spec/blob/main/annotations.md."""
    annotations = value.get("annotations")
    if annotations is None:
        return {}
    if not isinstance(annotations, dict) or not all(
        isinstance(each, str) for each in annotations.values()
    ):
        raise _syntax()
    return annotations


def _text(value: Mapping[str, Any], member: str) -> str | None:
    found = value.get(member)
    if found is not None and not isinstance(found, str):
        raise _syntax()
    return found


def _syntax() -> Refusal:
    return invalid("ImageManifest", "Invalid JSON syntax")
