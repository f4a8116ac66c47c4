"""Options that several groups of commands have."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from conformance.targets import AwsAccess

_Command = TypeVar("_Command", bound=Callable[..., Any])


def selection(command: _Command) -> _Command:
    """The options that choose rules, the same for every command that has them."""
    for option in (
        click.option("--service", "services", multiple=True, metavar="SERVICE",
                     help="ecr or ecr-public; may be repeated (both)."),
        click.option("--profile", "profiles", multiple=True, metavar="PROFILE",
                     help="Only this profile, e.g. pagination; may be repeated (all)."),
    ):  # fmt: skip
        command = option(command)
    return command


def accessing(command: _Command) -> _Command:
    """The options that say how the target aws is asked, and in which account."""
    for option in (
        click.option("--endpoint-url", metavar="URL",
                     help="What stands in for AWS in a rehearsal."),
        click.option("--deny-account", "denied_accounts", multiple=True, metavar="ID",
                     envvar="ECR_CONFORMANCE_DENY_ACCOUNT", show_envvar=True,
                     help="Never ask in this account; may be repeated."),
        click.option("--expect-account", "expected_account", metavar="ID",
                     envvar="ECR_CONFORMANCE_EXPECT_ACCOUNT", show_envvar=True,
                     help="Ask in this account only."),
        click.option("--profile-name", metavar="NAME",
                     help="Profile of AWS's configuration files (boto3's ordinary choice)."),
    ):  # fmt: skip
        command = option(command)
    return command


def access_of(chosen: dict[str, Any]) -> AwsAccess:
    """Take out what the options of ``accessing`` say, and those of who judges besides."""
    from conformance.targets import AwsAccess

    return AwsAccess(
        profile=chosen.pop("profile_name"),
        endpoint=chosen.pop("endpoint_url"),
        expected_account=chosen.pop("expected_account"),
        denied_accounts=chosen.pop("denied_accounts"),
        registry_changes=chosen.pop("registry_changes", False),
    )
