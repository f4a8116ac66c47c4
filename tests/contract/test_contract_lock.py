"""The contract lock: botocore's models without their prose, and the schemas made of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from wire_bodies import ALL_OPERATIONS

from conformance.contract import (
    SERVICES,
    error_schema,
    judge_error,
    load_contract,
    schemas_folder,
    wire_schema,
)
from conformance.contract.published import installed_models


def committed(service: str, path: str) -> Any:
    """A file of the lock, parsed."""
    folder = schemas_folder() / service / load_contract(service).api_version
    return json.loads((folder / path).read_text(encoding="utf-8"))


@pytest.mark.parametrize("service", SERVICES)
def test_the_lock_loses_nothing_but_prose(service: str) -> None:
    """The locked model is what the installed botocore says, documentation aside."""
    locked = committed(service, "model.json")
    published = installed_models()[service].locked
    assert {**locked, "source": ""} == {**published, "source": ""}


@pytest.mark.parametrize("service", SERVICES)
def test_the_lock_has_no_prose(service: str) -> None:
    """No sentence of AWS's documentation stands in the locked model."""
    text = json.dumps(committed(service, "model.json"))
    assert '"documentation": "' not in text
    assert "</p>" not in text


@pytest.mark.parametrize(("service", "operation"), ALL_OPERATIONS)
def test_the_committed_schemas_are_those_that_judge(service: str, operation: str) -> None:
    """The wire schemas in the repository are the ones that the contract gives."""
    contract = load_contract(service)
    declared = contract.operation(operation)
    made = {
        "input": wire_schema(contract, declared.input, direction="input"),
        "output": wire_schema(contract, declared.output, direction="output"),
        "errors": error_schema(contract, operation),
    }
    for what, schema in made.items():
        assert committed(service, f"operations/{operation}/{what}.json") == schema
        Draft202012Validator.check_schema(schema)


_CODES = ["RepositoryNotFoundException", "InvalidLayerPartException", "ThrottlingException"]
_MEMBERS = ["message", "registryId", "lastValidByteReceived", "uploadId", "other"]
_VALUES = st.none() | st.integers(-3, 3) | st.text(max_size=3) | st.just([])


@settings(deadline=None)
@given(
    code=st.sampled_from([*_CODES, 7]),
    namespace=st.sampled_from(["", "com.amazonaws.ecr#", "a:b#"]),
    uri=st.sampled_from(["", ":http://a.example/#b"]),
    members=st.dictionaries(st.sampled_from(_MEMBERS), _VALUES, max_size=3),
)
def test_the_schema_of_errors_decides_as_the_judge_does(
    code: Any, namespace: str, uri: str, members: dict[str, Any]
) -> None:
    """A stock validator refuses with the committed schema what ``judge_error`` finds wrong."""
    contract = load_contract("ecr")
    body = {"__type": f"{namespace}{code}{uri}" if isinstance(code, str) else code}
    body.update({name: value for name, value in members.items() if value is not None})
    validator = Draft202012Validator(error_schema(contract, "UploadLayerPart"))
    wrong = [v for v in judge_error(contract, "UploadLayerPart", body) if v.level == "must"]
    assert validator.is_valid(body) == (not wrong), wrong


def test_an_error_needs_a_code() -> None:
    """Neither an object without ``__type`` nor something else than an object is an error."""
    validator = Draft202012Validator(error_schema(load_contract("ecr"), "PutImage"))
    assert not validator.is_valid({"message": "no"})
    assert not validator.is_valid([])
