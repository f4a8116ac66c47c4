"""One of the two sides that a program is sent to: the target, or the reference."""

from __future__ import annotations

from typing import Any

from conformance.suite.answers import structure, success, text
from conformance.suite.registry import Registry
from conformance.suite.stateful.call import BY_ARN, IMAGES, UPLOADING, Call, DigestOf
from conformance.suite.walk import UNKNOWN_UPLOAD
from conformance.transport.exchange import Response


class Side:
    """Turns calls into requests, and remembers what the side made up in its answers."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._arns: dict[str, str] = {}
        self._uploads: dict[str, str] = {}
        self._digests = {label: manifest.digest for label, manifest in IMAGES.items()}

    def send(self, call: Call) -> Response:
        """Send a call. Raises ``TransportError`` where nothing comes back."""
        response = self.registry.send(call.operation, self._parameters(call))
        self._learn(call, success(response))
        return response

    def can_name(self, call: Call) -> bool:
        """Whether the side has told the ARN that a call needs, if it needs one."""
        return call.operation not in BY_ARN or call.repository in self._arns

    def name(self, repository: str) -> str:
        """What the side calls a repository."""
        return f"{self.registry.name_prefix}-{repository}"

    def repository(self, name: str | None) -> str:
        """The inverse of ``name``; any other name stays as it is."""
        return (name or "no name").removeprefix(f"{self.registry.name_prefix}-")

    def image(self, digest: str | None) -> str:
        """The image that the side stores under a digest; any other digest stays as it is."""
        found = (label for label, known in self._digests.items() if known == digest)
        return next(found, digest or "no digest")

    def _parameters(self, call: Call) -> dict[str, Any]:
        name = self.name(call.repository)
        if call.operation in BY_ARN:
            about: dict[str, Any] = {"resourceArn": self._arns[call.repository]}
        elif call.operation == "DescribeRepositories":
            about = {"repositoryNames": [name]}
        else:
            about = {"repositoryName": name}
        if call.operation in UPLOADING[1:]:
            about["uploadId"] = self._uploads.get(call.repository, UNKNOWN_UPLOAD)
        return {**about, **self._resolved(call.members)}

    def _resolved(self, value: Any) -> Any:
        if isinstance(value, DigestOf):
            return self._digests[value.image]
        if isinstance(value, (list, tuple)):
            return [self._resolved(each) for each in value]
        if isinstance(value, dict):
            return {name: self._resolved(each) for name, each in value.items()}
        return value

    def _learn(self, call: Call, answer: dict[str, Any] | None) -> None:
        if call.operation == "CompleteLayerUpload":
            # Whether an upload can still be completed after a failure is not public.
            self._uploads.pop(call.repository, None)
        if answer is None:
            return
        if call.operation == "CreateRepository":
            arn = text(structure(answer, "repository"), "repositoryArn")
            self._arns |= {} if arn is None else {call.repository: arn}
        elif call.operation == "DeleteRepository":
            self._uploads.pop(call.repository, None)
        elif call.operation == "InitiateLayerUpload":
            self._uploads[call.repository] = text(answer, "uploadId") or UNKNOWN_UPLOAD
        elif call.operation == "PutImage":
            self._learn_digest(call, answer)

    def _learn_digest(self, call: Call, answer: dict[str, Any]) -> None:
        digest = text(structure(structure(answer, "image"), "imageId"), "imageDigest")
        for label, manifest in IMAGES.items():
            if manifest.text == call.members["imageManifest"] and digest is not None:
                self._digests[label] = digest
