"""Image identifiers: what a digest, a tag or both name, and why they may name nothing.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageIdentifier.html and, for the
codes of failures, API_ImageFailure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance.reference.call import Call
from conformance.reference.refusal import Refusal, invalid
from conformance.reference.state import Image, Repository

TAG_PATTERN = "[a-zA-Z0-9-_.]+"
"""As AWS prints it: https://github.com/datawire/forge/issues/99."""

DIGEST_PATTERN = "[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+"
"""As AWS prints it: https://github.com/pulumi/pulumi-aws/issues/2466."""

ImageId = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NotAnImage(Exception):
    """An identifier that names no image. ``code`` is one of ``ImageFailureCode``."""

    code: str
    reason: str

    def failure(self, image_id: ImageId) -> dict[str, Any]:
        """The ``ImageFailure`` of a batch operation; it echoes what was asked for."""
        return {
            "failureCode": self.code,
            "failureReason": self.reason,
            "imageId": {k: v for k, v in image_id.items() if k in ("imageDigest", "imageTag")},
        }


def is_tag(text: str) -> bool:
    """Whether a text has the form of a tag."""
    return re.fullmatch(TAG_PATTERN, text) is not None


def is_digest(text: str) -> bool:
    """Whether a text has the form of a digest."""
    return re.fullmatch(DIGEST_PATTERN, text) is not None


def resolve(repository: Repository, image_id: ImageId) -> Image:
    """The image that an identifier names. Raises ``NotAnImage``."""
    digest, tag = image_id.get("imageDigest"), image_id.get("imageTag")
    _require_form(digest, tag)
    pointed = repository.tags.get(tag) if tag is not None else None
    wanted = digest if digest is not None else pointed.digest if pointed else None
    image = repository.images.get(wanted or "")
    if image is None or (tag is not None and pointed is None):
        # Recorded: https://github.com/aws/aws-cli/issues/6424. Other reasons are not public.
        raise NotAnImage("ImageNotFound", "Requested image not found")
    if pointed is not None and pointed.digest != image.digest:
        raise NotAnImage(
            "ImageTagDoesNotMatchDigest", "The given tag does not point to the given digest"
        )
    return image


def named_image(repository: Repository, image_id: ImageId, call: Call) -> Image:
    """The image an identifier names; one that names none fails the whole call.

    Text: https://github.com/hashicorp/terraform-provider-aws/issues/35268.
    """
    require_forms(image_id)
    if not {"imageDigest", "imageTag"} & image_id.keys():
        raise invalid("imageId", "Both imageTag and imageDigest are missing")
    try:
        return resolve(repository, image_id)
    except NotAnImage:
        digest, tag = image_id.get("imageDigest", "null"), image_id.get("imageTag", "null")
        raise Refusal(
            "ImageNotFoundException",
            f"The image with imageId {{imageDigest:'{digest}', imageTag:'{tag}'}} does not exist "
            f"within the repository with name '{repository.name}' in the registry with id "
            f"'{call.key.account}'",
        ) from None


def require_forms(image_id: Mapping[str, str]) -> None:
    """Refuse what has not the form of a tag or digest, in the words AWS has for it."""
    tag, digest = image_id.get("imageTag"), image_id.get("imageDigest")
    if tag is not None and not is_tag(tag):
        raise invalid("imageTag", f"must satisfy regular expression '{TAG_PATTERN}'")
    if digest is not None and not is_digest(digest):
        raise invalid("imageDigest", f"must satisfy regular expression '{DIGEST_PATTERN}'")


def _require_form(digest: str | None, tag: str | None) -> None:
    if digest is None and tag is None:
        raise NotAnImage("MissingDigestAndTag", "Both tag and digest are missing")
    if digest is not None and not is_digest(digest):
        raise NotAnImage(
            "InvalidImageDigest", f"The image digest does not satisfy '{DIGEST_PATTERN}'"
        )
    if tag is not None and not is_tag(tag):
        raise NotAnImage("InvalidImageTag", f"The image tag does not satisfy '{TAG_PATTERN}'")
