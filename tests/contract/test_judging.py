"""Bodies judged by the contract."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from wire_bodies import ALL_OPERATIONS, at, bodies, changed, leaves, of_type, pointer_of, without

from conformance.contract import (
    Violation,
    error_code,
    judge_error,
    judge_input,
    judge_output,
    load_contract,
    load_presence,
)
from conformance.errors import UsageError

ECR = load_contract("ecr")
PUBLIC = load_contract("ecr-public")
DIGEST = "sha256:" + "0" * 64
ACCOUNT = {"registryId": "111122223333", "repositoryName": "team/app"}
IMAGE = {**ACCOUNT, "imageDigest": DIGEST, "imagePushedAt": 1.565128275e9, "imageSizeInBytes": 7}
DOCKER = "application/vnd.docker.distribution.manifest.v2+json"
INDEX = "application/vnd.oci.image.index.v1+json"

properties = settings(deadline=None, max_examples=80)
any_operation = st.sampled_from(ALL_OPERATIONS)


def must(violations: list[Violation]) -> list[str]:
    """Return the sentences of what counts."""
    return [violation.message for violation in violations if violation.level == "must"]


def found(violations: list[Violation], kind: str) -> list[str]:
    """Return where violations of a kind are."""
    return [violation.pointer for violation in violations if violation.kind == kind]


# Answers of AWS, told in the forms its documentation and recordings show.


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("DescribeRepositories", {"repositories": []}),
        (
            "CreateRepository",
            {
                "repository": {
                    **ACCOUNT,
                    "repositoryArn": "arn:aws:ecr:us-west-2:111122223333:repository/team/app",
                }
            },
        ),
        ("DescribeImages", {"imageDetails": [{**IMAGE, "imageTags": ["v1"]}]}),
        ("ListImages", {"imageIds": [{"imageDigest": DIGEST}]}),
        (
            "BatchDeleteImage",
            {
                "failures": [
                    {
                        "failureCode": "ImageNotFound",
                        "failureReason": "Requested image not found",
                        "imageId": {"imageTag": "latest"},
                    }
                ],
                "imageIds": [],
            },
        ),
        (
            "BatchCheckLayerAvailability",
            {
                "layers": [{"layerDigest": DIGEST, "layerAvailability": "UNAVAILABLE"}],
                "failures": [],
            },
        ),
        ("InitiateLayerUpload", {"partSize": 10485760, "uploadId": "6cb64b8a-9378"}),
        ("TagResource", {}),
    ],
)
def test_answers_of_aws_are_accepted(operation: str, body: object) -> None:
    """What AWS documents or was recorded to answer breaks nothing that counts."""
    assert must(judge_output(ECR, operation, body)) == []


def test_a_modern_repository_is_beyond_reproach() -> None:
    """A repository with everything AWS answers today has no remark at all."""
    repository = {
        **ACCOUNT,
        "repositoryArn": "arn:aws:ecr:us-east-1:111122223333:repository/team/app",
        "repositoryUri": "111122223333.dkr.ecr.us-east-1.amazonaws.com/team/app",
        "createdAt": 1.705071987e9,
        "imageTagMutability": "MUTABLE",
        "imageScanningConfiguration": {"scanOnPush": False},
        "encryptionConfiguration": {"encryptionType": "AES256"},
    }
    assert judge_output(ECR, "CreateRepository", {"repository": repository}) == []


def test_members_added_later_are_told_apart() -> None:
    """A repository as old answers had it lacks only what AWS added over the years."""
    repository = {**ACCOUNT, "repositoryArn": "arn", "repositoryUri": "uri"}
    violations = judge_output(ECR, "DeleteRepository", {"repository": repository})
    assert {violation.kind for violation in violations} == {"presence-later"}
    words = "repository.createdAt is missing, AWS answers with it since 2017"
    assert Violation("presence-later", "should", "/repository/createdAt", words) in violations


# Answers no AWS gives.


@pytest.mark.parametrize("body", [None, [], "ok", 7, True])
def test_an_answer_is_an_object(body: object) -> None:
    """A body that is no object breaks the contract as a whole."""
    violations = judge_output(ECR, "ListImages", body)
    assert found(violations, "schema") == [""]
    assert "the contract says object" in must(violations)[0]


def test_an_empty_answer_is_not_enough() -> None:
    """``{}`` lacks what the operation always answers."""
    assert must(judge_output(ECR, "BatchGetImage", {})) == [
        "images is missing, AWS always answers with it",
        "failures is missing, AWS always answers with it",
    ]


def test_a_wrong_type_is_told_in_plain_words() -> None:
    """The message says where, what is there and what belongs there."""
    body = {"imageDetails": [{**IMAGE, "imagePushedAt": "2024-01-12T15:09:06Z"}]}
    violation = judge_output(ECR, "DescribeImages", body)[0]
    assert violation == Violation(
        "schema",
        "must",
        "/imageDetails/0/imagePushedAt",
        "imageDetails[0].imagePushedAt is a string, the contract says number",
    )


def test_the_size_of_an_image_is_demanded_but_not_that_of_an_index() -> None:
    """Without ``imageSizeInBytes`` an image breaks a must, an index or unknown only a should."""
    for media_type, level in ((DOCKER, "must"), (INDEX, "should"), (None, "should")):
        image = without({**IMAGE, "imageManifestMediaType": media_type}, ("imageSizeInBytes",))
        violations = judge_output(ECR, "DescribeImages", {"imageDetails": [image]})
        sizes = [v for v in violations if v.pointer == "/imageDetails/0/imageSizeInBytes"]
        assert [violation.level for violation in sizes] == [level]


@pytest.mark.parametrize(
    ("operation", "body", "pointer"),
    [
        ("ListImages", {"imageIds": [{"imageTag": "v1"}]}, "/imageIds/0/imageDigest"),
        (
            "BatchDeleteImage",
            {"failures": [], "imageIds": [{"imageTag": "v1"}]},
            "/imageIds/0/imageDigest",
        ),
        (
            "PutImage",
            {"image": {**ACCOUNT, "imageManifest": "{}", "imageId": {"imageTag": "v1"}}},
            "/image/imageId/imageDigest",
        ),
    ],
)
def test_an_image_id_has_its_digest_where_aws_knows_it(
    operation: str, body: object, pointer: str
) -> None:
    """An image that exists is answered with its digest; a failure echoes what was asked."""
    assert found(judge_output(ECR, operation, body), "presence") == [pointer]


def test_ecr_public_answers_catalog_data_always() -> None:
    """ECR Public's CreateRepository answers ``catalogData`` even when none was sent."""
    body = {
        "repository": {
            **ACCOUNT,
            "repositoryArn": "arn:aws:ecr-public::111122223333:repository/team/app",
            "repositoryUri": "public.ecr.aws/alias/team/app",
            "createdAt": 1719868135.131,
        },
        "catalogData": {},
    }
    assert judge_output(PUBLIC, "CreateRepository", body) == []
    violations = judge_output(PUBLIC, "CreateRepository", without(body, ("catalogData",)))
    assert found(violations, "presence") == ["/catalogData"]


def test_a_null_member_is_absent() -> None:
    """A demanded member that is null is missing; one that is not demanded is remarked on."""
    body = {"imageIds": None, "nextToken": None}
    violations = judge_output(ECR, "ListImages", body)
    assert must(violations) == ["imageIds is missing, AWS always answers with it"]
    assert found(violations, "null") == ["/imageIds", "/nextToken"]


def test_a_null_element_is_no_image() -> None:
    """A null among the elements of a list is a wrong type."""
    messages = must(judge_output(ECR, "ListImages", {"imageIds": [None]}))
    assert messages == ["imageIds[0] is null, the contract says object"]


def test_a_deep_body_is_judged() -> None:
    """A value nested as deeply as a parser allows is judged like any other."""
    deep: list[Any] = []
    for _ in range(900):
        deep = [deep]
    violations = judge_output(ECR, "ListImages", {"imageIds": [], "nextToken": deep, "other": deep})
    assert must(violations) == ["nextToken is an array, the contract says string"]
    assert found(violations, "undocumented") == ["/other"]


def test_an_unknown_operation_is_refused() -> None:
    """Judging by an operation that does not exist is a usage error, not a verdict."""
    for judge in (judge_output, judge_input, judge_error):
        with pytest.raises(UsageError):
            judge(ECR, "DescribeEverything", {})


# The same, over everything the contract has.


@properties
@given(data=st.data(), operation=any_operation)
def test_a_complete_answer_is_accepted(data: st.DataObject, operation: tuple[str, str]) -> None:
    """A body with every member, of the model's types, has no remark at all."""
    contract = load_contract(operation[0])
    body = data.draw(bodies(contract, contract.operation(operation[1]).output))
    assert judge_output(contract, operation[1], body) == []


@properties
@given(data=st.data(), operation=any_operation)
def test_a_misspelt_member_is_seen(data: st.DataObject, operation: tuple[str, str]) -> None:
    """A member under another spelling is undocumented, where it stands."""
    contract = load_contract(operation[0])
    output = contract.operation(operation[1]).output
    body = data.draw(bodies(contract, output))
    holders = of_type(contract, leaves(contract, output, body), "structure")
    holders = [holder for holder in holders if at(body, holder[0])]
    assume(holders)
    path, _ = data.draw(st.sampled_from(holders))
    name = data.draw(st.sampled_from(sorted(at(body, path))))
    misspelt = changed(without(body, (*path, name)), (*path, name.swapcase()), at(body, path)[name])
    violations = judge_output(contract, operation[1], misspelt)
    assert found(violations, "undocumented") == [pointer_of((*path, name.swapcase()))]


@properties
@given(data=st.data(), operation=any_operation)
def test_a_number_as_a_string_is_seen(data: st.DataObject, operation: tuple[str, str]) -> None:
    """A number in quotes is a wrong type, where it stands, and nothing else is wrong."""
    contract = load_contract(operation[0])
    output = contract.operation(operation[1]).output
    body = data.draw(bodies(contract, output))
    kinds = ("integer", "long", "float", "double", "timestamp")
    numbers = of_type(contract, leaves(contract, output, body), *kinds)
    assume(numbers)
    path, _ = data.draw(st.sampled_from(numbers))
    violations = judge_output(contract, operation[1], changed(body, path, str(at(body, path))))
    assert [(v.kind, v.level, v.pointer) for v in violations] == [
        ("schema", "must", pointer_of(path))
    ]


@properties
@given(data=st.data(), operation=any_operation, when=st.datetimes())
def test_an_iso_time_is_seen(
    data: st.DataObject, operation: tuple[str, str], when: datetime
) -> None:
    """A time written as ISO 8601 is a wrong type, where it stands."""
    contract = load_contract(operation[0])
    output = contract.operation(operation[1]).output
    body = data.draw(bodies(contract, output))
    times = of_type(contract, leaves(contract, output, body), "timestamp")
    assume(times)
    path, _ = data.draw(st.sampled_from(times))
    violations = judge_output(contract, operation[1], changed(body, path, when.isoformat()))
    assert found(violations, "schema") == [pointer_of(path)]
    assert violations[0].message.endswith("is a string, the contract says number")


@properties
@given(data=st.data(), operation=any_operation)
def test_a_null_member_is_seen(data: st.DataObject, operation: tuple[str, str]) -> None:
    """A null in place of a member is remarked on, where it stands, and is no wrong type."""
    contract = load_contract(operation[0])
    output = contract.operation(operation[1]).output
    body = data.draw(bodies(contract, output))
    members = [p for p, _ in leaves(contract, output, body) if p and isinstance(p[-1], str)]
    assume(members)
    path = data.draw(st.sampled_from(members))
    violations = judge_output(contract, operation[1], changed(body, path, None))
    assert found(violations, "null") == [pointer_of(path)]
    assert found(violations, "schema") == []


@properties
@given(data=st.data(), operation=any_operation)
def test_a_missing_must_member_is_seen(data: st.DataObject, operation: tuple[str, str]) -> None:
    """A member that every answer carries is missed, where it would stand."""
    contract = load_contract(operation[0])
    output = contract.operation(operation[1]).output
    body = data.draw(bodies(contract, output))
    overlay = load_presence(contract.service, contract.api_version)
    demanded = [
        (*path, expectation.member)
        for path, shape in leaves(contract, output, body)
        for expectation in overlay.shapes.get(shape, ())
        if expectation.level == "must" and not expectation.within and not expectation.when
    ]
    assume(demanded)
    path = data.draw(st.sampled_from(demanded))
    violations = judge_output(contract, operation[1], without(body, path))
    assert [(v.kind, v.level, v.pointer) for v in violations] == [
        ("presence", "must", pointer_of(path))
    ]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
)


@properties
@given(body=json_values, operation=any_operation)
def test_any_json_gets_a_judgement(body: object, operation: tuple[str, str]) -> None:
    """No body, however odd, makes a judge fail."""
    contract = load_contract(operation[0])
    for judge in (judge_output, judge_input, judge_error):
        assert isinstance(judge(contract, operation[1], body), list)


# Errors.


def test_an_error_of_aws_is_accepted() -> None:
    """A code and a message are all an error needs, whether the operation declares it or not."""
    for code in ("RepositoryNotFoundException", "UnrecognizedClientException"):
        assert judge_error(ECR, "ListImages", {"__type": code, "message": "No."}) == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"message": "No."}, "__type is missing, it carries the code"),
        ({"__type": None}, "__type is missing, it carries the code"),
        ({"__type": 404}, "__type is a number, the code of an error is a string"),
        (
            {"__type": "X", "message": {}},
            "message is an object, the message of an error is a string",
        ),
        (
            {"__type": "RepositoryNotFoundException", "message": 1},
            "message is a number, the contract says string",
        ),
        ("No.", "the body is a string, an error is an object"),
    ],
)
def test_an_error_has_a_code_and_its_members_have_types(body: object, message: str) -> None:
    """An error without a string for a code, or with a member of a wrong type, breaks a must."""
    assert must(judge_error(ECR, "ListImages", body)) == [message]


def test_modelled_members_of_an_error_are_checked() -> None:
    """Members beyond the message have the model's types."""
    error = {"__type": "InvalidLayerPartException", "message": "No.", "lastValidByteReceived": "7"}
    messages = must(judge_error(ECR, "UploadLayerPart", error))
    assert messages == ["lastValidByteReceived is a string, the contract says integer"]


@pytest.mark.parametrize("code", ["RepositoryNotFoundException", "Nameless"])
def test_a_capital_message_is_remarked_on(code: str) -> None:
    """``Message`` is not the ``message`` AWS's errors have: no must, but two remarks."""
    violations = judge_error(ECR, "ListImages", {"__type": code, "Message": "No."})
    assert must(violations) == []
    assert found(violations, "presence") == ["/message"]
    assert found(violations, "undocumented") == ["/Message"]


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("LayersNotFoundException", "LayersNotFoundException"),
        ("com.amazonaws.ecr#LayersNotFoundException", "LayersNotFoundException"),
        ("LayersNotFoundException:http://internal/", "LayersNotFoundException"),
        (7, None),
    ],
)
def test_the_code_of_an_error_is_the_bare_name(kind: object, code: str | None) -> None:
    """A namespace and a URI around the code are cut off, as AWS's clients do."""
    assert error_code({"__type": kind}) == code


# Requests.


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        ({}, "schema", "repositoryName is missing, the contract requires it"),
        (
            {"repositoryName": "a"},
            "schema",
            "repositoryName has 1 characters, the contract says at least 2",
        ),
        (
            {"repositoryName": "app", "maxResults": 0},
            "schema",
            "maxResults is 0, the contract says at",
        ),
        ({"repositoryName": "app\n"}, "schema", "repositoryName does not match the contract's"),
        ({"repositoryName": "app", "nextPage": "x"}, "undocumented", "nextPage is not a member of"),
        (
            {"repositoryName": "app", "filter": {"tagStatus": "SOME"}},
            "schema",
            "filter.tagStatus is none of the contract's values: TAGGED, UNTAGGED",
        ),
    ],
)
def test_a_request_is_held_to_every_constraint(body: object, kind: str, message: str) -> None:
    """Missing, short, low, misshapen, unknown and unlisted values of a request are each named."""
    (violation,) = (v for v in judge_input(ECR, "ListImages", body) if v.level == "must")
    assert violation.kind == kind
    assert violation.message.startswith(message)


@given(st.text("ab1*._-/!\n", max_size=9))
def test_the_wildcard_filter_is_told_as_aws_tells_it(value: str) -> None:
    """Filters of scanning rules are accepted and refused exactly as AWS's pattern says."""
    pattern = ECR.shapes["ScanningRepositoryFilterValue"].pattern
    assert pattern is not None
    assert (scanning_filter(value) == []) == (re.fullmatch(pattern, value) is not None)


def test_a_long_filter_is_judged_at_once() -> None:
    """The longest filter is refused although AWS's pattern takes Python ages to refuse it."""
    assert len(scanning_filter("a" * 255 + "!")) == 1


def scanning_filter(value: str) -> list[str]:
    """Return what is said of a pattern of a scanning rule's filter."""
    filters = [{"filter": value, "filterType": "WILDCARD"}]
    rules = [{"scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": filters}]
    said = must(judge_input(ECR, "PutRegistryScanningConfiguration", {"rules": rules}))
    return [message for message in said if "pattern" in message]


def test_a_good_request_is_accepted() -> None:
    """A request within every constraint has no remark."""
    body = {"registryId": "111122223333", "repositoryName": "team/app", "maxResults": 1000}
    assert judge_input(ECR, "ListImages", body) == []
