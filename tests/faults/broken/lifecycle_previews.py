"""What can be wrong with previews of lifecycle policies."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from fault import broken_answer, broken_operation

from broken.lifecycle import GET_PREVIEW, START
from conformance.reference import Refusal
from conformance.reference.call import Answer, Call, Operation, Outcome, Parameters, named
from conformance.reference.operations import lifecycle, lifecycle_evaluation
from conformance.reference.operations.lifecycle_evaluation import Mark
from conformance.reference.operations.lifecycle_rule import Rule
from conformance.reference.state import Image, Registry, Repository

_identifies = lifecycle_evaluation.identifies
_marked = lifecycle_evaluation.marked


@broken_answer(START, condemned_by=["lifecycle.preview-started", "ecr.shapes.presence"])
def starting_answers_without_policy(answer: Answer, given: Parameters) -> None:
    """StartLifecyclePolicyPreview does not tell the policy that it previews."""
    del answer["lifecyclePolicyText"]


@broken_answer(
    START, condemned_by=["lifecycle.preview-started", "lifecycle.preview-started-in-progress"]
)
def a_preview_is_pending_first(answer: Answer, given: Parameters) -> None:
    """A preview that was just started has the status PENDING."""
    answer["status"] = "PENDING"


@broken_operation(START, condemned_by=["lifecycle.preview-started-in-progress"])
def previews_take_no_time(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A preview is complete when StartLifecyclePolicyPreview answers."""
    changed, answer = right(registry, given, call)
    repository = changed.repositories[given["repositoryName"]]
    assert repository.lifecycle_preview is not None
    complete = replace(repository.lifecycle_preview, ends_at=call.now)
    changed = changed.having(replace(repository, lifecycle_preview=complete))
    return changed, {**answer, "status": "COMPLETE"}


@broken_operation(
    GET_PREVIEW, condemned_by=["lifecycle.preview-missing-refused", "ecr.shapes.presence"]
)
def no_preview_is_an_empty_one(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """GetLifecyclePolicyPreview gives a preview without images where none was started."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != "LifecyclePolicyPreviewNotFoundException":
            raise
        nothing = {"previewResults": [], "summary": {"expiringImageTotalCount": 0}}
        here = named(registry.repositories[given["repositoryName"]], call)
        return registry, {**here, "status": "COMPLETE", **nothing}


@broken_operation(
    START,
    condemned_by=[
        "lifecycle.preview-under-way",
        "ecr.validation.start-lifecycle-policy-preview.valid",
    ],
)
def waiting_is_an_error_of_its_own(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A preview under way is in the way of another one as a ConflictException."""
    try:
        return right(registry, given, call)
    except Refusal as refusal:
        if refusal.code != "LifecyclePolicyPreviewInProgressException":
            raise
        raise Refusal("InvalidParameterException", refusal.message) from None


@broken_operation(START, condemned_by=["lifecycle.preview-again"])
def a_preview_is_in_the_way_for_good(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A repository that ever had a preview gets no other one."""
    repository = registry.repositories.get(given["repositoryName"])
    if repository is not None and repository.lifecycle_preview is not None:
        raise Refusal("LifecyclePolicyPreviewInProgressException", "Wait and try again.")
    return right(registry, given, call)


@broken_operation(START, condemned_by=["lifecycle.preview-changes-nothing"])
def a_preview_is_put(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """StartLifecyclePolicyPreview makes the policy that of the repository, if it has none."""
    changed, answer = right(registry, given, call)
    repository = changed.repositories[given["repositoryName"]]
    policy = repository.lifecycle_policy or answer["lifecyclePolicyText"]
    return changed.having(replace(repository, lifecycle_policy=policy)), answer


@broken_operation(
    START, condemned_by=["lifecycle.preview-changes-nothing", "lifecycle.preview-again"]
)
def a_preview_is_carried_out(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """The images that a preview expires are deleted."""
    changed, answer = right(registry, given, call)
    repository = changed.repositories[given["repositoryName"]]
    preview = repository.lifecycle_preview
    gone = {each["imageDigest"] for each in preview.results} if preview is not None else set()
    images = {name: image for name, image in repository.images.items() if name not in gone}
    tags = {name: tag for name, tag in repository.tags.items() if tag.digest not in gone}
    return changed.having(replace(repository, images=images, tags=tags)), answer


@broken_operation(START, condemned_by=["lifecycle.preview-of-policy"])
def the_current_policy_goes_first(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """A preview is of the repository's policy, and of the one given only if it has none."""
    repository = registry.repositories.get(given["repositoryName"])
    if repository is None or repository.lifecycle_policy is None:
        return right(registry, given, call)
    return right(registry, {**given, "lifecyclePolicyText": repository.lifecycle_policy}, call)


@broken_answer(GET_PREVIEW, condemned_by=["lifecycle.waiter"])
def previews_fail(answer: Answer, given: Parameters) -> None:
    """Every preview fails in the end."""
    if answer["status"] == "COMPLETE":
        answer["status"] = "FAILED"


@broken_answer(GET_PREVIEW, condemned_by=["lifecycle.preview-results"])
def everything_is_counted(answer: Answer, given: Parameters) -> None:
    """The summary of a preview counts one image more than there are."""
    if "summary" in answer:
        answer["summary"]["expiringImageTotalCount"] += 1


@broken_answer(
    GET_PREVIEW,
    condemned_by=[
        "lifecycle.preview-results",
        "lifecycle.preview-transition",
    ],
)
def actions_are_written_as_in_policies(answer: Answer, given: Parameters) -> None:
    """The action of a result is written as in a policy, in small letters."""
    for result in answer["previewResults"]:
        result["action"]["type"] = result["action"]["type"].lower()


@broken_answer(GET_PREVIEW, condemned_by=["lifecycle.preview-transition"])
def every_image_expires(answer: Answer, given: Parameters) -> None:
    """A preview shows images that are to be archived as ones that expire."""
    for result in answer["previewResults"]:
        result["action"] = {"type": "EXPIRE"}
    if "summary" in answer:
        moved = answer["summary"].pop("transitioningImageTotalCounts", [])
        answer["summary"]["expiringImageTotalCount"] += sum(
            each["imageTotalCount"] for each in moved
        )


@broken_answer(
    GET_PREVIEW,
    condemned_by=[
        "lifecycle.preview-results",
        "lifecycle.preview-no-transition",
    ],
)
def every_action_has_a_target(answer: Answer, given: Parameters) -> None:
    """An image that expires is shown with the archive as its target."""
    for result in answer["previewResults"]:
        result["action"]["targetStorageClass"] = "ARCHIVE"


@broken_answer(GET_PREVIEW, condemned_by=["lifecycle.preview-results"])
def results_have_one_tag(answer: Answer, given: Parameters) -> None:
    """A result has one of its image's tags."""
    for result in answer["previewResults"]:
        result["imageTags"] = result["imageTags"][:1]


@broken_answer(GET_PREVIEW, condemned_by=["lifecycle.preview-results"])
def images_are_pushed_when_previewed(answer: Answer, given: Parameters) -> None:
    """The imagePushedAt of a result is an hour off."""
    for result in answer["previewResults"]:
        result["imagePushedAt"] += 3600


def _evaluating(
    module: Any, name: str, broken: Callable[..., Any], condemned_by: Iterable[str], story: str
) -> None:
    """Declare a fault of the evaluator, one of whose functions is ``broken``."""

    def evaluate(right: Operation, registry: Registry, given: Parameters, call: Call) -> Outcome:
        with patch.object(module, name, broken):
            return right(registry, given, call)

    evaluate.__name__, evaluate.__doc__ = broken.__name__, story
    broken_operation(START, condemned_by=condemned_by)(evaluate)


def the_oldest_are_kept(rule: Rule, images: list[Image], now: float) -> list[Image]:
    """The images beyond the number, from the wrong end."""
    if rule.count_type == "imageCountMoreThan":
        return sorted(images, key=lambda image: image.pushed_at)[rule.count :]
    return []


_evaluating(
    lifecycle_evaluation,
    "_exceeding",
    the_oldest_are_kept,
    ["lifecycle.preview-keeps-youngest", "lifecycle.preview-counts-every-match"],
    "Of more images than a rule keeps, those pushed last expire.",
)


def the_first_prefix_counts(rule: Rule, image: Image, repository: Repository) -> bool:
    """Whether the image has the first of several prefixes."""
    return _identifies(replace(rule, prefixes=rule.prefixes[:1]), image, repository)


_evaluating(
    lifecycle_evaluation,
    "identifies",
    the_first_prefix_counts,
    ["lifecycle.preview-selects-by-tags"],
    "Of several prefixes an image has to have the first alone.",
)


def prefixes_are_anywhere(rule: Rule, image: Image, repository: Repository) -> bool:
    """Whether the image has tags that contain the prefixes."""
    patterns = tuple(f"*{prefix}*" for prefix in rule.prefixes)
    return _identifies(
        replace(rule, prefixes=(), patterns=rule.patterns + patterns), image, repository
    )


_evaluating(
    lifecycle_evaluation,
    "identifies",
    prefixes_are_anywhere,
    ["lifecycle.preview-selects-by-tags"],
    "A prefix is found anywhere in a tag.",
)


def patterns_are_prefixes(rule: Rule, image: Image, repository: Repository) -> bool:
    """Whether the image has tags that begin like the patterns."""
    prefixes = tuple(pattern.rstrip("*") for pattern in rule.patterns)
    return _identifies(
        replace(rule, prefixes=rule.prefixes + prefixes, patterns=()), image, repository
    )


_evaluating(
    lifecycle_evaluation,
    "identifies",
    patterns_are_prefixes,
    ["lifecycle.preview-selects-by-tags"],
    "A wildcard means something at the end of a pattern only.",
)


def every_class_is_selected(rule: Rule, image: Image, repository: Repository) -> bool:
    """Whether the image's tags fit, wherever it is stored."""
    there = lifecycle_evaluation.storage_class(image)
    return _identifies(replace(rule, storage_class=there), image, repository)


_evaluating(
    lifecycle_evaluation,
    "identifies",
    every_class_is_selected,
    ["lifecycle.preview-storage-class", "lifecycle.preview-leaves-archived"],
    "A rule selects images of every storage class.",
)


def all_rules_expire_images(
    rules: Iterable[Rule], repository: Repository, now: float
) -> list[Mark]:
    """What each rule would expire by itself."""
    return [mark for rule in rules for mark in _marked([rule], repository, now)]


_evaluating(
    lifecycle,
    "marked",
    all_rules_expire_images,
    ["lifecycle.preview-higher-priority-protects"],
    "Every rule expires images, whatever other rules say of them.",
)


def expired_images_do_not_count(
    rules: Iterable[Rule], repository: Repository, now: float
) -> list[Mark]:
    """What rules expire that do not see each other's images."""
    marks: list[Mark] = []
    left = repository
    for rule in rules:
        marks += _marked([rule], left, now)
        images = {
            name: image
            for name, image in left.images.items()
            if not _identifies(rule, image, repository)
        }
        left = replace(left, images=images)
    return marks


_evaluating(
    lifecycle,
    "marked",
    expired_images_do_not_count,
    ["lifecycle.preview-counts-every-match"],
    "A rule does not count images of rules of higher priority.",
)


@broken_operation(GET_PREVIEW, condemned_by=["lifecycle.preview-filter"])
def previews_are_not_filtered(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """GetLifecyclePolicyPreview does not look at the filter."""
    rest = {name: value for name, value in given.items() if name != "filter"}
    return right(registry, rest, call)


@broken_operation(GET_PREVIEW, condemned_by=["lifecycle.preview-image-ids"])
def images_are_found_by_digest_alone(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """GetLifecyclePolicyPreview finds no image by its tag."""
    changed, answer = right(registry, given, call)
    asked = given.get("imageIds")
    if asked is None:
        return changed, answer
    digests = [each.get("imageDigest") for each in asked]
    shown = [each for each in answer["previewResults"] if each["imageDigest"] in digests]
    return changed, {**answer, "previewResults": shown}


@broken_operation(GET_PREVIEW, condemned_by=["lifecycle.preview-pages"])
def previews_come_on_one_page(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """GetLifecyclePolicyPreview does not look at maxResults."""
    rest = {name: value for name, value in given.items() if name != "maxResults"}
    return right(registry, rest, call)


@broken_answer(
    GET_PREVIEW,
    condemned_by=[
        "lifecycle.preview-pages",
        "ecr.client.full-result",
    ],
)
def the_first_page_is_the_last(answer: Answer, given: Parameters) -> None:
    """GetLifecyclePolicyPreview gives no nextToken."""
    answer.pop("nextToken", None)


@broken_operation(GET_PREVIEW, condemned_by=["lifecycle.preview-default-page"])
def all_results_are_on_one_page(
    right: Operation, registry: Registry, given: Parameters, call: Call
) -> Outcome:
    """GetLifecyclePolicyPreview gives everything where maxResults is absent."""
    most = {} if "imageIds" in given else {"maxResults": 1000}
    return right(registry, {**most, **given}, call)


@broken_answer(
    GET_PREVIEW,
    condemned_by=[
        "lifecycle.preview-no-transition",
        "lifecycle.preview-results",
    ],
)
def what_expires_goes_into_the_archive(answer: Answer, given: Parameters) -> None:
    """GetLifecyclePolicyPreview names a storage class for what expires, too."""
    for result in answer.get("previewResults", []):
        result["action"]["targetStorageClass"] = "ARCHIVE"
