"""One rule of a lifecycle policy.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.reference.refusal import Refusal, invalid

MAXIMUM_WILDCARDS = 4
"""As documented: "There is a maximum limit of four wildcards"
(user guide, lifecycle_policy_parameters)."""

MINIMUM_DAYS_ARCHIVED = 90
"""As documented: "You cannot configure lifecycle policies that delete images that have been in
archive for less than 90 days" (user guide, lifecycle_policy_examples)."""

_LARGEST = 2**31 - 1
"""Numbers come back as integers of the API, which have 32 bits."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; values as answers have them, where those do. ``count`` is of images or of days."""

    priority: int
    tag_status: str
    patterns: tuple[str, ...]
    prefixes: tuple[str, ...]
    storage_class: str
    count_type: str
    count: int
    action: str


@dataclass(frozen=True, slots=True)
class _CountType:
    """What goes with a ``countType``: the images it is about, and what can become of them."""

    storage_class: str
    actions: tuple[str, ...]


_COUNT_TYPES = {
    "imageCountMoreThan": _CountType("standard", ("expire", "transition")),
    "sinceImagePushed": _CountType("standard", ("expire", "transition")),
    "sinceImagePulled": _CountType("standard", ("transition",)),
    "sinceImageTransitioned": _CountType("archive", ("expire",)),
}


def read_rule(value: Any) -> Rule:
    """The rule in a JSON value. Raises ``InvalidParameterException`` for what is none."""
    rule = object_of(value, "A rule", {"rulePriority", "selection", "action"}, {"description"})
    require(isinstance(rule.get("description", ""), str), "description is a string")
    selection = object_of(
        rule["selection"],
        "A selection",
        {"tagStatus", "countType", "countNumber"},
        {"tagPatternList", "tagPrefixList", "storageClass", "countUnit"},
    )
    count_type = _count_type(selection)
    return Rule(
        priority=_positive(rule["rulePriority"], "rulePriority"),
        tag_status=selection["tagStatus"],
        patterns=_tags(selection, "tagPatternList"),
        prefixes=_tags(selection, "tagPrefixList"),
        storage_class=count_type.storage_class.upper(),
        count_type=selection["countType"],
        count=_count(selection),
        action=_action(rule["action"], count_type).upper(),
    )


def _tags(selection: Mapping[str, Any], member: str) -> tuple[str, ...]:
    """One of the two lists, if it is there.

    "If you specify tagged, then you must also specify a tagPrefixList value or a tagPatternList
    value. If you specify untagged, then you must omit both tagPrefixList and tagPatternList" (user
    guide, lifecycle_policy_parameters); "A lifecycle policy rule may specify either tagPatternList
    or tagPrefixList, but not both" (LifecyclePolicies there).
    """
    status = selection["tagStatus"]
    require(status in ("tagged", "untagged", "any"), "tagStatus is tagged, untagged or any")
    lists = selection.keys() & {"tagPatternList", "tagPrefixList"}
    require(
        len(lists) == (1 if status == "tagged" else 0),
        "tagStatus tagged has either tagPatternList or tagPrefixList, another one has neither",
    )
    if member not in lists:
        return ()
    tags = selection[member]
    listed = isinstance(tags, list) and all(isinstance(each, str) for each in tags)
    require(listed and bool(tags), f"{member} is a list of strings")
    if member == "tagPatternList":
        few = all(each.count("*") <= MAXIMUM_WILDCARDS for each in tags)
        require(few, f"A tag pattern has at most {MAXIMUM_WILDCARDS} wildcards")
    return tuple(tags)


def _count_type(selection: Mapping[str, Any]) -> _CountType:
    """What the ``countType`` means. Whatever goes with another one is refused.

    ``storageClass``: "If you omit this, the value of standard will be used"; ``countUnit``: "an
    error will occur if you specify a count unit when countType is any other value".
    """
    name = selection["countType"]
    require(
        isinstance(name, str) and name in _COUNT_TYPES, f"countType is one of {list(_COUNT_TYPES)}"
    )
    count_type = _COUNT_TYPES[name]
    require(
        selection.get("storageClass", "standard") == count_type.storage_class,
        f"With countType {name}, storageClass is {count_type.storage_class}",
    )
    require(
        ("countUnit" in selection) == (name != "imageCountMoreThan")
        and selection.get("countUnit", "days") == "days",
        "countUnit is days, and only with a countType that is about time",
    )
    return count_type


def _count(selection: Mapping[str, Any]) -> int:
    """The ``countNumber``: "Acceptable values are positive integers"."""
    count = _positive(selection["countNumber"], "countNumber")
    require(
        selection["countType"] != "sinceImageTransitioned" or count >= MINIMUM_DAYS_ARCHIVED,
        f"Images stay in the archive for at least {MINIMUM_DAYS_ARCHIVED} days",
    )
    return count


def _action(value: Any, count_type: _CountType) -> str:
    """The type of the action.

    By last pull images "are archived", by time in the archive they "are expired" (user guide,
    LifecyclePolicies); that the other action is refused there is not public.
    """
    action = object_of(value, "An action", {"type"}, {"targetStorageClass"})
    kind: str = action["type"]
    require(kind in count_type.actions, f"The type of the action is one of {count_type.actions}")
    require(
        ("targetStorageClass" in action) == (kind == "transition")
        and action.get("targetStorageClass", "archive") == "archive",
        "targetStorageClass is archive, and only with type transition",
    )
    return kind


def object_of(
    value: Any, what: str, required: set[str], optional: Iterable[str] = ()
) -> dict[str, Any]:
    """A JSON object, all of whose members are known and that has those it must have."""
    if not isinstance(value, dict):
        raise invalid_policy(f"{what} is an object")
    require(required <= value.keys(), f"{what} has {sorted(required)}")
    require(
        value.keys() <= required.union(optional), f"{what} has no other members than documented"
    )
    return value


def _positive(value: Any, member: str) -> int:
    # Python's True is an int, JSON's is no number.
    whole = isinstance(value, int) and not isinstance(value, bool)
    require(whole and 1 <= value <= _LARGEST, f"{member} is a positive integer")
    number: int = value
    return number


def require(condition: object, text: str) -> None:
    """Refuse a policy of which the condition is not true."""
    if not condition:
        raise invalid_policy(text)


def invalid_policy(text: str) -> Refusal:
    """The refusal of a policy. Its frame: https://github.com/cloudposse/terraform-aws-ecr/issues/158."""
    return invalid("LifecyclePolicyText", f"Lifecycle policy validation failure: {text}")
