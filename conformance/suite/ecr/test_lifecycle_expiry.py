"""Which images a lifecycle policy expires, as its previews show, and by which rule."""

from __future__ import annotations

from conformance.suite.answers import objects, text
from conformance.suite.evidence import documented
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.topics.archive import ARCHIVED, archive
from conformance.suite.topics.lifecycle_policies import (
    EVALUATION,
    GET_PREVIEW,
    PROPERTIES,
    patterns,
    policy_rule,
    prefixes,
    pushed,
)
from conformance.suite.topics.lifecycle_previews import (
    Stock,
    applied,
    preview,
    priority_of,
    push_images,
    push_later,
    results,
)
from conformance.suite.topics.lifecycle_twins import ANY, archived
from conformance.suite.verdicts import MUST

_EVALUATOR = "Lifecycle policy evaluation rules"
_BY_NUMBER = documented(
    _EVALUATOR,
    "With countType = imageCountMoreThan, images are sorted from youngest to oldest based on "
    "pushed_at_time and then all images greater than the specified count are expired or archived.",
    url=EVALUATION,
)
_RESULTS = documented(
    f"{GET_PREVIEW}.previewResults", "The results of the lifecycle policy preview request."
)
_ONE_RULE = documented(
    _EVALUATOR,
    "An image that matches the tagging requirements of a rule cannot be expired or archived by a "
    "rule with a lower priority.",
    url=EVALUATION,
)
_STORAGE_CLASS = documented(
    "storageClass", "The rule will only select images of this storage class.", url=PROPERTIES
)


@rule(
    "lifecycle.preview-keeps-youngest",
    level=MUST,
    operations=[GET_PREVIEW],
    services=["ecr"],
    evidence=[_RESULTS, _BY_NUMBER],
)
def test_the_youngest_images_are_kept(registry: Registry) -> None:
    """Of more images than a rule keeps, those pushed first expire."""
    stock = push_later(registry, push_images(registry, ["old"], []), ["new"])
    preview(registry, stock.repository, policy_rule(**ANY, countNumber=1))
    _expire(registry, stock, {0: 1, 1: 1})


def _expire(registry: Registry, stock: Stock, wanted: dict[int, int]) -> None:
    """Require that these images expire, numbered as they were pushed, each by this rule."""
    found = applied(results(registry, stock.repository))
    numbers = {digest: number for number, digest in enumerate(stock.digests)}
    by_number = {numbers.get(digest or "", -1): priority for digest, priority in found.items()}
    assert by_number == wanted, (
        f"images are to expire by rule {wanted} (image: priority), the preview has {by_number}"
    )


_GROUPS: dict[int, list[list[str]]] = {
    1: [["release-1"], ["release-2", "any"]],
    2: [["nightly-1"], ["a-weekly-2"]],
    3: [["left-1", "right-1"], ["right-2", "left-2"]],
    4: [[], []],
}
"""Images by the priority of the rule that selects them."""

_LEFT_OUT = [["left-3"], ["right-3"], ["prerelease-1"], ["daily"], ["latest"]]
_SELECTIONS = {
    1: prefixes("release-"),
    2: patterns("*ly-*"),
    3: prefixes("left-", "right-"),
    4: {"tagStatus": "untagged"},
}


@rule(
    "lifecycle.preview-selects-by-tags",
    level=MUST,
    operations=[GET_PREVIEW],
    services=["ecr"],
    evidence=[
        _BY_NUMBER,
        documented(
            _EVALUATOR,
            "An image is successfully matched if all of the tags in the tagPatternList or "
            "tagPrefixList value are matched against any of the image's tags.",
            url=EVALUATION,
        ),
        documented(
            _EVALUATOR,
            "When using tagPatternList, an image is successfully matched if it matches the "
            "wildcard filter.",
            url=EVALUATION,
        ),
        documented(
            "tagPrefixList",
            "For example, if your images are tagged as prod, prod1, prod2, and so on, you would "
            "use the tag prefix prod to specify all of them. If you specify multiple tags, only "
            "the images with all specified tags are selected.",
            url=PROPERTIES,
        ),
    ],
)
def test_rules_select_images_by_their_tags(registry: Registry) -> None:
    """A rule expires too many of the images that have all its prefixes or patterns, or no tag."""
    stock = push_images(
        registry, *(tags for group in _GROUPS.values() for tags in group), *_LEFT_OUT
    )
    rules = [policy_rule(n, **each, countNumber=1) for n, each in _SELECTIONS.items()]
    preview(registry, stock.repository, *rules, policy_rule(9, **ANY, **pushed(1)))
    found = applied(results(registry, stock.repository))
    for number, (priority, group) in enumerate(_GROUPS.items()):
        pair = stock.digests[2 * number : 2 * number + 2]
        expired = [found[digest] for digest in pair if digest in found]
        assert expired == [priority], (
            f"a rule with {_SELECTIONS[priority]} keeps one of {group}: expected one to expire by "
            f"rule {priority}, those that do expire by {expired or 'none'}"
        )
    others = [
        tags for digest, tags in zip(stock.digests[8:], _LEFT_OUT, strict=True) if digest in found
    ]
    assert not others, f"images tagged {others} expire, though no rule selects them"


@rule(
    "lifecycle.preview-higher-priority-protects",
    level=MUST,
    operations=[GET_PREVIEW],
    services=["ecr"],
    evidence=[
        _ONE_RULE,
        documented(
            _EVALUATOR, "An image is expired or archived by exactly one or zero rules.",
            url=EVALUATION,
        ),
    ],
)  # fmt: skip
def test_a_rule_protects_its_images_from_later_rules(registry: Registry) -> None:
    """Images that a rule selects are not expired by a rule of lower priority."""
    stock = push_images(registry, ["keep-1", "other-0"], ["keep-2"], ["other-1"], ["other-2"])
    rules = policy_rule(1, **patterns("keep*"), countNumber=1), policy_rule(2, **ANY, countNumber=1)
    preview(registry, stock.repository, *reversed(rules))
    found = results(registry, stock.repository)
    first = [each for each in found if text(each, "imageDigest") in stock.digests[:2]]
    assert [*map(priority_of, first)] == [1], (
        "a rule of priority 1 keeps one of its two images and expires the other; they expire by "
        f"{[*map(priority_of, first)] or 'no rule'}"
    )
    others = {priority_of(each) for each in found if each not in first}
    assert others == {2}, f"a rule of priority 2 keeps one image, others expire by {others}"


@rule(
    "lifecycle.preview-counts-every-match",
    level=MUST,
    operations=[GET_PREVIEW],
    services=["ecr"],
    evidence=[
        _BY_NUMBER,
        documented(
            _EVALUATOR,
            "Rules can never mark images that are marked by higher priority rules, but can still "
            "identify them as if they haven't been expired or archived.",
            url=EVALUATION,
        ),
    ],
)
def test_images_of_another_rule_count(registry: Registry) -> None:
    """Images that an earlier rule expires are still among those that a later rule counts."""
    stock = push_later(registry, push_images(registry, ["other"]), ["keep-1"], ["keep-2"])
    rules = policy_rule(1, **patterns("keep*"), countNumber=1), policy_rule(2, **ANY, countNumber=2)
    preview(registry, stock.repository, *rules)
    found = applied(results(registry, stock.repository)).get(stock.digests[0])
    assert found == 2, (
        "the oldest of three images is one too many for a rule of priority 2 that keeps two: "
        f"expected it to expire by that rule, the preview has {found or 'no rule'}"
    )


@rule(
    "lifecycle.preview-storage-class",
    level=MUST,
    operations=[GET_PREVIEW],
    services=["ecr"],
    evidence=[_STORAGE_CLASS, _ONE_RULE],
)
def test_a_rule_of_the_archive_leaves_other_images(registry: Registry) -> None:
    """A rule for archived images does not protect images in standard storage from later rules."""
    stock = push_images(registry, ["one"], ["two"])
    of_the_archive = policy_rule(1, **patterns("*"), **archived(365))
    preview(registry, stock.repository, of_the_archive, policy_rule(2, **ANY, countNumber=1))
    found = [*map(priority_of, results(registry, stock.repository))]
    assert found == [2], (
        "a rule of priority 2 keeps one of two images in standard storage: expected one to expire "
        f"by it, images expire by {found or 'none'}"
    )


@rule(
    "lifecycle.preview-leaves-archived",
    level=MUST,
    operations=[GET_PREVIEW],
    services=["ecr"],
    evidence=[_STORAGE_CLASS, _BY_NUMBER],
)
def test_an_archived_image_is_left_alone(registry: Registry) -> None:
    """A rule for images in standard storage does not count archived ones."""
    stock = push_images(registry, ["one"], ["two"], ["archived"])
    archive(registry, stock.repository, "archived")
    registry.settle("UpdateImageStorageClass", lambda: _is_archived(registry, stock))
    preview(registry, stock.repository, policy_rule(1, **ANY, countNumber=1))
    found = applied(results(registry, stock.repository))
    assert stock.digests[2] not in found, "an archived image expires by a rule for standard storage"
    assert len(found) == 1, (
        "one of two images in standard storage, beside an archived one, is to expire, the preview "
        f"has {len(found)}"
    )


def _is_archived(registry: Registry, stock: Stock) -> None:
    """Require that the last of the images is described as archived."""
    parameters = {"repositoryName": stock.repository, "filter": {"imageStatus": ARCHIVED}}
    shown = objects(registry.given("DescribeImages", **parameters), "imageDetails")
    assert [text(each, "imageDigest") for each in shown] == [stock.digests[-1]], (
        f"{len(shown)} images are described as archived"
    )
