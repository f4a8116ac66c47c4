"""Several clients at once: one wins, and nothing of the others is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from conformance.suite.answers import describe, objects, refusal, success, text
from conformance.suite.artifacts import docker_image
from conformance.suite.evidence import documented, model, observed
from conformance.suite.fixtures import PushImage
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import ImageEntry, create_repository, listed, push_with_layers
from conformance.suite.topics.image_answers import holds, settled, settled_image, shown
from conformance.suite.topics.resource_tags import confirm, numbered, pairs, require_tags, tagged
from conformance.suite.verdicts import MUST, SHOULD
from conformance.transport.exchange import Response

CLIENTS = 6
_TAGS = tuple(f"tag-{number}" for number in range(CLIENTS))
_TAKEN = "RepositoryAlreadyExistsException"


def _at_once(requests: Sequence[Callable[[], Response]]) -> list[Response]:
    """The answers to requests that are sent in threads of their own."""
    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(lambda request: request(), requests))


def _done_at_once(registry: Registry, operation: str, requests: Sequence[dict[str, Any]]) -> None:
    """Send requests in threads of their own; ``Untestable`` unless each of them succeeds."""
    for answer in _at_once([partial(registry.send, operation, each) for each in requests]):
        if success(answer) is None:
            raise Untestable(operation, describe(answer))


@rule(
    "repositories.one-creation-wins",
    level=MUST,
    operations=["CreateRepository"],
    evidence=[
        documented(
            f"CreateRepository.{_TAKEN}",
            "The specified repository already exists in the specified registry.",
        ),
        model("Repository", "a registry and a name are all that tells a repository from others"),
    ],
)
def test_one_of_several_creations_at_once_wins(registry: Registry) -> None:
    """Of several creations of one name at once, one succeeds and the others find it taken."""
    asked = {"repositoryName": registry.name_prefix}
    answers = _at_once([partial(registry.send, "CreateRepository", asked)] * CLIENTS)
    made = sum(success(answer) is not None for answer in answers)
    for answer in answers:
        error = refusal(answer)
        if success(answer) is None and (error is None or error.code != _TAKEN):
            raise Untestable("CreateRepository", describe(answer))
    assert made == 1, f"{CLIENTS} clients made a repository of one name, {made} of them succeeded"


@rule(
    "tags.tagged-at-once",
    level=SHOULD,
    operations=["PutImage"],
    evidence=[
        observed(
            "PutImage.imageTag",
            "a tag that is pushed again moves, and the image it was on stays, untagged",
            "https://github.com/hashicorp/terraform-provider-aws/issues/31361",
        )
    ],
)
def test_tagging_at_once_loses_no_image(registry: Registry) -> None:
    """After several images are tagged alike at once, all are there, one of them with the tag."""
    repository = create_repository(registry)
    images = [docker_image(f"{registry.content_seed} {number}") for number in range(CLIENTS)]
    for image in images:
        push_with_layers(registry, repository, image)
    asked = [
        {"repositoryName": repository, "imageManifest": image.text, "imageTag": "latest"}
        for image in images
    ]
    _done_at_once(registry, "PutImage", asked)

    def all_there() -> None:
        found = listed(registry, repository)
        tagged = Counter(entry.tag for entry in found)["latest"]
        assert {entry.digest for entry in found} == {image.digest for image in images}, (
            f"{CLIENTS} images were tagged at once, the repository holds {shown(found)}"
        )
        assert tagged == 1, f"{tagged} images have the tag that {CLIENTS} were given at once"

    registry.eventually(all_there)


@rule(
    "tags.several-at-once",
    level=MUST,
    operations=["PutImage"],
    evidence=[
        documented("PutImage.imageTag", "The tag to associate with the image."),
        documented(
            "PutImage",
            "Creates or updates the image manifest and tags associated with an image.",
            public="Creates or updates the image manifest and tags that are associated with an "
            "image.",
        ),
    ],
)
def test_tags_put_at_once_are_all_there(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """After one image was given several tags at once, it has all of them."""
    manifest = push_image("one", "two")
    digest = settled_image(registry, repository, "one", "two")
    image = {"repositoryName": repository, "imageManifest": manifest.text}
    _done_at_once(registry, "PutImage", [{**image, "imageTag": tag} for tag in _TAGS])
    holds(registry, repository, {ImageEntry(digest, tag) for tag in ("one", "two", *_TAGS)})


@rule(
    "tags.deleted-at-once",
    level=MUST,
    operations=["BatchDeleteImage"],
    evidence=[
        documented(
            "BatchDeleteImage",
            "You can remove a tag from an image by specifying the image's tag in your request.",
        )
    ],
)
def test_tags_deleted_at_once_are_all_gone(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """After several of an image's tags were deleted at once, the image has only the other one."""
    push_image("kept", "before", *_TAGS)
    _delete_before(registry, repository)
    digest = settled_image(registry, repository, "kept", *_TAGS)
    asked = [{"repositoryName": repository, "imageIds": [{"imageTag": tag}]} for tag in _TAGS]
    _done_at_once(registry, "BatchDeleteImage", asked)
    holds(registry, repository, {ImageEntry(digest, "kept")})


def _delete_before(registry: Registry, repository: str) -> None:
    """Delete one tag alone: where that takes others away, it is no wonder that several do."""
    answer = _delete_tag(registry, repository, "before")
    if success(answer) is None:
        raise Untestable("BatchDeleteImage", describe(answer))


@rule(
    "resource-tags.several-at-once",
    level=MUST,
    operations=["TagResource"],
    evidence=[
        documented(
            "TagResource",
            "Existing tags on a resource are not changed if they are not specified in the request "
            "parameters.",
            public="If existing tags on a resource aren't specified in the request parameters, "
            "they aren't changed.",
        )
    ],
)
def test_resource_tags_put_at_once_are_all_there(registry: Registry) -> None:
    """After several tags were put on a repository at once, it has all of them."""
    before, tags = {"one": "1", "two": "2"}, numbered(CLIENTS)
    arn = tagged(registry, {"one": "1"})
    registry.given("TagResource", resourceArn=arn, tags=pairs({"two": "2"}))
    confirm(registry, arn, before)
    asked = [{"resourceArn": arn, "tags": pairs({key: tags[key]})} for key in tags]
    _done_at_once(registry, "TagResource", asked)
    require_tags(registry, arn, {**before, **tags})


@rule(
    "images.listed-beside-changes",
    level=MUST,
    operations=["DescribeImages"],
    evidence=[
        documented(
            "DescribeImages",
            "Returns metadata about the images in a repository.",
            public="Returns metadata that's related to the images in a repository in a public "
            "registry.",
        )
    ],
)
def test_a_listing_has_what_stays_while_others_come_and_go(
    registry: Registry, repository: str, push_image: PushImage
) -> None:
    """An image that stays is in every listing that is made while tags come and go beside it."""
    push_image("stays")
    goes = push_image("goes")
    stays = settled(registry, repository, "stays", "goes")["stays"]
    registry.let_settle()
    put = {"repositoryName": repository, "imageManifest": goes.text}
    changes = [
        change
        for tag in _TAGS
        for change in (
            partial(registry.send, "PutImage", {**put, "imageTag": tag}),
            partial(_delete_tag, registry, repository, tag),
        )
    ]
    ask = partial(registry.send, "DescribeImages", {"repositoryName": repository})
    answers = _at_once([request for change in changes for request in (ask, change)])[::2]
    for answer in answers:
        listing = success(answer)
        if listing is None:
            raise Untestable("DescribeImages", describe(answer))
        found = {text(each, "imageDigest") for each in objects(listing, "imageDetails")}
        says = "DescribeImages, while tags come and go: an image that stays is not among the"
        assert stays in found, f"{says} {len(found)} that are listed"


def _delete_tag(registry: Registry, repository: str, tag: str) -> Response:
    image_ids = [{"imageTag": tag}]
    return registry.send("BatchDeleteImage", {"repositoryName": repository, "imageIds": image_ids})
