"""What an answer says, without what may differ between two right implementations.

Left out are ids, times, tokens, URLs, ARNs, the order of listings, the words of messages, and
members whose presence or value AWS does not document.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.suite.answers import objects, refusal, structure, success, text
from conformance.suite.running.marking import marks
from conformance.suite.stateful.side import Side
from conformance.suite.steps import tags_of
from conformance.suite.topics.policies import reading
from conformance.transport.exchange import Response

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A refusal with ``code``, or a success with ``facts``, short phrases in no order."""

    code: str = ""
    facts: tuple[str, ...] = ()

    @property
    def succeeded(self) -> bool:
        """Whether it is a success."""
        return not self.code

    def __str__(self) -> str:
        """How a message shows it."""
        return self.code or f"success ({'; '.join(self.facts) or 'nothing'})"


def outcome(side: Side, operation: str, response: Response) -> Outcome:
    """What a side answered to an operation."""
    error, answer = refusal(response), success(response)
    if error is not None and error.status < 500:
        return Outcome(code=error.code)
    if answer is None:
        kind = "without a JSON object" if error is None else error.code
        return Outcome(code=f"HTTP {response.status} {kind}")
    read = _READERS.get(operation)
    return Outcome(facts=tuple(sorted(read(side, answer))) if read else ())


def _repository(side: Side, answer: Answer) -> Iterable[str]:
    yield side.repository(text(structure(answer, "repository"), "repositoryName"))


def _repositories(side: Side, answer: Answer) -> Iterable[str]:
    for each in objects(answer, "repositories"):
        name = side.repository(text(each, "repositoryName"))
        # ECR Public has no such setting.
        yield f"{name} {text(each, 'imageTagMutability') or ''}".rstrip()


def _mutability(_: Side, answer: Answer) -> Iterable[str]:
    yield text(answer, "imageTagMutability") or "no imageTagMutability"


def _last_byte(_: Side, answer: Answer) -> Iterable[str]:
    yield f"last byte {answer.get('lastByteReceived')}"


def _layer(_: Side, answer: Answer) -> Iterable[str]:
    yield _short(text(answer, "layerDigest"))


def _short(digest: str | None) -> str:
    """A layer as messages show it."""
    return (digest or "no layerDigest")[:19]


def _layers(_: Side, answer: Answer) -> Iterable[str]:
    """The layers that are there: whether others are UNAVAILABLE or failures is not public."""
    for each in objects(answer, "layers"):
        if each.get("layerAvailability") == "AVAILABLE":
            yield f"{_short(text(each, 'layerDigest'))} is available"


def _pushed(side: Side, answer: Answer) -> Iterable[str]:
    yield _identified(side, structure(structure(answer, "image"), "imageId"))


def _image_ids(side: Side, answer: Answer) -> Iterable[str]:
    yield from (_identified(side, each) for each in objects(answer, "imageIds"))
    yield from _failures(side, answer)


def _images(side: Side, answer: Answer) -> Iterable[str]:
    """The images, each once: how often one that was asked for twice comes is not public."""
    digests = (structure(each, "imageId") for each in objects(answer, "images"))
    yield from {side.image(text(each, "imageDigest")) for each in digests}
    yield from _failures(side, answer)


def _failures(side: Side, answer: Answer) -> Iterable[str]:
    for each in objects(answer, "failures"):
        asked = structure(each, "imageId")
        name = text(asked, "imageTag") or side.image(text(asked, "imageDigest"))
        yield f"{each.get('failureCode')} for {name}"


def _details(side: Side, answer: Answer) -> Iterable[str]:
    for each in objects(answer, "imageDetails"):
        tags = ", ".join(sorted(str(tag) for tag in tags_of(each)))
        image = side.image(text(each, "imageDigest"))
        yield f"{image} tagged {tags}" if tags else f"{image} untagged"


def _tag_details(side: Side, answer: Answer) -> Iterable[str]:
    for each in objects(answer, "imageTagDetails"):
        digest = text(structure(each, "imageDetail"), "imageDigest")
        yield f"{side.image(digest)} tagged {text(each, 'imageTag')}"


def _identified(side: Side, image_id: Answer) -> str:
    image, tag = side.image(text(image_id, "imageDigest")), text(image_id, "imageTag")
    return f"{image} untagged" if tag is None else f"{image} tagged {tag}"


def _policy(_: Side, answer: Answer) -> Iterable[str]:
    yield json.dumps(reading(text(answer, "policyText")), sort_keys=True)


def _tags(side: Side, answer: Answer) -> Iterable[str]:
    known_by = marks(side.registry.target)
    for each in objects(answer, "tags"):
        if text(each, "Key") not in known_by:
            yield f"{text(each, 'Key')}={text(each, 'Value') or ''}"


_READERS: Mapping[str, Callable[[Side, Answer], Iterable[str]]] = {
    "BatchCheckLayerAvailability": _layers,
    "BatchDeleteImage": _image_ids,
    "BatchGetImage": _images,
    "CompleteLayerUpload": _layer,
    "CreateRepository": _repository,
    "DeleteRepository": _repository,
    "DeleteRepositoryPolicy": _policy,
    "DescribeImageTags": _tag_details,
    "DescribeImages": _details,
    "DescribeRepositories": _repositories,
    "GetDownloadUrlForLayer": _layer,
    "GetRepositoryPolicy": _policy,
    "ListImages": _image_ids,
    "ListTagsForResource": _tags,
    "PutImage": _pushed,
    "PutImageTagMutability": _mutability,
    "SetRepositoryPolicy": _policy,
    "UploadLayerPart": _last_byte,
}
"""Of the operations that are not here, a success says nothing more."""
