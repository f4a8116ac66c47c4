"""Commands that a report tells its reader to type, safe to paste into a POSIX shell."""

from __future__ import annotations

import shlex

from conformance.report.provenance import Provenance
from conformance.suite.exploration import DEFAULT

__all__ = ["certify_command", "explain_command", "run_command"]

DEFAULT_REGION = "us-east-1"


def run_command(facts: Provenance) -> str:
    """The command that repeats a whole run: the same rules with the same requests."""
    chosen, looked = facts.selection, facts.exploration
    options = [
        *(("--service", name) for name in chosen.services),
        *(("--profile", name) for name in chosen.profiles),
        *([("-k", chosen.rules)] if chosen.rules else []),
        *([("--shard", str(chosen.shard))] if chosen.shard else []),
        *([("--region", facts.target.region)] if facts.target.region != DEFAULT_REGION else []),
        ("--seed", str(facts.seed)),
        *([("--depth", str(looked.depth))] if looked.depth != DEFAULT.depth else []),
        *([("--budget", str(looked.budget))] if looked.budget != DEFAULT.budget else []),
        *([("--program-seed", str(looked.seed))] if looked.seed != DEFAULT.seed else []),
    ]
    words = [word for option in options for word in option]
    return shlex.join(["ecr-conformance", "certify", facts.target.name, *words])


def certify_command(facts: Provenance, rule: str) -> str:
    """The command that judges one rule again, with the requests of the run."""
    target = facts.target
    region = ["--region", target.region] if target.region != DEFAULT_REGION else []
    words = ["certify", target.name, "-k", rule, *region, "--seed", str(facts.seed)]
    return shlex.join(["ecr-conformance", *words])


def explain_command(rule: str) -> str:
    """The command that shows a rule with what says so."""
    return shlex.join(["ecr-conformance", "explain", rule])
