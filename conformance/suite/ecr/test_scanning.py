"""Scans: started by hand, once a day, described, and switched on for pushes."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from conformance.suite.answers import objects, structure, text
from conformance.suite.artifacts import docker_list
from conformance.suite.boto_clients import BotoClient
from conformance.suite.clock import clock
from conformance.suite.evidence import documented, model, observed
from conformance.suite.fixtures import PushImage
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import create_repository, push
from conformance.suite.topics.image_answers import AWS_CLI_EXAMPLES, settled_image, unknown_digest
from conformance.suite.topics.scanning import (
    SCAN_NOT_FOUND,
    UNSUPPORTED_IMAGE,
    complete_scan,
    given_scan,
    require_manual,
    require_scan_of_push,
    start,
    status_of,
)
from conformance.suite.verdicts import MUST, SHOULD

_ONLY = ["ecr"]
_START, _FINDINGS = ["StartImageScan"], ["DescribeImageScanFindings"]
_MINUTES_APART = 10
_BY_HAND = documented(
    "PutRegistryScanningConfiguration.scanType",
    "Alternatively, you can do manual scans of images with basic scanning.",
)
_STARTS = documented("StartImageScan", "Starts a basic image vulnerability scan.")
_ONCE = documented(
    "StartImageScan",
    "A basic image scan can only be started once per 24 hours on an individual image.",
)
_NAMED = [
    documented("StartImageScan.registryId", "The registry ID associated with the request."),
    documented("StartImageScan.repositoryName", "The repository name associated with the request."),
    documented(
        "start-image-scan",
        '"imageId": { "imageDigest": "sha256:74b2c688c700ec95a93e478cdb959737c148df3fbf5ea706abe03'
        '18726e885e6" }',
        url=f"{AWS_CLI_EXAMPLES}/ecr/start-image-scan.rst",
    ),
]
_STATUS = documented("StartImageScan.imageScanStatus", "The current state of the scan.")
_COMPLETE = f"{AWS_CLI_EXAMPLES}/ecr/describe-image-scan-findings.rst"


def _pushed(registry: Registry, push_image: PushImage) -> dict[str, str]:
    """Push an image into a repository that is scanned by hand; gives its id."""
    push_image("latest")
    digest = settled_image(registry, registry.name_prefix, "latest")
    require_manual(registry, registry.name_prefix)
    return {"imageDigest": digest}


def _names_image(answer: Any, registry: Registry, image_id: dict[str, str]) -> None:
    wanted = registry.name_prefix, image_id["imageDigest"]
    found = answer.get("repositoryName"), structure(answer, "imageId").get("imageDigest")
    assert found == wanted, f"the answer is about {found}, the image is {wanted}"
    account = text(answer, "registryId") or ""
    assert account.isdigit(), f"the answer's registryId is {account!r}, not an account"


@rule("scanning.start-names-image", level=MUST, operations=_START, services=_ONLY, evidence=_NAMED)
def test_the_start_of_a_scan_names_the_image(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """StartImageScan answers with the repository and the digest of the image."""
    image_id = _pushed(registry, push_image)
    _names_image(start(registry, repository, image_id), registry, image_id)


@pytest.mark.parametrize("by", ["digest", "tag"])
@rule(
    "scanning.start-answers-status",
    level=MUST,
    operations=_START,
    services=_ONLY,
    evidence=[_STARTS, _BY_HAND, _STATUS, model("ScanStatus", "an enumeration")],
)
def test_the_start_of_a_scan_tells_its_state(
    registry: Registry, repository: str, push_image: PushImage, by: str
) -> None:
    """A scan of an image, named by digest or tag, starts; the answer has the state of the scan."""
    image_id = _pushed(registry, push_image)
    answer = start(registry, repository, image_id if by == "digest" else {"imageTag": "latest"})
    found, known = status_of(answer), registry.contract.shapes["ScanStatus"].enum
    assert found in known, f"the scan was started, its status is {found}, none of AWS's"


@rule(
    "scanning.once-a-day",
    level=MUST,
    operations=_START,
    services=_ONLY,
    evidence=[
        _ONCE,
        documented(
            "StartImageScan.LimitExceededException",
            "The operation did not succeed because it would have exceeded a service limit for your "
            "account.",
        ),
        observed(
            "StartImageScan",
            "once an image has been scanned, a new scan gives a throttling exception",
            "https://github.com/aws/containers-roadmap/issues/1226",
        ),
    ],
)
def test_a_second_scan_of_the_day_is_refused(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """A second scan of an image within 24 hours is refused, as one beyond a limit."""
    image_id = _pushed(registry, push_image)
    given_scan(registry, repository, image_id)
    codes = {"LimitExceededException", "ThrottlingException"}
    registry.refused("StartImageScan", codes, repositoryName=repository, imageId=image_id)


@rule(
    "scanning.limit-of-one-image",
    level=MUST,
    operations=_START,
    services=_ONLY,
    evidence=[_ONCE, _STARTS],
)
def test_another_image_is_scanned_the_same_day(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """A scan of one image leaves the scan of another to be started the same day."""
    given_scan(registry, repository, _pushed(registry, push_image))
    push_image("other")
    start(registry, repository, {"imageTag": "other"})


@rule(
    "scanning.findings-name-image",
    level=MUST,
    operations=_FINDINGS,
    services=_ONLY,
    evidence=[
        documented(
            "DescribeImageScanFindings", "Returns the scan findings for the specified image."
        ),
        documented("DescribeImageScanFindings.imageScanStatus", "The current state of the scan."),
    ],
)
def test_the_scan_of_an_image_is_described(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """DescribeImageScanFindings of an image whose scan was started names it and has a state."""
    image_id = _pushed(registry, push_image)
    given_scan(registry, repository, image_id)

    def observe() -> None:
        answer = registry.call(
            "DescribeImageScanFindings", repositoryName=repository, imageId=image_id
        )
        _names_image(answer, registry, image_id)
        found, known = status_of(answer), registry.contract.shapes["ScanStatus"].enum
        assert found in known, f"the scan was started, its status is {found}, none of AWS's"

    registry.eventually(observe)


@rule(
    "scanning.completed-at",
    level=MUST,
    operations=_FINDINGS,
    services=_ONLY,
    evidence=[
        documented(
            "ImageScanFindings.imageScanCompletedAt", "The time of the last completed image scan."
        ),
        model("ScanTimestamp", "timestamp; in the protocol json a number of seconds"),
    ],
)
def test_a_complete_scan_has_its_date(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """A scan that is complete has an imageScanCompletedAt of the present."""
    image_id = _pushed(registry, push_image)
    answer = complete_scan(registry, repository, image_id)
    date = structure(answer, "imageScanFindings").get("imageScanCompletedAt")
    assert isinstance(date, (int, float)), f"imageScanCompletedAt is {date!r}, not a number"
    apart = abs(date - clock(registry)) / 60
    assert apart <= _MINUTES_APART, f"imageScanCompletedAt is {apart:.0f} minutes from now"


@rule(
    "scanning.counts",
    level=SHOULD,
    operations=_FINDINGS,
    services=_ONLY,
    evidence=[
        documented(
            "ImageScanFindings.findingSeverityCounts",
            "The image vulnerability counts, sorted by severity.",
        ),
        documented("ImageScanFindings.findings", "The findings from the image scan."),
        documented(
            "describe-image-scan-findings",
            '"findingSeverityCounts": { "MEDIUM": 1 }',
            url=_COMPLETE,
        ),
    ],
)
def test_the_counts_are_those_of_the_findings(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """The findingSeverityCounts of a complete scan are how many findings have each severity."""
    image_id = _pushed(registry, push_image)
    answer = complete_scan(registry, repository, image_id)
    scan = structure(answer, "imageScanFindings")
    found = [scan]
    token = answer.get("nextToken")
    while isinstance(token, str) and len(found) < 100:
        page = registry.given(
            "DescribeImageScanFindings",
            repositoryName=repository, imageId=image_id, nextToken=token,
        )  # fmt: skip
        found.append(structure(page, "imageScanFindings"))
        token = page.get("nextToken")
    severities = (each.get("severity") for page in found for each in objects(page, "findings"))
    counted = dict(Counter(str(severity) for severity in severities))
    told = {
        kind: count for kind, count in structure(scan, "findingSeverityCounts").items() if count
    }
    assert told == counted, f"findingSeverityCounts is {told}, of the findings {counted}"


@rule(
    "scanning.waiter",
    level=MUST,
    operations=_FINDINGS,
    services=_ONLY,
    evidence=[
        model(
            "ImageScanComplete",
            "the waiter succeeds where imageScanStatus.status of DescribeImageScanFindings is "
            "COMPLETE",
        )
    ],
)
def test_the_waiter_ends_when_the_scan_is_complete(
    registry: Registry, boto: BotoClient, repository: str, push_image: PushImage
) -> None:
    """boto3's waiter image_scan_complete ends at once when a scan is complete."""
    image_id = _pushed(registry, push_image)
    complete_scan(registry, repository, image_id)
    asked = {"repositoryName": repository, "imageId": image_id}
    once = {"Delay": 1, "MaxAttempts": 1}
    boto.registry.eventually(
        lambda: boto.wait("ImageScanComplete", "DescribeImageScanFindings", once, **asked)
    )


@rule(
    "scanning.missing-scan",
    level=MUST,
    operations=_FINDINGS,
    services=_ONLY,
    evidence=[
        documented(
            "DescribeImageScanFindings.ScanNotFoundException",
            "The specified image scan could not be found.",
        ),
        documented(
            "ImageScanningConfiguration.scanOnPush",
            "If this parameter is not specified, it will default to false and images will not be "
            "scanned unless a scan is manually started",
        ),
    ],
)
def test_a_missing_scan_is_refused(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """The findings of an image that was never scanned are ScanNotFoundException."""
    request = {"repositoryName": repository}
    scanned = _pushed(registry, push_image)
    given_scan(registry, repository, scanned)
    registry.eventually(
        lambda: registry.given("DescribeImageScanFindings", **request, imageId=scanned)
    )
    push_image("never")
    never = {"imageTag": "never"}
    registry.refused("DescribeImageScanFindings", SCAN_NOT_FOUND, **request, imageId=never)


_ABSENT = {
    "StartImageScan": {"ImageNotFoundException"},
    # Which of the two it looks for first is not public.
    "DescribeImageScanFindings": {"ImageNotFoundException", SCAN_NOT_FOUND},
}


@pytest.mark.parametrize("by", ["digest", "tag"])
@pytest.mark.parametrize("operation", _ABSENT)
@rule(
    "scanning.unknown-image",
    level=MUST,
    operations=[*_ABSENT],
    services=_ONLY,
    evidence=[
        documented(
            "StartImageScan.ImageNotFoundException",
            "The image requested does not exist in the specified repository.",
        ),
        documented(
            "DescribeImageScanFindings.ScanNotFoundException",
            "The specified image scan could not be found.",
        ),
    ],
)
def test_the_scan_of_an_unknown_image_is_refused(
    registry: Registry, repository: str, push_image: PushImage, operation: str, by: str
) -> None:
    """A scan of an image that is not there is neither started nor described."""
    image_id = _pushed(registry, push_image)
    given_scan(registry, repository, image_id)
    unknown = (
        {"imageDigest": unknown_digest(registry)} if by == "digest" else {"imageTag": "absent"}
    )
    registry.refused(operation, _ABSENT[operation], repositoryName=repository, imageId=unknown)


@rule(
    "scanning.list-unsupported",
    level=SHOULD,
    operations=_START,
    services=_ONLY,
    evidence=[
        documented(
            "StartImageScan.UnsupportedImageTypeException",
            "The image is of a type that cannot be scanned.",
        ),
        observed(
            "StartImageScan",
            "UnsupportedImageTypeException: An artifact with media type "
            "'application/vnd.docker.distribution.manifest.list.v2+json' cannot be scanned",
            "https://github.com/alexjurkiewicz/ecr-scan-image/issues/43",
        ),
    ],
)
def test_a_list_of_images_is_not_scanned(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """A scan of a manifest list is refused with UnsupportedImageTypeException."""
    child = push_image("child")
    push(registry, repository, docker_list([child]), "list")
    require_manual(registry, repository)
    given_scan(registry, repository, {"imageTag": "child"})
    listed = {"imageTag": "list"}
    registry.refused("StartImageScan", UNSUPPORTED_IMAGE, repositoryName=repository, imageId=listed)


@pytest.mark.parametrize("since", ["creation", "later"])
@rule(
    "scanning.repository-scanned-on-push",
    level=SHOULD,
    operations=["PutImage"],
    services=_ONLY,
    evidence=[
        documented(
            "ImageScanningConfiguration.scanOnPush",
            "If set to true, images will be scanned after being pushed.",
        ),
        documented(
            "ImageScanningConfiguration.scanOnPush",
            "The setting that determines whether images are scanned after being pushed to a "
            "repository.",
        ),
        documented(
            "CreateRepository.imageScanningConfiguration",
            "This determines whether images are scanned for known vulnerabilities after being "
            "pushed to the repository.",
        ),
        documented(
            "PutImageScanningConfiguration.imageScanningConfiguration",
            "This setting determines whether images are scanned for known vulnerabilities after "
            "being pushed to the repository.",
        ),
    ],
)
def test_a_push_into_a_repository_is_scanned(registry: Registry, since: str) -> None:
    """An image pushed into a repository with scanOnPush is scanned without being asked for."""
    setting = {"scanOnPush": True}
    if since == "creation":
        name = create_repository(registry, imageScanningConfiguration=setting)
    else:
        name = create_repository(registry)
        registry.given(
            "PutImageScanningConfiguration",
            repositoryName=name,
            imageScanningConfiguration=setting,
        )
    require_scan_of_push(registry, name)
