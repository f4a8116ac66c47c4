"""The shards of one run put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from conformance.errors import UsageError
from conformance.report.provenance import Provenance, ToolVersion
from conformance.report.results import Results
from conformance.suite.catalogue import all_rules
from conformance.suite.exchange_rules import exchange_rules
from conformance.suite.shard import Shard

__all__ = ["combined"]


@dataclass(frozen=True, slots=True)
class _Part:
    """A shard's results, and what the user calls them."""

    name: str
    results: Results
    shard: Shard

    @property
    def facts(self) -> Provenance:
        return self.results.provenance


def combined(results: Mapping[str, Results]) -> Results:
    """The results of the whole run, from those of all its shards by name.

    The run started with the first shard and finished with the last. Its target is that of shard 1,
    and its command starts the targets of all, because each may have had one of its own. Raises
    ``UsageError`` where the shards do not belong together, or one is missing.
    """
    parts = sorted(_parts(results), key=lambda part: part.shard.number)
    _require_one_run(parts)
    _require_complete(parts)
    for part in parts:
        _require_own(part)
    return Results(
        provenance=_whole(parts),
        checks=tuple(check for part in parts for check in part.results.checks),
        finished=max(part.results.finished or "" for part in parts),
    )


def _parts(results: Mapping[str, Results]) -> Iterator[_Part]:
    for name, each in results.items():
        shard = each.provenance.selection.shard
        if shard is None:
            raise UsageError(
                f"{name} is no shard, but a run of its own", "ecr-conformance certify --shard 1/2"
            )
        yield _Part(name, each, shard)


def _require_one_run(parts: Sequence[_Part]) -> None:
    first = parts[0]
    for part in parts[1:]:
        for what, value in _common(part.facts).items():
            expected = _common(first.facts)[what]
            if value != expected:
                raise UsageError(
                    f"{first.name} and {part.name} do not belong together: their {what} is "
                    f"{expected} and {value}",
                    "all shards of a run have the same target, options and --seed",
                )
    here = ToolVersion()
    if first.facts.tool != here:
        raise UsageError(
            f"{first.name} was judged by {first.facts.tool.version}, and this is {here.version}",
            "combine the shards with the version that judged them",
        )


def _common(facts: Provenance) -> dict[str, Any]:
    """What the shards of a run share; where each one's target answered is its own."""
    target = facts.target
    chosen = {**facts.selection.to_json(), "shard": None}
    return {
        "tool": facts.tool.version,
        "contract": facts.contract.to_json(),
        "target": f"{target.name} ({target.product} {target.version}) in {target.region}",
        "seed": facts.seed,
        "number of shards": facts.selection.shard and facts.selection.shard.count,
        "selection": chosen,
        "exploration": facts.exploration.to_json(),
    }


def _require_complete(parts: Sequence[_Part]) -> None:
    by_number: dict[int, str] = {}
    for part in parts:
        other = by_number.setdefault(part.shard.number, part.name)
        if other != part.name:
            raise UsageError(
                f"{other} and {part.name} are both shard {part.shard}", "each counts once"
            )
    count = parts[0].shard.count
    missing = [str(Shard(n, count)) for n in range(1, count + 1) if n not in by_number]
    if missing:
        raise UsageError(
            f"of {count} shards {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} "
            "missing",
            "a certificate that leaves rules out is none",
        )


def _require_own(part: _Part) -> None:
    """Refuse checks that another shard has to decide; exchanges are watched by all of them."""
    rules = all_rules()
    watched = exchange_rules()
    for check in part.results.checks:
        if check.rule not in rules:
            raise UsageError(f"{part.name} decides {check.rule}, and there is no such rule")
        if check.rule not in watched and not part.shard.holds(check.rule):
            raise UsageError(
                f"{part.name} decides {check.rule}, which is no part of shard {part.shard}",
                "its lines are not of one run",
            )


def _whole(parts: Sequence[_Part]) -> Provenance:
    facts = parts[0].facts
    commands = dict.fromkeys(part.facts.target.command for part in parts)
    together = " & ".join(command for command in commands if command)
    return replace(
        facts,
        target=replace(facts.target, command=together or None),
        started=min(part.facts.started for part in parts),
        selection=replace(facts.selection, shard=None),
    )
