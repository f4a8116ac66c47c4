"""Requests as a whole: what is no JSON, and lists that are as long as they may be.

The constraints of single members are the business of ``test_generated_validation``.
"""

from __future__ import annotations

from typing import Any

import pytest

from conformance.suite.answers import describe, refusal
from conformance.suite.evidence import documented, model
from conformance.suite.registry import Registry
from conformance.suite.rules import rule
from conformance.suite.twins import MALFORMED, accepted_request
from conformance.suite.verdicts import MUST


@rule(
    "validation.json",
    level=MUST,
    operations=["DescribeRepositories"],
    evidence=[model("metadata", "protocol json: a request's body is a JSON object")],
)
@pytest.mark.parametrize("body", ["cut-off", "no-json"])
def test_a_body_that_is_no_json_is_refused(registry: Registry, body: str) -> None:
    """A request whose body is not JSON is refused as malformed."""
    accepted_request(registry, "DescribeRepositories")
    sent = {"cut-off": b'{"repositoryNames": ["', "no-json": b"repositoryNames=a-name"}[body]
    response = registry.send("DescribeRepositories", sent)
    error = refusal(response)
    assert error is not None and error.code in MALFORMED, (  # noqa: PT018 (one requirement)
        f"DescribeRepositories with a body that is not JSON: expected refusal with "
        f"{' or '.join(sorted(MALFORMED))}, got {describe(response)}"
    )


def _images() -> list[Any]:
    return [{"imageTag": f"absent-{number}"} for number in range(100)]


_FULL: dict[str, dict[str, Any]] = {
    "BatchGetImage": {"imageIds": _images()},
    "BatchDeleteImage": {"imageIds": _images()},
    "BatchCheckLayerAvailability": {
        "layerDigests": [f"sha256:{number:064x}" for number in range(100)]
    },
}


@rule(
    "validation.full-list",
    level=MUST,
    operations=list(_FULL),
    evidence=[
        model("ImageIdentifierList, BatchedOperationLayerDigestList", "min 1, max 100"),
        documented(
            "BatchCheckLayerAvailability.InvalidParameterException",
            "The specified parameter is invalid. Review the available parameters for the API "
            "request.",
        ),
    ],
)
@pytest.mark.parametrize("operation", list(_FULL))
def test_a_list_may_have_a_hundred_elements(
    registry: Registry, repository: str, operation: str
) -> None:
    """A list of 100 ids, the most that the model allows, is taken."""
    registry.call(operation, repositoryName=repository, **_FULL[operation])
