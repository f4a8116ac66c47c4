"""A clock for a reference, to be moved by a test."""

from __future__ import annotations

from typing import Any

from judging import Judged

from conformance.reference import ReferenceTransport
from conformance.transport.boto import boto_client


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


def client_at(clock: Clock) -> Any:
    """A boto3 client of ECR whose registry goes by a clock, and has an empty repository app."""
    transport = Judged(ReferenceTransport(clock=clock, secret=b"secret"))
    client = boto_client("ecr", transport, "http://reference.invalid", "eu-west-1")
    client.create_repository(repositoryName="app")
    return client
