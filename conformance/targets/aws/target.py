"""The target ``aws``: the registries of one account, in one Region."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from conformance.contract import SERVICES
from conformance.errors import TargetUnavailable, TransportError, UsageError
from conformance.targets.aws.access import AwsAccess
from conformance.targets.aws.identity import account_of
from conformance.targets.aws.session import address, offers, partition_of
from conformance.targets.kind import TargetKind
from conformance.targets.product import product_of
from conformance.targets.target import AWS, Target
from conformance.transport.network import Endpoint

NAME = "aws"

PUBLIC_REGION = "us-east-1"
"""The Region of ECR Public (https://docs.aws.amazon.com/general/latest/gr/ecr-public.html); the
user guide's us-west-2 gives no authorization tokens."""


def kind_of(access: AwsAccess) -> TargetKind:
    """The kind of target that is AWS, asked as the user wants it."""

    @contextmanager
    def open_aws(name: str, region: str) -> Iterator[Target]:
        yield _target(name, region, access)

    return TargetKind(NAME, lambda name: name == NAME, open_aws)


def _target(name: str, region: str, access: AwsAccess) -> Target:
    """AWS as it is asked.

    Raises ``UsageError`` for a Region or account that is not to be asked, ``TargetUnavailable`` and
    ``CredentialsRefused`` where AWS does not let the user in.
    """
    partition = partition_of(access, region)
    services = tuple(each for each in SERVICES if offers(access, each, partition))
    if not services:
        raise UsageError(f"there is no Amazon ECR in the partition {partition}", "another --region")
    if access.endpoint is not None:
        Endpoint.parse(access.endpoint)
    account = account_of(access, region)
    access.require(account)
    product, version = _product(access)
    return Target(
        name,
        address(access, "ecr", region),
        product,
        version,
        region,
        consistency="eventual",
        account=account,
        access=access,
        services=services,
        public_region=PUBLIC_REGION,
        owned=True,
        registry_changes=access.registry_changes,
    )


def _product(access: AwsAccess) -> tuple[str, str | None]:
    """What answers: AWS, or what stands in for it, which never passes for AWS."""
    if access.endpoint is None:
        return AWS, None
    try:
        return product_of(access.endpoint)
    except TransportError as error:
        raise TargetUnavailable(error.message, error.hint) from error
