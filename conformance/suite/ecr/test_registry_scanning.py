"""What a registry scans: its configuration, and what that means for single repositories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from conformance.suite.answers import describe, objects, refusal, structure, success, text
from conformance.suite.evidence import documented, model, unverified
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import create_repository
from conformance.suite.topics.registry_rules import scanning_rule
from conformance.suite.topics.repository_answers import (
    ARN_FORMS,
    REPOSITORY_NOT_FOUND,
    names_of,
    own_registry,
)
from conformance.suite.topics.scanning import require_basic, require_scan_of_push
from conformance.suite.twins import MALFORMED, invalid_codes
from conformance.suite.verdicts import INFO, MUST, SHOULD

_ONLY = ["ecr"]
_GET, _PUT = "GetRegistryScanningConfiguration", "PutRegistryScanningConfiguration"
_BATCH = "BatchGetRepositoryScanningConfiguration"
_GUIDE = (
    "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-enhanced-enabling.html"
)
_PUTS = documented(_PUT, "Creates or updates the scanning configuration for your private registry.")
_RULES = documented(
    f"{_PUT}.rules",
    "The scanning rules to use for the registry. A scanning rule is used to determine which "
    "repository filters are used and at what frequency scanning will occur.",
)
_FILTERS = documented(
    f"{_PUT}.scanType",
    "When basic scanning is used, you may specify filters to determine which individual "
    "repositories, or all repositories, are scanned when new images are pushed to those "
    "repositories.",
)
_CONTAINS = documented(
    "Configuring enhanced scanning for images in Amazon ECR",
    "Filters with no wildcard will match all repository names that contain the filter. Filters "
    "with wildcards (*) match on a repository name where the wildcard replaces zero or more "
    "characters in the repository name.",
    url=_GUIDE,
)
_FAILURES = documented(f"{_BATCH}.failures", "Any failures associated with the call.")
_UNKNOWN = model("ScanningConfigurationFailureCode", "REPOSITORY_NOT_FOUND, no other")

Rules = Sequence[Mapping[str, Any]]


def _on_push(*filters: str) -> Rules:
    """One rule: what matches a filter is scanned on push."""
    return [scanning_rule(*filters)]


def _same(found: Any, wanted: Any) -> bool:
    """Whether a configuration is of one type and has the same rules, in any order."""
    return _comparable(found) == _comparable(wanted)


def _comparable(configuration: Mapping[str, Any]) -> tuple[str, list[str]]:
    rules = (
        (rule.get("scanFrequency"), sorted(map(_words, objects(rule, "repositoryFilters"))))
        for rule in objects(configuration, "rules")
    )
    return str(configuration.get("scanType")), sorted(map(str, rules))


def _words(each: Mapping[str, Any]) -> str:
    return f"{each.get('filterType')} {each.get('filter')}"


def _put(registry: Registry, rules: Rules) -> None:
    """Put a basic configuration. ``Untestable`` unless it is the registry's afterwards."""
    require_basic(registry)
    registry.given(_PUT, scanType="BASIC", rules=rules)
    wanted = {"scanType": "BASIC", "rules": rules}
    registry.settle(_GET, lambda: _require_got(registry, wanted))


def _require_got(registry: Registry, wanted: Mapping[str, Any]) -> None:
    answer = registry.call(_GET)
    found = structure(answer, "scanningConfiguration")
    assert _same(found, wanted), f"the configuration is {found}, not {wanted}"


def _configuration(registry: Registry, name: str) -> dict[str, Any]:
    """How a repository is scanned; the check fails unless that is answered."""
    answer = registry.call(_BATCH, repositoryNames=[name])
    found = objects(answer, "scanningConfigurations")
    assert len(found) == 1, f"there are {len(found)} scanningConfigurations of one repository"
    return found[0]


@rule(
    "scanning.registry-configuration",
    level=MUST,
    operations=[_GET],
    services=_ONLY,
    evidence=[
        documented(f"{_GET}.registryId", "The registry ID associated with the request."),
        documented(f"{_GET}.scanningConfiguration", "The scanning configuration for the registry."),
        documented(
            f"{_PUT}.scanType",
            "When a registry scanning configuration is not defined, by default the BASIC scan type "
            "is used.",
        ),
    ],
)
def test_a_registry_always_has_a_configuration(registry: Registry) -> None:
    """GetRegistryScanningConfiguration has the registry's id and a type of scanning."""
    account = own_registry(registry)
    answer = registry.call(_GET)
    found = structure(answer, "scanningConfiguration")
    assert answer.get("registryId") == account, (
        f"the answer is about registry {answer.get('registryId')}, repositories are in {account}"
    )
    assert found.get("scanType") in ("BASIC", "ENHANCED"), f"scanType is {found.get('scanType')!r}"


@rule(
    "scanning.registry-put-answered",
    level=MUST,
    operations=[_PUT],
    services=_ONLY,
    evidence=[
        documented(
            f"{_PUT}.registryScanningConfiguration", "The scanning configuration for your registry."
        ),
        documented(
            "RegistryScanningRule.scanFrequency",
            "When the BASIC scan type is specified, the SCAN_ON_PUSH scan frequency is supported.",
        ),
        _RULES,
    ],
)
@pytest.mark.usefixtures("settings")
def test_a_configuration_that_is_put_is_answered(registry: Registry) -> None:
    """PutRegistryScanningConfiguration answers with the configuration that was put."""
    require_basic(registry)
    wanted = {"scanType": "BASIC", "rules": _on_push(f"{registry.name_prefix}*")}
    answer = registry.call(_PUT, **wanted)
    found = structure(answer, "registryScanningConfiguration")
    assert _same(found, wanted), f"{wanted} was put, answered as {found}"


@rule(
    "scanning.registry-put-got",
    level=MUST,
    operations=[_PUT, _GET],
    services=_ONLY,
    evidence=[_PUTS, _RULES],
)
@pytest.mark.usefixtures("settings")
def test_a_configuration_that_was_put_is_got(registry: Registry) -> None:
    """GetRegistryScanningConfiguration gives the configuration that was put."""
    require_basic(registry)
    name = registry.name_prefix
    wanted = {"scanType": "BASIC", "rules": _on_push(f"{name}*", f"*/{name}")}
    registry.call(_PUT, **wanted)
    registry.eventually(lambda: _require_got(registry, wanted))


@pytest.mark.parametrize("rules", ["another", "none"])
@rule(
    "scanning.registry-put-replaces",
    level=MUST,
    operations=[_PUT],
    services=_ONLY,
    evidence=[_PUTS, _RULES],
)
@pytest.mark.usefixtures("settings")
def test_a_configuration_replaces_the_one_before(registry: Registry, rules: str) -> None:
    """The rules that are put replace all that were there before."""
    name = registry.name_prefix
    _put(registry, _on_push(f"{name}-first*"))
    wanted = {"scanType": "BASIC", "rules": _on_push(f"{name}-2nd*") if rules == "another" else []}
    registry.call(_PUT, **wanted)
    registry.eventually(lambda: _require_got(registry, wanted))


_MATCHING = {
    "beginning": "{name}-in*",
    "end": "*{digest}-in-it",
    "middle": "{name}*it",
    "nothing": "{name}-in-it*",
    "contained": "{digest}-in",
}
"""Filters that match the repository "{name}-in-it", not "{name}-out"."""


@pytest.mark.parametrize("kind", _MATCHING)
@rule(
    "scanning.filter-matches",
    level=MUST,
    operations=[_BATCH],
    services=_ONLY,
    evidence=[_FILTERS, _CONTAINS, _RULES],
)
@pytest.mark.usefixtures("settings")
def test_a_filter_that_matches_applies(registry: Registry, kind: str) -> None:
    """A repository that matches a filter is scanned on push, and has the filter applied."""
    name, wanted = registry.name_prefix, _filter(registry, kind)
    repository = create_repository(registry, "-in-it")
    _put(registry, _on_push(wanted))

    def observe() -> None:
        found = _configuration(registry, repository)
        frequency = found.get("scanFrequency")
        assert frequency == "SCAN_ON_PUSH", (
            f"the filter {kind} matches the name, scanFrequency is {frequency}"
        )
        filters = [each.get("filter") for each in objects(found, "appliedScanFilters")]
        assert filters == [wanted], (
            f"the filter {kind} of {name} is not what is applied: {filters or 'nothing'}"
        )

    registry.eventually(observe)


@pytest.mark.parametrize("kind", _MATCHING)
@rule(
    "scanning.filter-does-not-match",
    level=MUST,
    operations=[_BATCH],
    services=_ONLY,
    evidence=[
        _FILTERS,
        _CONTAINS,
        documented(
            "RegistryScanningRule.scanFrequency",
            "If scan on push is not specified, then the MANUAL scan frequency is set by default.",
        ),
    ],
)
@pytest.mark.usefixtures("settings")
def test_a_filter_that_does_not_match_does_not_apply(registry: Registry, kind: str) -> None:
    """A repository that no filter matches is scanned by hand, and has no filter applied."""
    repository = create_repository(registry, "-out")
    _put(registry, _on_push(_filter(registry, kind)))

    def observe() -> None:
        found = _configuration(registry, repository)
        frequency, on_push = found.get("scanFrequency"), found.get("scanOnPush")
        assert frequency == "MANUAL", (
            f"the filter {kind} does not match the name, scanFrequency is {frequency}"
        )
        assert not on_push, f"scanFrequency is MANUAL, scanOnPush is {on_push}"
        filters = objects(found, "appliedScanFilters")
        assert not filters, f"no filter matches, applied are {filters}"

    registry.eventually(observe)


def _filter(registry: Registry, kind: str) -> str:
    name = registry.name_prefix
    return _MATCHING[kind].format(name=name, digest=name.rpartition("-")[2])


_FLAG = documented(
    "RepositoryScanningConfiguration.scanOnPush",
    "Whether or not scan on push is configured for the repository.",
)


@rule(
    "scanning.flag-of-a-repository",
    level=SHOULD,
    operations=[_BATCH],
    services=_ONLY,
    evidence=[_FLAG],
)
@pytest.mark.usefixtures("settings")
def test_the_flag_of_a_repository_is_told(registry: Registry) -> None:
    """The scanOnPush of a repository that was created with scanOnPush is true."""
    require_basic(registry)
    configuration = {"scanOnPush": True}
    repository = create_repository(registry, imageScanningConfiguration=configuration)

    def observe() -> None:
        found = _configuration(registry, repository).get("scanOnPush")
        assert found is True, f"the repository has scanOnPush, it is shown as {found}"

    registry.eventually(observe)


@rule(
    "scanning.flag-of-a-matching-repository",
    level=INFO,
    operations=[_BATCH],
    services=_ONLY,
    evidence=[
        _FLAG,
        unverified(
            "RepositoryScanningConfiguration.scanOnPush",
            "Does that mean the repository's own setting, or also a rule of the registry?",
        ),
    ],
)
@pytest.mark.usefixtures("settings")
def test_what_the_flag_of_a_matching_repository_is(registry: Registry, observe: list[str]) -> None:
    """The scanOnPush of a repository that a rule scans on push is true or false."""
    repository = create_repository(registry)
    _put(registry, _on_push(f"{registry.name_prefix}*"))
    found = _configuration(registry, repository)
    observe.append(
        f"with scanFrequency {found.get('scanFrequency')}, scanOnPush is {found.get('scanOnPush')}"
    )


@rule(
    "scanning.registry-scanned-on-push",
    level=SHOULD,
    operations=["PutImage"],
    services=_ONLY,
    evidence=[
        _FILTERS,
        documented("ScanningRepositoryFilter.filter", "The filter to use when scanning."),
    ],
)
@pytest.mark.usefixtures("settings")
def test_a_push_into_a_matching_repository_is_scanned(registry: Registry) -> None:
    """An image pushed into a repository that a rule scans on push is scanned unasked."""
    repository = create_repository(registry)
    _put(registry, _on_push(f"{registry.name_prefix}*"))
    require_scan_of_push(registry, repository)


@rule(
    "scanning.repository-named",
    level=MUST,
    operations=[_BATCH],
    services=_ONLY,
    evidence=[
        documented("RepositoryScanningConfiguration.repositoryName", "The name of the repository."),
        documented("RepositoryScanningConfiguration.repositoryArn", "The ARN of the repository."),
        documented(
            "Repository.repositoryArn",
            # botocore's releases end this sentence differently.
            "The ARN contains the arn:aws:ecr namespace, followed by the region of the repository, "
            "Amazon Web Services account ID of the repository owner,",
        ),
    ],
)
def test_the_configuration_of_a_repository_names_it(registry: Registry) -> None:
    """How repositories are scanned is answered for each of them, by name and ARN."""
    names = [create_repository(registry, f"/{each}") for each in ("one", "two")]

    def observe() -> None:
        answer = registry.call(_BATCH, repositoryNames=names)
        configurations = objects(answer, "scanningConfigurations")
        found = names_of(configurations)
        assert found == names, f"{_BATCH}: asked for {names}, got {found}"
        for each in configurations:
            arn = text(each, "repositoryArn") or ""
            form, name = ARN_FORMS["ecr"].fullmatch(arn), each["repositoryName"]
            named = None if form is None else form[2]
            assert named == name, f"{_BATCH}: the ARN of {name} is {arn!r}"

    registry.eventually(observe)


@rule(
    "scanning.unknown-repository",
    level=MUST,
    operations=[_BATCH],
    services=_ONLY,
    evidence=[
        _FAILURES,
        _UNKNOWN,
        documented(
            f"{_BATCH}.RepositoryNotFoundException",
            "The specified repository could not be found.",
        ),
    ],
)
def test_an_unknown_repository_is_not_found(registry: Registry, repository: str) -> None:
    """How an unknown repository is scanned is a failure REPOSITORY_NOT_FOUND, or is refused."""
    registry.eventually(lambda: registry.given(_BATCH, repositoryNames=[repository]))
    unknown = f"{repository}-nowhere"
    response = registry.send(_BATCH, {"repositoryNames": [unknown]})
    error, answer = refusal(response), success(response)
    if error is not None and error.code == REPOSITORY_NOT_FOUND:
        return
    assert answer is not None, f"expected a failure, got {describe(response)}"
    _require_failure(answer, unknown)
    found = objects(answer, "scanningConfigurations")
    assert not found, f"the repository is unknown, but it has {found}"


def _require_failure(answer: Mapping[str, Any], unknown: str) -> None:
    found = [
        (each.get("repositoryName"), each.get("failureCode"))
        for each in objects(answer, "failures")
    ]
    wanted = [(unknown, "REPOSITORY_NOT_FOUND")]
    assert found == wanted, f"the failures are {found or 'none'}, not {wanted}"


@rule(
    "scanning.unknown-repository-beside-known",
    level=SHOULD,
    operations=[_BATCH],
    services=_ONLY,
    evidence=[
        _FAILURES,
        _UNKNOWN,
        unverified(_BATCH, "When does RepositoryNotFoundException come in the place of a failure?"),
    ],
)
def test_an_unknown_repository_fails_beside_a_known_one(
    registry: Registry, repository: str
) -> None:
    """An unknown repository is a failure, and the configuration of a known one comes beside it."""
    unknown = f"{repository}-nowhere"

    def observe() -> None:
        answer = registry.call(_BATCH, repositoryNames=[repository, unknown])
        _require_failure(answer, unknown)
        found = [text(each, "repositoryName") for each in objects(answer, "scanningConfigurations")]
        assert found == [repository], f"beside the failure there is {found}, not {[repository]}"

    registry.eventually(observe)


@pytest.mark.parametrize("count", [0, 26])
@rule(
    "scanning.number-of-names",
    level=MUST,
    operations=[_BATCH],
    services=_ONLY,
    evidence=[
        model("ScanningConfigurationRepositoryNameList", "min 1, max 25"),
        documented(
            f"{_BATCH}.InvalidParameterException",
            "The specified parameter is invalid. Review the available parameters for the API "
            "request.",
        ),
    ],
)
def test_one_to_25_repositories_are_asked_for(
    registry: Registry, repository: str, count: int
) -> None:
    """Asking how no repository is scanned, or more than 25, is refused as invalid."""
    registry.eventually(lambda: registry.given(_BATCH, repositoryNames=[repository]))
    names = [repository, *(f"{repository}-{number}" for number in range(25))][:count]
    registry.refused(_BATCH, invalid_codes(registry, _BATCH), repositoryNames=names)


_WRONG: dict[str, dict[str, Any]] = {
    "three-rules": {"count": 3},
    "101-filters": {"filters": 101},
    "filter-of-capitals": {"filter": "CAPITALS"},
    "empty-filter": {"filter": ""},
    "unknown-filter-type": {"filterType": "PREFIX"},
    "unknown-frequency": {"scanFrequency": "SOMETIMES"},
    "unknown-type": {"scanType": "PERFECT"},
}


@pytest.mark.parametrize("wrong", _WRONG)
@rule(
    "scanning.registry-put-invalid",
    level=MUST,
    operations=[_PUT],
    services=_ONLY,
    evidence=[
        model(
            "RegistryScanningRuleList, ScanningRepositoryFilterList, ScanningRepositoryFilterValue",
            "max 2; max 100; min 1, a pattern; enumerations of types and frequencies",
        ),
        documented(
            f"{_PUT}.InvalidParameterException",
            "The specified parameter is invalid. Review the available parameters for the API "
            "request.",
        ),
    ],
)
@pytest.mark.usefixtures("settings")
def test_an_invalid_configuration_is_refused(registry: Registry, wrong: str) -> None:
    """A configuration beyond the model's limits, patterns or enumerations is refused as invalid."""
    require_basic(registry)
    registry.given(_PUT, **_wrong(registry))
    registry.refused(_PUT, MALFORMED, **_wrong(registry, **_WRONG[wrong]))


@rule(
    "scanning.continuous-is-enhanced",
    level=SHOULD,
    operations=[_PUT],
    services=_ONLY,
    evidence=[
        documented(
            "RegistryScanningRule.scanFrequency",
            "When the BASIC scan type is specified, the SCAN_ON_PUSH scan frequency is supported.",
        )
    ],
)
@pytest.mark.usefixtures("settings")
def test_basic_scanning_is_not_continuous(registry: Registry) -> None:
    """A rule that scans continuously is refused together with the type BASIC."""
    require_basic(registry)
    registry.given(_PUT, **_wrong(registry))
    codes = invalid_codes(registry, _PUT)
    registry.refused(_PUT, codes, **_wrong(registry, scanFrequency="CONTINUOUS_SCAN"))


def _wrong(registry: Registry, **wrong: Any) -> dict[str, Any]:
    """A valid configuration, but for what is ``wrong``."""
    each = {
        "filter": wrong.get("filter", f"{registry.name_prefix}*"),
        "filterType": wrong.get("filterType", "WILDCARD"),
    }
    filters = [each] if "filters" not in wrong else _many(registry, wrong["filters"])
    scanned = {
        "scanFrequency": wrong.get("scanFrequency", "SCAN_ON_PUSH"),
        "repositoryFilters": filters,
    }
    return {"scanType": wrong.get("scanType", "BASIC"), "rules": [scanned] * wrong.get("count", 1)}


def _many(registry: Registry, count: int) -> list[dict[str, str]]:
    names = (f"{registry.name_prefix}-{number}*" for number in range(count))
    return [{"filter": name, "filterType": "WILDCARD"} for name in names]
