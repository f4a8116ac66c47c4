"""The calls that programs are made of, and what is read after a change.

A call is a value that says nothing of where it is sent: each side has names, ARNs, upload ids and
digests of its own, for which a call has the words below. So any part of a program is a program.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conformance.suite.artifacts import (
    Blob,
    Manifest,
    digest_of,
    docker_image,
    docker_list,
    oci_image,
)

REPOSITORIES = ("a", "b")
"""What programs call their repositories."""

_FIRST, _SECOND = docker_image("first"), oci_image("second")

IMAGES: Mapping[str, Manifest] = {
    "first": _FIRST,
    "second": _SECOND,
    "list": docker_list([_FIRST]),
}
"""What programs push: two images that share no layer, and a manifest list of the first."""

TAGS = ("one", "two")

BLOBS: Sequence[Blob] = (*_FIRST.blobs, *_SECOND.blobs, Blob(b"a layer of no image"))

NO_LAYER = digest_of(b"a layer that is never uploaded")

UPLOADING = ("InitiateLayerUpload", "UploadLayerPart", "CompleteLayerUpload")
BY_ARN = ("ListTagsForResource", "TagResource", "UntagResource")


@dataclass(frozen=True, slots=True)
class DigestOf:
    """The digest that a side stores an image under. ``image`` is a key of ``IMAGES``."""

    image: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call about one repository. ``members`` are its other parameters."""

    operation: str
    repository: str
    members: Mapping[str, Any] = field(default_factory=dict)

    @property
    def changes(self) -> bool:
        """Whether the call is there to change something."""
        return self.operation in _WITNESSES

    @property
    def aspect(self) -> str:
        """What of a repository the call is about; an empty text where about it as a whole."""
        return next((each for each, names in _ASPECTS.items() if self.operation in names), "")

    def witnesses(self) -> Sequence[Call]:
        """Calls that show what this one changed, and that it changed nothing where refused."""
        same = {name: self.members[name] for name in ("layerDigests",) if name in self.members}
        return [
            Call(operation, self.repository, same)
            for operation in _WITNESSES.get(self.operation, ())
        ]


_WITNESSES: Mapping[str, Sequence[str]] = {
    "CreateRepository": (
        "DescribeRepositories",
        "DescribeImages",
        "GetRepositoryPolicy",
        "ListTagsForResource",
    ),
    "DeleteRepository": ("DescribeRepositories", "DescribeImages"),
    "PutImageTagMutability": ("DescribeRepositories",),
    "InitiateLayerUpload": (),
    "UploadLayerPart": (),
    "CompleteLayerUpload": ("BatchCheckLayerAvailability",),
    "PutImage": ("DescribeImages",),
    "BatchDeleteImage": ("DescribeImages",),
    "SetRepositoryPolicy": ("GetRepositoryPolicy",),
    "DeleteRepositoryPolicy": ("GetRepositoryPolicy",),
    "TagResource": ("ListTagsForResource",),
    "UntagResource": ("ListTagsForResource",),
}
"""The operations that change something, each with those that show it."""

_ASPECTS: Mapping[str, Sequence[str]] = {
    "layers": (*UPLOADING, "BatchCheckLayerAvailability", "GetDownloadUrlForLayer"),
    "images": (
        "PutImage",
        "BatchDeleteImage",
        "DescribeImages",
        "DescribeImageTags",
        "ListImages",
        "BatchGetImage",
    ),
    "policy": ("SetRepositoryPolicy", "DeleteRepositoryPolicy", "GetRepositoryPolicy"),
    "resource tags": ("TagResource", "UntagResource", "ListTagsForResource"),
}
"""What can be wrong by itself, each with the operations that are about it."""
