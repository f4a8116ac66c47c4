"""A replication backfill of some images, and what became of each of them.

The account to which they are replicated has given no permission, so nothing is copied and left
behind, wherever that matters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conformance.suite.answers import objects, structure
from conformance.suite.artifacts import docker_image
from conformance.suite.owner import owner_of
from conformance.suite.registry import Registry
from conformance.suite.steps import MAX_PAGES, create_repository, push_with_layers
from conformance.suite.topics.backfills import (
    DESCRIBE,
    begin,
    completed,
    configure,
    strange_destination,
)
from conformance.suite.topics.image_answers import settled

TAGS = ("v1", "v2", "latest")
"""The tags of the images that are replicated; the first two are one image's."""

Result = dict[str, Any]


def begun(registry: Registry) -> str:
    """Push two images, one of them with two tags, and replicate them; gives the backfill's id.

    Two more are in a repository that the replication rule does not match.
    """
    for suffix in ("-copied", "-not"):
        repository = create_repository(registry, suffix)
        for name, *tags in (TAGS[:2], TAGS[2:]):
            manifest = docker_image(f"{registry.content_seed} {suffix} {name}")
            push_with_layers(registry, repository, manifest, name, *tags)
        settled(registry, repository, *TAGS)
    wanted = strange_destination(owner_of(registry))
    configure(registry, wanted, prefix=copied(registry))
    return begin(registry, wanted)


def copied(registry: Registry) -> str:
    """The name of the repository that is replicated."""
    return f"{registry.name_prefix}-copied"


def complete(registry: Registry) -> str:
    """A backfill of some images that is complete."""
    backfill = begun(registry)
    completed(registry, backfill)
    return backfill


def result_pages(registry: Registry, backfill: str, **more: Any) -> list[list[Result]]:
    """The results on each page, as far as tokens lead."""
    pages: list[list[Result]] = []
    asked = {"replicationBackfillId": backfill, **more}
    while len(pages) < MAX_PAGES:
        answer = registry.call(DESCRIBE, **asked)
        pages.append(objects(answer, "results"))
        if not answer.get("nextToken"):
            return pages
        asked["nextToken"] = answer["nextToken"]
    raise AssertionError(f"{DESCRIBE}: still a nextToken after {MAX_PAGES} pages")


def results_of(registry: Registry, backfill: str, **more: Any) -> list[Result]:
    """The results of all pages."""
    return [each for page in result_pages(registry, backfill, **more) for each in page]


def keys(results: Sequence[Result]) -> list[str]:
    """What tells results apart: repository, digest and tag."""
    return sorted(map(_key, results))


def _key(result: Result) -> str:
    image = structure(result, "imageId")
    return f"{result.get('repositoryName')} {image.get('imageDigest')} {image.get('imageTag')}"
