"""The rules that a registry is configured with, as requests put them: about what, to do what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from conformance.suite.owner import owner_of
from conformance.suite.registry import Registry


def scanning_rule(*filters: str) -> dict[str, Any]:
    """What matches a filter is scanned on push."""
    wanted = [{"filter": each, "filterType": "WILDCARD"} for each in filters]
    return {"scanFrequency": "SCAN_ON_PUSH", "repositoryFilters": wanted}


def replication_rule(destinations: Iterable[Mapping[str, str]], *prefixes: str) -> dict[str, Any]:
    """Repositories whose names begin with a prefix are replicated to some destinations."""
    wanted = [{"filter": each, "filterType": "PREFIX_MATCH"} for each in prefixes]
    return {"destinations": list(destinations), "repositoryFilters": wanted}


def signing_rule(registry: Registry, pattern: str = "") -> dict[str, Any]:
    """Images are signed by a profile of the owner; ``pattern`` has to be some of this scenario."""
    profile = "conformance_" + registry.name_prefix.replace("-", "_")
    wanted = {"filter": pattern or f"{registry.name_prefix}-*", "filterType": "WILDCARD_MATCH"}
    return {
        "signingProfileArn": owner_of(registry).arn("signer", f"/signing-profiles/{profile}"),
        "repositoryFilters": [wanted],
    }
