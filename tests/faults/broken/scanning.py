"""What can be wrong with scans of images."""

from __future__ import annotations

from dataclasses import replace

from fault import broken_answer, broken_operation

from conformance.reference import Refusal
from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters
from conformance.reference.state import Registry, Repository


def _unscanned(repository: Repository) -> Repository:
    """The repository as if none of its images had ever been scanned."""
    images = {digest: replace(image, scan=None) for digest, image in repository.images.items()}
    return replace(repository, images=images)


@broken_answer("StartImageScan", condemned_by=["scanning.start-names-image", "ecr.shapes.presence"])
def starting_answers_with_the_state_alone(answer: Answer, given: Parameters) -> None:
    """StartImageScan answers without an imageId."""
    del answer["imageId"]


@broken_answer(
    "StartImageScan", condemned_by=["scanning.start-answers-status", "ecr.shapes.presence"]
)
def starting_answers_with_no_state(answer: Answer, given: Parameters) -> None:
    """StartImageScan answers with an empty imageScanStatus."""
    answer["imageScanStatus"] = {}


@broken_operation(
    "StartImageScan",
    condemned_by=["scanning.once-a-day", "scanning.limit-counts-scan-of-push"],
)
def scans_are_not_counted(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """StartImageScan starts a scan as often as it is asked to."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != "LimitExceededException":
            raise
        repository = registry.repositories[given["repositoryName"]]
        return right(registry.having(_unscanned(repository)), given, call)


@broken_operation(
    "StartImageScan", condemned_by=["scanning.limit-of-one-image", "scanning.list-unsupported"]
)
def scans_are_counted_by_repository(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """StartImageScan starts one scan a day in a repository."""
    repository = registry.repositories.get(given["repositoryName"])
    tags = {} if repository is None else repository.tags
    asked = given["imageId"].get("imageDigest") or given["imageId"].get("imageTag")
    known = repository is not None and (asked in repository.images or asked in tags)
    if repository is not None and known and any(each.scan for each in repository.images.values()):
        raise Refusal("LimitExceededException", "The scan quota has been exceeded.")
    return right(registry, given, call)


@broken_answer(
    "DescribeImageScanFindings",
    condemned_by=["scanning.findings-name-image", "ecr.shapes.presence"],
)
def findings_are_of_no_image(answer: Answer, given: Parameters) -> None:
    """DescribeImageScanFindings answers without an imageId."""
    del answer["imageId"]


@broken_answer("DescribeImageScanFindings", condemned_by=["scanning.completed-at"])
def a_scan_was_complete_long_ago(answer: Answer, given: Parameters) -> None:
    """Every scan was complete on the same day, that of the example that was copied."""
    answer["imageScanFindings"]["imageScanCompletedAt"] = 1579839105.0


@broken_answer("DescribeImageScanFindings", condemned_by=["scanning.counts"])
def counts_are_of_other_findings(answer: Answer, given: Parameters) -> None:
    """A scan has a count of findings, and none of them."""
    answer["imageScanFindings"]["findingSeverityCounts"] = {"HIGH": 1}


@broken_answer(
    "DescribeImageScanFindings",
    condemned_by=[
        "scanning.waiter",
        "ecr.shapes.types",
        "ecr.client.full-result",
        "client.waiter-time-out",
    ],
)
def counts_are_a_list(answer: Answer, given: Parameters) -> None:
    """The counts of a scan are a list, which boto3 cannot read."""
    answer["imageScanFindings"]["findingSeverityCounts"] = [{"severity": "HIGH", "count": 1}]


@broken_operation(
    "DescribeImageScanFindings",
    condemned_by=["scanning.missing-scan", "ecr.shapes.presence", "ecr.shapes.usual-members"],
)
def a_missing_scan_is_complete(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """An image that was never scanned has no findings."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != "ScanNotFoundException":
            raise
        status = {"status": "COMPLETE"}
        return registry, {"imageScanStatus": status, "repositoryName": given["repositoryName"],
                          "registryId": call.key.account, "imageId": given["imageId"]}  # fmt: skip


@broken_operation(
    "StartImageScan", "DescribeImageScanFindings", condemned_by=["scanning.unknown-image"]
)
def an_unknown_image_is_an_invalid_one(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """An image that is not there is refused with InvalidParameterException."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != "ImageNotFoundException":
            raise
        raise Refusal("InvalidParameterException", refusal.message) from None


@broken_operation("StartImageScan", condemned_by=["scanning.list-unsupported"])
def a_list_is_scanned(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """StartImageScan answers for a list of images as for an image."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != "UnsupportedImageTypeException":
            raise
        return registry, {
            "registryId": call.key.account,
            "repositoryName": given["repositoryName"],
            "imageId": given["imageId"],
            "imageScanStatus": {"status": "IN_PROGRESS"},
        }


@broken_operation(
    "PutImage",
    condemned_by=["scanning.repository-scanned-on-push", "scanning.registry-scanned-on-push"],
)
def a_push_is_not_scanned(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImage starts no scan, whatever is configured."""
    changed, answer = right(registry, given, call)
    return changed.having(_unscanned(changed.repositories[given["repositoryName"]])), answer


@broken_operation("StartImageScan", condemned_by=["scanning.limit-counts-scan-of-push"])
def the_scan_of_a_push_does_not_count(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """StartImageScan starts a second scan where the first one was that of the push."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        repository = registry.repositories.get(given["repositoryName"])
        on_push = repository is not None and repository.settings.scan_on_push
        if refusal.code != "LimitExceededException" or not on_push:
            raise
    named = {"registryId": call.key.account, "repositoryName": given["repositoryName"]}
    begun = {"imageId": given["imageId"], "imageScanStatus": {"status": "IN_PROGRESS"}}
    return registry, {**named, **begun}


@broken_operation("StartImageScan", condemned_by=["scanning.archived-refused"])
def archived_images_are_scanned(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """StartImageScan does not look at the storage class of an image."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != "ImageArchivedException":
            raise
    named = {"registryId": call.key.account, "repositoryName": given["repositoryName"]}
    begun = {"imageId": given["imageId"], "imageScanStatus": {"status": "IN_PROGRESS"}}
    return registry, {**named, **begun}
