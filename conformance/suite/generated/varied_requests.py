"""For every operation a request that the target takes, to be varied in one point after another.

Most come from the walk; the others concern what is set for a whole registry, or need what the walk
does not make.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from conformance.suite.owner import owner_of
from conformance.suite.registry import Registry
from conformance.suite.topics.backfills import begin, configured, destination
from conformance.suite.topics.policies import replication_permission
from conformance.suite.topics.registry_rules import replication_rule, scanning_rule, signing_rule
from conformance.suite.twins import valid_request

Request = dict[str, Any]


def request_to_vary(registry: Registry, operation: str) -> Request:
    """A request that the target has just taken; else the check is untestable."""
    make = BESIDE_THE_WALK.get(operation)
    request = valid_request(registry, operation) if make is None else make(registry)
    registry.given(operation, **request)
    return request


def _exclusion(registry: Registry) -> Request:
    owner = owner_of(registry)
    return {"principalArn": owner.arn("iam", f"role/{registry.name_prefix}", regional=False)}


def _registered_exclusion(registry: Registry) -> Request:
    request = _exclusion(registry)
    registry.given("RegisterPullTimeUpdateExclusion", **request)
    return request


def _account_setting(registry: Registry) -> Request:
    """The setting that there is already."""
    name = {"name": "BASIC_SCAN_TYPE_VERSION"}
    return {**name, "value": registry.given("GetAccountSetting", **name).get("value", "")}


def _registry_policy(registry: Registry) -> Request:
    return {"policyText": replication_permission(registry.name_prefix, owner_of(registry))}


def _kept_registry_policy(registry: Registry) -> Request:
    registry.given("PutRegistryPolicy", **_registry_policy(registry))
    return {}


def _scanning(registry: Registry) -> Request:
    return {"scanType": "BASIC", "rules": [scanning_rule(f"{registry.name_prefix}*")]}


def _replication(registry: Registry) -> Request:
    rule = replication_rule([destination(owner_of(registry))], f"{registry.name_prefix}-copied")
    return {"replicationConfiguration": {"rules": [rule]}}


def _signing(registry: Registry) -> Request:
    return {"signingConfiguration": {"rules": [signing_rule(registry)]}}


def _kept_signing(registry: Registry) -> Request:
    registry.given("PutSigningConfiguration", **_signing(registry))
    return {}


def _backfill(registry: Registry) -> Request:
    return {"destination": configured(registry)}


def _running_backfill(registry: Registry) -> Request:
    return {"replicationBackfillId": begin(registry, configured(registry))}


def _storage_class(registry: Registry) -> Request:
    image = valid_request(registry, "StartImageScan")
    return {**image, "targetStorageClass": "ARCHIVE"}


def _cache_rule(registry: Registry) -> Request:
    rule = valid_request(registry, "ValidatePullThroughCacheRule")
    role = owner_of(registry).arn("iam", f"role/{registry.name_prefix}", regional=False)
    return {**rule, "customRoleArn": role}


def _display_name(_: Registry) -> Request:
    return {"displayName": "conformance"}


BESIDE_THE_WALK: Mapping[str, Callable[[Registry], Request]] = {
    "DeleteRegistryPolicy": _kept_registry_policy,
    "DeleteSigningConfiguration": _kept_signing,
    "DeregisterPullTimeUpdateExclusion": _registered_exclusion,
    "DescribeReplicationBackfillResults": _running_backfill,
    "GetRegistryPolicy": _kept_registry_policy,
    "GetSigningConfiguration": _kept_signing,
    "PutAccountSetting": _account_setting,
    "PutRegistryCatalogData": _display_name,
    "PutRegistryPolicy": _registry_policy,
    "PutRegistryScanningConfiguration": _scanning,
    "PutReplicationConfiguration": _replication,
    "PutSigningConfiguration": _signing,
    "RegisterPullTimeUpdateExclusion": _exclusion,
    "StartReplicationBackfill": _backfill,
    "StopReplicationBackfill": _running_backfill,
    "UpdateImageStorageClass": _storage_class,
    "UpdatePullThroughCacheRule": _cache_rule,
}
"""How to arrange and make a request of each operation that the walk does not go through."""

NEED_SETTINGS = frozenset(BESIDE_THE_WALK) - {
    "DeregisterPullTimeUpdateExclusion",
    "RegisterPullTimeUpdateExclusion",
    "UpdateImageStorageClass",
    "UpdatePullThroughCacheRule",
}
"""The operations whose requests change what is set for the whole registry, or need that changed."""
