"""A reference of its own for each test, and clients of it."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.reference import ReferenceTransport
from conformance.transport.boto import boto_client

ENDPOINT = "http://reference.invalid"


@pytest.fixture
def reference() -> ReferenceTransport:
    """An empty world that answers the same way every time."""
    return ReferenceTransport.seeded(7)


@pytest.fixture
def ecr(reference: ReferenceTransport) -> Any:
    """A boto3 client of ECR."""
    return boto_client("ecr", reference, ENDPOINT, "eu-west-1")


@pytest.fixture
def public(reference: ReferenceTransport) -> Any:
    """A boto3 client of ECR Public."""
    return boto_client("ecr-public", reference, ENDPOINT, "us-east-1")
