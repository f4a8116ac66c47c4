"""What a run in somebody's account may not do: it accuses nobody, and says what is missing."""

from __future__ import annotations

import re

from conformance.targets import Target
from conformance.transport.error_answers import ErrorAnswer

_ACTION = re.compile(r"not authorized to perform: (?P<action>[a-z0-9-]+:[A-Za-z]+)")
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html"""

ACCESS_DENIED = "AccessDeniedException"

REGISTRY_WIDE = frozenset(
    {
        "CreatePullThroughCacheRule",
        "CreateRepositoryCreationTemplate",
        "DeletePullThroughCacheRule",
        "DeleteRegistryPolicy",
        "DeleteRepositoryCreationTemplate",
        "DeleteSigningConfiguration",
        "DeregisterPullTimeUpdateExclusion",
        "PutAccountSetting",
        "PutRegistryCatalogData",
        "PutRegistryPolicy",
        "PutRegistryScanningConfiguration",
        "PutReplicationConfiguration",
        "PutSigningConfiguration",
        "RegisterPullTimeUpdateExclusion",
        "StartReplicationBackfill",
        "StopReplicationBackfill",
        "UpdatePullThroughCacheRule",
        "UpdateRepositoryCreationTemplate",
    }
)
"""The operations that change what holds for more than the repositories of the run."""


def left_alone(target: Target) -> frozenset[str]:
    """The operations that nobody has given leave to perform on a target."""
    return frozenset() if target.registry_changes else REGISTRY_WIDE


LEFT_ALONE = "it changes the settings of a whole registry, which takes --allow-registry-changes"


def missing_action(error: ErrorAnswer | None, service: str, operation: str) -> str | None:
    """The IAM action, such as ``ecr:PutImage``, for which permission is missing.

    ``None`` where an error says something else.
    """
    if error is None or error.code != ACCESS_DENIED:
        return None
    named = _ACTION.search(error.message)
    return named["action"] if named else f"{service}:{operation}"
