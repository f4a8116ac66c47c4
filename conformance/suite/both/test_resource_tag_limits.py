"""The limits of resource tags: how many, how long, and which prefix is AWS's own."""

from __future__ import annotations

import pytest

from conformance.suite.answers import describe, success
from conformance.suite.evidence import documented, model, unverified
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.running.marking import MOST_TAGS
from conformance.suite.topics.repository_answers import exists
from conformance.suite.topics.resource_tags import (
    LONGEST_KEY,
    LONGEST_VALUE,
    Tags,
    arn_of,
    confirm,
    guide,
    listed_pairs,
    most,
    numbered,
    pairs,
    require_tags,
    tagged,
)
from conformance.suite.twins import INVALID
from conformance.suite.verdicts import INFO, MUST

_TOO_MANY = "TooManyTagsException"
_BAD_TAG = {"InvalidTagParameterException", INVALID}
"""What may come for a tag that is not valid: both are documented for it, which comes is not."""

_LIMIT = documented(
    "TagResource.TooManyTagsException",
    "The list of tags on the repository is over the limit. The maximum number of tags that can be "
    "applied to a repository is 50.",
)
_LENGTHS = documented(
    "TagResource.InvalidTagParameterException",
    "An invalid parameter has been specified. Tag keys can have a maximum character length of 128 "
    "characters, and tag values can have a maximum length of 256 characters.",
)
_RESERVED = guide(
    "Tag restrictions",
    "Don't use the aws: prefix for either keys or values; it's reserved for AWS use. You can't "
    "edit or delete tag keys or values with this prefix.",
)
_ROLLED_BACK = guide(
    "Tagging your resources",
    "Additionally, if tags cannot be applied during repository creation, we roll back the "
    "repository creation process.",
)
_ONE = {"team": "blue"}
_LONGEST = {"key": {"k" * LONGEST_KEY: "v"}, "value": {"k": "v" * LONGEST_VALUE}}
_TOO_LONG = {"key": {"k" * (LONGEST_KEY + 1): "v"}, "value": {"k": "v" * (LONGEST_VALUE + 1)}}


@rule("resource-tags.fifty-taken", level=MUST, operations=["TagResource"], evidence=[_LIMIT])
def test_fifty_tags_are_taken(registry: Registry) -> None:
    """A repository takes fifty tags."""
    arn = arn_of(registry)
    registry.call("TagResource", resourceArn=arn, tags=pairs(numbered(most(registry))))


@rule(
    "resource-tags.fifty-overwritten",
    level=MUST,
    operations=["TagResource"],
    evidence=[
        _LIMIT,
        guide(
            "Tag basics",
            "If you add a tag that has the same key as an existing tag on that resource, the new "
            "value overwrites the old value.",
        ),
    ],
)
def test_one_of_fifty_tags_is_overwritten(registry: Registry) -> None:
    """One of a repository's fifty tags gets a new value, because that makes them no more."""
    fifty = numbered(most(registry))
    arn = tagged(registry, fifty)
    registry.call("TagResource", resourceArn=arn, tags=pairs({"key-7": "another"}))
    require_tags(registry, arn, {**fifty, "key-7": "another"})


@pytest.mark.parametrize("missing", [MOST_TAGS, 1, 0], ids=["at-once", "two-more", "one-more"])
@rule(
    "resource-tags.more-than-fifty-refused",
    level=MUST,
    operations=["TagResource"],
    evidence=[_LIMIT],
)
def test_more_than_fifty_tags_are_refused(registry: Registry, missing: int) -> None:
    """Tags that make a repository's more than fifty are refused with TooManyTagsException."""
    arn = arn_of(registry)
    there = max(most(registry) - missing, 0)
    registry.given("TagResource", resourceArn=arn, tags=pairs(numbered(max(there, 1))))
    confirm(registry, arn, numbered(max(there, 1)))
    more = dict(list(numbered(MOST_TAGS + 1).items())[there:])
    registry.refused("TagResource", _TOO_MANY, resourceArn=arn, tags=pairs(more))


@rule(
    "resource-tags.never-more-than-fifty",
    level=MUST,
    operations=["TagResource"],
    evidence=[_LIMIT],
)
def test_a_repository_never_has_more_than_fifty_tags(registry: Registry) -> None:
    """After an attempt to put one more on, a repository of fifty tags has those fifty."""
    fifty = numbered(most(registry))
    arn = tagged(registry, fifty)
    registry.send("TagResource", {"resourceArn": arn, "tags": pairs({"one-more": "x"})})
    require_tags(registry, arn, fifty)


@rule(
    "resource-tags.more-than-fifty-at-creation-refused",
    level=MUST,
    operations=["CreateRepository"],
    evidence=[
        documented(
            "CreateRepository.TooManyTagsException",
            "The list of tags on the repository is over the limit. The maximum number of tags that "
            "can be applied to a repository is 50.",
        )
    ],
)
def test_more_than_fifty_tags_at_creation_are_refused(registry: Registry) -> None:
    """Making a repository with more than fifty tags is refused with TooManyTagsException."""
    arn_of(registry, "/fifty", numbered(most(registry)))
    tags = pairs(numbered(MOST_TAGS + 1))
    name = f"{registry.name_prefix}/more"
    registry.refused("CreateRepository", _TOO_MANY, repositoryName=name, tags=tags)


_REFUSED_TAGS: dict[str, Tags] = {"too-many": numbered(MOST_TAGS + 1), "too-long": _TOO_LONG["key"]}


@pytest.mark.parametrize("kind", _REFUSED_TAGS)
@rule(
    "resource-tags.refused-creation-makes-nothing",
    level=MUST,
    operations=["CreateRepository"],
    evidence=[_ROLLED_BACK],
)
def test_a_repository_whose_tags_are_refused_is_not_made(registry: Registry, kind: str) -> None:
    """A repository whose making was refused for its tags does not exist."""
    arn_of(registry, "/tagged", _ONE)
    name = f"{registry.name_prefix}/refused"
    request = {"repositoryName": name, "tags": pairs(_REFUSED_TAGS[kind])}
    if success(registry.send("CreateRepository", request)) is not None:
        raise Untestable("CreateRepository", f"it took tags that are {kind.replace('-', ' ')}")
    assert not exists(registry, name), f"the tags of {name} were refused, yet it was made"


@pytest.mark.parametrize("kind", _LONGEST)
@rule("resource-tags.longest-taken", level=MUST, operations=["TagResource"], evidence=[_LENGTHS])
def test_the_longest_tags_are_taken(registry: Registry, kind: str) -> None:
    """A key of 128 characters and a value of 256 are taken, and kept whole."""
    arn = arn_of(registry)
    registry.call("TagResource", resourceArn=arn, tags=pairs(_LONGEST[kind]))
    require_tags(registry, arn, _LONGEST[kind])


@pytest.mark.parametrize("kind", _TOO_LONG)
@rule("resource-tags.too-long-refused", level=MUST, operations=["TagResource"], evidence=[_LENGTHS])
def test_tags_that_are_too_long_are_refused(registry: Registry, kind: str) -> None:
    """A key of 129 characters or a value of 257 is refused as invalid."""
    arn = arn_of(registry)
    registry.given("TagResource", resourceArn=arn, tags=pairs(_LONGEST[kind]))
    registry.refused("TagResource", _BAD_TAG, resourceArn=arn, tags=pairs(_TOO_LONG[kind]))


@pytest.mark.parametrize("kind", _TOO_LONG)
@rule(
    "resource-tags.too-long-at-creation-refused",
    level=MUST,
    operations=["CreateRepository"],
    evidence=[
        documented(
            "CreateRepository.tags",
            "Tag keys can have a maximum character length of 128 characters, and tag values can "
            "have a maximum length of 256 characters.",
        ),
        _LENGTHS,
    ],
)
def test_tags_that_are_too_long_are_refused_at_creation(registry: Registry, kind: str) -> None:
    """Making a repository with a key of 129 characters or a value of 257 is refused as invalid."""
    arn_of(registry, "/longest", _LONGEST[kind])
    name = f"{registry.name_prefix}/longer"
    tags = pairs(_TOO_LONG[kind])
    registry.refused("CreateRepository", _BAD_TAG, repositoryName=name, tags=tags)


@rule(
    "resource-tags.empty-key-refused",
    level=MUST,
    operations=["TagResource"],
    services=["ecr-public"],
    evidence=[model("TagKey", "min 1"), _LENGTHS],
)
def test_an_empty_key_is_refused(registry: Registry) -> None:
    """In ECR Public, a tag whose key is an empty text is refused as invalid."""
    arn = tagged(registry, {"k": "v"})
    registry.refused("TagResource", _BAD_TAG, resourceArn=arn, tags=pairs({"": "v"}))


@rule(
    "resource-tags.reserved-prefix-refused",
    level=MUST,
    operations=["TagResource"],
    evidence=[_RESERVED],
)
def test_a_key_with_the_reserved_prefix_is_refused(registry: Registry) -> None:
    """A tag whose key begins with ``aws:`` is refused as invalid."""
    arn = tagged(registry, {"aws-team": "blue"})
    registry.refused("TagResource", _BAD_TAG, resourceArn=arn, tags=pairs({"aws:team": "blue"}))


_RESERVED_KINDS = {"value": {"team": "aws:blue"}, "upper-case": {"AWS:team": "blue"}}


@pytest.mark.parametrize("kind", _RESERVED_KINDS)
@rule(
    "resource-tags.reserved-prefix-elsewhere",
    level=INFO,
    operations=["TagResource"],
    evidence=[
        unverified("TagResource.tags", "Is aws: refused in a value, and AWS: at all?"),
        _RESERVED,
    ],
)
def test_what_becomes_of_the_reserved_prefix_elsewhere(
    registry: Registry, observe: list[str], kind: str
) -> None:
    """The prefix ``aws:`` in a value, and ``AWS:`` in a key, are refused or taken."""
    request = {"resourceArn": arn_of(registry), "tags": pairs(_RESERVED_KINDS[kind])}
    observe.append(f"{kind}: {describe(registry.send('TagResource', request))}")


@rule(
    "resource-tags.refused-changes-nothing",
    level=MUST,
    operations=["TagResource"],
    evidence=[_LENGTHS],
)
def test_an_invalid_tag_is_not_put_on(registry: Registry) -> None:
    """After an attempt to put on a key that is too long, a repository has no such tag."""
    arn = tagged(registry, _ONE)
    long = _TOO_LONG["key"]
    registry.send("TagResource", {"resourceArn": arn, "tags": pairs(long)})
    keys = {key for key, _ in listed_pairs(registry, arn)}
    assert not keys & set(long), f"a key of {LONGEST_KEY + 1} characters is listed"
