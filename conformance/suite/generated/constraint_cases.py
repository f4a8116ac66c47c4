"""The generated cases of every operation, sorted into what a rule may judge.

AWS holds requests to the constraints of its service model. What it is known, or declared, to treat
otherwise is listed here with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from conformance.contract import Contract
from conformance.contract.generators import CoverageCase, coverage_cases
from conformance.contract.generators.placing import ABSENT

BREAKING = ("required", "type", "encoding", "enum", "min", "max", "pattern")
"""The kinds of constraints; a rule for each of an operation."""

VALID, OTHER_TYPES = "valid", "other-types"

_CONTAINERS = ("structure", "list", "map")
_NEVER_A_VALUE = ("as object", "as list")

_LARGE = {"LayerPartBlob", "ImageManifest"}
"""Shapes of several megabytes. A request beyond that may be refused by what stands before ECR:
RequestEntityTooLargeException is one of AWS's common errors
(https://docs.aws.amazon.com/AmazonECR/latest/APIReference/CommonErrors.html)."""

OVERLOOKED: Mapping[tuple[str, str], str] = {
    ("CompleteLayerUpload", "layerDigests"): (
        "its description says that one can optionally provide a digest, the model requires it"
    ),
    ("BatchGetImage", "imageIds[].imageTag"): "it declares the failure InvalidImageTag",
    ("BatchDeleteImage", "imageIds[].imageTag"): "it declares the failure InvalidImageTag",
    ("BatchCheckLayerAvailability", "layerDigests[]"): "it declares the failure InvalidLayerDigest",
}
"""Constraints that AWS may overlook or answer in another way, by operation and place, and why."""

ASKS_MORE: Mapping[str, str] = {
    "destination": "it is one that a replication rule names",
    "imageId": "an image is named by its tag or its digest, the model requires neither",
    "imageManifest": "a manifest has a form of its own",
    "imageTagMutability": "the modes with exclusions need filters",
    "imageTagMutabilityExclusionFilters": "the other modes take none; two wildcards each at most",
    "lifecyclePolicy": "a policy has a grammar of its own",
    "lifecyclePolicyText": "a policy has a grammar of its own",
    "name": "account settings have names of their own",
    "nextToken": "only the service makes tokens",
    "policyText": "a policy has a grammar of its own",
    "replicationConfiguration.rules[].destinations": "a configuration has fewer in all",
    "repositoryPolicy": "a policy has a grammar of its own",
    "resourceArn": "an ARN is that of a repository",
    "rules": "a frequency of scans has to fit the type of scanning",
    "upstreamRegistry": "it is that of the upstream's URL",
    "value": "each account setting has values of its own",
}
"""Places where AWS asks for more than the model says, so that what the model allows may be refused
as invalid all the same; and why."""

NAMES = ("ecrRepositoryPrefix", "prefix", "principalArn", "repositoryName", "repositoryNames")
"""Members that name things. A generated name could be somebody else's, and an operation would
change or delete that: what names are right has rules of its own."""

PARTNERS: Mapping[str, Mapping[str, Any]] = {
    "imageTagMutabilityExclusionFilters": {"imageTagMutability": "MUTABLE_WITH_EXCLUSION"},
    "maxResults": {"repositoryNames": ABSENT},
    "nextToken": {"repositoryNames": ABSENT},
    "upstreamRegistry": {"upstreamRegistry": "ecr-public"},
}
"""What has to be beside a member, or must not be, so that it is right (by the reference of the
operations that have both)."""

_DECLARED: Mapping[tuple[str, str], frozenset[str]] = {
    ("UploadLayerPart", "partFirstByte"): frozenset({"InvalidLayerPartException"}),
    ("UploadLayerPart", "partLastByte"): frozenset({"InvalidLayerPartException"}),
    ("UploadLayerPart", "layerPartBlob"): frozenset({"InvalidLayerPartException"}),
    ("CompleteLayerUpload", "layerDigests"): frozenset({"InvalidLayerException"}),
    ("CreatePullThroughCacheRule", "upstreamRegistry"): frozenset(
        {"UnsupportedUpstreamRegistryException"}
    ),
}
_OF_TAGS = frozenset({"InvalidTagParameterException", "TooManyTagsException"})
_TAGS = ("tags", "tagKeys")


def own_errors(case: CoverageCase, operation: str) -> frozenset[str]:
    """Errors that an operation declares for what a case breaks, beside those of any constraint."""
    member = case.site.steps[0].partition("[")[0] if case.site.steps else ""
    return _DECLARED.get((operation, member), _OF_TAGS if member in _TAGS else frozenset())


def cases_of(contract: Contract, operation: str, kind: str) -> Sequence[CoverageCase]:
    """The cases of one rule.

    ``kind`` is that of the constraints they break, or ``VALID``, or ``OTHER_TYPES``: those of types
    that AWS might read as the right one.
    """
    return _sorted(contract, operation).get(kind, ())


@cache
def _sorted(contract: Contract, operation: str) -> Mapping[str, Sequence[CoverageCase]]:
    found: dict[str, list[CoverageCase]] = {}
    for case in coverage_cases(contract, operation):
        found.setdefault(_kind(contract, operation, case), []).append(case)
    return found


def by_place(cases: Sequence[CoverageCase]) -> dict[str, list[CoverageCase]]:
    """The cases of each place of a request, which may be all of it."""
    found: dict[str, list[CoverageCase]] = {}
    for case in cases:
        found.setdefault(str(case.site) or "the whole request", []).append(case)
    return found


def _kind(contract: Contract, operation: str, case: CoverageCase) -> str:
    """The rule that judges a case; none for what no rule can."""
    shape = contract.shapes[case.site.shape]
    kind = case.constraint.kind if case.constraint else ""
    if shape.name in _LARGE and kind == "max":
        return ""
    if case.valid:
        return "" if _is_not_for_rules(contract, operation, case) else VALID
    if kind == "type":
        return kind if _is_clearly_wrong(contract, case) else OTHER_TYPES
    return "" if (operation, str(case.site)) in OVERLOOKED else kind


def _is_not_for_rules(contract: Contract, operation: str, case: CoverageCase) -> bool:
    """Whether what the model allows may be refused all the same, or meet what others have."""
    members = contract.shapes[contract.operation(operation).input].members
    if case.constraint is None and ("imageId" in members or not case.site.steps):
        return any(place.partition(".")[0] in members for place in ASKS_MORE)
    varied = str(case.site)
    return any(_is_within(varied, place) for place in (*ASKS_MORE, *NAMES))


def _is_within(place: str, outer: str) -> bool:
    return place == outer or place.startswith((f"{outer}.", f"{outer}["))


def _is_clearly_wrong(contract: Contract, case: CoverageCase) -> bool:
    """Whether no reader could take one type for the other: an object for a text, a text for a list.

    Which scalars AWS takes for each other, and whether it reads the body of an operation without
    parameters at all, is not public.
    """
    shape = contract.shapes[case.site.shape]
    if shape.type in _CONTAINERS:
        return bool(case.site.steps or shape.members)
    return case.name.endswith(_NEVER_A_VALUE)
