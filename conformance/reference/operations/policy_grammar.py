"""The grammar of policies that are attached to a repository or a registry.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from typing import Any

from conformance.reference.json_text import parsed
from conformance.transport.exchange import NotJson

Policy = dict[str, Any]

RESOURCE = frozenset({"Resource", "NotResource"})
"""The members of a statement that say what it is about."""

_POLICY = {"Version", "Id", "Statement"}
_STATEMENT = {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Condition"}
_VERSIONS = ("2008-10-17", "2012-10-17")


def read_policy(text: str, more: frozenset[str] = frozenset()) -> Policy | None:
    """The policy in a text; None where there is none that follows the grammar.

    ``more`` are members of statements that this kind of policy has besides those of all.
    """
    try:
        policy: Any = parsed(text.encode())
    except NotJson:
        return None
    return policy if _is_policy(policy, _STATEMENT | more) else None


def as_list(value: Any) -> list[Any]:
    """What the grammar lets be written as one element or as a list of them, as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _is_policy(policy: Any, members: set[str]) -> bool:
    if not isinstance(policy, dict) or not policy.keys() <= _POLICY:
        return False
    known = policy.get("Version", _VERSIONS[0]) in _VERSIONS
    statements = as_list(policy.get("Statement"))
    return known and bool(statements) and all(_is_statement(each, members) for each in statements)


def _is_statement(statement: Any, members: set[str]) -> bool:
    return (
        isinstance(statement, dict)
        and statement.keys() <= members
        and statement.get("Effect") in ("Allow", "Deny")
        and len(statement.keys() & {"Principal", "NotPrincipal"}) == 1
        and _is_principal(statement.get("Principal", statement.get("NotPrincipal")))
        and len(statement.keys() & {"Action", "NotAction"}) == 1
        and _are_strings(statement.get("Action", statement.get("NotAction")))
        and len(statement.keys() & RESOURCE) <= 1
        and all(_are_strings(statement[each]) for each in statement.keys() & RESOURCE)
        and isinstance(statement.get("Condition", {}), dict)
    )


def _is_principal(principal: Any) -> bool:
    if isinstance(principal, dict):
        return bool(principal) and all(_are_strings(each) for each in principal.values())
    return bool(principal == "*")


def _are_strings(value: Any) -> bool:
    listed = as_list(value)
    return bool(listed) and all(isinstance(each, str) for each in listed)
