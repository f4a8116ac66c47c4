"""What can be wrong with the settings of repositories."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fault import broken_answer, broken_operation, broken_transport, reference_with

from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters
from conformance.reference.state import Registry, Repository, Settings
from conformance.targets import Connection

_PUT_SCANNING = "PutImageScanningConfiguration"


def _repository(registry: Registry, given: Parameters) -> Repository:
    """The repository asked for, or an empty one where there is none."""
    name = given["repositoryName"]
    return registry.repositories.get(name, Repository(name, 0.0))


def _changed(registry: Registry, repository: Repository, **settings: Any) -> Registry:
    """The registry in which a repository has other settings."""
    return registry.having(replace(repository, settings=replace(repository.settings, **settings)))


@broken_answer(_PUT_SCANNING, condemned_by=["repositories.put-scanning-answers"])
def putting_always_answers_false(answer: Answer, given: Parameters) -> None:
    """PutImageScanningConfiguration answers with scanOnPush false."""
    answer["imageScanningConfiguration"] = {"scanOnPush": False}


@broken_operation(
    _PUT_SCANNING,
    condemned_by=["repositories.put-scanning-described", "repositories.put-scanning-default"],
)
def scanning_stays_as_it_was(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImageScanningConfiguration answers with the new configuration and keeps the old."""
    return registry, right(registry, given, call)[1]


@broken_operation(_PUT_SCANNING, condemned_by=["repositories.put-scanning-default"])
def an_empty_configuration_changes_nothing(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImageScanningConfiguration without scanOnPush leaves what was set."""
    changed, answer = right(registry, given, call)
    return (changed if given["imageScanningConfiguration"] else registry), answer


@broken_operation(_PUT_SCANNING, condemned_by=["repositories.put-scanning-of-one-repository"])
def scanning_is_that_of_the_namespace(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImageScanningConfiguration sets that of the repository of the namespace, too."""
    changed, answer = right(registry, given, call)
    parent = changed.repositories.get(given["repositoryName"].rpartition("/")[0])
    if parent is None:
        return changed, answer
    return right(changed, {**given, "repositoryName": parent.name}, call)[0], answer


@broken_answer(
    "DescribeRepositories",
    condemned_by=["repositories.scan-on-push-described", "repositories.put-scanning-described"],
    services=["ecr"],
)
def scanning_is_described_as_off(answer: Answer, given: Parameters) -> None:
    """DescribeRepositories says scanOnPush false of every repository."""
    for each in answer["repositories"]:
        each["imageScanningConfiguration"] = {"scanOnPush": False}


@broken_answer(
    _PUT_SCANNING,
    "PutImageTagMutability",
    condemned_by=["repositories.put-settings-answers-name"],
)
def the_namespace_is_not_answered(answer: Answer, given: Parameters) -> None:
    """Answers to changes of settings have the last part of the repository's name."""
    answer["repositoryName"] = answer["repositoryName"].rpartition("/")[2]


@broken_operation(_PUT_SCANNING, condemned_by=["repositories.put-settings-keep-others"])
def scanning_makes_tags_mutable(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImageScanningConfiguration sets the tags' mutability to its default."""
    changed, answer = right(registry, given, call)
    repository = _repository(changed, given)
    return _changed(changed, repository, mutability="MUTABLE", exclusions=()), answer


@broken_operation("PutImageTagMutability", condemned_by=["repositories.put-settings-keep-others"])
def mutability_turns_scanning_off(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutImageTagMutability sets the scanning configuration to its default."""
    changed, answer = right(registry, given, call)
    return _changed(changed, _repository(changed, given), scan_on_push=False), answer


@broken_answer(
    "CreateRepository",
    condemned_by=["repositories.encryption-kept", "repositories.default-kms-key"],
    services=["ecr"],
)
def creation_answers_with_aes256(answer: Answer, given: Parameters) -> None:
    """CreateRepository answers with AES256 whatever was asked for."""
    answer["repository"]["encryptionConfiguration"] = {"encryptionType": "AES256"}


@broken_answer(
    "DescribeRepositories",
    condemned_by=["repositories.encryption-described"],
    services=["ecr"],
)
def encryption_is_described_as_aes256(answer: Answer, given: Parameters) -> None:
    """DescribeRepositories says AES256 of every repository."""
    for each in answer["repositories"]:
        each["encryptionConfiguration"] = {"encryptionType": "AES256"}


@broken_answer("CreateRepository", condemned_by=["repositories.default-kms-key"], services=["ecr"])
def the_default_key_is_an_alias(answer: Answer, given: Parameters) -> None:
    """CreateRepository names the default key by its alias."""
    encryption = answer["repository"]["encryptionConfiguration"]
    asked = given.get("encryptionConfiguration", {})
    if encryption["encryptionType"] == "KMS" and "kmsKey" not in asked:
        encryption["kmsKey"] = "alias/aws/ecr"


@broken_answer("CreateRepository", condemned_by=["repositories.kms-key-kept"], services=["ecr"])
def the_key_is_answered_by_its_id(answer: Answer, given: Parameters) -> None:
    """CreateRepository answers with the id of the key that it was given."""
    encryption = answer["repository"]["encryptionConfiguration"]
    if "kmsKey" in given.get("encryptionConfiguration", {}) and "kmsKey" in encryption:
        encryption["kmsKey"] = encryption["kmsKey"].rpartition("/")[2]


@broken_transport(condemned_by=["repositories.made-again-with-defaults"])
def settings_outlive_their_repository(_: Connection) -> Connection:
    """The settings of a deleted repository come back with its name."""
    kept: dict[str, Settings] = {}

    def delete(right: Operation, registry: Registry, given: Parameters, call: Call) -> Outcome:
        kept[given["repositoryName"]] = _repository(registry, given).settings
        return right(registry, given, call)

    def create(right: Operation, registry: Registry, given: Parameters, call: Call) -> Outcome:
        changed, answer = right(registry, given, call)
        old = kept.get(given["repositoryName"], Settings())
        repository = _repository(changed, given)
        again = {"mutability": old.mutability, "scan_on_push": old.scan_on_push}
        asked = {"imageTagMutability", "imageScanningConfiguration"} & given.keys()
        return (changed if asked else _changed(changed, repository, **again)), answer

    return reference_with(DeleteRepository=delete, CreateRepository=create)
