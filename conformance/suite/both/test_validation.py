"""Requests that do not fit their shape: each wrong in one point, after its valid twin."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from conformance.contract import load_contract
from conformance.suite.answers import describe, refusal, success
from conformance.suite.evidence import documented, model, observed, recorded, unverified
from conformance.suite.registry import Registry
from conformance.suite.repository_answers import own_registry
from conformance.suite.rules import SERVICES, rule
from conformance.suite.twins import (
    MALFORMED,
    ON_A_REPOSITORY,
    Spoilt,
    accepted_request,
    invalid_codes,
    on_repository,
    valid_request,
)
from conformance.suite.verdicts import INFO, MUST
from conformance.suite.walk import WALKED_OPERATIONS

_PLACEBO = "https://github.com/cloud-custodian/cloud-custodian/tree/main/tests/data/placebo"


@dataclass(frozen=True, slots=True)
class Omission:
    """A request without one of its required members."""

    operation: str
    member: str

    @property
    def label(self) -> str:
        """What the check is called."""
        return f"{self.operation}.{self.member}"

    @property
    def codes(self) -> frozenset[str]:
        """The errors that fit: a part of a layer has an error of its own."""
        of_a_part = self.member in ("partFirstByte", "partLastByte", "layerPartBlob")
        return MALFORMED | {"InvalidLayerPartException"} if of_a_part else MALFORMED


def _omissions() -> list[Omission]:
    """Every required member of every operation that the walk tries.

    Not ``layerDigests`` of ``CompleteLayerUpload``: the model requires it, but the operation's
    description says "You can optionally provide a sha256 digest of the image layer".
    """
    found = {
        Omission(operation, member): None
        for contract in map(load_contract, SERVICES)
        for operation in WALKED_OPERATIONS
        if operation in contract.operations
        for member in contract.shapes[contract.operations[operation].input].required
    }
    return [each for each in found if each != Omission("CompleteLayerUpload", "layerDigests")]


@rule(
    "validation.required-members",
    level=MUST,
    operations=WALKED_OPERATIONS,
    evidence=[
        model("input shapes", "each lists its required members"),
        documented(
            "CreateRepository.InvalidParameterException",
            "The specified parameter is invalid. Review the available parameters for the API "
            "request.",
        ),
    ],
)
@pytest.mark.parametrize("omission", _omissions())
def test_a_request_without_a_required_member_is_refused(
    registry: Registry, omission: Omission
) -> None:
    """A request without one of its required members is refused as invalid, with HTTP 400."""
    request = accepted_request(registry, omission.operation)
    del request[omission.member]
    error = registry.refused(omission.operation, omission.codes, **request)
    assert error.status == 400, (
        f"{omission.operation} without {omission.member}: expected HTTP 400, got {error.status}"
    )


_WRONG_TYPES = [
    Spoilt("CreateRepository", "repositoryName-as-object", {"repositoryName": {"name": "a-name"}}),
    Spoilt("CreateRepository", "repositoryName-as-list", {"repositoryName": ["a-name"]}),
    Spoilt("DescribeRepositories", "repositoryNames-as-object", {"repositoryNames": {"a": "b"}}),
    Spoilt("SetRepositoryPolicy", "policyText-as-object", {"policyText": {"Statement": []}}),
    Spoilt("BatchCheckLayerAvailability", "layerDigests-as-object", {"layerDigests": {"a": "b"}}),
    Spoilt("PutImage", "imageManifest-as-object", {"imageManifest": {"schemaVersion": 2}}),
    Spoilt("BatchGetImage", "imageIds-as-object", {"imageIds": {"imageTag": "walk"}}),
    Spoilt("BatchDeleteImage", "imageIds-as-object", {"imageIds": {"imageTag": "walk"}}),
]


@rule(
    "validation.types",
    level=MUST,
    operations=[spoilt.operation for spoilt in _WRONG_TYPES],
    evidence=[
        model("input shapes", "each member has a type"),
        documented(
            "SetRepositoryPolicy.InvalidParameterException",
            "The specified parameter is invalid. Review the available parameters for the API "
            "request.",
        ),
    ],
)
@pytest.mark.parametrize("spoilt", _WRONG_TYPES)
def test_an_object_or_list_in_the_wrong_place_is_refused(
    registry: Registry, spoilt: Spoilt
) -> None:
    """An object or a list where text belongs, or an object where a list belongs, is refused."""
    request = accepted_request(registry, spoilt.operation)
    registry.refused(spoilt.operation, MALFORMED, **{**request, **spoilt.changes})


_NUMBERS_FOR_TEXT = [
    Spoilt("DescribeRepositories", "registryId", {"registryId": 123456789012}),
    Spoilt("PutImage", "imageTag", {"imageTag": 42}),
]


@rule(
    "validation.number-for-text",
    level=INFO,
    operations=[spoilt.operation for spoilt in _NUMBERS_FOR_TEXT],
    evidence=[unverified("input shapes", "is a JSON number taken where the shape is a string?")],
)
@pytest.mark.parametrize("spoilt", _NUMBERS_FOR_TEXT)
def test_a_number_for_text(registry: Registry, observe: list[str], spoilt: Spoilt) -> None:
    """A JSON number where text belongs is taken or refused."""
    request = {**accepted_request(registry, spoilt.operation), **spoilt.changes}
    response = registry.send(spoilt.operation, request)
    outcome = "taken" if success(response) is not None else f"answered {describe(response)}"
    observe.append(f"{spoilt.operation}: a number as {spoilt.label} is {outcome}")


@rule(
    "validation.json",
    level=MUST,
    operations=["DescribeRepositories"],
    evidence=[model("metadata", "protocol json: a request's body is a JSON object")],
)
@pytest.mark.parametrize("body", ["cut-off", "no-json"])
def test_a_body_that_is_no_json_is_refused(registry: Registry, body: str) -> None:
    """A request whose body is not JSON is refused as malformed."""
    accepted_request(registry, "DescribeRepositories")
    sent = {"cut-off": b'{"repositoryNames": ["', "no-json": b"repositoryNames=a-name"}[body]
    response = registry.send("DescribeRepositories", sent)
    error = refusal(response)
    assert error is not None and error.code in MALFORMED, (  # noqa: PT018 (one requirement)
        f"DescribeRepositories with a body that is not JSON: expected refusal with "
        f"{' or '.join(sorted(MALFORMED))}, got {describe(response)}"
    )


@rule(
    "validation.repository-name",
    level=MUST,
    operations=ON_A_REPOSITORY,
    evidence=[
        recorded(
            "GetRepositoryPolicy",
            "InvalidParameterException: Invalid parameter at 'repositoryName' failed to satisfy "
            "constraint: 'must satisfy regular expression …'",
            f"{_PLACEBO}/test_ecr_remove_named",
        ),
        model("RepositoryName", "the pattern has no upper case letter"),
    ],
)
@pytest.mark.parametrize("operation", ON_A_REPOSITORY)
def test_an_impossible_repository_name_is_invalid(registry: Registry, operation: str) -> None:
    """A repository name that breaks the pattern is an invalid parameter, not an unknown name."""
    request = accepted_request(registry, operation)
    codes = invalid_codes(registry, operation)
    registry.refused(operation, codes, **on_repository(request, "Upper-Case"))


def _with_registry_id() -> list[str]:
    contract = load_contract("ecr")
    return [
        operation
        for operation in WALKED_OPERATIONS
        if operation in contract.operations
        and "registryId" in contract.shapes[contract.operations[operation].input].members
    ]


@rule(
    "validation.registry-id",
    level=MUST,
    operations=_with_registry_id(),
    services=["ecr"],
    evidence=[
        model("RegistryId", "pattern [0-9]{12}"),
        observed(
            "BatchGetImage.registryId",
            "Invalid parameter at 'registryId' failed to satisfy constraint: 'must satisfy regular "
            "expression [0-9]{12}'",
            "https://github.com/chanzuckerberg/single-cell-data-portal/pull/3781",
        ),
    ],
)
@pytest.mark.parametrize("operation", _with_registry_id())
def test_a_registry_id_has_twelve_digits(registry: Registry, operation: str) -> None:
    """A registry id that is not twelve digits is an invalid parameter."""
    request = valid_request(registry, operation)
    registry.given(operation, **request, registryId=own_registry(registry))
    codes = invalid_codes(registry, operation)
    registry.refused(operation, codes, **request, registryId="12345")
