"""Replication: where a registry's images are to be copied, and how far that has come.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html

An operation sees one registry only, so nothing is copied here: what AWS would copy counts as copied
at once, and the permission of another account as given.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from conformance.reference.call import Call, Outcome, Parameters, existing
from conformance.reference.operations.image_ids import named_image
from conformance.reference.refusal import invalid
from conformance.reference.state import Image, Registry

MAXIMUM_DESTINATIONS = 25
"""Unique destinations of all rules together:
https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html."""

Rule = Mapping[str, Any]


def describe_registry(registry: Registry, _: Parameters, call: Call) -> Outcome:
    """The registry's id and replication configuration, which has no rules at first.

    "Describes the settings for a registry" (API_DescribeRegistry).
    """
    rules = list(registry.settings.replication)
    answer = {"registryId": call.key.account, "replicationConfiguration": {"rules": rules}}
    return registry, answer


def put_replication_configuration(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Put a configuration in place of any other; one without rules ends replication.

    "Creates or updates the replication configuration for a registry"
    (API_PutReplicationConfiguration).
    """
    configuration = given["replicationConfiguration"]
    _require_destinations(configuration["rules"], call)
    configured = registry.set(replication=tuple(configuration["rules"]))
    return configured, {"replicationConfiguration": configuration}


def describe_image_replication_status(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """One status for each destination that an image was replicated to, and none without any.

    "Returns the replication status for a specified image" (API_DescribeImageReplicationStatus).
    ``imageId`` has the digest, and the tag that was asked for.
    """
    repository = existing(registry, given["repositoryName"], call)
    image = named_image(repository, given["imageId"], call)
    answer = {
        "repositoryName": repository.name,
        "imageId": {**given["imageId"], "imageDigest": image.digest},
        "replicationStatuses": [
            {"region": region, "registryId": account, "status": "COMPLETE"}
            for region, account in image.replicas
        ],
    }
    return registry, answer


def replicated(image: Image, registry: Registry, repository: str) -> Image:
    """An image that is pushed to a repository, with what is replicated then.

    Images that were there before a rule are not replicated by it, says the user guide, until they
    are pushed once more, be it with another tag:
    https://github.com/aws/containers-roadmap/issues/1252.
    """
    rules = [rule for rule in registry.settings.replication if matches(rule, repository)]
    wanted = [_place(each) for rule in rules for each in rule["destinations"]]
    return replace(image, replicas=tuple(dict.fromkeys([*image.replicas, *wanted])))


def matches(rule: Rule, repository: str) -> bool:
    """Whether a rule is about a repository; without filters it is about all of them.

    "Specifying a repository filter for a replication rule provides a method for controlling which
    repositories in a private registry are replicated" (API_ReplicationRule). Of several filters one
    is enough.
    """
    filters = rule.get("repositoryFilters")
    return not filters or any(repository.startswith(each["filter"]) for each in filters)


def _require_destinations(rules: list[Rule], call: Call) -> None:
    """Refuse too many destinations, and the registry itself as one.

    That images are not replicated to where they are: https://github.com/getmoto/moto/pull/4170.
    The texts are not public.
    """
    wanted = {_place(each) for rule in rules for each in rule["destinations"]}
    if len(wanted) > MAXIMUM_DESTINATIONS:
        raise invalid(
            "replicationConfiguration",
            f"There are at most {MAXIMUM_DESTINATIONS} destinations in all rules together",
        )
    if (call.key.region, call.key.account) in wanted:
        raise invalid("replicationConfiguration", "A registry is not replicated to itself")


def _place(destination: Mapping[str, str]) -> tuple[str, str]:
    return destination["region"], destination["registryId"]
