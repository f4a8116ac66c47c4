"""Reasons: well formed, and covering what they say."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from conformance.contract import schemas_folder
from conformance.coverage.items import Item, Kind
from conformance.coverage.reasons import Reason, idle, load_reasons


def item(kind: Kind, group: str, name: str, text: str = "", service: str = "ecr") -> Item:
    """Something to test."""
    return Item(service, kind, group, name, text, frozenset([group]))


def reason(**patterns: tuple[str, ...]) -> Reason:
    """A reason for ECR alone."""
    return Reason("some", "because", patterns, ("ecr",))


def test_the_reasons_keep_their_schema() -> None:
    """The committed reasons are valid by the schema beside them."""
    folder = schemas_folder()
    schema = json.loads((folder / "untested.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads((folder / "untested.json").read_text("utf-8")))


def test_no_reason_is_that_nobody_did_it() -> None:
    """That there is no rule yet is no reason."""
    for each in load_reasons():
        assert "yet" not in each.text.split()
        assert "todo" not in each.text.lower()


@pytest.mark.parametrize("pattern", ["PutImage.KmsException", "*.KmsException", "PutImage.*"])
def test_a_pattern_covers_what_it_names(pattern: str) -> None:
    """A star stands for anything; all else, brackets included, for itself."""
    error = item("error", "PutImage", "KmsException")
    assert reason(errors=(pattern,)).matching(error) == pattern
    assert reason(constraints=(pattern,)).matching(error) is None
    bracket = item("constraint", "TagResource", "tags[].Key max")
    assert reason(constraints=("TagResource.tags[].Key *",)).matching(bracket)


def test_a_reason_holds_for_its_services() -> None:
    """What is reason enough in one service may not be in the other."""
    public = item("error", "PutImage", "KmsException", service="ecr-public")
    assert reason(errors=("*.KmsException",)).matching(public) is None


@pytest.mark.parametrize("pattern", ["A key*", "PutImageRequest.imageTag: A key*", "A key may be."])
def test_a_sentence_is_covered_with_or_without_its_place(pattern: str) -> None:
    """A pattern of a sentence is of its words, or of its place and words."""
    sentence = item("sentence", "PutImage", "PutImageRequest.imageTag", "A key may be.")
    assert reason(sentences=(pattern,)).matching(sentence) == pattern


def test_a_pattern_that_covers_nothing_is_told() -> None:
    """A reason for what is tested, or gone, has no business there."""
    both = reason(errors=("A.x", "B.x"))
    assert idle([both], [("some", "A.x")]) == ["some: B.x"]
