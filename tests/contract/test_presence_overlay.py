"""The presence overlays: sound in themselves and against the contract."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from conformance.contract import (
    SERVICES,
    Condition,
    Expectation,
    load_contract,
    load_presence,
    schemas_folder,
)
from conformance.errors import ConformanceError

CORE = [
    "BatchCheckLayerAvailability",
    "BatchDeleteImage",
    "BatchGetImage",
    "CompleteLayerUpload",
    "CreateRepository",
    "DeleteRepository",
    "DeleteRepositoryPolicy",
    "DescribeImageTags",
    "DescribeImages",
    "DescribeRepositories",
    "GetAuthorizationToken",
    "GetDownloadUrlForLayer",
    "GetRepositoryPolicy",
    "InitiateLayerUpload",
    "ListImages",
    "PutImage",
    "SetRepositoryPolicy",
    "UploadLayerPart",
]


def raw(service: str) -> dict[str, Any]:
    """Return the overlay's JSON."""
    version = load_contract(service).api_version
    overlay: dict[str, Any] = json.loads(
        (schemas_folder() / service / version / "presence.json").read_text("utf-8")
    )
    return overlay


def expectations(service: str) -> list[tuple[str, Expectation]]:
    """Return each expectation of an overlay with the name of its shape."""
    overlay = load_presence(service, load_contract(service).api_version)
    return [(name, e) for name, entries in overlay.shapes.items() for e in entries]


@pytest.mark.parametrize("service", SERVICES)
def test_an_overlay_keeps_its_schema(service: str) -> None:
    """Each overlay is valid by the schema committed beside it."""
    schema = json.loads((schemas_folder() / "presence.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(raw(service))


@pytest.mark.parametrize("service", SERVICES)
def test_an_overlay_speaks_of_members_that_exist(service: str) -> None:
    """Shapes, members, holders and conditions all name what the contract has."""
    shapes = load_contract(service).shapes
    for name, expectation in expectations(service):
        members = shapes[name].members
        assert expectation.member in members
        assert expectation.when is None or expectation.when.member in members
        if expectation.within:
            holder, _, member = expectation.within.partition(".")
            assert member in shapes[holder].members


@pytest.mark.parametrize("service", SERVICES)
def test_a_must_rests_on_documentation_or_a_recording(service: str) -> None:
    """No member is demanded on the word of an observer alone."""
    for name, expectation in expectations(service):
        kinds = {source.kind for source in expectation.evidence}
        assert expectation.level == "should" or kinds & {"documented", "recorded"}, name


@pytest.mark.parametrize("service", SERVICES)
def test_every_source_is_used(service: str) -> None:
    """An overlay lists no source that nothing rests on."""
    overlay = raw(service)
    entries = [entry for shape in overlay["shapes"].values() for entry in shape]
    assert {key for entry in entries for key in entry["evidence"]} == set(overlay["sources"])


@pytest.mark.parametrize("service", SERVICES)
def test_every_core_operation_has_something_to_expect(service: str) -> None:
    """Each core operation of the service demands at least one member of its answer."""
    contract = load_contract(service)
    demanded = {name for name, e in expectations(service) if e.level == "must"}
    outputs = {contract.operation(name).output for name in CORE if name in contract.operations}
    assert outputs <= demanded


def test_what_aws_added_later_is_not_demanded() -> None:
    """Members with a year are at most a should."""
    for service in SERVICES:
        assert all(e.level == "should" for _, e in expectations(service) if e.since)


def test_a_condition_holds_for_its_values_only() -> None:
    """A condition fails when the member has another value, another type, or is absent."""
    condition = Condition("failureCode", ("ImageNotFound",))
    assert condition.holds({"failureCode": "ImageNotFound"})
    assert not condition.holds({"failureCode": "InvalidImageTag"})
    assert not condition.holds({"failureCode": ["ImageNotFound"]})
    assert not condition.holds({})


def test_an_unknown_api_version_has_no_overlay() -> None:
    """An API version this release does not know is named in the error, with what to do."""
    with pytest.raises(ConformanceError, match="no presence overlay for ecr 2099-01-01") as missing:
        load_presence("ecr", "2099-01-01")
    assert "Install ecr-conformance again" in missing.value.hint


def test_an_installed_package_has_its_own_schemas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Schemas inside the package are preferred to those beside it, and neither is an error."""
    from conformance.contract import folder

    package = tmp_path / "conformance"
    monkeypatch.setattr(folder, "__file__", str(package / "contract" / "folder.py"))
    with pytest.raises(ConformanceError, match="the schemas are missing"):
        schemas_folder()
    for place in (tmp_path / "schemas", package / "schemas"):
        place.mkdir(parents=True)
        (place / "presence.schema.json").write_text("{}")
        assert schemas_folder() == place
