"""Is every action of the printed policy needed? Takes each out and has rules judged that ask it.

``python tests/account/minimal_policy.py`` does so for all rules, in some ten minutes; it takes
actions as arguments, too.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterator
from typing import Any

from permitted import checks_with

from conformance.account.policy import policy_for
from conformance.certify import rules_chosen
from conformance.contract import SERVICES
from conformance.suite.catalogue import all_rules
from conformance.suite.running.footprint import known_footprints

ALSO_DOCUMENTED = {"ecr:CreatePullTimeUpdateExclusion", "ecr:DeletePullTimeUpdateExclusion"}
"""Actions of AWS's guide that no operation is called by: nothing here asks for them."""

_OF_RULES = ("RepositoriesOfRuns", "WholeRegistry")
"""The statements that are for rules; others are for AWS's other services, or for the sweep."""

_JUDGED = 5
"""How many of the rules that ask for an action are judged without it, the cheapest ones."""


def whole_policy() -> dict[str, Any]:
    """The policy for all rules, those that change settings included."""
    footprint = known_footprints().of(rules_chosen(), (), changes=True)
    return policy_for(footprint, SERVICES, "aws")


def actions_of(policy: dict[str, Any]) -> Iterator[str]:
    """The actions that rules need."""
    for statement in policy["Statement"]:
        if statement["Sid"] in _OF_RULES:
            yield from (each for each in statement["Action"] if each not in ALSO_DOCUMENTED)


def without(policy: dict[str, Any], action: str) -> str:
    """The policy as a text, without an action."""
    statements = [
        {**each, "Action": left}
        for each in policy["Statement"]
        if (left := [name for name in each["Action"] if name != action])
    ]
    return json.dumps({**policy, "Statement": statements})


def missed(policy: dict[str, Any], action: str) -> bool:
    """Whether some rule cannot be decided without an action, and says so."""
    expression = " or ".join(asking(action))
    found = checks_with(without(policy, action), expression, changes=True)["checks"].values()
    words = f"permission for {action} is missing"
    return any(verdict == "untestable" and words in message for verdict, message in found)


def asking(action: str) -> Collection[str]:
    """The cheapest rules that ask for an action themselves, those about its operation first."""
    known, rules = known_footprints(), all_rules()
    costs = {
        name: footprint.requests
        for kind in (known.ordinary, known.changing)
        for name, footprint in kind.items()
        if name in rules and action in footprint.actions
    }
    operation = action.partition(":")[2]
    about = {name: operation in rules[name].operations for name in costs}
    return sorted(costs, key=lambda name: (not about[name], costs[name], name))[:_JUDGED]


def main() -> int:
    """Print the actions that nobody misses."""
    policy = whole_policy()
    actions = sys.argv[1:] or list(actions_of(policy))
    idle = [action for action in actions if not missed(policy, action)]
    sys.stdout.write(f"{len(actions) - len(idle)} of {len(actions)} actions are needed\n")
    sys.stdout.writelines(f"nobody misses {action}\n" for action in idle)
    return int(bool(idle))


if __name__ == "__main__":
    sys.exit(main())
