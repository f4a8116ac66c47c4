"""The tag on every repository that a run makes in somebody's account.

By it, and by the form of their names, those that a killed run has left are told from the owner's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.targets import Target

MARK = {"Key": "ecr-conformance", "Value": "may-be-deleted"}
"""The same in every run, so that recordings can be compared; names tell runs apart."""


MOST_TAGS = 50
"""The most tags of one repository, by ``TooManyTagsException`` of each service."""


def marks(target: Target) -> dict[str, str]:
    """The tags, values by key, that all repositories of a target have beside their own."""
    return {MARK["Key"]: MARK["Value"]} if target.owned else {}


def marked(operation: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a request says, with the tag where it makes a repository.

    Tags that are no list, or more than a repository can have, stay as they are: the request is
    meant to be refused.
    """
    tags = parameters.get("tags", [])
    if operation != "CreateRepository" or not isinstance(tags, list) or len(tags) >= MOST_TAGS:
        return parameters
    return {**parameters, "tags": [*tags, MARK]}
