"""``ecr-conformance aws policy``: what a run has to be permitted, and no more."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import click

from conformance.account.leftovers import KINDS
from conformance.contract import SERVICES, load_contract
from conformance.errors import ExitCode, NothingRan, UsageError
from conformance.suite.running.footprint import Footprint, known_footprints, only_of
from conformance.targets import AwsAccess
from conformance.targets.aws.session import offers, partition_of

_VERSION = "2012-10-17"
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html"""

_ROLES = {
    "ecr:CreatePullThroughCacheRule": "pullthroughcache.ecr.amazonaws.com/"
    "AWSServiceRoleForECRPullThroughCache",
    "ecr:PutReplicationConfiguration": "replication.ecr.amazonaws.com/"
    "AWSServiceRoleForECRReplication",
    "ecr:CreateRepositoryCreationTemplate": "ecr.amazonaws.com/AWSServiceRoleForECRTemplate",
}
"""The service-linked roles that ECR makes when an action is first taken, for which whoever takes it
needs permission: https://docs.aws.amazon.com/AmazonECR/latest/userguide/slr-pullthroughcache.html,
slr-replication.html and slr-rct.html."""

_TO_SIGN_IN = "sts:GetServiceBearerToken"
"""https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/API_GetAuthorizationToken.html"""

_ALSO_CALLED = {
    "ecr:RegisterPullTimeUpdateExclusion": "ecr:CreatePullTimeUpdateExclusion",
    "ecr:DeregisterPullTimeUpdateExclusion": "ecr:DeletePullTimeUpdateExclusion",
}
"""Actions that the user guide calls otherwise than the operations
(https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-time-update-exclusions-manage.html)."""

_LISTS = tuple(kind.lists for kind in KINDS)
"""What ``aws sweep`` asks of a whole registry, where its service has the operation."""

_SWEPT = ("ListTagsForResource", "DeleteRepository")
"""What it asks of repositories that have the form of a run's. What else it deletes can be there
only after a run that had leave, and was permitted, to make and delete it."""

_OWN = "ecrc-*"
_IMPOSSIBLE = (
    "",
    "?",
    "?ecrc-*",
    "ECRC-*",
    "?example/name-0",
    "Example/name-0",
    "example?/name-0",
    "example:/name-0",
    "example/name-*",
)
"""Which names are refused that scenarios try. Whether AWS looks at the name first or at what the
caller may do is not public; so both are allowed where no repository can be. Only the last one is a
form that a repository can have."""


@dataclass(frozen=True, slots=True)
class _Statement:
    sid: str
    actions: Collection[str]
    resources: Collection[str]

    def to_json(self) -> dict[str, Any]:
        resources = sorted(self.resources)
        return {
            "Sid": self.sid,
            "Effect": "Allow",
            "Action": sorted(self.actions),
            "Resource": resources[0] if len(resources) == 1 else resources,
        }


def print_policy(
    rules: Collection[str], services: Collection[str], region: str, *, changes: bool
) -> ExitCode:
    """Print the policy of a run of these rules, by their ids, in a Region.

    Raises ``UsageError`` for a Region that there is not, ``NothingRan`` where there is no rule.
    """
    if not rules:
        raise NothingRan(
            "no rule matches what was chosen", "ecr-conformance rules lists what there is"
        )
    access = AwsAccess()
    partition = partition_of(access, region)
    there = [each for each in services or SERVICES if offers(access, each, partition)]
    if not there:
        raise UsageError(f"there is no {' or '.join(services)} in {region}", "another --region")
    # What the survey may not ask it takes for granted: no rule needs more than its own.
    footprint = known_footprints().of(rules, (), changes=changes)
    click.echo(json.dumps(policy_for(footprint, there, partition), indent=2))
    return ExitCode.CONFORMANT


def policy_for(footprint: Footprint, services: Collection[str], partition: str) -> dict[str, Any]:
    """The identity policy, as JSON, for what is asked of services of a partition."""
    found = (each for each in _statements(footprint, services, partition) if each.actions)
    return {"Version": _VERSION, "Statement": [each.to_json() for each in found]}


def _statements(
    footprint: Footprint, services: Collection[str], partition: str
) -> Iterator[_Statement]:
    beyond = only_of(services, footprint.beyond)
    impossible = only_of(services, footprint.impossible) - beyond
    own = only_of(services, footprint.own) - beyond
    here = _arns(services, partition, [_OWN])
    nowhere = _arns(services, partition, _IMPOSSIBLE)
    yield _Statement("RepositoriesOfRuns", own | impossible, here + (nowhere if impossible else []))
    yield _Statement("WholeRegistry", beyond | _beside(footprint, services), "*")
    keys = {action for action in footprint.beyond if action.startswith("kms:")}
    yield _Statement("KeysOfRepositories", keys, [f"arn:{partition}:kms:*:*:key/*"])
    roles = [f"arn:{partition}:iam::*:role/aws-service-role/{role}"
             for action, role in _ROLES.items() if action in beyond]  # fmt: skip
    yield _Statement("RolesOfTheService", ["iam:CreateServiceLinkedRole"] if roles else [], roles)
    yield _Statement("FindWhatIsLeft", _of(services, _LISTS) - beyond, "*")
    yield _Statement("DeleteWhatIsLeft", _of(services, _SWEPT) - own - beyond, here)


def _arns(services: Iterable[str], partition: str, names: Iterable[str]) -> list[str]:
    """The repositories with names of some form, in any Region and account."""
    regions = {"ecr": "*", "ecr-public": ""}
    return [
        f"arn:{partition}:{service}:{regions[service]}:*:repository/{name}"
        for service, name in product(services, names)
    ]


def _beside(footprint: Footprint, services: Collection[str]) -> set[str]:
    """What is needed beside the actions that are called like operations."""
    found = {_ALSO_CALLED[action] for action in footprint.beyond & _ALSO_CALLED.keys()}
    return found | ({_TO_SIGN_IN} & footprint.beyond if "ecr-public" in services else set())


def _of(services: Iterable[str], operations: Iterable[str]) -> set[str]:
    return {
        f"{service}:{operation}"
        for service, operation in product(services, operations)
        if operation in load_contract(service).operations
    }
