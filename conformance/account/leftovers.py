"""What runs may have left in an account: found by the form of names, told by age and tag."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from botocore import xform_name

from conformance.suite.running.marking import MARK
from conformance.suite.running.run_names import is_of_a_run

Client = Any
"""A botocore client."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something whose name is of the form of a run's.

    ``delete`` and ``parameters`` are the request that deletes it. ``created`` is ``None`` where AWS
    does not tell it, ``arn`` empty for what cannot carry a tag.
    """

    kind: str
    created: datetime | None
    delete: str
    parameters: Mapping[str, Any]
    arn: str = ""

    def is_younger(self, age: timedelta) -> bool:
        """Whether it is known to be younger than an age; nothing is younger than zero."""
        now = datetime.now(timezone.utc)
        return bool(age) and self.created is not None and now - self.created < age


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that a run makes by name: how it is listed, which member names it, and deleted.

    ``name`` is the member of a listed one and of the request that deletes it, whose other
    parameters are ``besides``.
    """

    called: str
    lists: str
    member: str
    name: str
    delete: str
    besides: Mapping[str, Any]
    tagged: bool = False


KINDS = (
    Kind(
        "pull through cache rules",
        "DescribePullThroughCacheRules",
        "pullThroughCacheRules",
        "ecrRepositoryPrefix",
        "DeletePullThroughCacheRule",
        {},
    ),
    Kind(
        "repository creation templates",
        "DescribeRepositoryCreationTemplates",
        "repositoryCreationTemplates",
        "prefix",
        "DeleteRepositoryCreationTemplate",
        {},
    ),
    Kind(
        "pull time update exclusions",
        "ListPullTimeUpdateExclusions",
        "pullTimeUpdateExclusions",
        "principalArn",
        "DeregisterPullTimeUpdateExclusion",
        {},
    ),
    Kind(
        "repositories",
        "DescribeRepositories",
        "repositories",
        "repositoryName",
        "DeleteRepository",
        {"force": True},
        tagged=True,
    ),
)
"""Repositories come last: nothing makes new ones then."""


def leftovers(client: Client, kind: Kind) -> Iterator[Leftover]:
    """What there is of a kind under names of runs. Raises botocore's errors."""
    for page in _pages(client, kind.lists):
        for listed in page.get(kind.member, []):
            found = listed if isinstance(listed, dict) else {kind.name: listed}
            name = str(found[kind.name])
            if is_of_a_run(name.rpartition(":role/")[2]):
                yield Leftover(
                    kind.called,
                    found.get("createdAt"),
                    kind.delete,
                    {kind.name: name, **kind.besides},
                    found["repositoryArn"] if kind.tagged else "",
                )


def is_marked(client: Client, leftover: Leftover) -> bool:
    """Whether it carries the tag, or is of a kind that carries none. Raises botocore's errors."""
    if not leftover.arn:
        return True
    return MARK in client.list_tags_for_resource(resourceArn=leftover.arn).get("tags", [])


def _pages(client: Client, operation: str) -> Iterator[Mapping[str, Any]]:
    """The pages of a listing; botocore has no paginator for each."""
    ask = getattr(client, xform_name(operation))
    token: dict[str, str] = {}
    while True:
        page = ask(**token)
        yield page
        if not page.get("nextToken"):
            return
        token = {"nextToken": page["nextToken"]}
