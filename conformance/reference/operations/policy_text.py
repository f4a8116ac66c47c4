"""Policy documents as AWS prints them back.

Recorded: https://github.com/cloud-custodian/cloud-custodian/tree/main/tests/data/placebo/
test_cross_account_ecr; the style is that of Jackson's pretty printer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_ORDER = (
    "Version", "Id", "Statement",
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource",
    "Condition",
)  # fmt: skip


def printed(policy: Mapping[str, Any]) -> str:
    """A policy as text: two spaces a level, lists in one line, members in AWS's order."""
    statements = policy["Statement"]
    listed = statements if isinstance(statements, list) else [statements]
    whole = {**policy, "Statement": [_ordered(each) for each in listed]}
    return _printed(_ordered(whole), "")


def _ordered(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value[name] for name in _ORDER if name in value}


def _printed(value: Any, indent: str) -> str:
    if isinstance(value, dict):
        return _printed_object(value, indent)
    if isinstance(value, list):
        elements = ", ".join(_printed(each, indent) for each in value)
        return f"[ {elements} ]" if elements else "[ ]"
    return json.dumps(value, ensure_ascii=False)


def _printed_object(value: Mapping[str, Any], indent: str) -> str:
    if not value:
        return "{ }"
    deeper = indent + "  "
    members = (
        f"{deeper}{json.dumps(name, ensure_ascii=False)} : {_printed(child, deeper)}"
        for name, child in value.items()
    )
    return "{\n" + ",\n".join(members) + f"\n{indent}}}"
