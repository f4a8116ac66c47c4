"""Scans of images for vulnerabilities."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from clock import Clock, client_at
from pushing import push

from conformance.reference.operations.scanning import QUOTA_PERIOD
from conformance.suite.artifacts import docker_image, docker_list, oci_index

ACCOUNT = "123456789012"
IMAGE = docker_image("scanned")
ON_PUSH = {"scanOnPush": True}


@pytest.fixture
def ecr(clock: Clock) -> Any:
    """A client of a registry with a repository ``app``."""
    return client_at(clock)


def _start(ecr: Any, **image_id: str) -> Any:
    return ecr.start_image_scan(repositoryName="app", imageId=image_id or {"imageTag": "v1"})


def _findings(ecr: Any, **image_id: str) -> Any:
    given = image_id or {"imageTag": "v1"}
    return ecr.describe_image_scan_findings(repositoryName="app", imageId=given)


def _scan_on_push(ecr: Any) -> None:
    ecr.put_image_scanning_configuration(repositoryName="app", imageScanningConfiguration=ON_PUSH)


def _configure(ecr: Any, scan_type: str, frequency: str) -> None:
    everywhere = [{"filter": "*", "filterType": "WILDCARD"}]
    rule = {"scanFrequency": frequency, "repositoryFilters": everywhere}
    ecr.put_registry_scanning_configuration(scanType=scan_type, rules=[rule])


def test_a_scan_that_is_started_is_in_progress(ecr: Any) -> None:
    """The answer names the image and says so.

    https://github.com/aws/aws-cli/blob/develop/awscli/examples/ecr/start-image-scan.rst
    """
    push(ecr, "app", IMAGE, "v1")
    started = _start(ecr)
    assert (started["registryId"], started["repositoryName"]) == (ACCOUNT, "app")
    assert started["imageId"] == {"imageTag": "v1", "imageDigest": IMAGE.digest}
    assert started["imageScanStatus"] == {"status": "IN_PROGRESS"}


def test_a_scan_is_complete_without_findings(ecr: Any, clock: Clock) -> None:
    """Everything AWS's example has is there, its lists empty.

    https://github.com/aws/aws-cli/blob/develop/awscli/examples/ecr/
    describe-image-scan-findings.rst
    """
    push(ecr, "app", IMAGE, "v1")
    _start(ecr)
    found = _findings(ecr, imageDigest=IMAGE.digest)
    assert (found["registryId"], found["repositoryName"]) == (ACCOUNT, "app")
    assert found["imageId"] == {"imageDigest": IMAGE.digest}
    assert found["imageScanStatus"] == {
        "status": "COMPLETE",
        "description": "The scan was completed successfully.",
    }
    findings = found["imageScanFindings"]
    assert findings["imageScanCompletedAt"].timestamp() == clock.now
    assert findings.keys() == {
        "imageScanCompletedAt",
        "vulnerabilitySourceUpdatedAt",
        "findingSeverityCounts",
        "findings",
    }
    assert (findings["findings"], findings["findingSeverityCounts"]) == ([], {})
    assert "nextToken" not in found


def test_a_waiter_and_a_paginator_end(ecr: Any) -> None:
    """A client that waits for the scan and reads all pages of it comes to an end."""
    push(ecr, "app", IMAGE, "v1")
    _start(ecr)
    asked = {"repositoryName": "app", "imageId": {"imageTag": "v1"}}
    ecr.get_waiter("image_scan_complete").wait(**asked)
    pages = list(ecr.get_paginator("describe_image_scan_findings").paginate(**asked))
    assert len(pages) == 1
    with pytest.raises(ClientError, match="InvalidParameterException"):
        ecr.describe_image_scan_findings(**asked, nextToken="made up")


def test_images_are_described_without_their_scans(ecr: Any) -> None:
    """DescribeImages says nothing of a basic scan.

    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
    """
    push(ecr, "app", IMAGE, "v1")
    _start(ecr)
    (detail,) = ecr.describe_images(repositoryName="app")["imageDetails"]
    assert not {"imageScanStatus", "imageScanFindingsSummary"} & detail.keys()


def test_an_image_that_was_not_scanned_has_no_scan(ecr: Any) -> None:
    """The refusal names the image as it was asked for."""
    push(ecr, "app", IMAGE, "v1")
    with pytest.raises(ClientError) as refused:
        _findings(ecr, imageDigest=IMAGE.digest)
    assert refused.value.response["Error"] == {
        "Code": "ScanNotFoundException",
        "Message": f"Image scan does not exist for the image with '{{imageDigest:'{IMAGE.digest}', "
        f"imageTag:'null'}}' in the repository with name 'app' in the registry with id '{ACCOUNT}'",
    }


def test_an_image_is_scanned_once_in_24_hours(ecr: Any, clock: Clock) -> None:
    """A second scan is over the quota until a day has passed, then it is the last one.

    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_StartImageScan.html
    """
    push(ecr, "app", IMAGE, "v1")
    _start(ecr)
    clock.now += QUOTA_PERIOD - 1
    with pytest.raises(ClientError) as refused:
        _start(ecr, imageDigest=IMAGE.digest)
    assert refused.value.response["Error"] == {
        "Code": "LimitExceededException",
        "Message": "The scan quota per image has been exceeded. Wait and try again.",
    }
    clock.now += 1
    _start(ecr)
    assert _findings(ecr)["imageScanFindings"]["imageScanCompletedAt"].timestamp() == clock.now


def test_a_new_image_is_scanned_on_push(ecr: Any) -> None:
    """With the repository set so a new image has a scan, which counts against the quota."""
    _scan_on_push(ecr)
    push(ecr, "app", IMAGE, "v1")
    assert _findings(ecr)["imageScanStatus"]["status"] == "COMPLETE"
    with pytest.raises(ClientError, match="LimitExceededException"):
        _start(ecr)


def test_the_rules_of_the_registry_scan_on_push(ecr: Any) -> None:
    """A rule that matches the repository is enough."""
    _configure(ecr, "BASIC", "SCAN_ON_PUSH")
    push(ecr, "app", IMAGE, "v1")
    assert _findings(ecr)["imageScanFindings"]["findings"] == []


def test_an_image_that_was_there_is_not_scanned_by_another_tag(ecr: Any) -> None:
    """Only the first push of an image starts a scan; one by hand is then free."""
    push(ecr, "app", IMAGE, "v1")
    _scan_on_push(ecr)
    ecr.put_image(repositoryName="app", imageManifest=IMAGE.text, imageTag="v2")
    with pytest.raises(ClientError, match="ScanNotFoundException"):
        _findings(ecr)
    _start(ecr)


@pytest.mark.parametrize("collection", [docker_list, oci_index])
def test_a_manifest_list_is_not_scanned(ecr: Any, collection: Any) -> None:
    """A push passes it over, and by hand it is of no type to be scanned.

    https://github.com/alexjurkiewicz/ecr-scan-image/issues/43
    """
    _scan_on_push(ecr)
    push(ecr, "app", IMAGE)
    listing = collection([IMAGE])
    push(ecr, "app", listing, "v1")
    with pytest.raises(ClientError, match="ScanNotFoundException"):
        _findings(ecr)
    with pytest.raises(ClientError) as refused:
        _start(ecr)
    assert refused.value.response["Error"] == {
        "Code": "UnsupportedImageTypeException",
        "Message": f"An artifact with media type '{listing.media_type}' cannot be scanned. For "
        "more information, see the Amazon ECR documentation.",
    }


def test_an_archived_image_is_not_scanned(ecr: Any) -> None:
    """It is archived and cannot be scanned until it is restored."""
    push(ecr, "app", IMAGE, "v1")
    stored = {"repositoryName": "app", "imageId": {"imageTag": "v1"}}
    ecr.update_image_storage_class(**stored, targetStorageClass="ARCHIVE")
    with pytest.raises(ClientError, match="ImageArchivedException"):
        _start(ecr)
    ecr.update_image_storage_class(**stored, targetStorageClass="STANDARD")
    _start(ecr)


@pytest.mark.parametrize(
    ("frequency", "status"), [("SCAN_ON_PUSH", "COMPLETE"), ("CONTINUOUS_SCAN", "ACTIVE")]
)
def test_enhanced_scanning_has_findings_of_its_own(ecr: Any, frequency: str, status: str) -> None:
    """What Amazon Inspector found is in a list of its own, and continuous scans stay active.

    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageScanFindings.html
    """
    _configure(ecr, "ENHANCED", frequency)
    push(ecr, "app", IMAGE, "v1")
    found = _findings(ecr)
    assert found["imageScanStatus"]["status"] == status
    assert found["imageScanFindings"]["enhancedFindings"] == []
    assert "findings" not in found["imageScanFindings"]


def test_enhanced_scanning_has_no_basic_scans(ecr: Any) -> None:
    """A basic scan is disabled, and is not held up by an enhanced one when it is enabled again.

    https://github.com/alexjurkiewicz/ecr-scan-image/issues/44
    """
    _configure(ecr, "ENHANCED", "SCAN_ON_PUSH")
    push(ecr, "app", IMAGE, "v1")
    with pytest.raises(ClientError, match="This feature is disabled"):
        _start(ecr)
    ecr.put_registry_scanning_configuration(scanType="BASIC", rules=[])
    _start(ecr)


def test_a_scan_is_gone_with_its_image(ecr: Any) -> None:
    """An image that is deleted and pushed again was never scanned."""
    push(ecr, "app", IMAGE, "v1")
    _start(ecr)
    ecr.batch_delete_image(repositoryName="app", imageIds=[{"imageTag": "v1"}])
    push_again = {"repositoryName": "app", "imageManifest": IMAGE.text, "imageTag": "v1"}
    ecr.put_image(**push_again)
    with pytest.raises(ClientError, match="ScanNotFoundException"):
        _findings(ecr)


def test_only_what_is_there_is_scanned(ecr: Any) -> None:
    """A repository or an image that does not exist is not found, an empty identifier is invalid."""
    for operation in (ecr.start_image_scan, ecr.describe_image_scan_findings):
        with pytest.raises(ClientError, match="RepositoryNotFoundException"):
            operation(repositoryName="other", imageId={"imageTag": "v1"})
        with pytest.raises(ClientError, match="ImageNotFoundException"):
            operation(repositoryName="app", imageId={"imageTag": "v1"})
        with pytest.raises(ClientError, match="InvalidParameterException"):
            operation(repositoryName="app", imageId={})
