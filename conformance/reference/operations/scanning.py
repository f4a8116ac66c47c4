"""Scans of images for vulnerabilities, started by hand or by a push.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html

A scan here is complete the moment it starts, and never finds anything. ``DescribeImages`` does not
speak of it: "The new version of Amazon ECR Basic Scanning doesn't use the
ImageDetail$imageScanFindingsSummary and ImageDetail$imageScanStatus attributes from the API
response to return scan results" (API_DescribeImages).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conformance.reference.call import Call, Outcome, Parameters, existing, named
from conformance.reference.operations.image_ids import named_image
from conformance.reference.operations.manifests import LISTS
from conformance.reference.operations.registry_scanning import scanning_of
from conformance.reference.pagination import page
from conformance.reference.refusal import Refusal
from conformance.reference.state import Image, Registry, Repository, Scan

QUOTA_PERIOD = 24 * 3600
"""Seconds: "A basic image scan can only be started once per 24 hours on an individual image. This
limit includes if an image was scanned on initial push" (API_StartImageScan)."""


def start_image_scan(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Scan an image; the answer says that this is in progress, as in AWS's example.

    "Starts a basic image vulnerability scan" (API_StartImageScan). The example: https://github.com/
    aws/aws-cli/blob/develop/awscli/examples/ecr/start-image-scan.rst
    """
    repository = existing(registry, given["repositoryName"], call)
    image = named_image(repository, given["imageId"], call)
    _require_scannable(image, registry)
    _require_quota(image, call)
    scan = Scan("BASIC", "MANUAL", call.now_in_milliseconds)
    images = {**repository.images, image.digest: replace(image, scan=scan)}
    answer = {
        **named(repository, call),
        "imageId": {**given["imageId"], "imageDigest": image.digest},
        "imageScanStatus": {"status": "IN_PROGRESS"},
    }
    return registry.having(replace(repository, images=images)), answer


def describe_image_scan_findings(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """The last scan of an image, and its findings in pages, of which there are none.

    "Returns the scan findings for the specified image" (API_DescribeImageScanFindings). Basic scans
    have ``findings``, those of Amazon Inspector ``enhancedFindings``.
    """
    repository = existing(registry, given["repositoryName"], call)
    image = named_image(repository, given["imageId"], call)
    scan = _existing_scan(image, repository, given, call)
    findings: list[Any]
    findings, more = page({}, given, call)
    answer = {
        **named(repository, call),
        "imageId": {**given["imageId"], "imageDigest": image.digest},
        "imageScanStatus": _status(scan),
        "imageScanFindings": {
            "imageScanCompletedAt": scan.completed_at,
            "vulnerabilitySourceUpdatedAt": scan.completed_at,
            "findingSeverityCounts": {},
            "enhancedFindings" if scan.scan_type == "ENHANCED" else "findings": findings,
        },
    }
    return registry, {**answer, **more}


def scanned_on_push(image: Image, registry: Registry, repository: Repository, call: Call) -> Image:
    """A new image, with the scan that its push starts if the repository is scanned on push.

    "images will be scanned after being pushed" (API_ImageScanningConfiguration). A list of images
    is passed over. That an image which is there already is not scanned when it is pushed with
    another tag is not documented: API_StartImageScan speaks of the "initial push".
    """
    frequency = scanning_of(registry, repository).frequency
    if frequency == "MANUAL" or not _is_scannable(image):
        return image
    scan = Scan(registry.settings.scan_type, frequency, call.now_in_milliseconds)
    return replace(image, scan=scan)


def _is_scannable(image: Image) -> bool:
    """Whether it is no list of images: https://github.com/alexjurkiewicz/ecr-scan-image/issues/43.

    What AWS does with other artifacts that are no images is not public.
    """
    return image.media_type not in LISTS


def _status(scan: Scan) -> dict[str, str]:
    """The ``ImageScanStatus`` of a scan, in the words of AWS's examples.

    https://github.com/aws/aws-cli/blob/develop/awscli/examples/ecr/
    describe-image-scan-findings.rst and API_DescribeImageScanFindings. With continuous scanning it
    stays ACTIVE.
    """
    if scan.frequency == "CONTINUOUS_SCAN":
        return {"status": "ACTIVE", "description": "Continuous scan is selected for image."}
    return {"status": "COMPLETE", "description": "The scan was completed successfully."}


def _existing_scan(image: Image, repository: Repository, given: Parameters, call: Call) -> Scan:
    """The last scan of an image, or ``ScanNotFoundException``.

    "The specified image scan could not be found". The text names the image as it was asked for.
    """
    if image.scan is None:
        digest = given["imageId"].get("imageDigest", "null")
        tag = given["imageId"].get("imageTag", "null")
        raise Refusal(
            "ScanNotFoundException",
            f"Image scan does not exist for the image with '{{imageDigest:'{digest}', "
            f"imageTag:'{tag}'}}' in the repository with name '{repository.name}' in the registry "
            f"with id '{call.key.account}'",
        )
    return image.scan


def _require_scannable(image: Image, registry: Registry) -> None:
    """Refuse what is not scanned by hand.

    ImageArchivedException: "The specified image is archived and cannot be scanned". Its text is not
    public. UnsupportedImageTypeException: "The image is of a type that cannot be scanned". Text:
    https://github.com/alexjurkiewicz/ecr-scan-image/issues/43. With enhanced scanning there are no
    basic scans. Text: https://github.com/alexjurkiewicz/ecr-scan-image/issues/44; the code is not
    public.
    """
    if image.status != "ACTIVE":
        raise Refusal("ImageArchivedException", "The image is archived and cannot be scanned")
    if not _is_scannable(image):
        raise Refusal(
            "UnsupportedImageTypeException",
            f"An artifact with media type '{image.media_type}' cannot be scanned. For more "
            "information, see the Amazon ECR documentation.",
        )
    if registry.settings.scan_type == "ENHANCED":
        raise Refusal("ValidationException", "This feature is disabled")


def _require_quota(image: Image, call: Call) -> None:
    """Refuse a second basic scan in 24 hours."""
    scan = image.scan
    if scan and scan.scan_type == "BASIC" and call.now < scan.completed_at + QUOTA_PERIOD:
        raise Refusal(
            "LimitExceededException",
            "The scan quota per image has been exceeded. Wait and try again.",
        )
