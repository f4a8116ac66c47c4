"""The commands ``ecr-conformance aws``: thin, one function a command."""

from __future__ import annotations

from typing import Any

import click

from conformance.errors import ExitCode
from conformance.options import selection


@click.group()
def aws() -> None:
    """An account of AWS: what a run has to be permitted there, and what is done after it."""


@aws.command("policy")
@selection
@click.option(
    "-k",
    "expression",
    default="",
    metavar="EXPRESSION",
    help="Only for rules whose id matches, as pytest's -k.",
)
@click.option(
    "--region",
    default="us-east-1",
    show_default=True,
    help="Region of the run: its partition is in the policy's ARNs.",
)
@click.option("--allow-registry-changes", "changes", is_flag=True,
              help="For a run that changes settings of the whole registry, too.")  # fmt: skip
def aws_policy(region: str, changes: bool, **chosen: Any) -> ExitCode:
    """Print the IAM policy (JSON) that a run of the chosen rules needs, and `aws sweep` after it.

    AWS is not asked. Actions are limited to repositories whose names are those of a run, and to
    names that are refused and no repository can have. The resource is * for what AWS does not limit
    to repositories, for what is asked of the whole registry, and for tags, because some rules give
    an ARN of something else.
    """
    from conformance.account.policy import print_policy
    from conformance.certify import rules_chosen

    return print_policy(rules_chosen(**chosen), chosen["services"], region, changes=changes)
