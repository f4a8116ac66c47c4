"""Which repositories a registry scans, how often, and by whom: ECR itself or Amazon Inspector.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html

No organization governs these registries, so BlockedByOrganizationPolicyException never comes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.reference.call import Answer, Call, Outcome, Parameters
from conformance.reference.operations.repositories import description
from conformance.reference.operations.wildcards import fits
from conformance.reference.refusal import invalid
from conformance.reference.state import Registry, Repository

_FREQUENCIES = {
    "BASIC": ("SCAN_ON_PUSH", "MANUAL"),
    "ENHANCED": ("CONTINUOUS_SCAN", "SCAN_ON_PUSH"),
}
"""The frequencies of rules by the type of scanning, the most urgent first.

"When the ENHANCED scan type is specified, the supported scan frequencies are CONTINUOUS_SCAN and
SCAN_ON_PUSH. When the BASIC scan type is specified, the SCAN_ON_PUSH scan frequency is supported.
If scan on push is not specified, then the MANUAL scan frequency is set by default"
(API_RegistryScanningRule). That a rule may say the default outright is taken from that.
"""

Filters = Sequence[Mapping[str, str]]
"""Each a ``ScanningRepositoryFilter`` (API_ScanningRepositoryFilter)."""


@dataclass(frozen=True, slots=True)
class Scanning:
    """How often a repository's images are scanned, and the filters that say so."""

    frequency: str = "MANUAL"
    filters: Filters = ()


def get_registry_scanning_configuration(registry: Registry, _: Parameters, call: Call) -> Outcome:
    """The type of scanning and the rules.

    "When a registry scanning configuration is not defined, by default the BASIC scan type is used"
    (API_PutRegistryScanningConfiguration), and there are no rules.
    """
    answer = {"registryId": call.key.account, "scanningConfiguration": _configuration(registry)}
    return registry, answer


def put_registry_scanning_configuration(registry: Registry, given: Parameters, _: Call) -> Outcome:
    """Put a configuration in place of any other.

    "Creates or updates the scanning configuration for your private registry"
    (API_PutRegistryScanningConfiguration). What is not given is set as in a registry that nobody
    configured; that is not documented.
    """
    scan_type, rules = given.get("scanType", "BASIC"), tuple(given.get("rules", ()))
    for rule in rules:
        _require_supported(scan_type, rule["scanFrequency"])
    configured = registry.set(scan_type=scan_type, scan_rules=rules)
    return configured, {"registryScanningConfiguration": _configuration(configured)}


def batch_get_repository_scanning_configuration(
    registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """What the configuration means for repositories; one that does not exist is a failure.

    "Gets the scanning configuration for one or more repositories"
    (API_BatchGetRepositoryScanningConfiguration). RepositoryNotFoundException is declared too; when
    it comes is not public.
    """
    configurations: list[Answer] = []
    failures: list[Answer] = []
    for name in dict.fromkeys(given["repositoryNames"]):
        repository = registry.repositories.get(name)
        if repository is None:
            failures.append(_failure(name))
        else:
            configurations.append(_shown(registry, repository, call))
    return registry, {"scanningConfigurations": configurations, "failures": failures}


def scanning_of(registry: Registry, repository: Repository) -> Scanning:
    """How a repository is scanned.

    The user guide: where several rules match, continuous scanning goes before scan on push, and
    where none matches, images are scanned by hand, or with enhanced scanning not at all. Basic
    scanning also heeds what is set for the repository itself: "If set to true, images will be
    scanned after being pushed" (API_ImageScanningConfiguration).
    """
    scan_type = registry.settings.scan_type
    for frequency in _FREQUENCIES[scan_type]:
        filters = _matching(registry, repository, frequency)
        if filters:
            return Scanning(frequency, filters)
        if (scan_type, frequency) == ("BASIC", "SCAN_ON_PUSH") and repository.settings.scan_on_push:
            return Scanning(frequency)
    return Scanning()


def _matching(registry: Registry, repository: Repository, frequency: str) -> Filters:
    """The filters of the rules of one frequency that match a repository.

    A rule without filters has none that does; whether AWS takes it for all is not public.
    """
    rules = [each for each in registry.settings.scan_rules if each["scanFrequency"] == frequency]
    filters = [each for rule in rules for each in rule["repositoryFilters"]]
    return [each for each in filters if _matches(each["filter"], repository.name)]


def _matches(pattern: str, name: str) -> bool:
    """Whether a filter matches: the whole name, or any part of it if it has no wildcard."""
    return fits(pattern, name) if "*" in pattern else pattern in name


def _require_supported(scan_type: str, frequency: str) -> None:
    """Refuse a frequency that the type of scanning has not. How AWS does is not public."""
    if frequency not in _FREQUENCIES[scan_type]:
        raise invalid("scanFrequency", f"{frequency} is not supported when scanType is {scan_type}")


def _configuration(registry: Registry) -> Mapping[str, Any]:
    return {"scanType": registry.settings.scan_type, "rules": list(registry.settings.scan_rules)}


def _shown(registry: Registry, repository: Repository, call: Call) -> Answer:
    """The ``RepositoryScanningConfiguration`` of an answer (API_RepositoryScanningConfiguration).

    ``scanOnPush`` is false where scanning is continuous:
    https://github.com/turbot/steampipe-plugin-aws/issues/1716. Without rules:
    https://github.com/turbot/steampipe-plugin-aws/pull/1719.
    """
    scanning = scanning_of(registry, repository)
    return {
        "repositoryArn": description(repository, call)["repositoryArn"],
        "repositoryName": repository.name,
        "scanOnPush": scanning.frequency == "SCAN_ON_PUSH",
        "scanFrequency": scanning.frequency,
        "appliedScanFilters": list(scanning.filters),
    }


def _failure(name: str) -> Answer:
    """The ``RepositoryScanningConfigurationFailure`` of an answer. The reason is not public."""
    return {
        "repositoryName": name,
        "failureCode": "REPOSITORY_NOT_FOUND",
        "failureReason": "The repository does not exist",
    }
