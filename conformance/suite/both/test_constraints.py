"""Bounds of lists and values of enumerations, one step beyond each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from conformance.suite.evidence import documented, model, observed
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.twins import INVALID, MALFORMED, Spoilt, accepted_request
from conformance.suite.verdicts import MUST


@dataclass(frozen=True, slots=True)
class BoundedList:
    """A list member of 1 to 100 elements; ``elements`` makes as many as are asked for."""

    operation: str
    member: str
    elements: Callable[[int], list[Any]]

    @property
    def label(self) -> str:
        """What the check is called."""
        return f"{self.operation}.{self.member}"


def _images(count: int) -> list[Any]:
    return [{"imageTag": f"absent-{number}"} for number in range(count)]


def _layers(count: int) -> list[Any]:
    return [f"sha256:{number:064x}" for number in range(count)]


_LISTS = [
    BoundedList("BatchGetImage", "imageIds", _images),
    BoundedList("BatchDeleteImage", "imageIds", _images),
    BoundedList("BatchCheckLayerAvailability", "layerDigests", _layers),
]
_LIST_EVIDENCE = [
    model("ImageIdentifierList, BatchedOperationLayerDigestList", "min 1, max 100"),
    documented(
        "BatchCheckLayerAvailability.InvalidParameterException",
        "The specified parameter is invalid. Review the available parameters for the API request.",
    ),
]


@rule(
    "validation.empty-list",
    level=MUST,
    operations=[bounded.operation for bounded in _LISTS],
    evidence=[
        *_LIST_EVIDENCE,
        observed(
            "BatchDeleteImage.imageIds",
            "Invalid parameter at 'imageIds' failed to satisfy constraint: 'Member must have "
            "length greater than or equal to 1'",
            "https://github.com/puemos/aws-lambda-ecr-cleaner/issues/3",
        ),
    ],
)
@pytest.mark.parametrize("bounded", _LISTS)
def test_a_list_has_one_element_at_least(registry: Registry, bounded: BoundedList) -> None:
    """A list of no ids where one is the least is an invalid parameter."""
    request = accepted_request(registry, bounded.operation)
    registry.refused(bounded.operation, INVALID, **{**request, bounded.member: []})


@rule(
    "validation.long-list",
    level=MUST,
    operations=[bounded.operation for bounded in _LISTS],
    evidence=[
        *_LIST_EVIDENCE,
        observed(
            "BatchDeleteImage.imageIds",
            "Invalid parameter at 'imageIds' failed to satisfy constraint: 'Member must have "
            "length less than or equal to 100'",
            "https://github.com/trek10inc/ecr-cleaner/issues/8",
        ),
    ],
)
@pytest.mark.parametrize("bounded", _LISTS)
def test_a_list_has_a_hundred_elements_at_most(
    registry: Registry, repository: str, bounded: BoundedList
) -> None:
    """A list of 100 ids is accepted, one of 101 is an invalid parameter."""
    request = {"repositoryName": repository}
    registry.call(bounded.operation, **request, **{bounded.member: bounded.elements(100)})
    registry.refused(
        bounded.operation, INVALID, **request, **{bounded.member: bounded.elements(101)}
    )


_BEYOND = [
    Spoilt("CreateRepository", "imageTagMutability", {"imageTagMutability": "SOMETIMES"}),
    Spoilt(
        "CreateRepository", "encryptionType", {"encryptionConfiguration": {"encryptionType": "XOR"}}
    ),
    Spoilt("ListImages", "filter.tagStatus", {"filter": {"tagStatus": "SOMETIMES"}}),
    Spoilt("DescribeImages", "filter.tagStatus", {"filter": {"tagStatus": "SOMETIMES"}}),
]


@rule(
    "validation.enumerations",
    level=MUST,
    operations=[spoilt.operation for spoilt in _BEYOND],
    services=["ecr"],
    evidence=[
        documented(
            "CreateRepository.InvalidParameterException",
            "The specified parameter is invalid. Review the available parameters for the API "
            "request.",
        ),
        model("ImageTagMutability, EncryptionType, TagStatus", "enumerations"),
    ],
)
@pytest.mark.parametrize("spoilt", _BEYOND)
def test_a_value_beyond_an_enumeration_is_refused(registry: Registry, spoilt: Spoilt) -> None:
    """A value that is not in its enumeration is refused as invalid."""
    request = accepted_request(registry, spoilt.operation)
    if spoilt.operation == "CreateRepository":
        request["repositoryName"] += "-another"
    registry.refused(spoilt.operation, MALFORMED, **{**request, **spoilt.changes})
