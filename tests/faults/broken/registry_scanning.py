"""What can be wrong with what a registry scans."""

from __future__ import annotations

from fault import broken_answer, broken_operation, lenient

from conformance.contract import Breach
from conformance.reference import Refusal
from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters
from conformance.reference.state import Registry

_GET, _PUT = "GetRegistryScanningConfiguration", "PutRegistryScanningConfiguration"
_BATCH = "BatchGetRepositoryScanningConfiguration"


@broken_answer(_GET, condemned_by=["scanning.registry-configuration"])
def the_configuration_is_of_another_registry(answer: Answer, given: Parameters) -> None:
    """GetRegistryScanningConfiguration answers with a registryId of zeros."""
    answer["registryId"] = "000000000000"


@broken_answer(_PUT, condemned_by=["scanning.registry-put-answered", "ecr.shapes.usual-members"])
def putting_answers_with_the_type_alone(answer: Answer, given: Parameters) -> None:
    """PutRegistryScanningConfiguration answers without the rules."""
    del answer["registryScanningConfiguration"]["rules"]


@broken_operation(_PUT, condemned_by=["scanning.registry-put-got"])
def one_filter_is_kept(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutRegistryScanningConfiguration keeps the first filter of a rule and answers with all."""
    _, answer = right(registry, given, call)
    rules = [{**rule, "repositoryFilters": rule["repositoryFilters"][:1]}
             for rule in given.get("rules", ())]  # fmt: skip
    changed, _ = right(registry, {**given, "rules": rules}, call)
    return changed, answer


@broken_operation(_PUT, condemned_by=["scanning.registry-put-replaces"])
def no_rules_change_nothing(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """PutRegistryScanningConfiguration takes an empty list of rules for none that were given."""
    changed, answer = right(registry, given, call)
    return changed if given.get("rules") else registry, answer


@broken_answer(_BATCH, condemned_by=["scanning.filter-matches"])
def no_filter_is_applied(answer: Answer, given: Parameters) -> None:
    """BatchGetRepositoryScanningConfiguration answers with no appliedScanFilters."""
    for each in answer["scanningConfigurations"]:
        each["appliedScanFilters"] = []


@broken_operation(_BATCH, condemned_by=["scanning.filter-matches"])
def a_filter_without_wildcard_is_a_name(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A filter without a wildcard matches the repository of that name alone."""
    changed, answer = right(registry, given, call)
    for each in answer["scanningConfigurations"]:
        applied = [filter_["filter"] for filter_ in each["appliedScanFilters"]]
        if applied and not any("*" in text or text == each["repositoryName"] for text in applied):
            each.update(appliedScanFilters=[], scanFrequency="MANUAL", scanOnPush=False)
    return changed, answer


@broken_operation(_BATCH, condemned_by=["scanning.filter-does-not-match"])
def filters_are_of_everything(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """Every rule applies to every repository, whatever its filters."""
    changed, answer = right(registry, given, call)
    rules = registry.settings.scan_rules
    for each in answer["scanningConfigurations"]:
        if rules and not each["appliedScanFilters"]:
            each.update(scanFrequency="SCAN_ON_PUSH", scanOnPush=True)
            each["appliedScanFilters"] = list(rules[0]["repositoryFilters"])
    return changed, answer


@broken_answer(_BATCH, condemned_by=["scanning.repository-named"])
def a_repository_has_no_arn(answer: Answer, given: Parameters) -> None:
    """BatchGetRepositoryScanningConfiguration has the name in the place of the ARN."""
    for each in answer["scanningConfigurations"]:
        each["repositoryArn"] = each["repositoryName"]


@broken_answer(
    _BATCH, condemned_by=["scanning.unknown-repository", "scanning.unknown-repository-beside-known"]
)
def unknown_repositories_are_left_out(answer: Answer, given: Parameters) -> None:
    """BatchGetRepositoryScanningConfiguration is silent about repositories that are not there."""
    answer["failures"] = []


@broken_operation(_BATCH, condemned_by=["scanning.unknown-repository-beside-known"])
def an_unknown_repository_spoils_the_batch(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """BatchGetRepositoryScanningConfiguration refuses a batch with an unknown repository."""
    changed, answer = right(registry, given, call)
    if answer["failures"]:
        raise Refusal("RepositoryNotFoundException", "a repository does not exist")
    return changed, answer


@lenient(
    condemned_by=[
        "scanning.number-of-names",
        "ecr.validation.batch-get-repository-scanning-configuration.max",
        "ecr.validation.batch-get-repository-scanning-configuration.min",
    ]
)
def any_number_of_names(operation: str, breach: Breach) -> bool:
    """BatchGetRepositoryScanningConfiguration takes any number of names."""
    return operation == _BATCH and breach.keyword in ("minItems", "maxItems")


@lenient(
    condemned_by=[
        "scanning.registry-put-invalid",
        "ecr.validation.put-registry-scanning-configuration.max",
    ]
)
def any_number_of_rules(operation: str, breach: Breach) -> bool:
    """PutRegistryScanningConfiguration takes any number of rules and filters."""
    return operation == _PUT and breach.keyword == "maxItems"


@lenient(
    condemned_by=[
        "scanning.registry-put-invalid",
        "ecr.validation.put-registry-scanning-configuration.enum",
    ]
)
def any_type_of_filter(operation: str, breach: Breach) -> bool:
    """PutRegistryScanningConfiguration takes any type of filter."""
    return operation == _PUT and breach.path[-1:] == ("filterType",) and breach.keyword == "enum"
