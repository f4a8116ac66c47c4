"""Repositories that are deleted and made again: nothing of the old one is left."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.suite.evidence import documented
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import create_repository
from conformance.suite.topics.repository_answers import require_gone, settings_of, settle_settings
from conformance.suite.verdicts import MUST

_DELETES = documented("DeleteRepository", "Deletes a repository.")
_CHANGED: dict[str, dict[str, Any]] = {
    "mutability": {"imageTagMutability": "IMMUTABLE"},
    "scanning": {"imageScanningConfiguration": {"scanOnPush": True}},
}


@pytest.mark.parametrize("kind", _CHANGED)
@rule(
    "repositories.made-again-with-defaults",
    level=MUST,
    operations=["DeleteRepository"],
    services=["ecr"],
    evidence=[
        _DELETES,
        documented(
            "CreateRepository.imageTagMutability",
            "If this parameter is omitted, the default setting of MUTABLE will be used which will "
            "allow image tags to be overwritten.",
        ),
        documented(
            "ImageScanningConfiguration.scanOnPush",
            "If this parameter is not specified, it will default to false and images will not be "
            "scanned unless a scan is manually started",
        ),
    ],
)
def test_a_repository_made_again_has_the_defaults(registry: Registry, kind: str) -> None:
    """A repository that was deleted and made again has none of its old settings."""
    fresh = create_repository(registry, "-fresh")
    if settings_of(registry, fresh, _CHANGED[kind]) == _CHANGED[kind]:
        raise Untestable("CreateRepository", f"any new repository has {_CHANGED[kind]}")
    repository = create_repository(registry, **_CHANGED[kind])
    settle_settings(registry, repository, _CHANGED[kind])
    _delete(registry, repository)
    create_repository(registry)

    def observe() -> None:
        found = settings_of(registry, repository, _CHANGED[kind])
        assert found != _CHANGED[kind], f"made again without settings, the repository has {found}"

    registry.eventually(observe)


def _delete(registry: Registry, repository: str) -> None:
    registry.call("DeleteRepository", repositoryName=repository)
    require_gone(registry, repository)
