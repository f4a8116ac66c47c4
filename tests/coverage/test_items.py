"""What there is to test: enumerated wholly, each thing once, under names that can be told apart."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from conformance.contract import SERVICES, broken_keywords, load_contract
from conformance.coverage.constraints import broken, constraints
from conformance.coverage.items import Item, items
from conformance.coverage.normative import reach, without_names

ALL = {service: list(items(service)) for service in SERVICES}


def of_kind(service: str, kind: str) -> list[Item]:
    """The items of a kind."""
    return [item for item in ALL[service] if item.kind == kind]


@pytest.mark.parametrize("service", SERVICES)
def test_everything_of_the_model_is_there(service: str) -> None:
    """Every operation, declared error, paginator and waiter is an item."""
    contract = load_contract(service)
    declared = [(op.name, e.code) for op in contract.operations.values() for e in op.errors]
    assert {item.name for item in of_kind(service, "operation")} == set(contract.operations)
    assert sorted((i.group, i.name) for i in of_kind(service, "error")) == sorted(declared)
    assert {item.name for item in of_kind(service, "paginator")} == set(contract.paginators)
    assert {item.name for item in of_kind(service, "waiter")} == set(contract.waiters)


@pytest.mark.parametrize("service", SERVICES)
def test_no_item_is_there_twice(service: str) -> None:
    """Items differ in their group, kind, name or text."""
    counted = Counter((i.kind, i.group, i.name, i.text) for i in ALL[service])
    assert [key for key, count in counted.items() if count > 1] == []


def test_constraints_are_named_by_place_and_kind() -> None:
    """Constraints of nested members, list items included, are told with their bounds."""
    named = {each.name: each.bound for each in constraints(load_contract("ecr"), "BatchGetImage")}
    assert named["imageIds[].imageTag max"] == "300"
    assert named["imageIds min"] == "1"
    assert named["registryId pattern"] == "[0-9]{12}"
    assert named["repositoryName required"] == ""
    tags = {each.name for each in constraints(load_contract("ecr"), "TagResource")}
    assert {"tags required", "tags[].Key required", "tags[].Value required"} <= tags


def test_what_no_request_can_break_is_no_constraint() -> None:
    """A text cannot be shorter than nothing, a number can."""
    named = {each.name for each in constraints(load_contract("ecr"), "UploadLayerPart")}
    assert "layerPartBlob min" not in named
    assert "partFirstByte min" in named


BROKEN: list[tuple[str, dict[str, Any], str]] = [
    ("TagResource", {"resourceArn": "a", "tags": [{"Value": "v"}]}, "tags[].Key required"),
    ("ListImages", {"repositoryName": "app", "maxResults": 0}, "maxResults min"),
    ("ListImages", {"repositoryName": "app", "maxResults": 1001}, "maxResults max"),
    (
        "ListImages",
        {"repositoryName": "app", "filter": {"tagStatus": "x"}},
        "filter.tagStatus enum",
    ),
    ("ListImages", {"repositoryName": "A-name"}, "repositoryName pattern"),
    ("BatchGetImage", {"repositoryName": "app", "imageIds": []}, "imageIds min"),
    ("ListImages", {"repositoryName": 7}, ""),
]


@pytest.mark.parametrize(
    ("operation", "request_", "name"), BROKEN, ids=lambda value: str(value)[:40]
)
def test_a_breach_has_the_name_of_its_constraint(
    operation: str, request_: dict[str, Any], name: str
) -> None:
    """What a request breaks is called as it was enumerated; a wrong type is no constraint."""
    contract = load_contract("ecr")
    shape = contract.operations[operation].input
    (breach,) = broken_keywords(contract, shape, request_, "input")
    assert broken(breach) == name
    assert not name or name in {each.name for each in constraints(contract, operation)}


def test_a_sentence_belongs_to_the_operations_that_it_concerns() -> None:
    """What is said of a shared shape concerns every operation that has it."""
    concerned = reach(load_contract("ecr"))
    assert concerned["DescribeImagesRequest"] == {"DescribeImages"}
    assert concerned["Repository"] == {
        "CreateRepository", "DeleteRepository", "DescribeRepositories",
    }  # fmt: skip
    assert concerned["TooManyTagsException"] == {"CreateRepository", "TagResource", "UntagResource"}


def test_sentences_that_promise_or_demand_are_items() -> None:
    """Conditions, limits and defaults count; what something is, and summaries, do not."""
    said = {(item.name, item.text) for item in of_kind("ecr", "sentence")}
    told = {text for _, text in said}
    assert ("ListImagesRequest.maxResults", "This value can be between 1 and 1000.") in said
    assert (
        "When you remove the last tag from an image, the image is deleted from your repository."
        in told
    )
    assert "The name of the repository." not in told
    assert "Creates a repository." not in told
    assert "The specified repository could not be found." not in told


def test_sentences_are_compared_without_the_names_of_operations() -> None:
    """What many operations are told in the same words is one statement."""
    contract = load_contract("ecr")
    first = without_names("When this is used, DescribeImages returns a page.", contract)
    assert first == without_names("When this is used, ListImagesRequest returns a page.", contract)
    assert without_names("PutImageTagMutability and PutImage", contract) == "… and …"
