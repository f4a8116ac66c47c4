"""What can be wrong between the two services, between Regions, and between accounts by name."""

from __future__ import annotations

from typing import Any

from fault import broken_transport, reference_with

from conformance.reference import Refusal
from conformance.reference.call import Call, Operation, Outcome, Parameters
from conformance.reference.state import Registry
from conformance.targets import Connection

_TAKEN = "RepositoryAlreadyExistsException"


class _Names:
    """Every repository there is, by name, with the registry that it was made in."""

    def __init__(self) -> None:
        self.made: dict[str, tuple[Any, Any]] = {}

    def create(
        self, right: Operation, registry: Registry, given: Parameters, call: Call
    ) -> Outcome:
        """Make a repository and remember it."""
        changed, answer = right(registry, given, call)
        self.made[given["repositoryName"]] = (call.key, answer["repository"])
        return changed, answer

    def create_once(
        self, right: Operation, registry: Registry, given: Parameters, call: Call
    ) -> Outcome:
        """Make a repository, unless any registry has one of that name."""
        if given["repositoryName"] in self.made:
            raise Refusal(_TAKEN, "there is one of that name")
        return self.create(right, registry, given, call)

    def delete(
        self, right: Operation, registry: Registry, given: Parameters, call: Call
    ) -> Outcome:
        """Delete a repository and forget it."""
        outcome = right(registry, given, call)
        self.made.pop(given["repositoryName"], None)
        return outcome

    def describe(
        self, right: Operation, registry: Registry, given: Parameters, call: Call
    ) -> Outcome:
        """Describe repositories, those of other registries too where they are asked for by name."""
        names = given.get("repositoryNames", ())
        elsewhere = [self.made[name] for name in names if name in self.made]
        if elsewhere and all(key != call.key for key, _ in elsewhere):
            return registry, {"repositories": [repository for _, repository in elsewhere]}
        return right(registry, given, call)


@broken_transport(
    condemned_by=[
        "repositories.of-other-service-unknown",
        "repositories.of-other-region-unknown",
        "repositories.of-other-account-unknown",
        "ecr.shapes.later-members",
        "ecr-public.shapes.no-undocumented-members",
    ]
)
def every_registry_is_described(reference: Connection) -> Connection:
    """DescribeRepositories finds a name in whatever service, Region and account it is."""
    names = _Names()
    return reference_with(
        CreateRepository=names.create,
        DeleteRepository=names.delete,
        DescribeRepositories=names.describe,
    )


@broken_transport(
    condemned_by=[
        "repositories.name-of-other-service-free",
        "repositories.name-of-other-account-free",
    ]
)
def a_name_is_taken_everywhere(reference: Connection) -> Connection:
    """A name that one repository has is taken in both services and in every account."""
    names = _Names()
    return reference_with(CreateRepository=names.create_once, DeleteRepository=names.delete)
