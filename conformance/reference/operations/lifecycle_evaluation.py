"""What a lifecycle policy does to the images of a repository.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html; the examples beside
it, lifecycle_policy_examples, are tests of this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from conformance.reference.operations.lifecycle_rule import Rule
from conformance.reference.operations.wildcards import fits
from conformance.reference.state import Image, Repository

DAY = 24 * 3600.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An image that a rule is going to expire or archive."""

    image: Image
    rule: Rule


def marked(rules: Iterable[Rule], repository: Repository, now: float) -> list[Mark]:
    """What the rules mark, which are in the order of their priority.

    "All rules are evaluated at the same time, regardless of rule priority"; then the first that
    identifies an image decides about it: "An image that matches the tagging requirements of a rule
    cannot be expired or archived by a rule with a lower priority". Those of a lower priority "can
    still identify them as if they haven't been expired or archived": they count among the images
    that a later rule keeps.

    Artifacts of an image are images like any other here. That they follow an image that is gone is
    done "within 24 hours of the deletion or archival of the subject image", not by a rule.
    """
    marks: list[Mark] = []
    taken: set[str] = set()
    for rule in rules:
        found = [each for each in repository.images.values() if identifies(rule, each, repository)]
        free = [each for each in _exceeding(rule, found, now) if each.digest not in taken]
        marks += [Mark(each, rule) for each in free if not _held(each, repository)]
        taken |= {each.digest for each in found}
    return marks


def identifies(rule: Rule, image: Image, repository: Repository) -> bool:
    """Whether a rule is about an image, however old or many.

    "The rule will only select images of this storage class" (lifecycle_policy_parameters). Tags:
    "An image is successfully matched if all of the tags in the tagPatternList or tagPrefixList
    value are matched against any of the image's tags".
    """
    if rule.storage_class != storage_class(image):
        return False
    tags = repository.tags_of(image.digest)
    if rule.tag_status == "untagged":
        return not tags
    prefixed = all(any(tag.startswith(each) for tag in tags) for each in rule.prefixes)
    return prefixed and all(any(fits(each, tag) for tag in tags) for each in rule.patterns)


def storage_class(image: Image) -> str:
    """Where an image is stored: STANDARD or ARCHIVE."""
    return "ARCHIVE" if image.status == "ARCHIVED" else "STANDARD"


def _exceeding(rule: Rule, images: Sequence[Image], now: float) -> list[Image]:
    """The images that are too many or too old.

    By number "images are sorted from youngest to oldest", and "all images greater than the
    specified count" are too many. An image is too old when it is older than so many days, not when
    it is as old.
    """
    if rule.count_type == "imageCountMoreThan":
        # Sorting is stable: of images of one second, the one pushed last is the youngest.
        return sorted(images, key=_age_counts_from)[: -rule.count]
    return [each for each in images if now - _age_counts_from(each) > rule.count * DAY]


def _age_counts_from(image: Image) -> float:
    """Since when an image is where it is, in seconds since 1970.

    An archived image's time counts from ``last_archived_at``. Of one in standard storage: "If an
    image was archived and then restored at any point in the past, the image's last_activated_at is
    used instead of pushed_at_time", taken for every count type. Pulls are not recorded here, so
    that by last pull an image counts as never pulled: "If an image was never pulled, the image's
    pushed_at_time is used".
    """
    if image.status == "ARCHIVED" and image.archived_at is not None:
        return image.archived_at
    return image.pushed_at if image.activated_at is None else image.activated_at


def _held(image: Image, repository: Repository) -> bool:
    """Whether a manifest list that is not archived refers to the image.

    "If an image is referenced by a manifest list, it cannot be expired or archived without the
    manifest list being deleted or archived first", and first is in an earlier evaluation here.
    """
    others = repository.images.values()
    return any(image.digest in each.images for each in others if each.status != "ARCHIVED")
