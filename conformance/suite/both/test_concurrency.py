"""Several clients at once: one wins, and nothing of the others is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from conformance.suite.answers import describe, refusal, success
from conformance.suite.artifacts import docker_image
from conformance.suite.evidence import documented, model, observed
from conformance.suite.image_answers import shown
from conformance.suite.outcomes import Untestable
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import create_repository, listed, push_with_layers
from conformance.suite.verdicts import MUST, SHOULD
from conformance.transport.exchange import Response

CLIENTS = 6
_TAKEN = "RepositoryAlreadyExistsException"


def _at_once(requests: Sequence[Callable[[], Response]]) -> list[Response]:
    """The answers to requests that are sent in threads of their own."""
    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(lambda request: request(), requests))


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
    images = [docker_image(f"{registry.name_prefix} {number}") for number in range(CLIENTS)]
    for image in images:
        push_with_layers(registry, repository, image)
    asked = [
        {"repositoryName": repository, "imageManifest": image.text, "imageTag": "latest"}
        for image in images
    ]
    answers = _at_once([partial(registry.send, "PutImage", each) for each in asked])
    for answer in answers:
        if success(answer) is None:
            raise Untestable("PutImage", describe(answer))

    def all_there() -> None:
        found = listed(registry, repository)
        tagged = Counter(entry.tag for entry in found)["latest"]
        assert {entry.digest for entry in found} == {image.digest for image in images}, (
            f"{CLIENTS} images were tagged at once, the repository holds {shown(found)}"
        )
        assert tagged == 1, f"{tagged} images have the tag that {CLIENTS} were given at once"

    registry.eventually(all_there)
