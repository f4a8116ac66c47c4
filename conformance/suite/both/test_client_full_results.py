"""boto3's paginators of what is not made by the hundred: what they put together of all pages."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from conformance.suite.answers import objects, structure, text
from conformance.suite.artifacts import docker_image
from conformance.suite.boto_clients import WHOLE_RESULT, BotoClient
from conformance.suite.evidence import model
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.steps import MAX_PAGES, create_repository, push_with_layers
from conformance.suite.topics.image_answers import settled_image
from conformance.suite.topics.lifecycle_policies import GET_PREVIEW, policy_rule
from conformance.suite.topics.lifecycle_previews import preview, push_images
from conformance.suite.topics.lifecycle_twins import ANY
from conformance.suite.topics.repository_answers import own_registry
from conformance.suite.topics.scanning import complete_scan, require_manual
from conformance.suite.verdicts import MUST

Parameters = dict[str, Any]
Made = tuple[Parameters, set[str]]
"""How to ask for what was made, and the names of what has to be listed then."""


@dataclass(frozen=True, slots=True)
class _Paginated:
    """An operation whose pages boto3 puts together.

    ``make`` makes what is listed. ``items`` is where the result has them: members, joined by dots;
    ``name`` is the member of an item that names it, empty where only all of them do.
    """

    operation: str
    make: Callable[[Registry], Made]
    items: str
    name: str

    @property
    def label(self) -> str:
        """What the check is called."""
        return self.operation

    def names(self, result: Mapping[str, Any]) -> list[str]:
        """The names of the items of a result."""
        *outer, last = self.items.split(".")
        for member in outer:
            result = structure(result, member)
        return [_name(each, self.name) for each in objects(result, last)]


def _name(item: Mapping[str, Any], member: str) -> str:
    if not member:
        return json.dumps(item, sort_keys=True, default=str)
    return (text(item, member) or "no name").removesuffix("/")


def _names(registry: Registry) -> list[str]:
    return [f"{registry.name_prefix}-{number}" for number in range(2)]


def _rules(registry: Registry) -> Made:
    for name in _names(registry):
        registry.given(
            "CreatePullThroughCacheRule",
            ecrRepositoryPrefix=name,
            upstreamRegistryUrl="public.ecr.aws",
        )
    return {}, set(_names(registry))


def _templates(registry: Registry) -> Made:
    for name in _names(registry):
        registry.given("CreateRepositoryCreationTemplate", prefix=name, appliedFor=["REPLICATION"])
    return {}, set(_names(registry))


def _expiring(registry: Registry) -> Made:
    stock = push_images(registry, ["one"], ["two"], ["three"])
    preview(registry, stock.repository, policy_rule(**ANY, countNumber=1))
    results = registry.given(GET_PREVIEW, repositoryName=stock.repository)
    digests = {text(each, "imageDigest") or "" for each in objects(results, "previewResults")}
    return {"repositoryName": stock.repository}, digests


def _findings(registry: Registry) -> Made:
    """A scan's findings, of which no image here has any that is known before."""
    repository, manifest = create_repository(registry), docker_image(registry.content_seed)
    push_with_layers(registry, repository, manifest, "latest")
    settled_image(registry, repository, "latest")
    require_manual(registry, repository)
    scan = complete_scan(registry, repository, {"imageTag": "latest"})
    names = {_name(each, "") for each in objects(structure(scan, _FINDINGS), "findings")}
    return {"repositoryName": repository, "imageId": {"imageTag": "latest"}}, names


def _registries(registry: Registry) -> Made:
    return {}, {own_registry(registry)}


_FINDINGS = "imageScanFindings"
_ALL = (
    _Paginated(
        "DescribePullThroughCacheRules", _rules, "pullThroughCacheRules", "ecrRepositoryPrefix"
    ),
    _Paginated(
        "DescribeRepositoryCreationTemplates", _templates, "repositoryCreationTemplates", "prefix"
    ),
    _Paginated(GET_PREVIEW, _expiring, "previewResults", "imageDigest"),
    _Paginated("DescribeImageScanFindings", _findings, f"{_FINDINGS}.findings", ""),
    _Paginated("DescribeRegistries", _registries, "registries", "registryId"),
)


@pytest.mark.parametrize("paginated", _ALL)
@rule(
    "client.full-result",
    level=MUST,
    operations=[each.operation for each in _ALL],
    evidence=[
        WHOLE_RESULT,
        model(
            "paginators-1.json",
            "input_token and output_token are nextToken, limit_key is maxResults, result_key is "
            "the list of what is listed",
        ),
    ],
)
def test_all_pages_are_put_together(
    registry: Registry, boto: BotoClient, paginated: _Paginated
) -> None:
    """What boto3's paginator puts together of small pages has each thing that is listed once."""
    operation = paginated.operation
    asked, wanted = paginated.make(registry)

    def observe() -> None:
        boto.pages(operation, asked, MAX_PAGES, PageSize=1)
        found = Counter(paginated.names(boto.full_result(operation, asked, PageSize=1)))
        missing = [each for each in wanted if not found[each]]
        repeated = [each for each in wanted if found[each] > 1]
        assert not missing, f"{operation}: of {len(wanted)}, boto3 finds {len(missing)} on no page"
        assert not repeated, f"{operation}: of {len(wanted)}, boto3 finds {len(repeated)} twice"

    registry.eventually(observe)
