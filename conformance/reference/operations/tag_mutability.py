"""Tag mutability: whether a tag that is on one image may be put on another.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from conformance.reference.call import Call, Outcome, Parameters, existing, named
from conformance.reference.operations.wildcards import fits
from conformance.reference.refusal import Refusal, invalid
from conformance.reference.state import Registry, Settings

_MAXIMUM_WILDCARDS = 2


def put_image_tag_mutability(registry: Registry, given: Parameters, call: Call) -> Outcome:
    """Set a repository's mutability and filters anew; tags that are there stay where they are.

    "Updates the image tag mutability settings for the specified repository"
    (API_PutImageTagMutability). Filters that are not given again are gone: they belong to the
    "setting being applied".
    """
    repository = existing(registry, given["repositoryName"], call)
    settings = replace(
        repository.settings,
        mutability=given["imageTagMutability"],
        exclusions=exclusions_of(given),
    )
    answer = {**named(repository, call), **shown_mutability(settings)}
    return registry.having(replace(repository, settings=settings)), answer


def tag_is_immutable(settings: Settings, tag: str) -> bool:
    """Whether an existing tag may not be moved.

    "A list of filters that specify which image tags should be excluded from the repository's image
    tag mutability setting" (API_CreateRepository): for them the opposite holds.
    """
    excluded = any(fits(pattern, tag) for pattern in settings.exclusions)
    return settings.mutability.startswith("IMMUTABLE") != excluded


def exclusions_of(given: Parameters) -> tuple[str, ...]:
    """The filters of a request, each a pattern. Raises ``InvalidParameterException``.

    They go with a setting WITH_EXCLUSION, and with no other; a pattern has at most two wildcards
    (https://github.com/hashicorp/terraform-provider-aws/pull/43642). The texts are not public but
    for one: https://github.com/aws/aws-cdk/pull/35246.
    """
    mutability = given.get("imageTagMutability", "MUTABLE")
    filters = given.get("imageTagMutabilityExclusionFilters")
    _require_fitting(mutability, filters)
    patterns = tuple(each["filter"] for each in filters or ())
    if any(pattern.count("*") > _MAXIMUM_WILDCARDS for pattern in patterns):
        raise _bad_exclusions(f"A filter has at most {_MAXIMUM_WILDCARDS} wildcards")
    return patterns


def shown_mutability(settings: Settings) -> dict[str, Any]:
    """Mutability and filters as answers have them; without filters the list is absent.

    AWS's example: https://github.com/aws/aws-cli/blob/develop/awscli/examples/ecr/
    put-image-tag-mutability.rst
    """
    filters = [{"filterType": "WILDCARD", "filter": each} for each in settings.exclusions]
    return {
        "imageTagMutability": settings.mutability,
        **({"imageTagMutabilityExclusionFilters": filters} if filters else {}),
    }


def _require_fitting(mutability: str, filters: Sequence[object] | None) -> None:
    wanted = mutability.endswith("_WITH_EXCLUSION")
    if wanted and filters is None:
        raise _bad_exclusions(
            "ImageTagMutabilityExclusionFilters can't be null when imageTagMutability is set as "
            f"{mutability}"
        )
    if filters is not None and not wanted:
        raise _bad_exclusions(f"Filters cannot be used when imageTagMutability is {mutability}")


def _bad_exclusions(constraint: str) -> Refusal:
    return invalid("imageTagMutabilityExclusionFilters", constraint)
