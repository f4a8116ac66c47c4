"""Lifecycle policies: put, got and deleted; what is no policy; previews."""

from __future__ import annotations

import json
from typing import Any

import pytest
from clock import Clock, client_at
from lifecycle_texts import ARCHIVE, rule, since, tagged, text
from pushing import push

from conformance.reference.operations.lifecycle import PREPARATION
from conformance.suite.artifacts import docker_image

HERE = {"registryId": "123456789012", "repositoryName": "app"}
POLICY = text(rule(tagStatus="untagged", **since("Pushed", 14)))
COMPACT = json.dumps(json.loads(POLICY), separators=(",", ":"))
ARCHIVED = since("Transitioned", 90, storageClass="archive")


@pytest.fixture
def ecr(clock: Clock) -> Any:
    """A client of a registry with an empty repository app."""
    return client_at(clock)


def _plain(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def _put(ecr: Any, policy: str) -> dict[str, Any]:
    return _plain(ecr.put_lifecycle_policy(repositoryName="app", lifecyclePolicyText=policy))


def _refused(ecr: Any, policy: str) -> str:
    """How both operations that take a policy refuse this one."""
    asked = {"repositoryName": "app", "lifecyclePolicyText": policy}
    with pytest.raises(ecr.exceptions.InvalidParameterException) as put:
        ecr.put_lifecycle_policy(**asked)
    with pytest.raises(ecr.exceptions.InvalidParameterException) as started:
        ecr.start_lifecycle_policy_preview(**asked)
    messages = {each.value.response["Error"]["Message"] for each in (put, started)}
    (message,) = messages
    return str(message)


def test_a_policy_is_put_and_got(ecr: Any) -> None:
    """A policy comes back without blanks between; it was never run (aws-cli's examples)."""
    assert _put(ecr, POLICY) == {**HERE, "lifecyclePolicyText": COMPACT}
    got = _plain(ecr.get_lifecycle_policy(repositoryName="app"))
    assert got.pop("lastEvaluatedAt").timestamp() == 0.0
    assert got == {**HERE, "lifecyclePolicyText": COMPACT}


def test_a_policy_takes_the_place_of_another(ecr: Any) -> None:
    """There is one policy at a time."""
    _put(ecr, POLICY)
    other = text(rule(), rule(2, tagStatus="any", **ARCHIVED))
    _put(ecr, other)
    got = ecr.get_lifecycle_policy(repositoryName="app")["lifecyclePolicyText"]
    assert json.loads(got) == json.loads(other)


def test_a_policy_is_deleted(ecr: Any) -> None:
    """Deleting answers with what is gone; there is nothing to get or delete then."""
    _put(ecr, POLICY)
    deleted = _plain(ecr.delete_lifecycle_policy(repositoryName="app"))
    assert deleted.pop("lastEvaluatedAt").timestamp() == 0.0
    assert deleted == {**HERE, "lifecyclePolicyText": COMPACT}
    for operation in (ecr.get_lifecycle_policy, ecr.delete_lifecycle_policy):
        with pytest.raises(ecr.exceptions.LifecyclePolicyNotFoundException) as refused:
            operation(repositoryName="app")
        assert refused.value.response["Error"]["Message"] == (
            "Lifecycle policy does not exist for the repository with name 'app' in the registry "
            "with id '123456789012'"
        )


def test_a_policy_goes_with_its_repository(ecr: Any) -> None:
    """A repository that is made anew has neither policy nor preview."""
    _put(ecr, POLICY)
    ecr.start_lifecycle_policy_preview(repositoryName="app")
    ecr.delete_repository(repositoryName="app")
    ecr.create_repository(repositoryName="app")
    with pytest.raises(ecr.exceptions.LifecyclePolicyNotFoundException):
        ecr.get_lifecycle_policy(repositoryName="app")
    with pytest.raises(ecr.exceptions.LifecyclePolicyPreviewNotFoundException):
        ecr.get_lifecycle_policy_preview(repositoryName="app")


def test_nothing_is_found_without_the_repository(ecr: Any) -> None:
    """All five operations say that it is the repository that is not there."""
    nowhere = {"repositoryName": "nowhere"}
    with pytest.raises(ecr.exceptions.RepositoryNotFoundException):
        ecr.put_lifecycle_policy(**nowhere, lifecyclePolicyText=POLICY)
    for operation in (
        ecr.get_lifecycle_policy, ecr.delete_lifecycle_policy,
        ecr.start_lifecycle_policy_preview, ecr.get_lifecycle_policy_preview,
    ):  # fmt: skip
        with pytest.raises(ecr.exceptions.RepositoryNotFoundException):
            operation(**nowhere)


def test_a_policy_that_is_put_expires_nothing_at_once(ecr: Any) -> None:
    """Images that the policy expires are still there: AWS takes up to a day."""
    images = [docker_image(f"image {number}") for number in range(2)]
    for image in images:
        push(ecr, "app", image)
    _put(ecr, text(rule()))
    listed = {each["imageDigest"] for each in ecr.list_images(repositoryName="app")["imageIds"]}
    assert listed == {image.digest for image in images}


@pytest.mark.parametrize(
    "rules",
    [
        [rule(7, **tagged("a*b*c*d*", "e"))],
        [rule(tagStatus="tagged", tagPrefixList=["a", "b"])],
        [rule(**since("Pushed", 1), action=ARCHIVE)],
        [rule(**since("Pulled", 1), action=ARCHIVE)],
        [rule(action=ARCHIVE)],
        [rule(storageClass="standard")],
        [rule(**ARCHIVED)],
        [rule(2), rule(1, tagStatus="untagged")],
        # Rules of another storage class do not matter.
        [rule(1), rule(2, **ARCHIVED)],
        [rule(2), rule(1, **ARCHIVED)],
        [rule(1, tagStatus="untagged"), rule(2, tagStatus="untagged", **ARCHIVED)],
        [rule(1, tagStatus="tagged", tagPrefixList=["a"]),
         rule(2, tagStatus="tagged", tagPrefixList=["a"], **ARCHIVED)],
        # Prefixes may be shared in part, and patterns are not spoken of.
        [rule(1, tagStatus="tagged", tagPrefixList=["a"]),
         rule(2, tagStatus="tagged", tagPrefixList=["a", "b"])],
        [rule(1, **tagged("a*")), rule(2, **tagged("a*"))],
        [rule(number, **tagged(f"a{number}")) for number in range(1, 51)],
        [{name: value for name, value in rule().items() if name != "description"}],
        [rule(2**31 - 1)],
    ],
)  # fmt: skip
def test_what_is_documented_is_a_policy(ecr: Any, rules: list[Any]) -> None:
    """Every form the user guide has is taken."""
    put = _put(ecr, text(*rules))["lifecyclePolicyText"]
    assert json.loads(put) == {"rules": rules}


def _without(member: str) -> dict[str, Any]:
    return {name: value for name, value in rule().items() if name != member}


def _selecting(**selection: Any) -> dict[str, Any]:
    """A rule of which a selection is all that there is."""
    return {**rule(), "selection": selection}


@pytest.mark.parametrize(
    "rules",
    [
        # Each rule as such.
        [_without("rulePriority")], [_without("selection")], [_without("action")],
        ["rule" * 30], [None, rule()], [{**rule(), "priority": 1}],
        [rule(0)], [rule(-1)], [{**rule(), "rulePriority": "1"}], [{**rule(), "rulePriority": 1.5}],
        [{**rule(), "rulePriority": True}], [rule(2**31)], [{**rule(), "description": None}],
        [{**rule(), "description": 1}], [{**rule(), "selection": []}],
        # Tags.
        [_selecting(countType="imageCountMoreThan", countNumber=1)],
        [rule(tagStatus="TAGGED")], [rule(tagStatus=None)], [rule(tagStatus=["any"])],
        [rule(tagStatus="tagged")], [rule(**tagged())],
        [rule(tagStatus="tagged", tagPrefixList=[])],
        [rule(**tagged("a"), tagPrefixList=["a"])], [rule(tagPatternList=["a"])],
        [rule(tagPrefixList=["a"])], [rule(tagStatus="untagged", tagPatternList=["a"])],
        [rule(tagStatus="untagged", tagPrefixList=[])],
        [rule(tagStatus="tagged", tagPatternList="a")],
        [rule(tagStatus="tagged", tagPatternList=["a", 1])], [rule(**tagged("test*1*2*3*4*5*6"))],
        [rule(**tagged("a", "*b*c*d*e*"))], [rule(tagList=["a"])],
        [rule(tagPrefixList=None)],
        # Counts.
        [_selecting(tagStatus="any", countNumber=1)],
        [_selecting(tagStatus="any", countType="imageCountMoreThan")],
        [rule(countType="imageCountLessThan")], [rule(countType=["sinceImagePushed"])],
        [rule(countType=None)], [rule(countNumber=0)], [rule(countNumber=-1)],
        [rule(countNumber="1")], [rule(countNumber=None)], [rule(countNumber=2**31)],
        [rule(countUnit="days")], [rule(countUnit=None)], [rule(countType="sinceImagePushed")],
        [rule(**{**since("Pushed", 1), "countUnit": "hours"})],
        [rule(**{**since("Pulled", 1), "countUnit": None}, action=ARCHIVE)],
        # Storage classes.
        [rule(storageClass="archive")], [rule(storageClass="STANDARD")], [rule(storageClass=None)],
        [rule(**since("Transitioned", 90))], [rule(**since("Pushed", 90, storageClass="archive"))],
        [rule(**since("Transitioned", 89, storageClass="archive"))],
        # Actions.
        [rule(action=[])], [rule(action={})], [rule(action={"type": "delete"})],
        [rule(action={"type": None})], [rule(action={"type": "transition"})],
        [rule(action={**ARCHIVE, "targetStorageClass": "standard"})],
        [rule(action={**ARCHIVE, "type": "expire"})],
        [rule(action={"type": "expire", "targetStorageClass": None})],
        [rule(action={"type": "expire", "when": "now"})],
        [rule(**since("Pulled", 1))], [rule(**ARCHIVED, action=ARCHIVE)],
        # Rules together.
        [], [rule(number, **tagged(f"a{number}")) for number in range(1, 52)],
        [rule(1, **tagged("a")), rule(1, **tagged("b"))], [rule(1), rule(1, **ARCHIVED)],
        [rule(1), rule(2, **tagged("a"))], [rule(2, **tagged("a")), rule(1)], [rule(1), rule(2)],
        [rule(1, tagStatus="untagged"), rule(2, tagStatus="untagged", **since("Pushed", 1))],
        [rule(1, **ARCHIVED), rule(2, tagStatus="untagged", **ARCHIVED)],
        [rule(1, tagStatus="tagged", tagPrefixList=["a", "b"]),
         rule(2, tagStatus="tagged", tagPrefixList=["b", "a", "a"])],
    ],
)  # fmt: skip
def test_what_is_not_documented_is_no_policy(ecr: Any, rules: list[Any]) -> None:
    """It is refused in the frame that ECR has for it (cloudposse/terraform-aws-ecr#158)."""
    frame = "Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: "
    assert _refused(ecr, text(*rules).ljust(100)).startswith(
        f"{frame}'Lifecycle policy validation failure: "
    )
    with pytest.raises(ecr.exceptions.LifecyclePolicyNotFoundException):
        ecr.get_lifecycle_policy(repositoryName="app")


@pytest.mark.parametrize(
    "policy",
    ["no policy", "[]", "null", '{"rules": {}}', '{"rules": null}', "{}", POLICY[:-1],
     POLICY[:-1] + ', "version": 1}', POLICY + POLICY],
    ids=lambda policy: policy.strip()[:20],
)  # fmt: skip
def test_a_text_that_is_no_policy_is_refused(ecr: Any, policy: str) -> None:
    """It is JSON, an object, and has rules and nothing else."""
    assert "'LifecyclePolicyText'" in _refused(ecr, policy.ljust(100))


def test_a_policy_that_is_refused_leaves_the_old_one(ecr: Any) -> None:
    """Nothing changes."""
    _put(ecr, POLICY)
    _refused(ecr, text(rule(0)).ljust(100))
    assert ecr.get_lifecycle_policy(repositoryName="app")["lifecyclePolicyText"] == COMPACT


def test_the_length_of_a_policy_is_limited(ecr: Any) -> None:
    """It has 30,720 characters at most, blanks included (API_PutLifecyclePolicy)."""
    assert _put(ecr, POLICY.ljust(30_720))["lifecyclePolicyText"] == COMPACT
    assert "'lifecyclePolicyText'" in _refused(ecr, POLICY.ljust(30_721))


@pytest.fixture
def stocked(ecr: Any, clock: Clock) -> Any:
    """app has five images, a day apart: old, tagged one and two, untagged, new, and kept."""
    for name, tags in STOCK.items():
        push(ecr, "app", docker_image(name), *tags)
        clock.now += 24 * 3600
    return ecr


STOCK = {"old": ("v1",), "many": ("v2", "v3"), "bare": (), "new": ("v4",), "kept": ("v5",)}
DIGESTS = {name: docker_image(name).digest for name in STOCK}


def _start(ecr: Any, **given: Any) -> dict[str, Any]:
    return _plain(ecr.start_lifecycle_policy_preview(repositoryName="app", **given))


def _preview(ecr: Any, **given: Any) -> dict[str, Any]:
    return _plain(ecr.get_lifecycle_policy_preview(repositoryName="app", **given))


def _shown(ecr: Any, **given: Any) -> set[str]:
    """Which images of the stock a preview shows, by name."""
    names = {digest: name for name, digest in DIGESTS.items()}
    results = _preview(ecr, **given)["previewResults"]
    shown = [names[each["imageDigest"]] for each in results]
    assert len(shown) == len(set(shown))
    return set(shown)


def test_a_preview_is_in_progress_and_then_complete(stocked: Any, clock: Clock) -> None:
    """It has the text as it was given all along, results and a summary in the end."""
    policy = text(rule())
    described = {**HERE, "lifecyclePolicyText": policy}
    begun = {**described, "status": "IN_PROGRESS"}
    assert _start(stocked, lifecyclePolicyText=policy) == begun
    assert _preview(stocked) == {**begun, "previewResults": []}
    clock.now += PREPARATION
    complete = _preview(stocked)
    assert len(complete.pop("previewResults")) == 4
    assert complete == {
        **described, "status": "COMPLETE", "summary": {"expiringImageTotalCount": 4}
    }  # fmt: skip


def test_a_result_says_what_happens_to_an_image_and_by_which_rule(
    stocked: Any, clock: Clock
) -> None:
    """Its tags, time of push, storage class, action and rule are with each image."""
    _start(
        stocked,
        lifecyclePolicyText=text(
            rule(3, **tagged("v2"), **since("Pushed", 1)),
            rule(5, **since("Pushed", 2), action=ARCHIVE),
        ),
    )
    clock.now += PREPARATION
    preview = _preview(stocked)
    results = {each.pop("imageDigest"): each for each in preview["previewResults"]}
    pushed = {digest: each.pop("imagePushedAt") for digest, each in results.items()}
    archived = {
        "action": {"type": "TRANSITION", "targetStorageClass": "ARCHIVE"},
        "appliedRulePriority": 5,
        "storageClass": "STANDARD",
    }
    expired = {
        "action": {"type": "EXPIRE"}, "appliedRulePriority": 3, "storageClass": "STANDARD"
    }  # fmt: skip
    assert results == {
        DIGESTS["old"]: {**archived, "imageTags": ["v1"]},
        DIGESTS["many"]: {**expired, "imageTags": ["v2", "v3"]},
        DIGESTS["bare"]: {**archived, "imageTags": []},
    }
    details = stocked.describe_images(repositoryName="app")["imageDetails"]
    assert (
        pushed.items() <= {each["imageDigest"]: each["imagePushedAt"] for each in details}.items()
    )
    assert preview["summary"] == {
        "expiringImageTotalCount": 1,
        "transitioningImageTotalCounts": [{"targetStorageClass": "ARCHIVE", "imageTotalCount": 2}],
    }


def test_an_image_of_the_archive_is_shown_as_such(stocked: Any, clock: Clock) -> None:
    """Its storage class is the one it is in."""
    stocked.update_image_storage_class(
        repositoryName="app", imageId={"imageTag": "v1"}, targetStorageClass="ARCHIVE"
    )
    clock.now += 91 * 24 * 3600
    _start(stocked, lifecyclePolicyText=text(rule(**ARCHIVED)))
    clock.now += PREPARATION
    (result,) = _preview(stocked)["previewResults"]
    assert (result["imageDigest"], result["storageClass"]) == (DIGESTS["old"], "ARCHIVE")
    assert result["action"] == {"type": "EXPIRE"}


def test_a_preview_does_nothing_but_show(stocked: Any, clock: Clock) -> None:
    """The images stay, and the policy that was tried is not the repository's."""
    _start(stocked, lifecyclePolicyText=text(rule()))
    clock.now += PREPARATION
    _preview(stocked)
    assert len(stocked.describe_images(repositoryName="app")["imageDetails"]) == len(STOCK)
    with pytest.raises(stocked.exceptions.LifecyclePolicyNotFoundException):
        stocked.get_lifecycle_policy(repositoryName="app")


def test_without_a_policy_the_current_one_is_previewed(stocked: Any, clock: Clock) -> None:
    """It has to be there, and the preview outlives it."""
    with pytest.raises(stocked.exceptions.LifecyclePolicyNotFoundException):
        _start(stocked)
    put = _put(stocked, text(rule()))["lifecyclePolicyText"]
    assert _start(stocked)["lifecyclePolicyText"] == put
    stocked.delete_lifecycle_policy(repositoryName="app")
    clock.now += PREPARATION
    assert _shown(stocked) == set(STOCK) - {"kept"}


def test_a_policy_given_goes_before_the_current_one(stocked: Any, clock: Clock) -> None:
    """The repository's policy has no part in the preview of another."""
    _put(stocked, text(rule()))
    _start(stocked, lifecyclePolicyText=text(rule(tagStatus="untagged", **since("Pushed", 1))))
    clock.now += PREPARATION
    assert _shown(stocked) == {"bare"}


def test_one_preview_is_in_progress_at_a_time(stocked: Any, clock: Clock) -> None:
    """A second one is refused until the first is complete, and then takes its place."""
    _start(stocked, lifecyclePolicyText=text(rule()))
    clock.now += PREPARATION / 2
    with pytest.raises(stocked.exceptions.LifecyclePolicyPreviewInProgressException):
        _start(stocked, lifecyclePolicyText=POLICY)
    clock.now += PREPARATION / 2
    assert _start(stocked, lifecyclePolicyText=POLICY)["status"] == "IN_PROGRESS"
    clock.now += PREPARATION
    assert _preview(stocked)["lifecyclePolicyText"] == POLICY


def test_there_is_no_preview_before_one_is_started(ecr: Any) -> None:
    """A policy alone is not enough."""
    _put(ecr, POLICY)
    with pytest.raises(ecr.exceptions.LifecyclePolicyPreviewNotFoundException):
        _preview(ecr)


def test_an_empty_repository_has_nothing_to_expire(ecr: Any, clock: Clock) -> None:
    """Its preview is as in aws-cli's example."""
    _start(ecr, lifecyclePolicyText=POLICY)
    clock.now += PREPARATION
    preview = _preview(ecr)
    assert preview["previewResults"] == []
    assert preview["summary"] == {"expiringImageTotalCount": 0}


@pytest.fixture
def previewed(stocked: Any, clock: Clock) -> Any:
    """The preview of a policy that keeps the youngest image alone is complete."""
    _start(stocked, lifecyclePolicyText=text(rule()))
    clock.now += PREPARATION
    return stocked


def test_results_are_settled_when_the_preview_starts(previewed: Any) -> None:
    """Images that come and go later change nothing."""
    previewed.batch_delete_image(repositoryName="app", imageIds=[{"imageTag": "v1"}])
    push(previewed, "app", docker_image("later"))
    assert _shown(previewed) == {"old", "many", "bare", "new"}


def test_results_are_filtered_by_tag_status(previewed: Any) -> None:
    """The summary is of the whole preview all the same."""
    for status, names in (
        ("TAGGED", {"old", "many", "new"}), ("UNTAGGED", {"bare"}),
        ("ANY", {"old", "many", "bare", "new"}),
    ):  # fmt: skip
        asked = {"filter": {"tagStatus": status}}
        assert _shown(previewed, **asked) == names
        assert _preview(previewed, **asked)["summary"] == {"expiringImageTotalCount": 4}
    assert _shown(previewed, filter={}) == {"old", "many", "bare", "new"}


def test_results_are_selected_by_image(previewed: Any) -> None:
    """By digest, by any tag, or by both; images that are not among the results are left out."""
    many = {"imageDigest": DIGESTS["many"]}
    for image_id, names in (
        (many, {"many"}), ({"imageTag": "v3"}, {"many"}), ({**many, "imageTag": "v2"}, {"many"}),
        ({**many, "imageTag": "v1"}, set()), ({"imageTag": "v5"}, set()),
        ({"imageTag": "nowhere"}, set()),
    ):  # fmt: skip
        assert _shown(previewed, imageIds=[image_id]) == names
    both = [{"imageTag": "v2"}, {"imageTag": "v3"}, {"imageDigest": DIGESTS["bare"]}]
    assert _shown(previewed, imageIds=both) == {"many", "bare"}
    assert _shown(previewed, imageIds=both, filter={"tagStatus": "TAGGED"}) == {"many"}


@pytest.mark.parametrize("image_id", [{}, {"imageTag": "a b"}, {"imageDigest": "sha256"}], ids=repr)
def test_what_names_no_image_is_invalid(previewed: Any, image_id: dict[str, str]) -> None:
    """An identifier has a tag or a digest, of the form of one."""
    with pytest.raises(previewed.exceptions.InvalidParameterException):
        _preview(previewed, imageIds=[image_id])


def test_results_come_in_pages(previewed: Any) -> None:
    """boto3's paginator finds every result once; a page is no longer than asked for."""
    paginator = previewed.get_paginator("get_lifecycle_policy_preview")
    for size in (1, 2, 3, 4, 100):
        asked = {"repositoryName": "app", "PaginationConfig": {"PageSize": size}}
        pages = [page["previewResults"] for page in paginator.paginate(**asked)]
        assert all(len(page) == size for page in pages[:-1])
        digests = [each["imageDigest"] for page in pages for each in page]
        assert sorted(digests) == sorted(DIGESTS[name] for name in STOCK if name != "kept")


def test_a_page_has_at_most_a_hundred_results(ecr: Any, clock: Clock) -> None:
    """Without maxResults that is the size of a page."""
    for number in range(102):
        push(ecr, "app", docker_image(f"image {number}"))
    _start(ecr, lifecyclePolicyText=text(rule()))
    clock.now += PREPARATION
    first = _preview(ecr)
    second = _preview(ecr, nextToken=first["nextToken"])
    assert (len(first["previewResults"]), len(second["previewResults"])) == (100, 1)
    assert "nextToken" not in second


@pytest.mark.parametrize(
    "given",
    [
        {"maxResults": 101}, {"nextToken": "another"},
        {"maxResults": 1, "imageIds": [{"imageTag": "v1"}]},
        {"filter": {"tagStatus": "BOTH"}},
        {"imageIds": [{"imageTag": f"v{number}"} for number in range(101)]},
    ],
    ids="-".join,
)  # fmt: skip
def test_what_cannot_be_asked_of_a_preview_is_invalid(
    previewed: Any, given: dict[str, Any]
) -> None:
    """Pages of up to a hundred; images instead of pages; no token of anything else."""
    with pytest.raises(previewed.exceptions.InvalidParameterException):
        _preview(previewed, **given)


def test_boto3_waits_for_a_preview(ecr: Any, clock: Clock) -> None:
    """The waiter ends when the preview is complete."""
    _start(ecr, lifecyclePolicyText=POLICY)
    clock.now += PREPARATION
    ecr.get_waiter("lifecycle_policy_preview_complete").wait(repositoryName="app")
