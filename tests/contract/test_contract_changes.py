"""What changed between two contracts."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from conformance.contract import Contract, load_contract
from conformance.contract.botocore_form import contract_of
from conformance.contract.changes import Change, changes
from conformance.contract.published import installed_models

Edit = Callable[[dict[str, Any]], None]

OPPOSITE = {
    "added": "removed",
    "removed": "added",
    "loosened": "tightened",
    "tightened": "loosened",
    "changed": "changed",
}


def edited(edit: Edit) -> Contract:
    """ECR's contract after an edit of its locked model."""
    locked = copy.deepcopy(installed_models()["ecr"].locked)
    edit(locked)
    return contract_of("edited", locked, locked["pagination"], locked["waiters"])


def _operation_gone(model: dict[str, Any]) -> None:
    del model["operations"]["PutImage"]


def _new_member(model: dict[str, Any]) -> None:
    model["shapes"]["Repository"]["members"]["colour"] = {"shape": "String"}


def _now_required(model: dict[str, Any]) -> None:
    model["shapes"]["ListImagesRequest"]["required"].append("maxResults")


def _lower_maximum(model: dict[str, Any]) -> None:
    model["shapes"]["MaxResults"]["max"] = 500


def _no_minimum(model: dict[str, Any]) -> None:
    del model["shapes"]["RepositoryName"]["min"]


def _other_pattern(model: dict[str, Any]) -> None:
    model["shapes"]["RegistryId"]["pattern"] = "[0-9]+"


def _new_value(model: dict[str, Any]) -> None:
    model["shapes"]["TagStatus"]["enum"].append("SOME")


def _other_type(model: dict[str, Any]) -> None:
    model["shapes"]["ScanOnPushFlag"]["type"] = "string"


def _new_error(model: dict[str, Any]) -> None:
    model["operations"]["ListImages"]["errors"].append({"shape": "ValidationException"})


def _renamed_shape(model: dict[str, Any]) -> None:
    shapes = model["shapes"]
    shapes["Url2"] = shapes["Url"]
    shapes["GetDownloadUrlForLayerResponse"]["members"]["downloadUrl"]["shape"] = "Url2"


def _slower_waiter(model: dict[str, Any]) -> None:
    model["waiters"]["ImageScanComplete"]["delay"] = 6


def _no_paginator(model: dict[str, Any]) -> None:
    del model["pagination"]["ListImages"]


@pytest.mark.parametrize(
    ("edit", "effect", "place", "detail", "operation"),
    [
        (_operation_gone, "removed", "PutImage", "operation", "PutImage"),
        (_new_member, "added", "Repository.colour", "member", "DescribeRepositories"),
        (_now_required, "tightened", "ListImagesRequest.maxResults", "is required", "ListImages"),
        (_lower_maximum, "tightened", "MaxResults", "maximum 1000 -> 500", "DescribeImages"),
        (_no_minimum, "loosened", "RepositoryName", "minimum 2 -> none", "CreateRepository"),
        (_other_pattern, "changed", "RegistryId", "pattern [0-9]{12} -> [0-9]+", "PutImage"),
        (_new_value, "added", "TagStatus", "value SOME", "ListImages"),
        (_other_type, "changed", "ScanOnPushFlag", "type boolean -> string", "CreateRepository"),
        (_new_error, "added", "ListImages", "error ValidationException", "ListImages"),
        (_slower_waiter, "changed", "ImageScanComplete", "waiter", "DescribeImageScanFindings"),
        (_no_paginator, "removed", "ListImages", "paginator", "ListImages"),
    ],
)
def test_a_change_is_found_and_undone(
    edit: Edit, effect: str, place: str, detail: str, operation: str
) -> None:
    """One edit is one change, told with its operations; the way back is its opposite."""
    old, new = load_contract("ecr"), edited(edit)
    (found,) = changes(old, new)
    assert (found.effect, found.place, found.detail) == (effect, place, detail)
    assert operation in found.operations
    (back,) = changes(new, old)
    assert (back.effect, back.place) == (OPPOSITE[effect], place)


def test_a_contract_does_not_differ_from_itself() -> None:
    """Nothing changed between a contract and what its lock says."""
    for service, published in installed_models().items():
        assert changes(load_contract(service), published.contract) == []


def test_the_name_of_a_shape_is_nobodys_business() -> None:
    """A shape that is only called something else is no change: names are not on the wire."""
    assert changes(load_contract("ecr"), edited(_renamed_shape)) == []


def test_a_paginator_of_an_operation_that_is_there_concerns_it() -> None:
    """A change of a paginator concerns the operation that it pages through."""
    (found,) = changes(edited(_no_paginator), load_contract("ecr"))
    assert found == Change("added", "ListImages", "paginator", ("ListImages",))
