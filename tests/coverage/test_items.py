"""What there is to test: enumerated wholly, each thing once, under names that can be told apart."""

from __future__ import annotations

from collections import Counter

import pytest

from conformance.contract import SERVICES, load_contract
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


def constraints_of(operation: str) -> dict[str, Item]:
    """The constraints on an operation of ECR, by name."""
    found = [item for item in of_kind("ecr", "constraint") if item.group == operation]
    return {item.name: item for item in found}


def test_constraints_are_named_by_place_and_kind() -> None:
    """Constraints of nested members, list items included, are told with their bounds."""
    named = constraints_of("BatchGetImage")
    assert named["imageIds[].imageTag max"].text == "300"
    assert named["imageIds min"].text == "1"
    assert named["registryId pattern"].text == "[0-9]{12}"
    assert named["repositoryName required"].text == ""
    assert {"tags required", "tags[].Key required"} <= constraints_of("TagResource").keys()


def test_what_no_request_can_break_is_excused() -> None:
    """Nothing is shorter than nothing, but a number may be less than zero."""
    named = constraints_of("UploadLayerPart")
    assert named["layerPartBlob min"].excuse
    assert not named["partFirstByte min"].excuse


def test_a_sentence_that_the_model_overrules_is_excused() -> None:
    """The table of prose says why a sentence is not what rules go by, and at which places."""
    words = "If you specify images with imageIds, you can't use this option."
    said = {item.name: item for item in of_kind("ecr-public", "sentence") if item.text == words}
    assert "no member imageIds" in said["DescribeImageTagsRequest.nextToken"].excuse
    assert said["DescribeImagesRequest.nextToken"].excuse == ""


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
