"""Rules of a lifecycle policy, each by itself: what is none is refused."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.suite.evidence import documented, model
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.topics.lifecycle_policies import (
    EVALUATION,
    GUIDE,
    PROPERTIES,
    PUT,
    patterns,
    policy_rule,
    prefixes,
    pushed,
)
from conformance.suite.topics.lifecycle_twins import (
    ANY,
    ARCHIVE,
    REFUSED,
    SpoiltPolicy,
    archived,
    refuses_spoilt,
    spoilt_rule,
    without,
)
from conformance.suite.verdicts import MUST, SHOULD

_REQUIRED = [
    ("rulePriority",),
    ("selection",),
    ("selection", "tagStatus"),
    ("selection", "countType"),
    ("selection", "countNumber"),
    ("selection", "countUnit"),
    ("action",),
    ("action", "type"),
]
_INCOMPLETE = [
    spoilt_rule(
        ".".join(path), policy_rule(**pushed(14)), without(policy_rule(**pushed(14)), *path)
    )
    for path in _REQUIRED
]


@pytest.mark.parametrize("spoilt", _INCOMPLETE)
@rule(
    "lifecycle.incomplete-rule-refused",
    level=MUST,
    operations=[PUT],
    services=["ecr"],
    evidence=[
        documented("rulePriority", "Type: integer Required: yes", url=PROPERTIES),
        documented("tagStatus", "Type: string Required: yes", url=PROPERTIES),
        documented(
            "countUnit",
            "Required: yes, only if countType is set to sinceImagePushed, sinceImagePulled, or "
            "sinceImageTransitioned",
            url=PROPERTIES,
        ),
        REFUSED,
    ],
)
def test_a_rule_without_what_it_needs_is_refused(
    registry: Registry, repository: str, spoilt: SpoiltPolicy
) -> None:
    """A lifecycle policy with a rule that lacks a required member is refused."""
    refuses_spoilt(registry, repository, spoilt)


_TAGGED: dict[str, Any] = {"tagStatus": "tagged"}
_WRONG_VALUES = [
    spoilt_rule("tag-status", policy_rule(), policy_rule(tagStatus="some")),
    spoilt_rule("count-type", policy_rule(), policy_rule(countType="imageSizeMoreThan")),
    spoilt_rule(
        "count-unit", policy_rule(**pushed(14)), policy_rule(**pushed(14) | {"countUnit": "moons"})
    ),
    spoilt_rule(
        "count-unit-of-one",
        policy_rule(**pushed(14)),
        policy_rule(**pushed(14) | {"countUnit": "day"}),
    ),
    spoilt_rule(
        "text-as-tags",
        policy_rule(**prefixes("prod")),
        policy_rule(**_TAGGED, tagPrefixList="prod"),
    ),
    spoilt_rule(
        "number-as-tag", policy_rule(**prefixes("prod")), policy_rule(**_TAGGED, tagPrefixList=[5])
    ),
    spoilt_rule("count-of-zero", policy_rule(), policy_rule(countNumber=0)),
    spoilt_rule("half-a-count", policy_rule(), policy_rule(countNumber=0.5)),
    spoilt_rule("count-and-a-half", policy_rule(), policy_rule(countNumber=1.5)),
    spoilt_rule("count-below-zero", policy_rule(), policy_rule(countNumber=-1)),
    spoilt_rule("zero-days", policy_rule(**pushed(14)), policy_rule(**pushed(0))),
    spoilt_rule("action", policy_rule(), policy_rule(action={"type": "keep"})),
]


@pytest.mark.parametrize("spoilt", _WRONG_VALUES)
@rule(
    "lifecycle.unknown-value-refused",
    level=MUST,
    operations=[PUT],
    services=["ecr"],
    evidence=[
        documented("tagStatus", "Acceptable options are tagged, untagged, or any.", url=PROPERTIES),
        documented("tagPrefixList", "Type: list[string]", url=PROPERTIES),
        documented(
            "countNumber",
            "Acceptable values are positive integers (0 is not an accepted value).",
            url=PROPERTIES,
        ),
        documented(
            "countUnit",
            "Specify a count unit of days to indicate that as the unit of time, in addition to "
            "countNumber, which is the number of days.",
            url=PROPERTIES,
        ),
        documented(
            "Action",
            "The supported values are expire (to delete images) and transition (to move images to "
            "archive storage).",
            url=PROPERTIES,
        ),
        REFUSED,
    ],
)
def test_a_value_that_no_rule_has_is_refused(
    registry: Registry, repository: str, spoilt: SpoiltPolicy
) -> None:
    """A lifecycle policy with a value that its member does not take is refused."""
    refuses_spoilt(registry, repository, spoilt)


_WRONG_TAGS = [
    spoilt_rule(
        "tagged-without-tags", policy_rule(**prefixes("prod")), policy_rule(tagStatus="tagged")
    ),
    spoilt_rule("untagged-with-prefixes", policy_rule(), policy_rule(tagPrefixList=["prod"])),
    spoilt_rule("untagged-with-patterns", policy_rule(), policy_rule(tagPatternList=["prod*"])),
    spoilt_rule(
        "any-with-prefixes", policy_rule(**ANY), policy_rule(**ANY, tagPrefixList=["prod"])
    ),
    spoilt_rule(
        "prefixes-and-patterns",
        policy_rule(**prefixes("prod")),
        policy_rule(**prefixes("prod"), tagPatternList=["prod*"]),
    ),
    spoilt_rule(
        "five-wildcards",
        policy_rule(**patterns("test*1*2*3*")),
        policy_rule(**patterns("test*1*2*3*4*")),
    ),
    spoilt_rule(
        "six-wildcards",
        policy_rule(**patterns("test*1*2*3*")),
        policy_rule(**patterns("test*1*2*3*4*5*6")),
    ),
]


@pytest.mark.parametrize("spoilt", _WRONG_TAGS)
@rule(
    "lifecycle.unfitting-tags-refused",
    level=MUST,
    operations=[PUT],
    services=["ecr"],
    evidence=[
        documented(
            "tagStatus",
            "If you specify tagged, then you must also specify a tagPrefixList value or a "
            "tagPatternList value. If you specify untagged, then you must omit both tagPrefixList "
            "and tagPatternList.",
            url=PROPERTIES,
        ),
        documented(
            "Lifecycle policy evaluation rules",
            "The tagPatternList or tagPrefixList parameters may only used if the tagStatus is "
            "tagged.",
            url=EVALUATION,
        ),
        documented(
            "Lifecycle policy evaluation rules",
            "A lifecycle policy rule may specify either tagPatternList or tagPrefixList, but not "
            "both.",
            url=EVALUATION,
        ),
        documented(
            "tagPatternList",
            "There is a maximum limit of four wildcards (*) per string.",
            url=PROPERTIES,
        ),
        documented(
            "tagPatternList",
            '["*test*1*2*3", "test*1*2*3*"] is valid but ["test*1*2*3*4*5*6"] is invalid.',
            url=PROPERTIES,
        ),
    ],
)
def test_tags_that_do_not_fit_are_refused(
    registry: Registry, repository: str, spoilt: SpoiltPolicy
) -> None:
    """A lifecycle policy whose tag lists do not fit the tagStatus is refused."""
    refuses_spoilt(registry, repository, spoilt)


@rule(
    "lifecycle.unit-of-a-count-refused",
    level=MUST,
    operations=[PUT],
    services=["ecr"],
    evidence=[
        documented(
            "countUnit",
            "This should only be specified when countType is sinceImagePushed, sinceImagePulled, "
            "or sinceImageTransitioned; an error will occur if you specify a count unit when "
            "countType is any other value.",
            url=PROPERTIES,
        )
    ],
)
def test_a_count_of_images_has_no_unit(registry: Registry, repository: str) -> None:
    """A lifecycle policy that gives a countUnit for a number of images is refused."""
    spoilt = spoilt_rule("unit-of-a-count", policy_rule(), policy_rule(countUnit="days"))
    refuses_spoilt(registry, repository, spoilt)


_ARCHIVES = policy_rule(**ANY, action=ARCHIVE, **pushed(30))
_EXPIRES_ARCHIVED = policy_rule(**ANY, **archived(365))
_WRONG_STORAGE = [
    spoilt_rule("count-in-the-archive", policy_rule(), policy_rule(storageClass="archive")),
    spoilt_rule("no-target", _ARCHIVES, without(_ARCHIVES, "action", "targetStorageClass")),
    spoilt_rule(
        "standard-as-target",
        _ARCHIVES,
        {**_ARCHIVES, "action": {**ARCHIVE, "targetStorageClass": "standard"}},
    ),
    spoilt_rule(
        "unknown-target",
        _ARCHIVES,
        {**_ARCHIVES, "action": {**ARCHIVE, "targetStorageClass": "archival"}},
    ),
    spoilt_rule(
        "no-class", _EXPIRES_ARCHIVED, without(_EXPIRES_ARCHIVED, "selection", "storageClass")
    ),
]


@pytest.mark.parametrize("spoilt", _WRONG_STORAGE)
@rule(
    "lifecycle.unfitting-storage-class-refused",
    level=MUST,
    operations=[PUT],
    services=["ecr"],
    evidence=[
        documented(
            "storageClass",
            "When using a countType of imageCountMoreThan, sinceImagePushed, or sinceImagePulled, "
            "the only supported value is standard. When using a count type of "
            "sinceImageTransitioned, this is required, and the only supported value is archive.",
            url=PROPERTIES,
        ),
        documented("targetStorageClass", "Required: yes, if type is transition", url=PROPERTIES),
        model("LifecyclePolicyTargetStorageClass", "ARCHIVE, no other"),
    ],
)
def test_a_storage_class_that_does_not_fit_is_refused(
    registry: Registry, repository: str, spoilt: SpoiltPolicy
) -> None:
    """A lifecycle policy whose storage class does not fit the countType or action is refused."""
    refuses_spoilt(registry, repository, spoilt)


@rule(
    "lifecycle.archived-too-shortly-refused",
    level=SHOULD,
    operations=[PUT],
    services=["ecr"],
    evidence=[
        documented(
            "Examples of lifecycle policies in Amazon ECR",
            "You cannot configure lifecycle policies that delete images that have been in archive "
            "for less than 90 days",
            url=f"{GUIDE}/lifecycle_policy_examples.html",
        )
    ],
)
def test_images_stay_in_the_archive_for_some_time(registry: Registry, repository: str) -> None:
    """A lifecycle policy that expires images after 89 days in the archive is refused."""
    right, wrong = (policy_rule(**ANY, **archived(days)) for days in (90, 89))
    refuses_spoilt(registry, repository, spoilt_rule("too-short", right, wrong))
