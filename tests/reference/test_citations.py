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
