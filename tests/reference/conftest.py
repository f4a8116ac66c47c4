"""A reference of its own for each test, and clients of it."""

from __future__ import annotations

from typing import Any

import pytest
from asking import Wire
from clock import Clock
from judging import Judged

from conformance.reference import ReferenceTransport
from conformance.transport.boto import boto_client

ENDPOINT = "http://reference.invalid"


@pytest.fixture
def reference() -> ReferenceTransport:
    """An empty world that answers the same way every time."""
    return ReferenceTransport.seeded(7)


@pytest.fixture
def clock() -> Clock:
    """The clock of a test's own client."""
    return Clock()


@pytest.fixture
def ecr(reference: ReferenceTransport) -> Any:
    """A boto3 client of ECR; each answer is held against the contract."""
    return boto_client("ecr", Judged(reference), ENDPOINT, "eu-west-1")


@pytest.fixture
def public(reference: ReferenceTransport) -> Any:
    """A boto3 client of ECR Public, likewise."""
    return boto_client("ecr-public", Judged(reference), ENDPOINT, "us-east-1")


@pytest.fixture
def wire(reference: ReferenceTransport) -> Wire:
    """ECR, with a repository called app."""
    made = Wire(reference, "ecr")
    made.call("CreateRepository", repositoryName="app")
    return made


@pytest.fixture
def public_wire(reference: ReferenceTransport) -> Wire:
    """ECR Public, with a repository called app."""
    made = Wire(reference, "ecr-public")
    made.call("CreateRepository", repositoryName="app")
    return made
