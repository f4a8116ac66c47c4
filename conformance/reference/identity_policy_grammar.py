"""Identity policies as JSON: only what is understood whole is read.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html. Version is
2012-10-17. Conditions, and variables in resources, are part of the grammar but not understood here.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, NoReturn

from conformance.errors import UsageError
from conformance.reference.identity_policy import IdentityPolicy, Patterns, Statement
from conformance.reference.operations.policy_grammar import as_list
from conformance.transport.exchange import NotJson, parse_json

VERSION = "2012-10-17"

_POLICY = {"Version", "Id", "Statement"}
_STATEMENT = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource"}
_SID = re.compile("[A-Za-z0-9]*")
_ACTION = re.compile(r"\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+")
# The service cannot have a wildcard, and none of the six fields may be missing:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html.
_RESOURCE = re.compile(r"\*|arn:[^:]+:[a-z0-9-]+:[^:]*:[^:]*:.+")
_GRAMMAR = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"


def read_identity_policy(text: bytes, name: str) -> IdentityPolicy:
    """The policy in a text; ``name`` is what errors call it.

    Raises ``UsageError`` where it is no policy, or one that is not understood whole.
    """
    try:
        policy = parse_json(text)
    except NotJson as error:
        _complain(f"{name} is not JSON: {error}", "A policy is a JSON document")
    _require_members(policy, _POLICY, f"{name}: the policy")
    if policy.get("Version") != VERSION:
        _complain(f"{name}: /Version is not {VERSION}", f'Write "Version": "{VERSION}"')
    statements = as_list(policy.get("Statement"))
    if not statements:
        _complain(f"{name}: /Statement is missing or empty")
    read = tuple(
        _statement(each, f"{name}: /Statement/{index}") for index, each in enumerate(statements)
    )
    _require_unique_sids(statements, name)
    return read


def _statement(value: Any, place: str) -> Statement:
    _require_members(value, _STATEMENT, place)
    if value.get("Effect") not in ("Allow", "Deny"):
        _complain(f"{place}/Effect is neither Allow nor Deny")
    sid = value.get("Sid", "")
    if not isinstance(sid, str) or _SID.fullmatch(sid) is None:
        _complain(f"{place}/Sid has other characters than letters and digits")
    actions = _patterns(value, "Action", _ACTION, place)
    in_lower_case = Patterns(tuple(text.lower() for text in actions.texts), actions.negated)
    resources = _patterns(value, "Resource", _RESOURCE, place)
    return Statement(value["Effect"] == "Allow", in_lower_case, resources)


def _patterns(statement: dict[str, Any], name: str, form: re.Pattern[str], place: str) -> Patterns:
    given = [each for each in (name, f"Not{name}") if each in statement]
    if len(given) != 1:
        _complain(f"{place} has not exactly one of {name} and Not{name}")
    texts = as_list(statement[given[0]])
    if not texts or not all(isinstance(each, str) for each in texts):
        _complain(f"{place}/{given[0]} is neither a text nor a list of texts")
    for text in texts:
        if "${" in text:
            _complain(f"{place}/{given[0]} has a variable, which is not understood: {text}")
        if form.fullmatch(text) is None:
            _complain(f"{place}/{given[0]} has what is no {name.lower()}: {text}")
    return Patterns(tuple(texts), negated=given[0] != name)


def _require_members(value: Any, known: set[str], place: str) -> None:
    if not isinstance(value, dict):
        _complain(f"{place} is not an object")
    if "Condition" in value:
        _complain(
            f"{place}/Condition is not understood",
            "Rehearse with a policy that has no conditions: it must not seem to be enforced",
        )
    for name in sorted(value.keys() - known):
        _complain(f"{place} has a member {name}, which an identity policy does not have")


def _require_unique_sids(statements: list[dict[str, Any]], name: str) -> None:
    sids = Counter(each["Sid"] for each in statements if each.get("Sid"))
    for sid, times in sids.items():
        if times > 1:
            _complain(f"{name}: {times} statements have the Sid {sid}")


def _complain(message: str, hint: str = f"See {_GRAMMAR}") -> NoReturn:
    raise UsageError(message, hint)
