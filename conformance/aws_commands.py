"""The commands ``ecr-conformance aws``: thin, one function a command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from conformance.errors import ExitCode
from conformance.options import access_of, accessing, selection


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


_YES = click.option("-y", "--yes", is_flag=True, help="Do it without asking.")
_REGION = click.option(
    "--region", default="us-east-1", show_default=True, help="Region to look at."
)


@aws.command("sweep")
@click.option(
    "--older-than",
    "hours",
    type=click.FloatRange(0),
    default=2.0,
    show_default=True,
    metavar="HOURS",
    help="Leave alone what is younger.",
)
@click.option(
    "--service",
    "services",
    multiple=True,
    type=click.Choice(["ecr", "ecr-public"]),
    metavar="SERVICE",
    help="ecr or ecr-public (both).",
)
@_REGION
@_YES
@accessing
def aws_sweep(
    region: str, hours: float, services: tuple[str, ...], yes: bool, **chosen: Any
) -> ExitCode:
    """Show what killed runs have left in an account, and delete it once you agree.

    That is what has a name of exactly the form of a run's and, where it can carry one, the tag of
    runs: repositories, and pull through cache rules, repository creation templates and pull time
    update exclusions. Exits with 1 where something could not be looked at or deleted.
    """
    from conformance.account.sweep import sweep

    return sweep(access_of(chosen), region, hours, services, yes=yes)


@aws.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--region", metavar="REGION", help="Only if FILE is of this Region.")
@_YES
@accessing
def aws_restore(file: Path, region: str | None, yes: bool, **chosen: Any) -> ExitCode:
    """Put back settings of the registry as a run has saved them to FILE.

    A run with --allow-registry-changes names the file, and deletes it once all is put back. Shown
    is what differs, and only that is put back once you agree. Exits with 1 where something is still
    not as it was.
    """
    from conformance.account.restore import restore

    return restore(file, access_of(chosen), region, yes=yes)
