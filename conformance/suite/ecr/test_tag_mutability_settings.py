"""Tag mutability as a setting: its four modes and exclusion filters, answered and described."""

from __future__ import annotations

import pytest

from conformance.suite.answers import structure
from conformance.suite.evidence import documented
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import create_repository
from conformance.suite.topics.mutability import (
    EXCLUDING,
    MODES,
    made_with,
    mode_setting,
    require_described,
    require_setting,
    setting,
)
from conformance.suite.verdicts import MUST

_CREATED = documented(
    "Repository.imageTagMutabilityExclusionFilters",
    "A list of filters that specify which image tags are excluded from the repository's image tag "
    "mutability setting.",
)
_MODE = documented(
    "Repository.imageTagMutability", "The tag mutability setting for the repository."
)
_UPDATES = documented(
    "PutImageTagMutability",
    "Updates the image tag mutability settings for the specified repository.",
)
_PUT_ANSWERS = documented(
    "PutImageTagMutability.imageTagMutability",
    "The image tag mutability setting for the repository.",
)
_PUT_FILTERS = documented(
    "PutImageTagMutability.imageTagMutabilityExclusionFilters",
    "The list of filters that specify which image tags are excluded from the repository's image "
    "tag mutability setting.",
)


@pytest.mark.parametrize("mode", EXCLUDING)
@rule(
    "repositories.exclusions-kept",
    level=MUST,
    operations=["CreateRepository"],
    services=["ecr"],
    evidence=[_CREATED, _MODE],
)
def test_exclusion_filters_are_kept(registry: Registry, mode: str) -> None:
    """CreateRepository answers with the exclusion filters, and the mode, that were asked for."""
    wanted = mode_setting(mode)
    answer = registry.call("CreateRepository", repositoryName=registry.name_prefix, **wanted)
    require_setting(structure(answer, "repository"), wanted, "CreateRepository")


@pytest.mark.parametrize("mode", EXCLUDING)
@rule(
    "repositories.exclusions-described",
    level=MUST,
    operations=["DescribeRepositories"],
    services=["ecr"],
    evidence=[_CREATED, _MODE],
)
def test_exclusion_filters_are_described(registry: Registry, mode: str) -> None:
    """DescribeRepositories gives the exclusion filters, and the mode, of a repository."""
    repository = create_repository(registry, **mode_setting(mode))
    require_described(registry, repository, mode_setting(mode))


@pytest.mark.parametrize("mode", MODES)
@rule(
    "repositories.put-mutability-answers",
    level=MUST,
    operations=["PutImageTagMutability"],
    services=["ecr"],
    evidence=[_PUT_ANSWERS, _PUT_FILTERS],
)
def test_put_image_tag_mutability_answers_with_the_setting(
    registry: Registry, repository: str, mode: str
) -> None:
    """PutImageTagMutability answers with the mode and the exclusion filters that it set."""
    wanted = mode_setting(mode)
    answer = registry.call("PutImageTagMutability", repositoryName=repository, **wanted)
    require_setting(answer, wanted, "PutImageTagMutability")


@pytest.mark.parametrize("mode", MODES)
@rule(
    "repositories.put-mutability-described",
    level=MUST,
    operations=["PutImageTagMutability"],
    services=["ecr"],
    evidence=[_UPDATES, _CREATED],
)
def test_a_changed_mutability_is_described(registry: Registry, mode: str) -> None:
    """A repository whose mutability was changed is described with the new mode and filters."""
    before = setting("IMMUTABLE" if mode == "MUTABLE" else "MUTABLE")
    repository = made_with(registry, before)
    registry.call("PutImageTagMutability", repositoryName=repository, **mode_setting(mode))
    require_described(registry, repository, mode_setting(mode))


@pytest.mark.parametrize("kind", ["others", "none"])
@rule(
    "repositories.put-mutability-replaces-exclusions",
    level=MUST,
    operations=["PutImageTagMutability"],
    services=["ecr"],
    evidence=[
        _UPDATES,
        documented(
            "PutImageTagMutability.imageTagMutabilityExclusionFilters",
            "A list of filters that specify which image tags should be excluded from the image tag "
            "mutability setting being applied.",
        ),
    ],
)
def test_new_exclusion_filters_replace_the_old(registry: Registry, kind: str) -> None:
    """PutImageTagMutability takes the filters away that were there before."""
    repository = made_with(registry, setting("IMMUTABLE_WITH_EXCLUSION", "latest", "dev-*"))
    others = setting("IMMUTABLE_WITH_EXCLUSION", "test-*")
    wanted = others if kind == "others" else setting("IMMUTABLE")
    registry.call("PutImageTagMutability", repositoryName=repository, **wanted)
    require_described(registry, repository, wanted)


@rule(
    "repositories.put-mutability-of-one-repository",
    level=MUST,
    operations=["PutImageTagMutability"],
    services=["ecr"],
    evidence=[_UPDATES],
)
def test_mutability_is_of_one_repository(registry: Registry) -> None:
    """PutImageTagMutability of one repository leaves that of another as it was."""
    wanted = setting("IMMUTABLE_WITH_EXCLUSION", "latest")
    first = made_with(registry, wanted)
    second = create_repository(registry, "/second", **wanted)
    registry.call("PutImageTagMutability", repositoryName=second, imageTagMutability="MUTABLE")
    require_described(registry, first, wanted)
