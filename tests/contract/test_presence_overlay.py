"""The presence overlays: sound in themselves and against the contract."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from conformance.contract import (
    SERVICES,
    Condition,
    Contract,
    Expectation,
    Shape,
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


def answered(contract: Contract) -> dict[str, set[str]]:
    """Return the members of each structure that the answers of a service are made of."""
    found: dict[str, set[str]] = {}
    waiting = [operation.output for operation in contract.operations.values()]
    while waiting:
        shape = contract.shapes[waiting.pop()]
        if shape.name not in found:
            found[shape.name] = set(shape.members)
            waiting += [member.shape for member in shape.members.values()]
            waiting += [name for name in (shape.member, shape.value) if name]
    return {name: members for name, members in found.items() if members}


def named(service: str, key: str) -> dict[str, set[str]]:
    """Return the members that an overlay's entries with a key name, by shape."""
    return {
        shape: {member for entry in entries if key in entry for member in entry["members"]}
        for shape, entries in raw(service)["shapes"].items()
    }


@pytest.mark.parametrize("service", SERVICES)
def test_every_member_of_every_answer_is_expected_or_optional(service: str) -> None:
    """An overlay says of each member of each answer, and of no other, what to expect of it."""
    assert named(service, "members") == answered(load_contract(service))


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_optional_is_not_expected(service: str) -> None:
    """No member that may be absent is demanded under any condition."""
    expected = named(service, "level")
    for name, optional in named(service, "optional").items():
        assert not optional & expected[name], name


def test_a_new_member_is_not_passed_over() -> None:
    """A member that AWS adds to an answer is found to be neither expected nor optional."""
    contract = load_contract("ecr")
    image = contract.shapes["ImageDetail"]
    members = {**image.members, "colour": replace(image.members["imageDigest"], name="colour")}
    shapes = {**contract.shapes, image.name: replace(image, members=members)}
    found = answered(replace(contract, shapes=shapes))
    told = named("ecr", "members")
    assert {n: found[n] - told[n] for n in found if found[n] - told[n]} == {
        "ImageDetail": {"colour"}
    }


def leads_somewhere(shapes: Mapping[str, Shape], shape: str, path: str) -> bool:
    """Tell whether each name of a path is a member of the structure before it."""
    name, _, rest = path.partition(".")
    member = shapes[shape].members.get(name)
    return member is not None and (not rest or leads_somewhere(shapes, member.shape, rest))


@pytest.mark.parametrize("service", SERVICES)
def test_an_overlay_speaks_of_members_that_exist(service: str) -> None:
    """Holders and conditions name what the contract has, and holders hold what is expected."""
    shapes = load_contract(service).shapes
    for name, expectation in expectations(service):
        assert expectation.when is None or leads_somewhere(shapes, name, expectation.when.member)
        for place in expectation.within:
            holder, _, member = place.partition(".")
            held = shapes[shapes[holder].members[member].shape]
            assert name in (held.name, held.member)


@pytest.mark.parametrize("service", SERVICES)
def test_a_condition_is_about_values_that_the_member_may_have(service: str) -> None:
    """Where the contract lists the values of a member, a condition asks for some of them."""
    shapes = load_contract(service).shapes
    for name, expectation in expectations(service):
        if expectation.when:
            shape = shapes[name]
            for step in expectation.when.member.split("."):
                shape = shapes[shape.members[step].shape]
            assert not shape.enum or set(expectation.when.values) <= set(shape.enum)


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
    used = {key for entry in entries for key in entry.get("evidence", ())}
    assert used == set(overlay["sources"])


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


def test_a_condition_may_be_about_a_member_of_a_member() -> None:
    """A path is followed through structures; what is none of them meets no condition."""
    condition = Condition("imageScanStatus.status", ("COMPLETE",))
    assert condition.holds({"imageScanStatus": {"status": "COMPLETE"}})
    assert not condition.holds({"imageScanStatus": {"status": "FAILED"}})
    assert not condition.holds({"imageScanStatus": "COMPLETE"})
    assert not condition.holds({"status": "COMPLETE"})


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
