"""boto3's ordinary ways to credentials, and botocore's own rules for where a service answers."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from conformance.errors import UsageError
from conformance.targets.aws.access import AwsAccess

if TYPE_CHECKING:
    from botocore.credentials import Credentials
    from botocore.session import Session

ATTEMPTS = 10
"""How often a request is sent at most, where the user's configuration (``max_attempts``) does not
say. botocore's own three would let one call in a thousand fail where every tenth is throttled."""


@lru_cache(maxsize=8)
def session_of(profile: str | None) -> Session:
    """The botocore session of a profile. Raises ``UsageError`` where there is no such profile."""
    from botocore.exceptions import ProfileNotFound
    from botocore.session import Session as BotocoreSession

    made = BotocoreSession(profile=profile)
    try:
        made.get_scoped_config()
    except ProfileNotFound:
        raise UsageError(
            f"there is no profile {profile!r} in AWS's configuration files",
            "aws configure list-profiles shows those there are",
        ) from None
    return made


def credentials_of(access: AwsAccess) -> Credentials:
    """The credentials, which renew themselves where they can. Raises ``UsageError`` without any."""
    from botocore.exceptions import BotoCoreError

    try:
        found: Credentials | None = session_of(access.profile).get_credentials()
        if found is not None:
            found.get_frozen_credentials()
    except BotoCoreError as error:
        raise UsageError(f"there are no credentials for AWS: {error}", _SIGN_IN) from None
    if found is None:
        raise UsageError("there are no credentials for AWS", _SIGN_IN)
    return found


_SIGN_IN = (
    "sign in (aws sso login, aws configure) or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; "
    "--profile-name chooses a profile"
)


def attempts_of(access: AwsAccess) -> int:
    """How often a request is sent at most."""
    configured = session_of(access.profile).get_config_variable("max_attempts")
    return int(configured or ATTEMPTS)


@lru_cache(maxsize=64)
def address(access: AwsAccess, service: str, region: str) -> str:
    """The URL, without a path, at which a service answers in a Region."""
    if access.endpoint is not None:
        return access.endpoint.rstrip("/")
    return str(client(access, service, region).meta.endpoint_url).rstrip("/")


def client(access: AwsAccess, service: str, region: str) -> Any:
    """A botocore client of any service of AWS, by the user's credentials and configuration.

    What ``AWS_ENDPOINT_URL`` says does not count: an emulator must not pass for AWS.
    """
    from botocore.config import Config

    options: Any = {  # its stubs lack one
        "retries": {"mode": "standard", "total_max_attempts": attempts_of(access)},
        "ignore_configured_endpoint_urls": True,
    }
    return session_of(access.profile).create_client(
        service,
        region_name=region,
        endpoint_url=access.endpoint,
        config=Config(**options),
    )


@lru_cache(maxsize=64)
def partition_of(access: AwsAccess, region: str) -> str:
    """The partition of a Region, such as ``aws-cn``. Raises ``UsageError`` for what is none."""
    from botocore.exceptions import UnknownRegionError

    try:
        return str(session_of(access.profile).get_partition_for_region(region))
    except UnknownRegionError:
        raise UsageError(f"there is no Region {region!r}", "for example us-east-1") from None


def offers(access: AwsAccess, service: str, partition: str) -> bool:
    """Whether a service is in a partition at all; ECR Public is in ``aws`` alone."""
    return bool(session_of(access.profile).get_available_regions(service, partition))
