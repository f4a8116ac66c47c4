"""Which images a lifecycle policy expires or archives."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifecycle_texts import ARCHIVE, rule, since, tagged, text

from conformance.reference.operations.lifecycle_evaluation import (
    DAY,
    identifies,
    marked,
    storage_class,
)
from conformance.reference.operations.lifecycle_grammar import read_lifecycle_policy
from conformance.reference.operations.lifecycle_rule import Rule
from conformance.reference.state import Image, Repository, Tag

NOW = 1_700_000_000.0
DOCKER = "application/vnd.docker.distribution.manifest.v2+json"


def pushed(name: str, age: float, *images: str) -> Image:
    """An image that was pushed ``age`` days ago; a manifest list if it has ``images``."""
    return Image(name, "", DOCKER, None, 1, {}, images, pushed_at=NOW - age * DAY)


def archived(image: Image, age: float) -> Image:
    """An image as it is when it was archived ``age`` days ago."""
    return replace(image, status="ARCHIVED", archived_at=NOW - age * DAY)


def restored(image: Image, age: float) -> Image:
    """An image as it is when it was restored ``age`` days ago, after a day in the archive."""
    return replace(archived(image, age + 1), status="ACTIVE", activated_at=NOW - age * DAY)


def app(images: list[Image], tags: dict[str, str] | None = None) -> Repository:
    """A repository of images in the order they were pushed in; tags, in one string, by name."""
    pairs = [(tag, name) for name, listed in (tags or {}).items() for tag in listed.split()]
    return Repository(
        "app", NOW,
        images={image.digest: image for image in images},
        tags={tag: Tag(name, NOW) for tag, name in pairs},
    )  # fmt: skip


def rules_of(*rules: dict[str, Any]) -> tuple[Rule, ...]:
    """The rules of a policy that has these."""
    return read_lifecycle_policy(text(*rules)).rules


def marks_of(repository: Repository, *rules: dict[str, Any]) -> dict[str, int]:
    """The priority of the rule that marks an image, by the image's name."""
    marks = marked(rules_of(*rules), repository, NOW)
    priorities = {mark.image.digest: mark.rule.priority for mark in marks}
    assert len(priorities) == len(marks)
    return priorities


ALPHA_BETA = {"A": "alpha-1", "B": "beta-1", "C": "alpha-2 beta-2", "D": "alpha-3", "E": "beta-3",
              "F": "alpha-4 beta-4"}  # fmt: skip
PROD_BETA = {"A": "beta-1 prod-1", "B": "beta-2 prod-2", "C": "beta-3"}
GREEK = {"A": "alpha-1 beta-1 gamma-1", "B": "alpha-2 beta-2", "C": "alpha-3 beta-3 gamma-2"}


@pytest.mark.parametrize(
    ("tags", "ages", "rules", "marks"),
    [
        pytest.param(
            {"A": "prod-1", "B": "prod-2", "C": "beta-1"}, [15, 14, 20],
            [rule(1, **tagged("prod*"), **since("Pushed", 14))], {"A": 1}, id="image age",
        ),
        pytest.param(
            {"C": "v1"}, [3, 2, 9, 1], [rule(1, tagStatus="untagged")], {"A": 1, "B": 1},
            id="image count",
        ),
        pytest.param(
            PROD_BETA, [10, 9, 8], [rule(1, **tagged("prod*")), rule(2, **tagged("beta*"))],
            {"A": 1}, id="multiple rules A",
        ),
        pytest.param(
            PROD_BETA, [10, 9, 8], [rule(1, **tagged("beta*")), rule(2, **tagged("prod*"))],
            {"A": 1, "B": 1}, id="multiple rules B",
        ),
        pytest.param(
            ALPHA_BETA, [12, 11, 10, 4, 3, 2],
            [rule(1, **tagged("alpha*", "beta*"), **since("Pushed", 5))], {"C": 1},
            id="multiple tags A",
        ),
        pytest.param(
            GREEK, [10, 9, 8], [rule(1, **tagged("alpha*", "beta*"))], {"A": 1, "B": 1},
            id="multiple tags B",
        ),
        pytest.param(
            {"A": "alpha-1", "B": "beta-1", "D": "alpha-2"}, [4, 3, 2, 1], [rule(1)],
            {"A": 1, "B": 1, "C": 1}, id="all images A",
        ),
        pytest.param(
            {"A": "alpha-1 beta-1", "C": "alpha-2", "D": "git-hash"}, [4, 3, 2, 1, 1],
            [rule(1, **tagged("alpha*")),
             rule(2, tagStatus="untagged", **since("Pushed", 1)), rule(3)],
            {"A": 1, "B": 2, "D": 3}, id="all images B",
        ),
        pytest.param(
            {"A": "prod-1", "B": "prod-2", "C": "v1"}, [31, 30, 40],
            [rule(1, **tagged("prod*"), **since("Pushed", 30), action=ARCHIVE)], {"A": 1},
            id="archive by age",
        ),
        pytest.param(
            {}, [91, 90], [rule(1, **since("Pulled", 90), action=ARCHIVE)], {"A": 1},
            id="archive by last pull",
        ),
    ],
)  # fmt: skip
def test_examples_of_the_user_guide(
    tags: dict[str, str], ages: list[int], rules: list[dict[str, Any]], marks: dict[str, int]
) -> None:
    """Each has the outcome that lifecycle_policy_examples explains, with prefixes as well."""
    images = [pushed(name, age) for name, age in zip("ABCDEF", ages, strict=False)]
    assert marks_of(app(images, tags), *rules) == marks
    assert marks_of(app(images, tags), *reversed(rules)) == marks
    assert marks_of(app(images, tags), *map(_by_prefix, rules)) == marks


def _by_prefix(rule: dict[str, Any]) -> dict[str, Any]:
    """The same rule with prefixes in place of patterns."""
    selection = dict(rule["selection"])
    if "tagPatternList" in selection:
        patterns = selection.pop("tagPatternList")
        selection["tagPrefixList"] = [pattern.rstrip("*") for pattern in patterns]
    return {**rule, "selection": selection}


def test_images_are_archived_and_expired_a_year_later() -> None:
    """The example of both rules in one policy: each is about one storage class."""
    rules = [
        rule(1, **since("Pushed", 30), action=ARCHIVE),
        rule(2, **since("Transitioned", 365, storageClass="archive")),
    ]
    images = [
        pushed("old", 31), pushed("new", 30), archived(pushed("gone", 900), 366),
        archived(pushed("kept", 900), 365),
    ]  # fmt: skip
    assert marks_of(app(images), *rules) == {"old": 1, "gone": 2}


@pytest.mark.parametrize(
    ("pattern", "tags"),
    [
        ("prod*", {"prod", "prod1", "production-team1", "prod-team"}),
        ("*prod*", {"prod", "prod1", "production-team1", "prod-team", "repo-production"}),
        ("prod", {"prod"}), ("*", {"prod", "prod1", "production-team1", "prod-team",
                                   "repo-production", "PROD", "p.od"}),
        ("p.od", {"p.od"}), ("*-*", {"production-team1", "prod-team", "repo-production"}),
        ("p*d*t*", {"production-team1", "prod-team"}), ("pro", set()), ("*pro", set()),
        ("prod?", set()), ("**prod**", {"prod", "prod1", "production-team1", "prod-team",
                                        "repo-production"}),
    ],
)  # fmt: skip
def test_a_wildcard_stands_for_any_characters(pattern: str, tags: set[str]) -> None:
    """A pattern is matched by whole tags; nothing but the asterisk is special (user guide)."""
    names = ["prod", "prod1", "production-team1", "prod-team", "repo-production", "PROD", "p.od"]
    repository = app([pushed(name, 9) for name in names], {name: name for name in names})
    rules = [rule(1, **tagged(pattern), **since("Pushed", 1))]
    assert set(marks_of(repository, *rules)) == tags


def test_all_patterns_or_prefixes_are_matched_by_any_tags() -> None:
    """One tag may match several of them, each may be matched by another; others do not matter."""
    images = [pushed(name, 9) for name in "ABCD"]
    tags = {"A": "v1-rc", "B": "v2 x-rc", "C": "v3", "D": "x-rc2 latest"}
    both = [rule(1, **tagged("v*", "*-rc"), **since("Pushed", 1))]
    assert set(marks_of(app(images, tags), *both)) == {"A", "B"}
    prefixes = [rule(1, tagStatus="tagged", tagPrefixList=["v", "x-"], **since("Pushed", 1))]
    assert set(marks_of(app(images, tags), *prefixes)) == {"B"}


def test_a_prefix_is_no_pattern() -> None:
    """An asterisk in a prefix is an asterisk, which no tag has."""
    repository = app([pushed("A", 9)], {"A": "prod"})
    selection = {"tagStatus": "tagged", "tagPrefixList": ["p*"]}
    assert marks_of(repository, rule(1, **selection, **since("Pushed", 1))) == {}


def test_older_is_not_as_old() -> None:
    """An image of exactly so many days stays."""
    images = [pushed("older", 1 + 1 / DAY), pushed("as old", 1), pushed("young", 0)]
    assert marks_of(app(images), rule(1, **since("Pushed", 1))) == {"older": 1}
    assert marks_of(app(images), rule(1, **since("Pulled", 1), action=ARCHIVE)) == {"older": 1}


def test_of_images_of_one_second_the_last_one_pushed_is_kept() -> None:
    """The reference's times of push have whole seconds."""
    images = [pushed(name, 1) for name in "ABC"]
    assert set(marks_of(app(images), rule(1))) == {"A", "B"}


def test_a_restored_image_is_as_old_as_its_restoring() -> None:
    """It counts as young again, in number and in age."""
    images = [restored(pushed("restored", 100), 1), pushed("pushed", 50)]
    assert marks_of(app(images), rule(1)) == {"pushed": 1}
    for moment in ("Pushed", "Pulled"):
        by_age = [rule(1, **since(moment, 30), action=ARCHIVE)]
        assert marks_of(app(images), *by_age) == {"pushed": 1}
    assert marks_of(app(images), rule(1, **since("Transitioned", 90, storageClass="archive"))) == {}


def test_an_archived_image_is_none_of_those_in_standard_storage() -> None:
    """It is neither marked nor counted by a rule about those."""
    images = [pushed("old", 9), archived(pushed("archived", 1), 1)]
    assert marks_of(app(images), rule(1)) == {}
    assert marks_of(app(images), rule(1, **since("Pushed", 1))) == {"old": 1}


def test_what_a_manifest_list_refers_to_stays() -> None:
    """Until the list is gone or archived, its images are not expired; they count all the same."""
    child, index, other = pushed("child", 9), pushed("index", 8, "child"), pushed("other", 7)
    assert marks_of(app([child, index, other]), rule(1)) == {"index": 1}
    assert marks_of(app([child, other]), rule(1)) == {"child": 1}
    assert marks_of(app([child, archived(index, 1), other]), rule(1)) == {"child": 1}
    lower = [rule(1, **tagged("v1")), rule(2)]
    assert marks_of(app([child, index, other], {"child": "v1"}), *lower) == {"index": 2}


def test_a_child_that_stays_is_not_left_to_the_next_rule() -> None:
    """An image is decided about by one rule, also when that cannot do anything."""
    images = [pushed("child", 9), pushed("index", 8, "child")]
    rules = [rule(1, tagStatus="untagged", **since("Pushed", 1)), rule(2)]
    assert marks_of(app(images, {"index": "v1"}), *rules) == {}


PATTERNS = ("prod*", "*1", "beta*", "*")
TAGS = ("prod-1", "prod-2", "beta-1", "beta-2", "v1", "latest")

days = st.integers(0, 200)
plain_images = st.lists(days, max_size=9).map(
    lambda ages: [pushed(f"image {number}", age) for number, age in enumerate(ages)]
)


@st.composite
def repositories(draw: st.DrawFn) -> Repository:
    """Repositories with tags, archived and restored images, and manifest lists."""
    images: list[Image] = []
    for image in draw(plain_images):
        names = [each.digest for each in images]
        children = draw(st.lists(st.sampled_from(names), max_size=2)) if names else []
        become = draw(st.sampled_from([lambda given, _: given, archived, restored]))
        images.append(become(replace(image, images=tuple(children)), draw(days)))
    owners = [draw(st.none() | st.sampled_from(images)) for _ in TAGS] if images else []
    tags = {tag: owner.digest for tag, owner in zip(TAGS, owners, strict=False) if owner}
    return replace(app(images), tags={tag: Tag(name, NOW) for tag, name in tags.items()})


counts = st.one_of(
    st.integers(1, 4).map(lambda number: {"countNumber": number}),
    st.integers(1, 200).map(lambda number: since("Pushed", number)),
)
archive_counts = st.integers(90, 200).map(
    lambda number: since("Transitioned", number, storageClass="archive")
)


@st.composite
def policies(draw: st.DrawFn) -> list[dict[str, Any]]:
    """The rules of policies, for both storage classes, first the one applied first."""
    patterns = draw(st.lists(st.sampled_from(PATTERNS), unique=True, max_size=3))
    tag_statuses: list[dict[str, Any]] = [tagged(pattern) for pattern in patterns]
    tag_statuses += [{"tagStatus": "untagged"}] if draw(st.booleans()) else []
    tag_statuses = [*draw(st.permutations(tag_statuses)), {"tagStatus": "any"}]
    by_class = (counts, archive_counts)
    selections = [{**status, **draw(each)} for status in tag_statuses for each in by_class]
    return [rule(number, **each) for number, each in enumerate(selections, 1)]


@given(repositories(), policies())
def test_an_image_is_marked_by_the_first_rule_about_it_or_by_none(
    repository: Repository, policy: list[dict[str, Any]]
) -> None:
    """Whatever the policy, one rule at most decides about an image."""
    rules = rules_of(*policy)
    for name, priority in marks_of(repository, *policy).items():
        image = repository.images[name]
        first = next(each for each in rules if identifies(each, image, repository))
        assert (first.priority, first.storage_class) == (priority, storage_class(image))


@given(repositories(), policies(), st.randoms(use_true_random=False))
def test_the_order_in_which_rules_are_written_does_not_matter(
    repository: Repository, policy: list[dict[str, Any]], source: Any
) -> None:
    """Priority decides alone."""
    shuffled = list(policy)
    source.shuffle(shuffled)
    assert marks_of(repository, *shuffled) == marks_of(repository, *policy)


@given(repositories(), policies(), st.data())
def test_a_rule_changes_nothing_about_rules_of_higher_priority(
    repository: Repository, policy: list[dict[str, Any]], data: st.DataObject
) -> None:
    """What the first rules mark is the same without the others."""
    few = data.draw(st.integers(1, len(policy)))
    marks = marks_of(repository, *policy)
    first = {name: priority for name, priority in marks.items() if priority <= few}
    assert marks_of(repository, *policy[:few]) == first


@given(repositories(), policies())
def test_a_child_of_a_list_in_standard_storage_is_never_marked(
    repository: Repository, policy: list[dict[str, Any]]
) -> None:
    """It stays as long as the list does."""
    lists = [each for each in repository.images.values() if storage_class(each) == "STANDARD"]
    held = {name for each in lists for name in each.images}
    assert not held & marks_of(repository, *policy).keys()


@given(plain_images, st.integers(1, 10))
def test_the_youngest_are_kept(images: list[Image], number: int) -> None:
    """``countNumber`` images stay, or all there are, and none that goes is younger."""
    gone = marks_of(app(images), rule(1, countNumber=number)).keys()
    kept = [each for each in images if each.digest not in gone]
    assert len(kept) == min(number, len(images))
    youngest_gone = max((each.pushed_at for each in images if each.digest in gone), default=0)
    assert all(each.pushed_at >= youngest_gone for each in kept)


@given(plain_images, st.integers(1, 200))
def test_the_older_ones_go(images: list[Image], number: int) -> None:
    """Those of more than ``countNumber`` days are expired, and no others."""
    gone = marks_of(app(images), rule(1, **since("Pushed", number))).keys()
    assert gone == {each.digest for each in images if NOW - each.pushed_at > number * DAY}


@given(plain_images, st.integers(1, 10))
def test_a_policy_leaves_nothing_to_be_done(images: list[Image], number: int) -> None:
    """Once it was run, it marks no more images by their number."""
    policy = rule(1, countNumber=number)
    gone = marks_of(app(images), policy).keys()
    assert marks_of(app([each for each in images if each.digest not in gone]), policy) == {}
