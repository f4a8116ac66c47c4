"""Whatever is asked, in whatever order, the state stays sound."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from conformance.contract import judge_output, load_contract
from conformance.reference import ReferenceTransport
from conformance.suite.artifacts import Manifest, docker_image, docker_list
from conformance.transport.log import ExchangeLog
from conformance.transport.wire import WireClient

ECR = load_contract("ecr")
IMAGES = [docker_image(f"image {number}") for number in range(3)]
MANIFESTS = [*IMAGES, docker_list(IMAGES[:2]), docker_list(IMAGES)]

repositories = st.sampled_from(["one", "two"])
manifests = st.sampled_from(MANIFESTS)
tags = st.sampled_from(["a", "b", "c"])
image_ids = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "imageTag": tags,
            "imageDigest": st.sampled_from([each.digest for each in MANIFESTS]),
        },
    ),
    min_size=1,
    max_size=3,
)


class Registry(RuleBasedStateMachine):
    """A registry that is asked whatever comes to mind."""

    @initialize()
    def begin(self) -> None:
        self.reference = ReferenceTransport.seeded(1)
        log = ExchangeLog(self.reference, "ecr")
        self.client = WireClient(ECR, log, "http://localhost", "us-east-1")

    @rule(name=repositories, mutability=st.sampled_from(["MUTABLE", "IMMUTABLE"]))
    def create(self, name: str, mutability: str) -> None:
        self.ask("CreateRepository", repositoryName=name, imageTagMutability=mutability)

    @rule(name=repositories, force=st.booleans())
    def delete(self, name: str, *, force: bool) -> None:
        self.ask("DeleteRepository", repositoryName=name, force=force)

    @rule(name=repositories, manifest=manifests)
    def upload(self, name: str, manifest: Manifest) -> None:
        for blob in manifest.blobs:
            begun = self.ask("InitiateLayerUpload", repositoryName=name)
            here = {"repositoryName": name, "uploadId": begun.get("uploadId", "0" * 8)}
            self.ask(
                "UploadLayerPart", **here, partFirstByte=0, partLastByte=len(blob.content) - 1,
                layerPartBlob=blob.content,
            )  # fmt: skip
            self.ask("CompleteLayerUpload", **here, layerDigests=[blob.digest])

    @rule(name=repositories, manifest=manifests, tag=st.none() | tags)
    def put(self, name: str, manifest: Manifest, tag: str | None) -> None:
        self.ask("PutImage", repositoryName=name, imageManifest=manifest.text, imageTag=tag)

    @rule(name=repositories, ids=image_ids)
    def remove(self, name: str, ids: list[dict[str, str]]) -> None:
        answer = self.ask("BatchDeleteImage", repositoryName=name, imageIds=ids)
        if "__type" not in answer:
            assert len(answer["failures"]) <= len(ids)

    @rule(name=repositories, ids=image_ids)
    def read(self, name: str, ids: list[dict[str, str]]) -> None:
        self.ask("BatchGetImage", repositoryName=name, imageIds=ids)
        self.ask("DescribeImages", repositoryName=name, imageIds=ids)
        self.ask("DescribeImages", repositoryName=name)

    def ask(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """Ask, and hold the answer against the contract."""
        response = self.client.send(operation, parameters).response
        assert response is not None
        answer: dict[str, Any] = json.loads(response.body)
        if response.status == 200:
            assert judge_output(ECR, operation, answer) == []
        else:
            assert answer["__type"] in {error.code for error in ECR.operations[operation].errors}
        return answer

    @invariant()
    def is_sound(self) -> None:
        for registry in self.reference.world.values() if hasattr(self, "reference") else ():
            for repository in registry.repositories.values():
                assert {tag.digest for tag in repository.tags.values()} <= set(repository.images)
                for digest, image in repository.images.items():
                    content = image.manifest.encode()
                    assert digest == f"sha256:{hashlib.sha256(content).hexdigest()}"
                    assert set(image.layers) <= set(repository.layers)
                    assert set(image.images) <= set(repository.images)


TestRegistry = Registry.TestCase
TestRegistry.settings = settings(
    deadline=None, max_examples=60, stateful_step_count=30,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
