"""The calls that programs are made of, and what is read after a change.

A call is a value that says nothing of where it is sent: each side has names, ARNs, upload ids and
digests of its own, for which a call has the words below. So any part of a program is a program.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conformance.suite.artifacts import Blob, Manifest, docker_image, docker_list, oci_image

REPOSITORIES = ("a", "b")
"""What programs call their repositories."""

_AMD64, _ARM64 = docker_image("amd64"), oci_image("arm64")

IMAGES: Mapping[str, Manifest] = {
    "amd64": _AMD64,
    "arm64": _ARM64,
    "list": docker_list([_AMD64]),
}
"""What programs push: two images, and a manifest list of the first."""

TAGS = ("one", "two")

STRAY = Blob(b"a layer that no image refers to")
BLOBS: Sequence[Blob] = (*_AMD64.blobs, *_ARM64.blobs, STRAY)

UPLOADING = ("InitiateLayerUpload", "UploadLayerPart", "CompleteLayerUpload")
"""Without these there are no images either."""


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

    def witnesses(self) -> Sequence[Call]:
        """Calls that show what this one changed, and that it changed nothing where refused."""
        members = _CHECKED if self.operation == "CompleteLayerUpload" else ()
        same = {name: self.members[name] for name in members}
        return [
            Call(operation, self.repository, same)
            for operation in _WITNESSES.get(self.operation, ())
        ]


_CHECKED = ("layerDigests",)

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

OPERATIONS: Sequence[str] = (
    *_WITNESSES,
    "DescribeRepositories",
    "DescribeImages",
    "DescribeImageTags",
    "ListImages",
    "BatchGetImage",
    "BatchCheckLayerAvailability",
    "GetDownloadUrlForLayer",
    "GetRepositoryPolicy",
    "ListTagsForResource",
)
"""All that programs call."""
