"""The contract as it is read from the lock, and from botocore's models."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.contract import SERVICES, Paginator, load_contract
from conformance.errors import UsageError


def test_the_contract_names_its_service_and_source() -> None:
    """A contract names the API version, target prefix, signing name and source it stands for."""
    contract = load_contract("ecr")
    assert contract.api_version == "2015-09-21"
    assert contract.target_prefix == "AmazonEC2ContainerRegistry_V20150921"
    assert contract.signing_name == "ecr"
    assert contract.source == "botocore 1.44.5"
    assert load_contract("ecr-public").target_prefix == "SpencerFrontendService"


def test_a_contract_is_read_once() -> None:
    """Loading a contract again gives the same object."""
    assert load_contract("ecr") is load_contract("ecr")


def test_a_service_without_contract_is_a_usage_error() -> None:
    """A service other than the two is refused, with the names that are accepted."""
    with pytest.raises(UsageError, match="no contract for 's3'") as refused:
        load_contract("s3")
    assert "ecr, ecr-public" in refused.value.hint


def test_an_unknown_operation_is_a_usage_error() -> None:
    """Asking for an operation that the service lacks names the service and the operation."""
    with pytest.raises(UsageError, match="ecr-public has no operation 'ListImages'"):
        load_contract("ecr-public").operation("ListImages")


@pytest.mark.parametrize("service", SERVICES)
def test_every_name_in_the_model_leads_to_a_shape(service: str) -> None:
    """Inputs, outputs, members, elements, keys and values all name shapes of the contract."""
    contract = load_contract(service)
    names = {name for op in contract.operations.values() for name in (op.input, op.output)}
    for shape in contract.shapes.values():
        names.update(member.shape for member in shape.members.values())
        names.update(name for name in (shape.member, shape.key, shape.value) if name)
    assert names <= set(contract.shapes)


def test_errors_carry_their_modelled_members() -> None:
    """An error has its code, whose fault it is, and the members beyond its message."""
    errors = {
        error.code: error for error in load_contract("ecr").operation("UploadLayerPart").errors
    }
    assert errors["ServerException"].fault
    assert not errors["InvalidLayerPartException"].fault
    members = {member.name for member in errors["InvalidLayerPartException"].members}
    assert "lastValidByteReceived" in members


def test_paginators_tell_tokens_and_results() -> None:
    """A paginator has its tokens, its limit and all of its result paths."""
    paginators = load_contract("ecr").paginators
    assert paginators["ListImages"] == Paginator(
        "ListImages", "nextToken", "nextToken", "maxResults", ("imageIds",)
    )
    assert paginators["DescribeImageScanFindings"].result_keys == (
        "imageScanFindings.findings",
        "imageScanFindings.enhancedFindings",
    )


def test_waiters_tell_what_ends_them() -> None:
    """A waiter has its operation, how often it asks, and what is a success or a failure."""
    waiter = load_contract("ecr").waiters["ImageScanComplete"]
    assert (waiter.operation, waiter.delay, waiter.attempts) == (
        "DescribeImageScanFindings", 5, 60
    )  # fmt: skip
    assert [(each.state, each.expected) for each in waiter.acceptors] == [
        ("success", "COMPLETE"),
        ("failure", "FAILED"),
    ]
    assert not load_contract("ecr-public").waiters


def test_constraints_are_those_of_the_model() -> None:
    """Bounds, patterns, enums and required members arrive unchanged."""
    shapes = load_contract("ecr").shapes
    assert (shapes["MaxResults"].minimum, shapes["MaxResults"].maximum) == (1, 1000)
    assert shapes["RegistryId"].pattern == "[0-9]{12}"
    assert "KMS" in shapes["EncryptionType"].enum
    assert shapes["CreateRepositoryRequest"].required == ("repositoryName",)


def test_a_contract_cannot_be_changed() -> None:
    """Neither a field nor an entry of a mapping can be replaced."""
    contract = load_contract("ecr")
    with pytest.raises(dataclasses.FrozenInstanceError):
        contract.service = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        contract.operations["ListImages"] = contract.operation("PutImage")  # type: ignore[index]


def test_a_model_in_the_users_home_is_no_published_model(tmp_path: Path) -> None:
    """A model under ``~/.aws/models``, which botocore would prefer, is not read."""
    model = tmp_path / ".aws" / "models" / "ecr" / "2099-01-01" / "service-2.json"
    model.parent.mkdir(parents=True)
    model.write_text("{}")
    code = (
        "from conformance.contract.published import installed_models; "
        "print(installed_models()['ecr'].contract.api_version)"
    )
    environment = {**os.environ, "HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    run = [sys.executable, "-c", code]
    printed = subprocess.run(run, env=environment, capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == "2015-09-21"


def test_importing_the_contract_loads_neither_botocore_nor_jsonschema() -> None:
    """The package imports its slow dependencies at first use, not before."""
    code = (
        "import sys, conformance.contract as c; c.load_contract('ecr'); "
        "print({'botocore', 'jsonschema'} & set(sys.modules))"
    )
    run = [sys.executable, "-c", code]
    printed = subprocess.run(run, capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == "set()"
