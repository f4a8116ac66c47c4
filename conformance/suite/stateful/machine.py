"""The state machine that writes programs. It imports Hypothesis, so it is imported when it runs."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    get_state_machine_test,
    initialize,
    rule,
)

from conformance.suite.artifacts import Blob
from conformance.suite.exploration import Exploration
from conformance.suite.stateful.call import BLOBS, IMAGES, NO_LAYER, TAGS, Call, DigestOf
from conformance.suite.stateful.lockstep import Lockstep
from conformance.suite.topics.policies import denial


def _digest_of(image: str) -> dict[str, DigestOf]:
    return {"imageDigest": DigestOf(image)}


_REPOSITORY = st.sampled_from(["a", "a", "a", "a", "b"])
_IMAGE = st.sampled_from(["first", "first", "second", "list"])
_TAG = st.sampled_from(TAGS)
_BY_TAG = st.builds(lambda tag: {"imageTag": tag}, _TAG)
_BY_DIGEST = st.builds(_digest_of, _IMAGE)
_IMAGE_IDS = st.lists(_BY_TAG | _BY_DIGEST, min_size=1, max_size=2, unique_by=repr)
_FORMS = ("digest", "one tag", "all tags")
_BLOB = st.sampled_from(BLOBS)
_KEY = st.sampled_from(["team", "stage"])
_MUTABILITY = st.sampled_from(["MUTABLE", "IMMUTABLE"])

_READING = ("DescribeRepositories", "GetRepositoryPolicy", "ListTagsForResource")

_NEVER_DONE = {
    "ecr": ("PutLifecyclePolicy", "StartLifecyclePolicyPreview"),
    "ecr-public": ("PutRepositoryCatalogData", "GetRepositoryCatalogData"),
}
"""What policies may deny everybody, because no program does it."""

_PROGRAM = 8192
"""Bytes that a program is made of: all that Hypothesis reads."""


class Programs(RuleBasedStateMachine):
    """Two repositories to which anything happens.

    ``begin`` starts a program, ``take`` sends one of its calls, ``end`` is told when it is over.
    """

    service: ClassVar[str]
    begin: ClassVar[Callable[[], Lockstep]]
    take: ClassVar[Callable[[Lockstep, Call], None]]
    end: ClassVar[Callable[[Lockstep], None]]

    def __init__(self) -> None:
        super().__init__()
        self.lockstep = type(self).begin()

    def teardown(self) -> None:
        """Clean up."""
        type(self).end(self.lockstep)

    def ask(self, operation: str, repository: str, **members: Any) -> None:
        """Send a call, unless it is the third in a row; members that are ``None`` are left out."""
        given = {name: value for name, value in members.items() if value is not None}
        call = Call(operation, repository, given)
        if self.lockstep.program[-2:] != [call, call]:
            type(self).take(self.lockstep, call)

    def upload(self, repository: str, blob: Blob, digest: str) -> None:
        """Upload a layer that is said to have a digest."""
        self.ask("InitiateLayerUpload", repository)
        self.ask(
            "UploadLayerPart", repository, layerPartBlob=blob.content,
            partFirstByte=0, partLastByte=len(blob.content) - 1,
        )  # fmt: skip
        self.ask("CompleteLayerUpload", repository, layerDigests=[digest])

    @initialize(mutability=_MUTABILITY, pushed=st.lists(st.tuples(_IMAGE, _TAG), max_size=3))
    def start(self, mutability: str, pushed: list[tuple[str, str]]) -> None:
        """Begin with a repository that has some images, because most can only happen to them."""
        self.create("a", mutability)
        for image, tag in pushed:
            self.push("a", image, tag)

    @rule(repository=_REPOSITORY, mutability=_MUTABILITY)
    def create(self, repository: str, mutability: str) -> None:
        wanted = mutability if self.service == "ecr" else None
        self.ask("CreateRepository", repository, imageTagMutability=wanted)

    @rule(repository=_REPOSITORY, force=st.booleans())
    def delete(self, repository: str, *, force: bool) -> None:
        self.ask("DeleteRepository", repository, force=force)

    @rule(repository=_REPOSITORY, blob=_BLOB)
    def upload_layer(self, repository: str, blob: Blob) -> None:
        self.upload(repository, blob, blob.digest)

    @rule(repository=_REPOSITORY, empty=st.booleans())
    def upload_no_layer(self, repository: str, *, empty: bool) -> None:
        if empty:
            self.ask("InitiateLayerUpload", repository)
            self.ask("CompleteLayerUpload", repository, layerDigests=[NO_LAYER])
        else:
            self.upload(repository, BLOBS[0], NO_LAYER)

    @rule(repository=_REPOSITORY, image=_IMAGE, tag=_TAG)
    def push(self, repository: str, image: str, tag: str) -> None:
        there = self.lockstep.repository(repository)
        for blob in IMAGES[image].blobs:
            if there is not None and blob.digest not in there.layers:
                self.upload(repository, blob, blob.digest)
        self.put(repository, image, tag)

    @rule(repository=_REPOSITORY, image=_IMAGE, tag=st.none() | _TAG)
    def put(self, repository: str, image: str, tag: str | None) -> None:
        manifest = IMAGES[image]
        self.ask(
            "PutImage", repository, imageManifest=manifest.text, imageTag=tag,
            imageManifestMediaType=manifest.media_type,
        )  # fmt: skip

    @rule(repository=_REPOSITORY, image_ids=_IMAGE_IDS)
    def delete_images(self, repository: str, image_ids: list[Any]) -> None:
        self.ask("BatchDeleteImage", repository, imageIds=image_ids)

    @rule(repository=_REPOSITORY, at=st.integers(0, 2), form=st.sampled_from(_FORMS))
    def delete_an_image_that_is_there(self, repository: str, at: int, form: str) -> None:
        there = self.lockstep.repository(repository)
        known = {manifest.digest: label for label, manifest in IMAGES.items()}
        labels = [] if there is None else [known[digest] for digest in there.images]
        if there is not None and labels:
            label = labels[at % len(labels)]
            tags = [{"imageTag": tag} for tag in there.tags_of(IMAGES[label].digest)]
            by_tag = {"one tag": tags[:1], "all tags": tags}.get(form)
            self.ask("BatchDeleteImage", repository, imageIds=by_tag or [_digest_of(label)])

    @rule(repository=_REPOSITORY, image_ids=st.none() | _IMAGE_IDS)
    def describe_images(self, repository: str, image_ids: list[Any] | None) -> None:
        self.ask("DescribeImages", repository, imageIds=image_ids)

    @rule(repository=_REPOSITORY, image_ids=_IMAGE_IDS)
    def get_images(self, repository: str, image_ids: list[Any]) -> None:
        media_types = sorted({each.media_type for each in IMAGES.values()})
        self.ask("BatchGetImage", repository, imageIds=image_ids, acceptedMediaTypes=media_types)

    @rule(repository=_REPOSITORY, status=st.sampled_from(["ANY", "TAGGED", "UNTAGGED"]))
    def list_images(self, repository: str, status: str) -> None:
        self.ask("ListImages", repository, filter={"tagStatus": status})
        self.ask("DescribeImageTags", repository)

    @rule(repository=_REPOSITORY, blob=_BLOB)
    def look_for_layer(self, repository: str, blob: Blob) -> None:
        self.ask("BatchCheckLayerAvailability", repository, layerDigests=[blob.digest])
        self.ask("GetDownloadUrlForLayer", repository, layerDigest=blob.digest)

    @rule(repository=_REPOSITORY, mutability=_MUTABILITY)
    def set_mutability(self, repository: str, mutability: str) -> None:
        self.ask("PutImageTagMutability", repository, imageTagMutability=mutability)

    @rule(repository=_REPOSITORY, actions=st.integers(0, 2))
    def change_policy(self, repository: str, actions: int) -> None:
        denied = _NEVER_DONE[self.service][:actions]
        if denied:
            text = denial(self.service, *denied)
            self.ask("SetRepositoryPolicy", repository, policyText=text)
        else:
            self.ask("DeleteRepositoryPolicy", repository)

    @rule(repository=_REPOSITORY, key=_KEY, value=st.sampled_from(["", "red"]))
    def tag(self, repository: str, key: str, value: str) -> None:
        self.ask("TagResource", repository, tags=[{"Key": key, "Value": value}])

    @rule(repository=_REPOSITORY, key=_KEY)
    def untag(self, repository: str, key: str) -> None:
        there = self.lockstep.repository(repository)
        keys = [] if there is None else list(there.settings.resource_tags)
        self.ask("UntagResource", repository, tagKeys=keys[:1] or [key])

    @rule(repository=_REPOSITORY, operation=st.sampled_from(_READING))
    def read(self, repository: str, operation: str) -> None:
        self.ask(operation, repository)


def write_programs(
    service: str,
    exploration: Exploration,
    begin: Callable[[], Lockstep],
    take: Callable[[Lockstep, Call], None],
    end: Callable[[Lockstep], None],
) -> None:
    """Let Hypothesis write programs for a service: the same ones for the same seed.

    Each is made of bytes, as when a fuzzer drives Hypothesis. Left to itself, it would mix in
    constants of whatever code is loaded, so that programs were others in another environment, and
    keep a cache in the current folder; and it would spend most of a small budget on varying the
    programs that it has.
    """
    members = {"service": service, "begin": begin, "take": take, "end": end}
    test: Any = get_state_machine_test(
        type("Programs", (Programs,), members),
        settings=settings(
            stateful_step_count=exploration.depth,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    source = Random(exploration.seed)  # noqa: S311 (repeatable is what it has to be)
    for _ in range(exploration.budget):
        test.hypothesis.fuzz_one_input(source.randbytes(_PROGRAM))
