"""Resource tags: put on a repository as it is made or later, overwritten, listed, taken away."""

from __future__ import annotations

import pytest

from conformance.suite.evidence import documented, recorded, unverified
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.topics.repository_answers import require_gone
from conformance.suite.topics.resource_tags import (
    arn_of,
    guide,
    listed_pairs,
    most,
    numbered,
    pairs,
    require_tags,
    tagged,
)
from conformance.suite.verdicts import INFO, MUST, SHOULD

_PLACEBO = "https://github.com/cloud-custodian/cloud-custodian/tree/main/tests/data/placebo"
_TAGS = documented(
    "TagResource",
    "Adds specified tags to a resource with the specified ARN.",
    public="Associates the specified tags to a resource with the specified resourceArn.",
)
_OTHERS_STAY = documented(
    "TagResource",
    "Existing tags on a resource are not changed if they are not specified in the request "
    "parameters.",
    public="If existing tags on a resource aren't specified in the request parameters, they aren't "
    "changed.",
)
_UNTAGS = documented("UntagResource", "Deletes specified tags from a resource.")
_LISTS = documented("ListTagsForResource.tags", "The tags for the resource.")
_OVERWRITES = guide(
    "Tag basics",
    "If you add a tag that has the same key as an existing tag on that resource, the new value "
    "overwrites the old value.",
)
_STRINGS = guide(
    "Tag basics",
    "Tags don't have any semantic meaning to Amazon ECR and are interpreted strictly as a string "
    "of characters.",
)
_EMPTY = guide("Tag basics", "You can set the value of a tag to an empty string")
_GONE = guide("Tag basics", "If you delete a resource, any tags for the resource are also deleted.")
_DELETED_TOO = documented(
    "TagResource",
    "Adds specified tags to a resource with the specified ARN.",
    public="When a resource is deleted, the tags associated with that resource are also deleted.",
)
_SOME = {"team": "blue", "stage": "test"}


@rule(
    "resource-tags.none-at-first",
    level=MUST,
    operations=["ListTagsForResource"],
    evidence=[
        guide("Tag basics", "tags are not automatically assigned to your resources."),
        recorded("ListTagsForResource", '{"tags":[]}', f"{_PLACEBO}/test_ecr_no_policy"),
    ],
)
def test_a_repository_has_no_tags_at_first(registry: Registry) -> None:
    """A repository that was made without tags has none."""
    tagged(registry, _SOME, "/tagged")  # so that tags can be listed at all
    require_tags(registry, arn_of(registry), {})


@rule(
    "resource-tags.at-creation",
    level=MUST,
    operations=["CreateRepository"],
    evidence=[
        documented(
            "CreateRepository.tags",
            "The metadata that you apply to the repository to help you categorize and organize "
            "them.",
            public="The metadata that you apply to each repository to help categorize and organize "
            "your repositories.",
        ),
        documented(
            "Tag",
            "Each tag consists of a key and a value, both of which you define.",
            public="Each tag consists of a key and an optional value.",
        ),
    ],
)
def test_tags_are_put_on_at_creation(registry: Registry) -> None:
    """A repository has the tags that it was made with."""
    require_tags(registry, arn_of(registry, tags=_SOME), _SOME)


@rule("resource-tags.put", level=MUST, operations=["TagResource"], evidence=[_TAGS, _LISTS])
def test_tags_are_put_on_later(registry: Registry) -> None:
    """TagResource puts tags on a repository."""
    arn = arn_of(registry)
    registry.call("TagResource", resourceArn=arn, tags=pairs(_SOME))
    require_tags(registry, arn, _SOME)


@rule("resource-tags.kept", level=MUST, operations=["TagResource"], evidence=[_OTHERS_STAY])
def test_other_tags_stay_when_more_are_put_on(registry: Registry) -> None:
    """TagResource leaves tags as they were that it does not name."""
    arn = tagged(registry, _SOME)
    registry.call("TagResource", resourceArn=arn, tags=pairs({"owner": "nobody"}))
    require_tags(registry, arn, {**_SOME, "owner": "nobody"})


@rule("resource-tags.overwritten", level=MUST, operations=["TagResource"], evidence=[_OVERWRITES])
def test_a_new_value_overwrites_the_old(registry: Registry) -> None:
    """A tag whose key is there already gets the new value."""
    arn = tagged(registry, {"stage": "test"})
    registry.call("TagResource", resourceArn=arn, tags=pairs({"stage": "production"}))
    require_tags(registry, arn, {"stage": "production"})


@rule(
    "resource-tags.case-sensitive",
    level=MUST,
    operations=["TagResource"],
    evidence=[_STRINGS, guide("Tag restrictions", "Tag keys and values are case-sensitive.")],
)
def test_keys_and_values_are_case_sensitive(registry: Registry) -> None:
    """Keys that differ in case alone are different keys, and values keep their case."""
    arn = tagged(registry, {"stage": "test"})
    registry.call("TagResource", resourceArn=arn, tags=pairs({"Stage": "TEST"}))
    require_tags(registry, arn, {"stage": "test", "Stage": "TEST"})


@rule(
    "resource-tags.characters-kept",
    level=MUST,
    operations=["TagResource"],
    evidence=[
        guide(
            "Tag restrictions",
            "Generally allowed characters are: letters, numbers, and spaces representable in "
            "UTF-8, and the following characters: + - = . _ : / @.",
        )
    ],
)
def test_letters_spaces_and_signs_are_kept(registry: Registry) -> None:
    """Keys and values keep letters of any script, digits, spaces and the signs ``+-=._:/@``."""
    tags = {"größe 1+-=._:/@": "häuser 2+-=._:/@"}
    arn = arn_of(registry)
    registry.call("TagResource", resourceArn=arn, tags=pairs(tags))
    require_tags(registry, arn, tags)


@rule(
    "resource-tags.empty-value",
    level=MUST,
    operations=["TagResource"],
    evidence=[_EMPTY],
)
def test_a_value_may_be_empty(registry: Registry) -> None:
    """A tag whose value is an empty text is put on."""
    arn = arn_of(registry)
    registry.call("TagResource", resourceArn=arn, tags=pairs({"team": ""}))
    require_tags(registry, arn, {"team": ""})


@rule(
    "resource-tags.value-optional",
    level=SHOULD,
    operations=["TagResource"],
    services=["ecr-public"],
    evidence=[documented("Tag.Value", "The optional part of a key-value pair that make up a tag.")],
)
def test_a_tag_needs_no_value(registry: Registry) -> None:
    """A tag without a value is put on."""
    arn = arn_of(registry)
    registry.call("TagResource", resourceArn=arn, tags=[{"Key": "team"}])
    require_tags(registry, arn, {"team": ""})


@rule(
    "resource-tags.empty-value-overwrites",
    level=MUST,
    operations=["TagResource"],
    evidence=[_EMPTY, _OVERWRITES],
)
def test_an_empty_value_overwrites_another(registry: Registry) -> None:
    """A tag that is put on again with an empty value has an empty value."""
    arn = tagged(registry, {"team": "blue"})
    registry.call("TagResource", resourceArn=arn, tags=pairs({"team": ""}))
    require_tags(registry, arn, {"team": ""})


@rule("resource-tags.removed", level=MUST, operations=["UntagResource"], evidence=[_UNTAGS])
def test_tags_are_taken_away(registry: Registry) -> None:
    """UntagResource takes away the tags whose keys it names."""
    arn = tagged(registry, _SOME)
    registry.call("UntagResource", resourceArn=arn, tagKeys=list(_SOME))
    require_tags(registry, arn, {})


@rule("resource-tags.removed-alone", level=MUST, operations=["UntagResource"], evidence=[_UNTAGS])
def test_other_tags_stay_when_some_are_taken_away(registry: Registry) -> None:
    """UntagResource leaves the tags whose keys it does not name."""
    more = {"team-two": "red", "sta": "x"}
    arn = tagged(registry, {**_SOME, **more})
    registry.call("UntagResource", resourceArn=arn, tagKeys=list(_SOME))
    require_tags(registry, arn, more)


@rule(
    "resource-tags.unknown-key-ignored",
    level=SHOULD,
    operations=["UntagResource"],
    evidence=[
        documented(
            "AWS Resource Groups Tagging API, UntagResources",
            "The operation succeeds even if you attempt to remove tags from a resource that were "
            "already removed.",
            url="https://docs.aws.amazon.com/cli/latest/reference/resourcegroupstaggingapi/"
            "untag-resources.html",
        )
    ],
)
def test_an_unknown_key_is_taken_away_without_error(registry: Registry) -> None:
    """UntagResource of a key that no tag has succeeds and leaves the tags as they were."""
    arn = tagged(registry, _SOME)
    registry.call("UntagResource", resourceArn=arn, tagKeys=["never-there"])
    require_tags(registry, arn, _SOME)


@rule("resource-tags.all-listed", level=MUST, operations=["ListTagsForResource"], evidence=[_LISTS])
def test_all_tags_are_listed_at_once(registry: Registry) -> None:
    """ListTagsForResource lists each tag of a repository once, fifty of them in one answer."""
    wanted = numbered(most(registry))
    arn = tagged(registry, numbered(1))
    registry.given("TagResource", resourceArn=arn, tags=pairs(wanted))

    def listed() -> None:
        found = listed_pairs(registry, arn)
        missing = len(set(wanted.items()) - set(found))
        assert found == sorted(wanted.items()), (
            f"of {len(wanted)} tags {missing} are missing, and {len(found)} are listed"
        )

    registry.eventually(listed)


@pytest.mark.parametrize("operation", ["TagResource", "UntagResource"])
@rule(
    "resource-tags.answers-empty",
    level=MUST,
    operations=["TagResource", "UntagResource"],
    evidence=[
        recorded("TagResource, UntagResource", "{}", f"{_PLACEBO}/test_ecr_tags"),
        documented(
            "TagResource",
            "If the action is successful, the service sends back an HTTP 200 response with an "
            "empty HTTP body.",
            url="https://docs.aws.amazon.com/goto/WebAPI/ecr-2015-09-21/TagResource",
        ),
    ],
)
def test_answers_to_tagging_are_empty(registry: Registry, operation: str) -> None:
    """TagResource and UntagResource answer with an object that has no members."""
    arn = tagged(registry, _SOME)
    named = {"tags": pairs(_SOME)} if operation == "TagResource" else {"tagKeys": list(_SOME)}
    answer = registry.call(operation, resourceArn=arn, **named)
    assert answer == {}, f"{operation} answers with {', '.join(answer)}, not with nothing"


@pytest.mark.parametrize("operation", ["TagResource", "UntagResource"])
@rule(
    "resource-tags.of-one-repository",
    level=MUST,
    operations=["TagResource", "UntagResource"],
    evidence=[_TAGS, _UNTAGS],
)
def test_tags_belong_to_one_repository(registry: Registry, operation: str) -> None:
    """What is put on one repository, or taken from it, leaves another's tags as they were."""
    first = tagged(registry, _SOME)
    second = tagged(registry, _SOME, "/second")
    other = {"stage": "production", "owner": "nobody"}
    named = {"tags": pairs(other)} if operation == "TagResource" else {"tagKeys": list(_SOME)}
    registry.call(operation, resourceArn=second, **named)
    require_tags(registry, first, _SOME)


@rule(
    "resource-tags.gone-with-repository",
    level=MUST,
    operations=["DeleteRepository"],
    evidence=[_GONE, _DELETED_TOO],
)
def test_tags_are_gone_with_their_repository(registry: Registry) -> None:
    """A repository that was deleted and made again has none of its old tags."""
    tagged(registry, _SOME)
    name = registry.name_prefix
    registry.call("DeleteRepository", repositoryName=name)
    require_gone(registry, name)
    require_tags(registry, arn_of(registry), {})


@rule(
    "resource-tags.same-key-twice",
    level=INFO,
    operations=["TagResource"],
    evidence=[
        unverified("TagResource.tags", "What becomes of two tags of one key in one request?")
    ],
)
def test_what_becomes_of_one_key_given_twice(registry: Registry, observe: list[str]) -> None:
    """Two tags of one key in one request are refused, or one of them counts."""
    arn = arn_of(registry)
    twice = [*pairs({"team": "blue"}), *pairs({"team": "red"})]
    response = registry.send("TagResource", {"resourceArn": arn, "tags": twice})
    observe.append(f"HTTP {response.status}; afterwards there is {listed_pairs(registry, arn)}")


@rule(
    "resource-tags.second-creation-changes-none",
    level=MUST,
    operations=["CreateRepository"],
    evidence=[
        documented(
            "CreateRepository.RepositoryAlreadyExistsException",
            "The specified repository already exists in the specified registry.",
        )
    ],
)
def test_a_refused_second_creation_leaves_the_tags(registry: Registry) -> None:
    """An attempt to make a repository again, with other tags, leaves the tags of the first."""
    arn = tagged(registry, _SOME)
    again = {"repositoryName": registry.name_prefix, "tags": pairs({"stage": "production"})}
    registry.send("CreateRepository", again)
    require_tags(registry, arn, _SOME)


@rule(
    "resource-tags.of-a-nested-repository",
    level=MUST,
    operations=["TagResource"],
    evidence=[_TAGS],
)
def test_a_repository_in_a_namespace_is_tagged(registry: Registry) -> None:
    """A repository whose name has slashes is tagged by its ARN, and the one above it is not."""
    above, arn = arn_of(registry), arn_of(registry, "/in/a/namespace")
    registry.call("TagResource", resourceArn=arn, tags=pairs({"team": "blue"}))
    require_tags(registry, arn, {"team": "blue"})
    require_tags(registry, above, {})
