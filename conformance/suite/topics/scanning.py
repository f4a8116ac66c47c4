"""Scans of images: starting one by hand, reading what it is at, and what decides who is scanned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.suite.answers import describe, objects, refusal, structure, success, text
from conformance.suite.artifacts import docker_image
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.steps import push_with_layers

SCAN_NOT_FOUND = "ScanNotFoundException"
UNSUPPORTED_IMAGE = "UnsupportedImageTypeException"

Answer = Mapping[str, Any]


def frequency(registry: Registry, repository: str) -> str | None:
    """How often a repository is scanned, as the target says; ``None`` where it does not say."""
    if "BatchGetRepositoryScanningConfiguration" in registry.capability.lacking:
        return None
    names = {"repositoryNames": [repository]}
    answer = success(registry.send("BatchGetRepositoryScanningConfiguration", names)) or {}
    found = objects(answer, "scanningConfigurations")
    return text(found[0], "scanFrequency") if found else None


def require_basic(registry: Registry) -> None:
    """Give up, ``Untestable``, where Amazon Inspector scans the registry in the place of ECR."""
    operation = "GetRegistryScanningConfiguration"
    if operation in registry.capability.lacking:
        return
    answer = success(registry.send(operation, {})) or {}
    scan_type = structure(answer, "scanningConfiguration").get("scanType")
    if scan_type == "ENHANCED":
        raise Untestable(operation, "the registry has enhanced scanning")


def require_manual(registry: Registry, repository: str) -> None:
    """Give up, ``Untestable``, where images are scanned otherwise than by hand."""
    require_basic(registry)
    found = frequency(registry, repository)
    if found not in (None, "MANUAL"):
        raise Untestable(
            "BatchGetRepositoryScanningConfiguration", f"the repository's scanFrequency is {found}"
        )


def start(registry: Registry, repository: str, image_id: Mapping[str, str]) -> Answer:
    """Start a scan that has to start; gives the answer.

    What an image is that cannot be scanned is AWS's to say, so such a refusal is ``Untestable``.
    """
    request = {"repositoryName": repository, "imageId": image_id}
    response = registry.send("StartImageScan", request)
    error, answer = refusal(response), success(response)
    if error is not None and error.code == UNSUPPORTED_IMAGE:
        raise Untestable("StartImageScan", describe(response))
    if answer is None and "StartImageScan" not in registry.concerned:
        raise Untestable("StartImageScan", describe(response))
    assert answer is not None, f"StartImageScan: expected success, got {describe(response)}"
    return answer


def given_scan(registry: Registry, repository: str, image_id: Mapping[str, str]) -> None:
    """Start a scan. ``Untestable`` unless it starts."""
    try:
        start(registry, repository, image_id)
    except AssertionError as error:
        raise Untestable("StartImageScan", str(error)) from None


def status_of(answer: Answer) -> str | None:
    """The state of a scan that an answer tells."""
    return text(structure(answer, "imageScanStatus"), "status")


def complete_scan(registry: Registry, repository: str, image_id: Mapping[str, str]) -> Answer:
    """Scan an image; gives the findings once that is complete.

    ``Untestable`` where it does not become complete: AWS may fail to scan what is no file system.
    """
    given_scan(registry, repository, image_id)

    def observe() -> Answer:
        answer = registry.given(
            "DescribeImageScanFindings", repositoryName=repository, imageId=image_id
        )
        status = status_of(answer)
        if status in ("FAILED", "UNSUPPORTED_IMAGE"):
            raise Untestable("StartImageScan", f"the scan is {status}")
        assert status == "COMPLETE", f"the scan is {status}, not COMPLETE"
        return answer

    return registry.settle("StartImageScan", observe)


def require_scan_of_push(registry: Registry, repository: str) -> None:
    """Require that an image pushed now is scanned without being asked for.

    ``Untestable`` where the target says that it scans the repository otherwise.
    """
    require_basic(registry)
    found = frequency(registry, repository)
    if found not in (None, "SCAN_ON_PUSH"):
        raise Untestable(
            "BatchGetRepositoryScanningConfiguration", f"the repository's scanFrequency is {found}"
        )
    push_with_layers(registry, repository, docker_image(registry.content_seed), "latest")
    request = {"repositoryName": repository, "imageId": {"imageTag": "latest"}}

    def observe() -> None:
        response = registry.send("DescribeImageScanFindings", request)
        error = refusal(response)
        assert error is None or error.code != SCAN_NOT_FOUND, "the pushed image has no scan"
        if success(response) is None:
            raise Untestable("DescribeImageScanFindings", describe(response))

    registry.eventually(observe)
