"""Tag mutability: its four modes, exclusion filters, and what they make of pushes."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.suite.answers import describe
from conformance.suite.evidence import documented, unverified
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import listed
from conformance.suite.topics.mutability import (
    TAG_EXISTS,
    asks_to_move,
    made_with,
    setting,
    settle,
)
from conformance.suite.verdicts import INFO, MUST

_IMMUTABLE = documented(
    "PutImageTagMutability.imageTagMutability",
    "If IMMUTABLE is specified, all image tags within the repository will be immutable which will "
    "prevent them from being overwritten.",
)
_MUTABLE = documented(
    "PutImageTagMutability.imageTagMutability",
    "If MUTABLE is specified, image tags can be overwritten.",
)
_TAG_EXISTS = documented(
    "PutImage.ImageTagAlreadyExistsException",
    "The specified image is tagged with a tag that already exists. The repository is configured "
    "for tag immutability.",
)
_EXCLUDED = documented(
    "CreateRepository.imageTagMutabilityExclusionFilters",
    "A list of filters that specify which image tags should be excluded from the repository's "
    "image tag mutability setting.",
)
_CDK = "https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_ecr.TagMutability.html"
_IMMUTABLE_WITH = documented(
    "TagMutability.IMMUTABLE_WITH_EXCLUSION",
    "all image tags within the repository will be immutable, while allowing you to define some "
    "filters for tags that can be changed.",
    url=_CDK,
)
_MUTABLE_WITH = documented(
    "TagMutability.MUTABLE_WITH_EXCLUSION",
    "allow image tags to be overwritten while allowing you to define some filters for tags that "
    "should remain unchanged.",
    url=_CDK,
)
_MATCHES = {
    "exact": ("latest", "latest"),
    "prefix": ("dev-*", "dev-1.2"),
    "suffix": ("*-dev", "1.2-dev"),
    "middle": ("v*-dev", "v1.2-dev"),
    "twice": ("*-dev-*", "1.2-dev-3"),
    "last-of-five": ("dev-*", "dev-1.2"),
}
"""Filters, each with a tag that it matches."""

_OTHERS = ("a-*", "b-*", "c-*", "d-*")


def _patterns(kind: str) -> tuple[str, ...]:
    return (*(_OTHERS if kind == "last-of-five" else ()), _MATCHES[kind][0])


def _put(registry: Registry, repository: str, wanted: dict[str, Any]) -> None:
    """Set a repository's mutability; ``Untestable`` where it is described otherwise."""
    registry.given("PutImageTagMutability", repositoryName=repository, **wanted)
    settle(registry, repository, wanted)


def _moves(registry: Registry, repository: str, tag: str) -> None:
    """Require that a tag moves from one image to another."""
    request, old = asks_to_move(registry, repository, tag)
    registry.call("PutImage", **request)

    def moved() -> None:
        under = _under(registry, repository, tag)
        assert under, f"the tag {tag} was put on another image, but is on none"
        assert old not in under, f"the tag {tag} was put on another image, but is on the first"

    registry.eventually(moved)


def _stays(registry: Registry, repository: str, tag: str) -> None:
    """Require that a tag is not moved from one image to another."""
    request, old = asks_to_move(registry, repository, tag)
    _refuses(registry, request, old)


def _refuses(registry: Registry, request: dict[str, Any], old: str) -> None:
    """Require that a request to move a tag is refused, and leaves it.

    That ``ImageTagAlreadyExistsException`` is the right one of the two errors, another rule says.
    """
    tag, repository = request["imageTag"], request["repositoryName"]
    registry.refused("PutImage", {TAG_EXISTS, "ImageAlreadyExistsException"}, **request)

    def stays() -> None:
        under = _under(registry, repository, tag)
        assert under == {old}, f"putting the tag {tag} on another image was refused, yet it moved"

    registry.eventually(stays)


def _under(registry: Registry, repository: str, tag: str) -> set[str]:
    """The digests of the images that a tag is on."""
    return {entry.digest for entry in listed(registry, repository) if entry.tag == tag}


@rule(
    "repositories.put-immutable-takes-effect",
    level=MUST,
    operations=["PutImage"],
    services=["ecr"],
    evidence=[_IMMUTABLE, _TAG_EXISTS],
)
def test_tags_become_immutable(registry: Registry, repository: str) -> None:
    """In a repository that PutImageTagMutability has made IMMUTABLE, a tag is not moved."""
    _put(registry, repository, setting("IMMUTABLE"))
    _stays(registry, repository, "latest")


@rule(
    "repositories.put-immutable-covers-old-tags",
    level=MUST,
    operations=["PutImage"],
    services=["ecr"],
    evidence=[_IMMUTABLE, _TAG_EXISTS],
)
def test_tags_that_were_there_become_immutable(registry: Registry, repository: str) -> None:
    """A tag that was there before its repository was made IMMUTABLE is not moved either."""
    request, old = asks_to_move(registry, repository, "latest")
    _put(registry, repository, setting("IMMUTABLE"))
    _refuses(registry, request, old)


@rule(
    "repositories.put-immutable-covers-excluded-tags",
    level=MUST,
    operations=["PutImage"],
    services=["ecr"],
    evidence=[_IMMUTABLE, _TAG_EXISTS],
)
def test_formerly_excluded_tags_become_immutable(registry: Registry) -> None:
    """In a repository made IMMUTABLE, a tag that was excluded before is not moved any more."""
    repository = made_with(registry, setting("IMMUTABLE_WITH_EXCLUSION", "latest"))
    _put(registry, repository, setting("IMMUTABLE"))
    _stays(registry, repository, "latest")


@rule(
    "repositories.put-mutable-takes-effect",
    level=MUST,
    operations=["PutImage"],
    services=["ecr"],
    evidence=[_MUTABLE],
)
def test_tags_become_mutable(registry: Registry) -> None:
    """In a repository that PutImageTagMutability has made MUTABLE, a tag moves."""
    repository = made_with(registry, setting("IMMUTABLE"))
    _put(registry, repository, setting("MUTABLE"))
    _moves(registry, repository, "latest")


@pytest.mark.parametrize("kind", _MATCHES)
@rule(
    "repositories.excluded-tag-moves",
    level=MUST,
    operations=["PutImage"],
    services=["ecr"],
    evidence=[_EXCLUDED, _IMMUTABLE_WITH],
)
def test_an_excluded_tag_moves(registry: Registry, kind: str) -> None:
    """With IMMUTABLE_WITH_EXCLUSION, a tag that matches a filter moves to another image."""
    repository = made_with(registry, setting("IMMUTABLE_WITH_EXCLUSION", *_patterns(kind)))
    _moves(registry, repository, _MATCHES[kind][1])


@rule(
    "repositories.not-excluded-tag-stays",
    level=MUST,
    operations=["PutImage"],
    services=["ecr"],
    evidence=[_EXCLUDED, _IMMUTABLE_WITH, _TAG_EXISTS],
)
def test_a_tag_that_is_not_excluded_stays(registry: Registry) -> None:
    """With IMMUTABLE_WITH_EXCLUSION, a tag that matches no filter is not moved."""
    repository = made_with(registry, setting("IMMUTABLE_WITH_EXCLUSION", "latest", "dev-*"))
    _stays(registry, repository, "release")


@pytest.mark.parametrize("kind", _MATCHES)
@rule(
    "repositories.excluded-tag-stays",
    level=MUST,
    operations=["PutImage"],
    services=["ecr"],
    evidence=[_EXCLUDED, _MUTABLE_WITH, _TAG_EXISTS],
)
def test_an_excluded_tag_stays(registry: Registry, kind: str) -> None:
    """With MUTABLE_WITH_EXCLUSION, a tag that matches a filter is not moved."""
    repository = made_with(registry, setting("MUTABLE_WITH_EXCLUSION", *_patterns(kind)))
    _stays(registry, repository, _MATCHES[kind][1])


@rule(
    "repositories.not-excluded-tag-moves",
    level=MUST,
    operations=["PutImage"],
    services=["ecr"],
    evidence=[_EXCLUDED, _MUTABLE_WITH],
)
def test_a_tag_that_is_not_excluded_moves(registry: Registry) -> None:
    """With MUTABLE_WITH_EXCLUSION, a tag that matches no filter moves to another image."""
    repository = made_with(registry, setting("MUTABLE_WITH_EXCLUSION", "latest", "dev-*"))
    _moves(registry, repository, "release")


_UNCLEAR = {
    "word-within": ("dev", "dev-1"),
    "not-at-the-start": ("dev-*", "my-dev-1"),
    "nothing-for-the-wildcard": ("dev-*", "dev-"),
    "other-case": ("dev-*", "DEV-1"),
}


@pytest.mark.parametrize("kind", _UNCLEAR)
@rule(
    "repositories.what-filters-match",
    level=INFO,
    operations=["PutImage"],
    services=["ecr"],
    evidence=[
        unverified(
            "ImageTagMutabilityExclusionFilter.filter",
            "Does a filter match the whole tag, in any case, and its wildcard nothing at all?",
        )
    ],
)
def test_what_a_filter_matches(registry: Registry, observe: list[str], kind: str) -> None:
    """A filter matches a part of a tag or the whole, and the wildcard nothing or something."""
    pattern, tag = _UNCLEAR[kind]
    repository = made_with(registry, setting("IMMUTABLE_WITH_EXCLUSION", pattern))
    request, _ = asks_to_move(registry, repository, tag)
    response = registry.send("PutImage", request)
    observe.append(f"filter {pattern}, tag {tag} moved: {describe(response)}")
