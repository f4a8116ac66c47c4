"""Coverage cases keep the contract or break exactly what they say, for every operation."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from made_contract import MADE
from wire_bodies import ALL_OPERATIONS

from conformance.contract import SERVICES, Contract, judge_input, load_contract
from conformance.contract.generators import (
    broken_constraints,
    constraints,
    coverage_cases,
    example,
    why_unbreakable,
    wire_form,
)
from conformance.suite.walk import program

EVERY = [
    *((load_contract(service), operation) for service, operation in ALL_OPERATIONS),
    (MADE, "Make"),
]
NAMES = [f"{contract.service}-{operation}" for contract, operation in EVERY]


def valid_requests(contract: Contract, operation: str) -> Iterator[Mapping[str, Any]]:
    """Yield the smallest valid request, and the ones that the suite sends where it has any."""
    yield example(contract, contract.operation(operation).input)
    if contract.service in SERVICES:
        memory = {
            "InitiateLayerUpload": {"uploadId": "00000000-0000-4000-8000-000000000000"},
            "CreateRepository": {"repository": {"repositoryArn": "arn:aws:ecr:region:1:name"}},
        }
        for step in program(contract, "run-a1/walk", "walk", memory):
            if step.operation == operation:
                yield step.parameters


@pytest.mark.parametrize(("contract", "operation"), EVERY, ids=NAMES)
def test_a_case_breaks_what_it_says_and_nothing_else(contract: Contract, operation: str) -> None:
    """A request called valid breaks nothing, any other exactly the constraint of its case."""
    for valid in valid_requests(contract, operation):
        before = copy.deepcopy(valid)
        for case in coverage_cases(contract, operation):
            request = case.request(valid)
            broken = broken_constraints(contract, contract.operation(operation).input, request)
            assert broken == ([] if case.valid else [case.constraint]), case.name
        assert valid == before


@pytest.mark.parametrize(("contract", "operation"), EVERY, ids=NAMES)
def test_every_constraint_has_cases(contract: Contract, operation: str) -> None:
    """Each constraint is broken by some case, or there is a reason why nothing breaks it alone."""
    cases = coverage_cases(contract, operation)
    broken = {case.constraint for case in cases if not case.valid}
    for constraint in constraints(contract, contract.operation(operation).input):
        unbreakable = why_unbreakable(contract, constraint) is not None
        assert (constraint in broken) != unbreakable, str(constraint)


@pytest.mark.parametrize(("contract", "operation"), EVERY, ids=NAMES)
def test_no_operation_is_without_cases(contract: Contract, operation: str) -> None:
    """Every operation has requests that are valid and requests that are not, each with its name.

    Where the input has no members, those are the empty request and bodies that are no object.
    """
    cases = coverage_cases(contract, operation)
    assert len({case.name for case in cases}) == len(cases)
    assert any(case.valid for case in cases)
    assert sum(not case.valid for case in cases) >= 4


@pytest.mark.parametrize("service", SERVICES)
def test_the_contract_and_the_cases_agree(service: str) -> None:
    """What a case calls valid, or not, is what the contract's own judgement of requests says."""
    contract = load_contract(service)
    for operation in contract.operations:
        valid = example(contract, contract.operation(operation).input)
        for case in coverage_cases(contract, operation):
            found = judge_input(contract, operation, wire_form(case.request(valid)))
            assert case.valid == (not [v for v in found if v.level == "must"]), case.name


def test_cases_are_the_same_every_time() -> None:
    """Two processes with other hashes make the same cases with the same requests.

    The longest requests are left out: they take long to print.
    """
    program_text = """
from conformance.contract import load_contract
from conformance.contract.generators import coverage_cases, example
for service in ("ecr", "ecr-public"):
    contract = load_contract(service)
    for operation in contract.operations:
        valid = example(contract, contract.operation(operation).input)
        for case in coverage_cases(contract, operation):
            long = case.constraint and case.constraint.kind == "max"
            print(case.name, case.valid, "" if long else case.request(valid))
"""
    runs = {
        subprocess.run(
            [sys.executable, "-c", program_text],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
    assert runs.pop().count(b"\n") > 5000


def request_of(operation: str, name: str, valid: Any) -> Any:
    """The request of the case with a name."""
    contract = MADE if operation == "Make" else load_contract("ecr")
    cases = {case.name: case for case in coverage_cases(contract, operation)}
    return cases[f"{operation}{name}"].request(valid)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (".tags[].Key missing", {"repositoryName": "a", "tags": [{"Value": "value-0"}]}),
        (".repositoryName missing", {}),
        (".repositoryName capital", {"repositoryName": "Example/name-0"}),
        (".repositoryName newline at the end", {"repositoryName": "example/name-0\n"}),
        ('.repositoryName "/" twice', {"repositoryName": "example//name-0"}),
        (".repositoryName max", {"repositoryName": "a" * 256}),
        (".repositoryName max+1", {"repositoryName": "a" * 257}),
        (
            ".imageTagMutability other case",
            {"repositoryName": "a", "imageTagMutability": "mutable"},
        ),
        (".tags as string", {"repositoryName": "a", "tags": "value"}),
        (
            ".encryptionConfiguration.kmsKey alone",
            {
                "repositoryName": "a",
                "encryptionConfiguration": {
                    "encryptionType": "AES256",
                    "kmsKey": "00000000-0000-0000-0000-000000000000",
                },
            },
        ),
        (" required only", {"repositoryName": "a"}),
        (" as list", ["value"]),
    ],
)
def test_cases_are_named_by_what_they_vary(name: str, expected: Any) -> None:
    """A case's name says which request it is."""
    assert request_of("CreateRepository", name, {"repositoryName": "a"}) == expected


def test_what_is_not_varied_stays() -> None:
    """Values that are not under test are the valid request's; a longer text begins with its."""
    valid = {"repositoryName": "mine", "lifecyclePolicyText": '{"rules": [' + " " * 90 + "]}"}
    longest = request_of("PutLifecyclePolicy", ".lifecyclePolicyText max", valid)
    assert longest["repositoryName"] == "mine"
    assert len(longest["lifecyclePolicyText"]) == 30720
    assert longest["lifecyclePolicyText"].rstrip() == valid["lifecyclePolicyText"]
    name = request_of("PutLifecyclePolicy", ".repositoryName max", valid)["repositoryName"]
    assert name.startswith("mine")
    assert len(name) == 256


@pytest.mark.parametrize(
    ("name", "image"),
    [
        (" required only", {"imageTag": "mine"}),
        (".registryId alone", {"imageTag": "mine"}),
        (".imageId.imageTag alone", {"imageTag": "mine"}),
        (".imageId.imageDigest alone", {"imageDigest": f"sha256:{0:064x}"}),
    ],
)
def test_what_is_said_in_one_of_two_ways_is_said_at_all(name: str, image: Any) -> None:
    """An image id, of which neither member is required, keeps what it has, or has the one alone."""
    valid = {"repositoryName": "a", "imageId": {"imageTag": "mine"}}
    assert request_of("StartImageScan", name, valid)["imageId"] == image


def test_elements_of_the_longest_list_differ() -> None:
    """A list at its bound has the elements of the valid request and others, no two the same."""
    valid = {"repositoryName": "mine", "imageIds": [{"imageTag": "mine"}]}
    images = request_of("BatchGetImage", ".imageIds max", valid)["imageIds"]
    assert images[0] == {"imageTag": "mine"}
    assert len({str(image) for image in images}) == 100


def test_an_entry_of_a_map_is_varied() -> None:
    """The first entry of a map is the one whose key or value is varied."""
    valid = {"labels": {"one": "1", "two": "2"}}
    assert request_of("Make", ".labels{} as number", valid) == {"labels": {"one": 1, "two": "2"}}
    shorter = request_of("Make", ".labels{key} min-1", valid)
    assert shorter == {"labels": {"on": "1", "two": "2"}}
