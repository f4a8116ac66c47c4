"""The coverage as a document in Markdown, to be committed and read in a diff."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from conformance.contract import SERVICES, load_contract
from conformance.contract.generators import coverage_cases
from conformance.coverage.items import KINDS, Kind
from conformance.coverage.tracing import Coverage, Traced
from conformance.suite.generated.constraint_cases import BREAKING, VALID, cases_of

_TITLES = {"ecr": "ECR", "ecr-public": "ECR Public"}
_PLURALS: dict[Kind, str] = {
    "operation": "Operations",
    "error": "Declared errors",
    "constraint": "Constraints of the model",
    "paginator": "Paginators",
    "waiter": "Waiters",
    "sentence": "Sentences of the documentation",
}
_INTRODUCTION = """\
# What the rules test

Everything that AWS's model and its documentation promise or demand, with the rules that test it or
the reason why none does. Written by `ecr-conformance coverage --output docs/COVERAGE.md` after a
run of the whole suite against the reference; do not edit it. CI fails when it is out of date, and
when something is neither tested nor has a reason.

- An **operation** is tested by the rules that name it.
- An **error** is tested by a rule whose scenario is answered with it by an operation that the rule
  is about; a **constraint** by one that is refused for breaking it and nothing else; a
  **paginator** by one that gets a second page; a **waiter** by one that boto3 waits in.
- A **sentence** is tested by a rule that quotes it, of this operation or of another one that is
  told the same. Sentences count that say what has to be, is possible, happens when, or has limits;
  the summary of an operation or error is the operation or error itself.

Rules that only inform, or that watch every exchange, are left out.

Of what boto3 has for every service, nothing tests `can_paginate`, which asks boto3's own model and
no target, nor the **presigned URLs** of operations, which boto3 makes without asking one, too: they
put into a query what AWS JSON has in the body, and whether ECR reads it there is not public. The
presigned URLs that ECR itself gives, those of layers, are tested (`layers.download`)."""


def document(coverage: Coverage) -> str:
    """The whole document."""
    parts = [_INTRODUCTION, _sources(), *_counts(coverage), _all_generated()]
    parts += [*_open(coverage), *_reasons(coverage)]
    for service in SERVICES:
        parts.append(f"## {_TITLES[service]}")
        parts += _groups(each for each in coverage.traced if each.item.service == service)
    return "\n\n".join(parts) + "\n"


def _sources() -> str:
    contracts = [load_contract(service) for service in SERVICES]
    versions = " and ".join(f"{_TITLES[each.service]} {each.api_version}" for each in contracts)
    return f"The contract is that of {contracts[0].source}: {versions}."


def _counts(coverage: Coverage) -> Iterator[str]:
    counted = Counter((each.item.service, each.item.kind, _state(each)) for each in coverage.traced)
    states = [(service, state) for service in SERVICES for state in ("tested", "reason", "open")]
    lines = [
        "| | " + " | ".join(f"{_TITLES[service]}: {state}" for service, state in states) + " |",
        "|---|" + "---:|" * len(states),
    ]
    for kind in KINDS:
        numbers = (str(counted[service, kind, state]) for service, state in states)
        lines.append(f"| {_PLURALS[kind]} | {' | '.join(numbers)} |")
    yield "\n".join(lines)


def _all_generated() -> str:
    """How many requests are generated, by service; each operation tells its own."""
    numbers = {
        service: [_generated(service, operation) for operation in load_contract(service).operations]
        for service in SERVICES
    }
    told = {s: _in_words(map(sum, zip(*each, strict=True))) for s, each in numbers.items()}
    return "\n".join(f"- Generated requests of {_TITLES[s]}: {words}." for s, words in told.items())


def _generated(service: str, operation: str) -> tuple[int, int, int]:
    """Of the generated requests of an operation, how many are valid, are broken, are judged."""
    contract = load_contract(service)
    cases = coverage_cases(contract, operation)
    valid = sum(case.valid for case in cases)
    judged = sum(len(cases_of(contract, operation, kind)) for kind in (*BREAKING, VALID))
    return valid, len(cases) - valid, judged


def _in_words(numbers: Iterable[int]) -> str:
    valid, broken, judged = numbers
    return f"{valid} valid and {broken} broken ones; rules judge {judged} of them"


def _state(traced: Traced) -> str:
    return "tested" if traced.rules else "open" if traced.is_open else "reason"


def _open(coverage: Coverage) -> Iterator[str]:
    if coverage.open:
        yield "## Open"
        yield "Neither tested nor with a reason."
        grouped = groupby(sorted(coverage.open, key=_order), key=lambda each: _order(each)[:2])
        yield "\n".join(
            f"- **{group}** ({_TITLES[service]}). {_in_short(alike)}"
            for (service, group), alike in grouped
        )


def _in_short(alike: Iterable[Traced]) -> str:
    by_kind = groupby(alike, key=lambda each: each.item.kind)
    return " ".join(f"{_PLURALS[kind]}: {', '.join(map(named, same))}." for kind, same in by_kind)


def _order(traced: Traced) -> tuple[str, str, int]:
    item = traced.item
    return item.service, item.group, KINDS.index(item.kind)


def named(traced: Traced) -> str:
    """An item in a few words of Markdown, within its group and kind."""
    item = traced.item
    return f"“{_escaped(item.text)}”" if item.kind == "sentence" else f"`{item.name}`"


def _reasons(coverage: Coverage) -> Iterator[str]:
    yield "## Reasons"
    used = Counter(each.reason for each in coverage.traced)
    yield "\n".join(f"- **{r.name}** ({used[r.name]}): {r.text}" for r in coverage.reasons)


def _groups(traced: Iterable[Traced]) -> Iterator[str]:
    for (_, group), members in groupby(sorted(traced, key=_order), lambda each: _order(each)[:2]):
        yield f"### {group}"
        for kind, alike in groupby(members, key=lambda each: each.item.kind):
            yield "\n".join(_section(kind, list(alike)))


def _section(kind: Kind, alike: list[Traced]) -> Iterator[str]:
    if kind == "operation":
        yield from (_verdict(each) for each in alike)
        (item,) = {each.item for each in alike}
        yield f"\nGenerated requests: {_in_words(_generated(item.service, item.group))}."
        return
    yield f"{_PLURALS[kind]}:\n"
    yield from (f"- {_subject(each)}: {_verdict(each)}" for each in alike)


def _subject(traced: Traced) -> str:
    item = traced.item
    if item.kind == "sentence":
        place = item.name.partition(".")[2]
        return f"{f'`{place}`, ' if place else ''}“{_escaped(item.text)}”"
    return f"`{item.name}`" + (f" `{item.text}`" if item.text else "")


def _verdict(traced: Traced) -> str:
    if traced.rules:
        prefix = f"{traced.item.service}."
        return ", ".join(f"`{rule.removeprefix(prefix)}`" for rule in traced.rules)
    if traced.is_open:
        return "**open**"
    return f"*{traced.reason}*" if traced.reason else f"*{_escaped(traced.why)}*"


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_<>\[\]|])", r"\\\1", text)
