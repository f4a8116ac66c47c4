"""What the commands ``aws`` share: the account that they are in, and the answers that they get."""

from __future__ import annotations

from http import HTTPStatus

import click
from botocore.exceptions import BotoCoreError, ClientError

from conformance.errors import Interrupted, UsageError
from conformance.suite.running.permissions import missing_action
from conformance.targets import AwsAccess
from conformance.targets.aws.access import in_short
from conformance.targets.aws.identity import account_of
from conformance.transport.error_answers import ErrorAnswer


def enter(access: AwsAccess, region: str) -> str:
    """The account of the credentials; says in short which one it is.

    Raises ``UsageError`` for an account that is not to be asked, ``CredentialsRefused`` and
    ``TargetUnavailable`` where AWS does not let the user in.
    """
    account = account_of(access, region)
    access.require(account)
    click.echo(f"account {in_short(account)}")
    return account


def require_consent(question: str, *, yes: bool) -> None:
    """Ask whether to go on, unless ``yes`` is the answer given beforehand.

    Raises ``Interrupted`` where it is no, ``UsageError`` where nobody is there to answer.
    """
    if yes:
        return
    try:
        agreed = click.confirm(question, err=True)
    except click.Abort:
        raise UsageError(f"nobody answers: {question}", "give --yes") from None
    if not agreed:
        raise Interrupted("nothing was changed")


def reason(service: str, operation: str, error: ClientError | BotoCoreError) -> str:
    """Why an operation failed, in a few words."""
    if isinstance(error, BotoCoreError):
        return f"{service} {operation}: {type(error).__name__}"
    told = error.response["Error"]
    answer = ErrorAnswer(HTTPStatus.BAD_REQUEST, told.get("Code", ""), told.get("Message", ""), {})
    action = missing_action(answer, service, operation)
    return f"{service} {operation}: " + (
        f"permission for {action} is missing" if action else answer.code
    )
