"""Why some things are not tested: the reasons committed in ``schemas/untested.json``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from conformance.contract import schemas_folder
from conformance.coverage.items import Item

_KINDS = {"error": "errors", "constraint": "constraints", "sentence": "sentences",
          "waiter": "waiters", "paginator": "paginators", "operation": "operations"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """Why what it covers cannot be tested from outside, or needs no test.

    ``patterns`` are lists of patterns by kind, in which ``*`` stands for anything. A sentence's
    pattern is the sentence, or its place, a colon and the sentence; any other one is
    ``<operation>.<name>``.
    """

    name: str
    text: str
    patterns: Mapping[str, tuple[str, ...]]
    services: tuple[str, ...]

    def matching(self, item: Item) -> str | None:
        """The first of the patterns that covers an item."""
        if item.service not in self.services:
            return None
        patterns = self.patterns.get(_KINDS[item.kind], ())
        return next((each for each in patterns if any(map(_fits(each), _subjects(item)))), None)


def _subjects(item: Item) -> tuple[str, ...]:
    if item.kind == "sentence":
        return item.text, f"{item.name}: {item.text}"
    return (f"{item.group}.{item.name}",)


@cache
def _fits(pattern: str) -> Callable[[str], object]:
    expression = ".*".join(map(re.escape, pattern.split("*")))
    return re.compile(expression, re.DOTALL).fullmatch


@cache
def load_reasons() -> tuple[Reason, ...]:
    """The reasons in ``schemas/untested.json``."""
    path = schemas_folder() / "untested.json"
    parsed = json.loads(path.read_text(encoding="utf-8"))
    return tuple(_reason(name, entry) for name, entry in parsed["reasons"].items())


def _reason(name: str, entry: Mapping[str, Any]) -> Reason:
    return Reason(
        name=name,
        text=entry["reason"],
        patterns={kind: tuple(entry[kind]) for kind in _KINDS.values() if kind in entry},
        services=tuple(entry.get("services", ("ecr", "ecr-public"))),
    )


def idle(reasons: Iterable[Reason], used: Iterable[tuple[str, str]]) -> list[str]:
    """Patterns that excuse nothing, as ``reason: pattern``."""
    known = set(used)
    return [
        f"{reason.name}: {pattern}"
        for reason in reasons
        for patterns in reason.patterns.values()
        for pattern in patterns
        if (reason.name, pattern) not in known
    ]
