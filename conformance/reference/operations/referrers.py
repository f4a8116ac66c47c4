"""Referrers: the artifacts, such as signatures, whose manifests name an image as their subject.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers; that ECR
follows it: https://docs.aws.amazon.com/AmazonECR/latest/userguide/images.html.
"""

from __future__ import annotations

from typing import Any

from conformance.reference.call import Call, Outcome, Parameters, existing
from conformance.reference.operations.image_ids import require_forms
from conformance.reference.pagination import page
from conformance.reference.state import Image, Registry

DEFAULT_PAGE = 20
"""As documented: "If this parameter is not used, then ListImageReferrers returns up to 20 results"
(API_ListImageReferrers)."""


def list_image_referrers(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """The artifacts of an image, in pages.

    "Lists the artifacts associated with a specified subject image" (API_ListImageReferrers). An
    artifact may come before its subject and outlive it, so a subject that is not there is no error:
    the operation declares none for it. Artifacts that only an upstream registry has are not known
    here.
    """
    repository = existing(registry, given["repositoryName"], call)
    subject = given["subjectId"]
    require_forms(subject)
    found = {
        digest: image
        for digest, image in repository.images.items()
        if image.subject == subject["imageDigest"] and _passes(given, image)
    }
    shown, more = page(found, given, call, DEFAULT_PAGE)
    return registry, {"referrers": [_referrer(image) for image in shown], **more}


def _passes(given: Parameters, image: Image) -> bool:
    """Whether the filter lets an artifact through.

    "If no filter is specified, only artifacts with ACTIVE status are returned". An empty list of
    types is taken as none: what it means is not public.
    """
    wanted = given.get("filter", {})
    types = wanted.get("artifactTypes", ())
    fits = not types or image.artifact_type in types
    return fits and wanted.get("artifactStatus", "ACTIVE") in ("ANY", image.status)


def _referrer(image: Image) -> dict[str, Any]:
    """The ``ImageReferrer`` of an answer (API_ImageReferrer).

    ``size`` is "The size, in bytes, of the artifact", taken as that of the image in
    ``DescribeImages``; that it is not its manifest's, as OCI has it, is not public.
    """
    optional = {"artifactType": image.artifact_type, "annotations": dict(image.annotations)}
    return {
        "digest": image.digest,
        "mediaType": image.media_type,
        "size": image.size,
        "artifactStatus": image.status,
        **{name: value for name, value in optional.items() if value},
    }
