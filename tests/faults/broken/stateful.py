"""What goes wrong only after something else: the stateful rule sees it, and hardly another."""

from __future__ import annotations

from dataclasses import replace

from fault import broken_operation, broken_transport, reference_with

from conformance.reference import Refusal
from conformance.reference.call import Call, Operation, Outcome, Parameters
from conformance.reference.operations.manifests import digest_of
from conformance.reference.state import Registry
from conformance.suite.stateful import ANY_PROGRAM
from conformance.targets import Connection


@broken_operation("PutImageTagMutability", condemned_by=[f"ecr.{ANY_PROGRAM}"])
def setting_the_mutability_deletes_the_policy(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImageTagMutability leaves a repository without its policy."""
    changed, answer = right(registry, given, call)
    repository = changed.repositories[given["repositoryName"]]
    return changed.having(replace(repository, policy=None)), answer


@broken_transport(condemned_by=[f"ecr-public.{ANY_PROGRAM}", "registry.storage-class-pushed-again"])
def what_was_pushed_once_exists_for_ever(_: Connection) -> Connection:
    """PutImage refuses an image with a tag that it had before, though the tag was deleted."""
    pushed: set[tuple[str, str, str]] = set()

    def put(right: Operation, registry: Registry, given: Parameters, call: Call) -> Outcome:
        digest = digest_of(given["imageManifest"].encode())
        pair = given["repositoryName"], digest, given.get("imageTag", "")
        changed = right(registry, given, call)
        if pair in pushed:
            raise Refusal("ImageAlreadyExistsException", "The image was pushed before")
        pushed.add(pair)
        return changed

    return reference_with(PutImage=put)
