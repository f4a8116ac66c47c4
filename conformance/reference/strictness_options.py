"""How strict a rehearsal is, as the command line says it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from botocore.credentials import Credentials

from conformance.errors import UsageError
from conformance.reference.access import is_account
from conformance.reference.identity_policy import IdentityPolicy
from conformance.reference.identity_policy_grammar import read_identity_policy
from conformance.reference.protocol import DEFAULT_ACCOUNT
from conformance.reference.strictness import Strictness


def read_strictness(
    credentials: Iterable[str] = (),
    policies: Iterable[str] = (),
    account: str = DEFAULT_ACCOUNT,
    **others: Any,
) -> Strictness:
    """Strictness of texts: credentials as ``KEY:SECRET[:TOKEN]``, policies as ``KEY=FILE``.

    ``others`` are what a ``Strictness`` has besides. Raises ``UsageError`` for what is no such
    text, a file that is no policy, and a policy of an access key that nobody is let in with.
    """
    if not is_account(account):
        raise UsageError(f"--account {account} is not twelve digits", "For example: 123456789012")
    let_in = [_credentials(text) for text in credentials]
    by_key = _policies(policies)
    unknown = by_key.keys() - {each.access_key for each in let_in} if let_in else set()
    if unknown:
        raise UsageError(
            f"--policy is for {min(unknown)}, which no --credentials let in",
            "Each --policy begins with the access key of a --credentials",
        )
    return Strictness(let_in, policies=by_key, account=account, **others)


def _credentials(text: str) -> Credentials:
    parts = text.split(":")
    if len(parts) not in (2, 3) or not all(parts):
        raise UsageError(
            "--credentials is not an access key and a secret, joined by a colon, and perhaps a "
            "session token after another",
            "For example: --credentials test:test",
        )
    return Credentials(*parts)


def _policies(texts: Iterable[str]) -> dict[str, IdentityPolicy]:
    policies: dict[str, IdentityPolicy] = {}
    for text in texts:
        key, equals, path = text.partition("=")
        if not (key and equals and path):
            raise UsageError(
                f"--policy {text} is not an access key and a file, joined by an equals sign",
                "For example: --policy test=policy.json",
            )
        policies[key] = policies.get(key, ()) + _policy(Path(path))
    return policies


def _policy(path: Path) -> IdentityPolicy:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"cannot read {path}: {error.strerror or error}", "It is the file of a --policy"
        ) from error
    return read_identity_policy(content, str(path))
