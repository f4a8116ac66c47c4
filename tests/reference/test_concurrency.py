"""Threads that share one reference."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pushing import push

from conformance.reference import ReferenceTransport
from conformance.suite.artifacts import docker_image
from conformance.transport.boto import boto_client

THREADS = 8


def test_one_tag_pushed_by_many_ends_on_one_image(ecr: Any, reference: ReferenceTransport) -> None:
    """Threads that push one tag lose no image, and leave the tag on one of theirs."""
    ecr.create_repository(repositoryName="app")
    manifests = [docker_image(f"thread {number}") for number in range(THREADS)]
    clients = [
        boto_client("ecr", reference, "http://localhost", "eu-west-1") for _ in range(THREADS)
    ]
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(lambda each: push(each[0], "app", each[1], "latest"),
                         zip(clients, manifests, strict=True)))  # fmt: skip
    entries = ecr.list_images(repositoryName="app")["imageIds"]
    tagged = [entry["imageDigest"] for entry in entries if entry.get("imageTag") == "latest"]
    assert sorted(entry["imageDigest"] for entry in entries) == sorted(
        manifest.digest for manifest in manifests
    )
    assert len(tagged) == 1


def test_a_repository_is_created_once(ecr: Any, reference: ReferenceTransport) -> None:
    """Of many that create one repository at a time, one succeeds."""

    def create(_: int) -> bool:
        try:
            ecr.create_repository(repositoryName="app")
        except ecr.exceptions.RepositoryAlreadyExistsException:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as threads:
        assert sum(threads.map(create, range(THREADS))) == 1
