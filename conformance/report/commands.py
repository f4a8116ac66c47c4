"""Commands that a report tells its reader to type, safe to paste into a POSIX shell."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from conformance.report.provenance import Provenance
from conformance.suite.exploration import DEFAULT
from conformance.targets.aws.target import NAME
from conformance.targets.target import AWS

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
        *_where(facts),
        ("--seed", str(facts.seed)),
        *([("--depth", str(looked.depth))] if looked.depth != DEFAULT.depth else []),
        *([("--budget", str(looked.budget))] if looked.budget != DEFAULT.budget else []),
        *([("--program-seed", str(looked.seed))] if looked.seed != DEFAULT.seed else []),
    ]
    words = [word for option in options for word in option]
    return shlex.join(["ecr-conformance", "certify", facts.target.name, *words])


def certify_command(facts: Provenance, rule: str) -> str:
    """The command that judges one rule again, with the requests of the run."""
    where = [word for option in _where(facts) for word in option]
    words = ["certify", facts.target.name, "-k", rule, *where, "--seed", str(facts.seed)]
    return shlex.join(["ecr-conformance", *words])


def _where(facts: Provenance) -> Iterator[tuple[str, ...]]:
    """The options that lead to the target beside its name, and the leave that the run had there."""
    target = facts.target
    if target.region != DEFAULT_REGION:
        yield "--region", target.region
    if target.name == NAME and target.product != AWS:
        yield "--endpoint-url", target.endpoint
    if target.name == NAME and target.registry_changes:
        yield ("--allow-registry-changes",)


def explain_command(rule: str) -> str:
    """The command that shows a rule with what says so."""
    return shlex.join(["ecr-conformance", "explain", rule])
