"""Whether a repository's tags can be moved: its setting, the filters beside it, and trying it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.suite.answers import objects, text
from conformance.suite.artifacts import docker_image
from conformance.suite.registry import Registry
from conformance.suite.steps import create_repository, push_with_layers
from conformance.suite.topics.image_answers import settled, upload_all
from conformance.suite.topics.repository_answers import described_repositories

MODES = ("MUTABLE", "IMMUTABLE", "MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION")
EXCLUDING = ("MUTABLE_WITH_EXCLUSION", "IMMUTABLE_WITH_EXCLUSION")

TAG_EXISTS = "ImageTagAlreadyExistsException"
"""What ECR answers to a push that would move a tag that is not to be moved."""


def filters(*patterns: str) -> list[dict[str, str]]:
    """Exclusion filters as requests and answers have them."""
    return [{"filterType": "WILDCARD", "filter": pattern} for pattern in patterns]


def setting(mode: str, *patterns: str) -> dict[str, Any]:
    """The members of a request that ask for a mode and, where there are any, for filters."""
    given = {"imageTagMutabilityExclusionFilters": filters(*patterns)} if patterns else {}
    return {"imageTagMutability": mode, **given}


def mode_setting(mode: str) -> dict[str, Any]:
    """A valid setting of a mode, with filters where the mode goes with some."""
    return setting(mode, *(("latest", "dev-*") if mode in EXCLUDING else ()))


def require_setting(answer: Mapping[str, Any], wanted: Mapping[str, Any], said: str) -> None:
    """Require that an answer has this mutability and these filters; ``said`` is where it stands."""
    mode, found = wanted["imageTagMutability"], answer.get("imageTagMutability")
    assert found == mode, f"{said}: imageTagMutability is {found}, not {mode}"
    patterns, kept = _patterns(wanted), _patterns(answer)
    assert kept == patterns, f"{said}: the exclusion filters are {kept}, not {patterns}"


def _patterns(settings: Mapping[str, Any]) -> list[str]:
    listed = objects(settings, "imageTagMutabilityExclusionFilters")
    return sorted(f"{text(each, 'filterType')} {text(each, 'filter')}" for each in listed)


def require_described(registry: Registry, repository: str, wanted: Mapping[str, Any]) -> None:
    """Require that DescribeRepositories comes to show this mutability."""
    registry.eventually(lambda: _require_described_now(registry, repository, wanted))


def settle(registry: Registry, repository: str, wanted: Mapping[str, Any]) -> None:
    """Give up, ``Untestable``, unless the repository comes to be described with this mutability."""
    registry.settle(
        "DescribeRepositories", lambda: _require_described_now(registry, repository, wanted)
    )


def _require_described_now(registry: Registry, repository: str, wanted: Mapping[str, Any]) -> None:
    for each in described_repositories(registry, repository) or [{}]:
        require_setting(each, wanted, "DescribeRepositories")


def made_with(registry: Registry, wanted: dict[str, Any]) -> str:
    """A new repository with some mutability; ``Untestable`` where it is described otherwise."""
    repository = create_repository(registry, **wanted)
    settle(registry, repository, wanted)
    return repository


def asks_to_move(registry: Registry, repository: str, tag: str) -> tuple[dict[str, Any], str]:
    """Push an image under a tag; gives the request to put another under it, and its digest now.

    The other image is not there yet, but its layers are.
    """
    first, second = (docker_image(f"{registry.content_seed} {name}") for name in ("one", "two"))
    push_with_layers(registry, repository, first, tag)
    upload_all(registry, repository, second.blobs)
    request = {
        "repositoryName": repository,
        "imageManifest": second.text,
        "imageManifestMediaType": second.media_type,
        "imageTag": tag,
    }
    return request, settled(registry, repository, tag)[tag]
