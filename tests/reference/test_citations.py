"""The reference quotes AWS word for word."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import botocore.loaders
import pytest

import conformance.reference
from conformance.contract import SERVICES

MODULES = sorted(Path(conformance.reference.__file__).parent.rglob("*.py"))

# Sentences of pages that botocore does not have; the modules name them.
OTHER_PAGES = {
    "By default, only the AWS account that created the repository has access to the repository",
    "The request was denied due to request throttling",
    "Each AWS account is provided with a default private Amazon ECR registry",
    # IAM's and STS's.
    "No permissions are required to perform this operation",
    "the Deny statement trumps the Allow statement",
    # Lifecycle policies: LifecyclePolicies, lifecycle_policy_parameters, lifecycle_policy_examples.
    "All rules are evaluated at the same time, regardless of rule priority",
    "An image that matches the tagging requirements of a rule cannot be expired or archived by a "
    "rule with a lower priority",
    "can still identify them as if they haven't been expired or archived",
    "within 24 hours of the deletion or archival of the subject image",
    "The rule will only select images of this storage class",
    "An image is successfully matched if all of the tags in the tagPatternList or tagPrefixList "
    "value are matched against any of the image's tags",
    "images are sorted from youngest to oldest",
    "all images greater than the specified count",
    "If an image was archived and then restored at any point in the past, the image's "
    "last_activated_at is used instead of pushed_at_time",
    "If an image was never pulled, the image's pushed_at_time is used",
    "If an image is referenced by a manifest list, it cannot be expired or archived without the "
    "manifest list being deleted or archived first",
    "There is a maximum limit of four wildcards",
    "You cannot configure lifecycle policies that delete images that have been in archive for less "
    "than 90 days",
    "If you specify tagged, then you must also specify a tagPrefixList value or a tagPatternList "
    "value. If you specify untagged, then you must omit both tagPrefixList and tagPatternList",
    "A lifecycle policy rule may specify either tagPatternList or tagPrefixList, but not both",
    "If you omit this, the value of standard will be used",
    "an error will occur if you specify a count unit when countType is any other value",
    "Acceptable values are positive integers",
    "you must give them each a unique value for rulePriority",
    "A rule with a tagStatus value of any must have the highest value for rulePriority and be "
    "evaluated last",
    "Only one rule selecting a specific storage class is allowed to select untagged images",
    "The set of all rules selecting a specific storage class must contain a unique set of prefixes",
}


@cache
def documentation() -> str:
    """All the prose of both services' models, without markup, in single spaces."""
    loader = botocore.loaders.Loader()
    models = [loader.load_service_model(service, "service-2") for service in SERVICES]
    words = " ".join(text for model in models for text in _prose(model))
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", words)).split())


def _prose(node: Any) -> Iterator[str]:
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from _prose(child)
    if isinstance(node, dict) and isinstance(node.get("documentation"), str):
        yield node["documentation"]


def quotations(module: Path) -> Iterator[str]:
    """What stands in quotation marks in a module's docstrings."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and "\n" in text:
            yield from re.findall(r'"([A-Za-z][^"]{12,})"', " ".join(text.split()))


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_what_is_quoted_is_what_aws_says(module: Path) -> None:
    """Every quotation in a docstring is a passage of AWS's documentation."""
    invented = [
        quotation
        for quotation in quotations(module)
        if quotation not in documentation() and quotation not in OTHER_PAGES
    ]
    assert invented == []


def test_operations_are_quoted_at_all() -> None:
    """The test above looks at something."""
    assert sum(len(list(quotations(module))) for module in MODULES) > 20
