"""Results of previews of lifecycle policies: what is told of each image, filters and pages."""

from __future__ import annotations

from typing import Any

from conformance.suite.answers import objects, structure, text
from conformance.suite.clock import clock
from conformance.suite.evidence import documented
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import pages, tags_of
from conformance.suite.topics.lifecycle_policies import (
    GET_PREVIEW,
    patterns,
    policy_rule,
)
from conformance.suite.topics.lifecycle_previews import (
    digests_of,
    preview,
    push_images,
    results,
)
from conformance.suite.topics.lifecycle_twins import ANY, ARCHIVE
from conformance.suite.topics.listings import DEFAULT_PAGE, FROM_THE_END, MOST_ON_A_PAGE, THE_REST
from conformance.suite.verdicts import MUST

_MINUTES_APART = 10
"""How far a time may be from the present."""

_RESULTS = documented(
    f"{GET_PREVIEW}.previewResults", "The results of the lifecycle policy preview request."
)
_TARGET = documented(
    "LifecyclePolicyRuleAction.targetStorageClass",
    "The target storage class for the action. This is only present when the type is TRANSITION.",
)
_TRANSITIONING = documented(
    "LifecyclePolicyPreviewSummary.transitioningImageTotalCounts",
    "The total count of images that will be transitioned to each storage class. This field is only "
    "present if at least one image will be transitoned in the summary.",
)


@rule(
    "lifecycle.preview-results",
    level=MUST,
    operations=[GET_PREVIEW],
    services=["ecr"],
    evidence=[
        _RESULTS,
        documented(
            "LifecyclePolicyPreviewResult.imageDigest", "The sha256 digest of the image manifest."
        ),
        documented(
            "LifecyclePolicyPreviewResult.imageTags", "The list of tags associated with this image."
        ),
        documented(
            "LifecyclePolicyPreviewResult.imagePushedAt",
            "The date and time, expressed in standard JavaScript date format, at which the current "
            "image was pushed to the repository.",
        ),
        documented("LifecyclePolicyPreviewResult.action", "The type of action to be taken."),
        documented(
            "LifecyclePolicyPreviewResult.appliedRulePriority", "The priority of the applied rule."
        ),
        documented(
            "LifecyclePolicyPreviewSummary.expiringImageTotalCount",
            "The number of expiring images.",
        ),
        _TARGET,
        _TRANSITIONING,
    ],
)
def test_a_preview_describes_each_image(registry: Registry) -> None:
    """A preview describes each expiring image, tells the rule that expires it, and counts all."""
    pushed: tuple[list[str], ...] = (["one", "two"], ["three"], [])
    stock = push_images(registry, *pushed)
    answer = preview(registry, stock.repository, policy_rule(7, **ANY, countNumber=1))
    found = results(registry, stock.repository)
    assert len(found) == 2, f"of three images one is to be kept, the preview has {len(found)}"
    tags_of_each = dict(zip(stock.digests, pushed, strict=True))
    for result in found:
        tags = tags_of_each.get(text(result, "imageDigest") or "")
        assert tags is not None, "the preview has an image that was not pushed"
        _describes(result, tags, clock(registry))
    summary = structure(answer, "summary")
    count = summary.get("expiringImageTotalCount")
    assert count == len(found), f"the summary counts {count} expiring images of {len(found)}"
    moved = summary.get("transitioningImageTotalCounts")
    assert not moved, f"no image is to be archived, the summary counts {moved!r}"


def _describes(result: dict[str, Any], tags: list[str], now: float) -> None:
    """Require that a result is that of an image pushed just now under these tags."""
    found = sorted(map(str, tags_of(result)))
    assert found == sorted(tags), f"an image with the tags {sorted(tags)} is shown with {found}"
    action = structure(result, "action")
    kind, target = action.get("type"), action.get("targetStorageClass")
    assert kind == "EXPIRE", f"the action of a rule that expires is shown as {kind!r}"
    assert target is None, f"an image that expires has the targetStorageClass {target!r}"
    priority = result.get("appliedRulePriority")
    assert priority == 7, f"the rule has the priority 7, the preview shows {priority!r}"
    at = result.get("imagePushedAt")
    assert isinstance(at, (int, float)), f"imagePushedAt is {at!r}, no time in seconds"
    apart = abs(at - now) / 60
    assert apart <= _MINUTES_APART, f"imagePushedAt of a new image is {apart:.0f} minutes from now"


@rule(
    "lifecycle.preview-transition",
    level=MUST,
    operations=[GET_PREVIEW],
    services=["ecr"],
    evidence=[_RESULTS, _TARGET, _TRANSITIONING],
)
def test_a_preview_shows_what_is_archived(registry: Registry) -> None:
    """A preview of a rule that archives tells so of each image, and counts them by their target."""
    repository = push_images(registry, ["one"], ["two"], []).repository
    answer = preview(registry, repository, policy_rule(**ANY, action=ARCHIVE, countNumber=1))
    actions = [structure(each, "action") for each in results(registry, repository)]
    assert len(actions) == 2, f"of three images one is to be kept, the preview has {len(actions)}"
    for action in actions:
        found = action.get("type"), action.get("targetStorageClass")
        assert found == ("TRANSITION", "ARCHIVE"), (
            f"a rule moves images to the archive, the preview has the action and target {found}"
        )
    totals = objects(structure(answer, "summary"), "transitioningImageTotalCounts")
    counts = [(each.get("targetStorageClass"), each.get("imageTotalCount")) for each in totals]
    assert counts == [("ARCHIVE", 2)], (
        f"two images are to be archived, the summary counts {counts or 'none'}"
    )


def _three(registry: Registry) -> tuple[str, list[dict[str, Any]]]:
    """A repository with the complete preview of a policy, and all its results.

    Two are of tagged images and one of an untagged one; ``Untestable`` where they are not.
    """
    repository = push_images(registry, ["a-1"], ["a-2"], ["a-3"], [], []).repository
    rules = policy_rule(1, **patterns("a-*"), countNumber=1), policy_rule(2, countNumber=1)
    preview(registry, repository, *rules)
    found = results(registry, repository)
    tagged = [bool(tags_of(each)) for each in found]
    named = all(text(each, "imageDigest") for each in found)
    if sorted(tagged) != [False, True, True] or not named:
        which = f"{len(found)} images, {sum(tagged)} of them with tags"
        raise Untestable(GET_PREVIEW, f"two with tags and one without are to expire, not {which}")
    return repository, found


@rule(
    "lifecycle.preview-filter",
    level=MUST,
    operations=[GET_PREVIEW],
    services=["ecr"],
    evidence=[
        documented(
            f"{GET_PREVIEW}.filter",
            "An optional parameter that filters results based on image tag status and all tags, if "
            "tagged.",
        ),
        documented("LifecyclePolicyPreviewFilter.tagStatus", "The tag status of the image."),
    ],
)
def test_a_preview_is_filtered_by_tag_status(registry: Registry) -> None:
    """A filter of TAGGED, UNTAGGED or ANY gives the results of just those images."""
    repository, every = _three(registry)
    statuses = {"TAGGED": (True,), "UNTAGGED": (False,), "ANY": (True, False)}
    for status, passing in statuses.items():
        wanted = digests_of([each for each in every if bool(tags_of(each)) in passing])
        found = digests_of(results(registry, repository, filter={"tagStatus": status}))
        assert found == wanted, (
            f"{len(wanted)} of {len(every)} results pass the filter {status}, there are "
            f"{len(found)}, of which {len(set(found) & set(wanted))} pass"
        )


@rule(
    "lifecycle.preview-image-ids",
    level=MUST,
    operations=[GET_PREVIEW],
    services=["ecr"],
    evidence=[documented(f"{GET_PREVIEW}.imageIds", "The list of imageIDs to be included.")],
)
def test_a_preview_is_asked_for_some_images(registry: Registry) -> None:
    """With imageIds, by digest or tag, a preview shows just the results of those images."""
    repository, every = _three(registry)
    tagged = next(each for each in every if tags_of(each))
    untagged = next(each for each in every if not tags_of(each))
    by_tag, by_digest = {"imageTag": tags_of(tagged)[0]}, {"imageDigest": digests_of([untagged])[0]}
    asked = {"a tag": [by_tag], "a digest": [by_digest], "both": [by_tag, by_digest]}
    wanted = {"a tag": [tagged], "a digest": [untagged], "both": [tagged, untagged]}
    for what, image_ids in asked.items():
        found = digests_of(results(registry, repository, imageIds=image_ids))
        assert found == digests_of(wanted[what]), (
            f"asked for {what} of {len(every)} results: expected {len(wanted[what])} of its own, "
            f"got {len(found)}"
        )


@rule(
    "lifecycle.preview-pages",
    level=MUST,
    operations=[GET_PREVIEW],
    services=["ecr"],
    evidence=[
        documented(
            f"{GET_PREVIEW}.maxResults",
            "When this parameter is used, GetLifecyclePolicyPreviewRequest only returns\u2028 "
            "maxResults results in a single page along with a nextToken\u2028 response element.",
        ),
        documented(
            f"{GET_PREVIEW}.nextToken",
            "When the results of a GetLifecyclePolicyPreview request exceed maxResults, this value "
            "can be used to retrieve the next page of results.",
        ),
        MOST_ON_A_PAGE,
        THE_REST,
        FROM_THE_END,
    ],
)
def test_a_preview_comes_in_pages(registry: Registry) -> None:
    """With maxResults, a preview comes in pages of no more results, each result on one page."""
    repository, every = _three(registry)
    turned = list(pages(registry, GET_PREVIEW, repositoryName=repository, maxResults=1))
    found = [objects(each, "previewResults") for each in turned]
    largest = max(len(each) for each in found)
    assert largest == 1, f"with maxResults 1 a page has {largest} results"
    digests = digests_of([result for page in found for result in page])
    assert digests == digests_of(every), (
        f"{len(every)} results come as {len(digests)} on {len(turned)} pages, "
        f"{len(set(digests) & set(digests_of(every)))} of them rightly"
    )


@rule(
    "lifecycle.preview-default-page",
    level=MUST,
    operations=[GET_PREVIEW],
    services=["ecr"],
    evidence=[
        documented(
            f"{GET_PREVIEW}.maxResults",
            "If this parameter is not used, then GetLifecyclePolicyPreviewRequest returns up to "
            "100\u2028 results and a nextToken value, if\u2028 applicable.",
        ),
        THE_REST,
    ],
)
def test_a_page_has_a_hundred_results_by_default(registry: Registry) -> None:
    """Without maxResults a page of a preview has 100 results at most."""
    expiring = DEFAULT_PAGE + 1
    repository = push_images(registry, *([[]] * (expiring + 1))).repository
    preview(registry, repository, policy_rule(1, **ANY, countNumber=1))
    turned = list(pages(registry, GET_PREVIEW, repositoryName=repository))
    sizes = [len(objects(each, "previewResults")) for each in turned]
    assert max(sizes) <= DEFAULT_PAGE, f"without maxResults, a page has {max(sizes)} results"
    if sum(sizes) != expiring:
        raise Untestable(GET_PREVIEW, f"of {expiring} results, the pages have {sum(sizes)}")


@rule(
    "lifecycle.preview-no-transition",
    level=MUST,
    operations=[GET_PREVIEW],
    services=["ecr"],
    evidence=[
        documented(
            "LifecyclePolicyRuleAction.targetStorageClass",
            "This is only present when the type is TRANSITION.",
        ),
        documented(
            "LifecyclePolicyPreviewSummary.transitioningImageTotalCounts",
            "This field is only present if at least one image will be transitoned in the summary.",
        ),
    ],
)
def test_a_preview_of_expiry_has_no_storage_class(registry: Registry) -> None:
    """The preview of a policy that only expires images names no storage class to move them to."""
    repository = push_images(registry, ["one"], ["two"]).repository
    answer = preview(registry, repository, policy_rule(1, **ANY, countNumber=1))
    found = results(registry, repository)
    if not found:
        raise Untestable(GET_PREVIEW, "the preview has no image, one of two is to expire")
    target = structure(found[0], "action").get("targetStorageClass")
    assert target is None, f"an image that expires has the targetStorageClass {target!r}"
    counts = structure(answer, "summary").get("transitioningImageTotalCounts")
    assert not counts, f"without transitions, transitioningImageTotalCounts is {counts}"
