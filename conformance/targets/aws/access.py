"""How the user wants AWS to be asked: by whose credentials, where, and in which account only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from conformance.errors import UsageError
from conformance.reference.access import is_account


@dataclass(frozen=True, slots=True)
class AwsAccess:
    """What the command line says about access to AWS. It holds no secret.

    ``profile`` is a section of AWS's configuration files; ``None`` is boto3's ordinary chain.
    ``endpoint`` is a URL that stands in for every service of AWS, ``None`` for AWS itself. Any
    account but ``expected_account`` is refused where one is given, those of ``denied_accounts``
    always. ``registry_changes`` is the leave to change what is set for a whole registry.

    Raises ``UsageError`` for an account that is not twelve digits.
    """

    profile: str | None = None
    endpoint: str | None = None
    expected_account: str | None = None
    denied_accounts: tuple[str, ...] = ()
    registry_changes: bool = False

    def __post_init__(self) -> None:
        """Refuse what is no account."""
        expected = [self.expected_account] if self.expected_account is not None else []
        for account in (*expected, *self.denied_accounts):
            if not is_account(account):
                raise UsageError(
                    f"{account!r} is no account of AWS", "an account has twelve digits"
                )

    @property
    def is_ordinary(self) -> bool:
        """Whether nothing is chosen but the accounts to ask in.

        Other targets have no use for these, but the environment may set them for all runs.
        """
        return replace(self, expected_account=None, denied_accounts=()) == ORDINARY_ACCESS

    def require(self, account: str) -> None:
        """Raise ``UsageError`` for an account that is not to be asked."""
        if account in self.denied_accounts:
            raise UsageError(
                f"the credentials are of the account {in_short(account)}, which --deny-account "
                "names",
                "use credentials of another account: --profile-name, or the environment",
            )
        if self.expected_account not in (None, account):
            raise UsageError(
                f"the credentials are of the account {in_short(account)}, not of the expected one",
                "use other credentials (--profile-name, or the environment), or correct "
                "--expect-account",
            )

    @classmethod
    def from_json(cls, parsed: Mapping[str, Any]) -> AwsAccess:
        """The inverse of ``dataclasses.asdict``."""
        return cls(**{**parsed, "denied_accounts": tuple(parsed["denied_accounts"])})


ORDINARY_ACCESS = AwsAccess()
"""boto3's ordinary way to AWS itself, in whatever account."""


def in_short(account: str) -> str:
    """An account as it is shown: enough to recognise, too little to be worth hiding."""
    return f"…{account[-4:]}"
