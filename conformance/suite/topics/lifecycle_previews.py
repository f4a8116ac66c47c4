"""Previews of lifecycle policies: images to be expired, waiting for a preview, its results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.suite.answers import objects, structure, text
from conformance.suite.artifacts import Manifest, oci_image
from conformance.suite.clock import clock
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.steps import ImageEntry, create_repository, described, listed, pages, push
from conformance.suite.topics.image_answers import shown, upload_all
from conformance.suite.topics.lifecycle_policies import (
    GET_PREVIEW,
    START_PREVIEW,
    PolicyRule,
    policy_text,
)

COMPLETE = "COMPLETE"
IN_PROGRESS = "IN_PROGRESS"

_PATIENCE = 30.0
"""Seconds that a preview of a handful of images gets. AWS promises none."""

_A_SECOND_AT_MOST = 5.0
"""Seconds until the target's clock has shown another second, whatever it runs like."""


@dataclass(frozen=True, slots=True)
class Stock:
    """Images that were pushed into a repository, in this order: their digests, as it calls them."""

    repository: str
    digests: tuple[str, ...]


def push_images(
    registry: Registry, *tags_of_each: Sequence[str], before: Stock | None = None
) -> Stock:
    """Push an image for each of these lists of tags, into a new repository or after others.

    The images differ in an annotation and share their layers. ``Untestable`` unless the repository
    comes to list them all.
    """
    repository = create_repository(registry) if before is None else before.repository
    digests = () if before is None else before.digests
    manifests = [_image(registry, len(digests) + count) for count in range(len(tags_of_each))]
    if before is None:
        upload_all(registry, repository, manifests[0].blobs)
    found = [
        _pushed(registry, repository, manifest, tags)
        for manifest, tags in zip(manifests, tags_of_each, strict=True)
    ]
    _settle(registry, repository, found, tags_of_each)
    return Stock(repository, (*digests, *found))


def _image(registry: Registry, number: int) -> Manifest:
    return oci_image(registry.content_seed, {"number": str(number)})


def _pushed(registry: Registry, repository: str, manifest: Manifest, tags: Sequence[str]) -> str:
    """Push an image under some tags or none; gives the digest that the target gave it."""
    digest = None
    for tag in tags or (None,):
        image = push(registry, repository, manifest, tag)
        digest = text(structure(image, "imageId"), "imageDigest")
    if digest is None:
        raise Untestable("PutImage", "the answer does not name the image's digest")
    return digest


def _settle(
    registry: Registry, repository: str, digests: Sequence[str], tags_of_each: Sequence[Any]
) -> None:
    wanted = {
        ImageEntry(digest, tag)
        for digest, tags in zip(digests, tags_of_each, strict=True)
        for tag in tags or (None,)
    }

    def observe() -> None:
        found = listed(registry, repository)
        assert wanted <= found, f"{shown(wanted)} was pushed, {shown(found)} is listed"

    registry.settle("PutImage", observe)


def push_later(registry: Registry, stock: Stock, *tags_of_each: Sequence[str]) -> Stock:
    """Push more images, once the target's clock shows a later second than theirs.

    ``Untestable`` unless each of them is said to have been pushed later than each one before.
    """
    _let_a_second_pass(registry, stock)
    both = push_images(registry, *tags_of_each, before=stock)
    times = pushed_times(registry, both)
    count = len(stock.digests)
    if max(times[:count]) >= min(times[count:]):
        raise Untestable("PutImage", "images have the same imagePushedAt a second later")
    return both


def _let_a_second_pass(registry: Registry, stock: Stock) -> None:
    last = max(pushed_times(registry, stock))
    for _ in registry.attempts(_A_SECOND_AT_MOST):
        described(registry, stock.repository)
        if int(clock(registry)) > last:
            return


def pushed_times(registry: Registry, stock: Stock) -> list[float]:
    """The ``imagePushedAt`` of each image; ``Untestable`` where one has none."""

    def observe() -> list[float]:
        by_digest = details(registry, stock.repository)
        found = [by_digest.get(digest, {}).get("imagePushedAt") for digest in stock.digests]
        times = [float(each) for each in found if isinstance(each, (int, float))]
        assert len(times) == len(found), "an image has no imagePushedAt"
        return times

    return registry.settle("DescribeImages", observe)


def details(registry: Registry, repository: str) -> dict[str | None, dict[str, Any]]:
    """What ``DescribeImages`` says of each image, by digest."""
    return {text(each, "imageDigest"): each for each in described(registry, repository)}


def start_preview(registry: Registry, repository: str, *rules: PolicyRule) -> None:
    """Begin a preview of a policy, or without rules of the one that the repository has."""
    more = {"lifecyclePolicyText": policy_text(*rules)} if rules else {}
    registry.given(START_PREVIEW, repositoryName=repository, **more)


def completed(registry: Registry, repository: str) -> dict[str, Any]:
    """Wait for the preview; gives the answer that has its results.

    ``Untestable`` unless it becomes complete.
    """
    for _ in registry.attempts(_PATIENCE):
        answer = registry.given(GET_PREVIEW, repositoryName=repository)
        if answer.get("status") != IN_PROGRESS:
            break
    if answer.get("status") != COMPLETE:
        raise Untestable(GET_PREVIEW, f"the preview is {answer.get('status')!r}, not complete")
    return answer


def preview(registry: Registry, repository: str, *rules: PolicyRule) -> dict[str, Any]:
    """Begin a preview and wait for it; gives the answer that has its results."""
    start_preview(registry, repository, *rules)
    return completed(registry, repository)


def results(registry: Registry, repository: str, **parameters: Any) -> list[dict[str, Any]]:
    """The ``previewResults`` of all pages of a preview that is complete."""
    return [
        result
        for page in pages(registry, GET_PREVIEW, repositoryName=repository, **parameters)
        for result in objects(page, "previewResults")
    ]


def digests_of(found: Sequence[Mapping[str, Any]]) -> list[str]:
    """The digests of some results, sorted."""
    return sorted(text(each, "imageDigest") or "no digest" for each in found)


def priority_of(result: Mapping[str, Any]) -> int | None:
    """The priority of the rule that decided about a result's image; ``None`` if it has none."""
    found = result.get("appliedRulePriority")
    return found if isinstance(found, int) else None


def applied(found: Sequence[Mapping[str, Any]]) -> dict[str | None, int | None]:
    """The priority of the rule that decided about each image, by its digest."""
    return {text(each, "imageDigest"): priority_of(each) for each in found}
