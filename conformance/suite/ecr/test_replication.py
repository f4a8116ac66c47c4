"""Replication: where the images of a registry are copied to.

No image is pushed that a rule here is about, so nothing is ever copied and left behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from conformance.suite.answers import objects, structure
from conformance.suite.evidence import documented, model
from conformance.suite.owner import owner_of
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.topics.backfills import destination
from conformance.suite.topics.registry_rules import replication_rule
from conformance.suite.topics.repository_answers import own_registry
from conformance.suite.twins import MALFORMED, invalid_codes
from conformance.suite.verdicts import MUST

Rule = dict[str, Any]
_PUTS = documented(
    "PutReplicationConfiguration",
    "Creates or updates the replication configuration for a registry.",
)
_GETS = documented(
    "PutReplicationConfiguration",
    "The existing replication configuration for a repository can be retrieved with the "
    "DescribeRegistry API action.",
)
_CONTENTS = documented(
    "PutReplicationConfiguration.replicationConfiguration",
    "The contents of the replication configuration for the registry.",
)


def _rule(registry: Registry, *filters: str) -> Rule:
    """A rule for the owner's registry in another Region, about repositories that do not exist."""
    owner = owner_of(registry)
    return replication_rule([destination(owner)], *(filters or (f"{registry.name_prefix}-copied",)))


def _reading(answer: Mapping[str, Any]) -> list[Any]:
    """The rules of an answer; of destinations and filters the order does not count."""
    rules = objects(structure(answer, "replicationConfiguration"), "rules")
    return sorted(map(_read, rules))


def _read(found: Rule) -> tuple[list[str], list[str]]:
    to, by = objects(found, "destinations"), objects(found, "repositoryFilters")
    destinations = [f"{each.get('region')} {each.get('registryId')}" for each in to]
    filters = [f"{each.get('filterType')} {each.get('filter')}" for each in by]
    return sorted(destinations), sorted(filters)


def _configuration(*rules: Rule) -> dict[str, Any]:
    return {"replicationConfiguration": {"rules": list(rules)}}


def _require_rules(answer: Mapping[str, Any], *rules: Rule) -> None:
    """Require that an answer has a configuration of exactly these rules."""
    given = objects(structure(answer, "replicationConfiguration"), "rules")
    found, wanted = _reading(answer), _reading(_configuration(*rules))
    same = found == wanted and len(given) == len(rules)
    assert same, f"the replication configuration has {len(given)} rules: {found}, not {wanted}"


@rule(
    "registry.described",
    level=MUST,
    operations=["DescribeRegistry"],
    services=["ecr"],
    evidence=[
        documented("DescribeRegistry.registryId", "The registry ID associated with the request."),
        model("ReplicationConfiguration", "rules is required, min 0"),
    ],
)
def test_a_registry_is_described(registry: Registry) -> None:
    """DescribeRegistry answers with the registry's id and a list of replication rules."""
    wanted = own_registry(registry)
    answer = registry.call("DescribeRegistry")
    found = answer.get("registryId")
    assert found == wanted, f"DescribeRegistry: expected registryId {wanted}, got {found}"
    rules = structure(answer, "replicationConfiguration").get("rules")
    assert isinstance(rules, list), f"DescribeRegistry: the replication rules are {rules!r}"


@rule(
    "registry.replication-put-answers",
    level=MUST,
    operations=["PutReplicationConfiguration"],
    services=["ecr"],
    evidence=[_CONTENTS],
)
def test_put_answers_with_the_configuration(registry: Registry, settings: None) -> None:
    """PutReplicationConfiguration answers with the rules that it was given."""
    wanted = _rule(registry)
    answer = registry.call("PutReplicationConfiguration", **_configuration(wanted))
    _require_rules(answer, wanted)


@rule(
    "registry.replication-described",
    level=MUST,
    operations=["PutReplicationConfiguration", "DescribeRegistry"],
    services=["ecr"],
    evidence=[
        _PUTS,
        _GETS,
        documented(
            "DescribeRegistry",
            "The replication configuration for a repository can be created or updated with the "
            "PutReplicationConfiguration API action.",
        ),
    ],
)
def test_the_configuration_is_described(registry: Registry, settings: None) -> None:
    """DescribeRegistry gives the replication rules that were put, filters included."""
    prefix = registry.name_prefix
    wanted = _rule(registry, f"{prefix}-copied", f"{prefix}-too")
    registry.call("PutReplicationConfiguration", **_configuration(wanted))
    registry.eventually(lambda: _require_rules(registry.call("DescribeRegistry"), wanted))


@rule(
    "registry.replication-replaced",
    level=MUST,
    operations=["PutReplicationConfiguration"],
    services=["ecr"],
    evidence=[_PUTS, _CONTENTS],
)
def test_a_configuration_takes_the_place_of_another(registry: Registry, settings: None) -> None:
    """A replication configuration takes the place of the one before, it adds nothing to it."""
    first = _rule(registry)
    registry.given("PutReplicationConfiguration", **_configuration(first))
    filters = [{"filter": f"{registry.name_prefix}-too", "filterType": "PREFIX_MATCH"}]
    second = {**first, "repositoryFilters": filters}
    registry.call("PutReplicationConfiguration", **_configuration(second))
    registry.eventually(lambda: _require_rules(registry.given("DescribeRegistry"), second))


@rule(
    "registry.replication-emptied",
    level=MUST,
    operations=["PutReplicationConfiguration"],
    services=["ecr"],
    evidence=[_PUTS, model("ReplicationRuleList", "min 0")],
)
def test_a_configuration_without_rules_ends_replication(registry: Registry, settings: None) -> None:
    """A replication configuration without rules is taken, and there are none from then on."""
    registry.given("PutReplicationConfiguration", **_configuration(_rule(registry)))
    registry.call("PutReplicationConfiguration", **_configuration())
    registry.eventually(lambda: _require_rules(registry.given("DescribeRegistry")))


@rule(
    "registry.replication-many-filters",
    level=MUST,
    operations=["PutReplicationConfiguration"],
    services=["ecr"],
    evidence=[model("RepositoryFilterList", "min 1, max 100")],
)
def test_a_rule_has_a_hundred_filters(registry: Registry, settings: None) -> None:
    """A replication rule of 100 filters is taken and kept whole."""
    wanted = _rule(registry, *(f"{registry.name_prefix}-{number}" for number in range(100)))
    registry.call("PutReplicationConfiguration", **_configuration(wanted))

    def observe() -> None:
        rules = _reading(registry.given("DescribeRegistry"))
        found = len(rules[0][1]) if len(rules) == 1 else 0
        assert found == 100, f"of one rule's 100 filters, {found} are described"

    registry.eventually(observe)


def _too_many_rules(good: Rule) -> list[Rule]:
    return [good] * 26


def _too_many_filters(good: Rule) -> list[Rule]:
    return [{**good, "repositoryFilters": good["repositoryFilters"] * 101}]


def _too_many_destinations(good: Rule) -> list[Rule]:
    return [{**good, "destinations": good["destinations"] * 101}]


def _another_filter_type(good: Rule) -> list[Rule]:
    filters = [{**each, "filterType": "SUFFIX_MATCH"} for each in good["repositoryFilters"]]
    return [{**good, "repositoryFilters": filters}]


def _no_filter_text(good: Rule) -> list[Rule]:
    return [{**good, "repositoryFilters": [{"filterType": "PREFIX_MATCH"}]}]


_SPOILT = {
    "26-rules": _too_many_rules,
    "101-filters": _too_many_filters,
    "101-destinations": _too_many_destinations,
    "filter-type": _another_filter_type,
    "no-filter-text": _no_filter_text,
}


@pytest.mark.parametrize("spoilt", _SPOILT)
@rule(
    "registry.replication-limits",
    level=MUST,
    operations=["PutReplicationConfiguration"],
    services=["ecr"],
    evidence=[
        model("ReplicationRuleList", "max 25"),
        model("RepositoryFilterList, ReplicationDestinationList", "max 100"),
        documented(
            "RepositoryFilter.filterType",
            "The only supported value is PREFIX_MATCH, which is a repository name prefix specified "
            "with the filter parameter.",
        ),
        documented(
            "RepositoryFilter.filter",
            "When the PREFIX_MATCH filter type is specified, this value is required and should be "
            "the repository name prefix to configure replication for.",
        ),
    ],
)
def test_a_configuration_beyond_a_limit_is_refused(
    registry: Registry, settings: None, spoilt: str
) -> None:
    """More than 25 rules, 100 filters or 100 destinations, or an odd filter, are refused."""
    good = _rule(registry)
    registry.given("PutReplicationConfiguration", **_configuration(good))
    codes = MALFORMED | invalid_codes(registry, "PutReplicationConfiguration")
    bad = _configuration(*_SPOILT[spoilt](good))
    registry.refused("PutReplicationConfiguration", codes, **bad)
