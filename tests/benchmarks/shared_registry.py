"""What the suite asks of a registry that others use, too, and what it comes to there."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from unittest import mock

from rich.table import Column, Table
from watched import REGION, Watch, judged

from conformance.reference import ReferenceTransport
from conformance.reference.protocol import DEFAULT_ACCOUNT
from conformance.reference.state import Registry, RegistryKey, Repository, Settings
from conformance.transport.clock import ReplayedClock

LASTING = "not any-program"
"""The rules that are tried: the programs are as many whatever is in a registry."""
NUMBERS = ("requests", "among", "CPU ms each", "among")
BEGAN = 1.8e9
"""When a run begins, in seconds since 1970: some rules ask until the target's clock shows another
second, so that how often depends on the fraction."""


def of_others(count: int) -> Mapping[RegistryKey, Registry]:
    """Both registries of the account, with so many repositories that the suite did not make."""
    settings = Settings(encryption={"encryptionType": "AES256"})
    names = [f"others/{number}" for number in range(count)]
    filled = Registry({name: Repository(name, 1.7e9, settings) for name in names})
    keys = (("ecr", REGION), ("ecr-public", ""))
    return {RegistryKey(service, DEFAULT_ACCOUNT, region): filled for service, region in keys}


@dataclass(frozen=True)
class Judged:
    """What became of each rule in a registry, and what it took."""

    watch: Watch
    verdicts: Mapping[str, str]

    @classmethod
    def beside(cls, others: int, chosen: str) -> Judged:
        """Judge a registry with so many repositories of others.

        Its clock passes only while somebody sleeps, boto3's waiters too, so that nobody waits, or
        asks once more for being slow.
        """
        clock = ReplayedClock(BEGAN)
        reference = ReferenceTransport(world=of_others(others), clock=clock.time)
        sleepless = mock.patch.object(time, "sleep", clock.sleep)
        with sleepless, judged(reference, chosen, clock=clock) as (watch, certificate):
            verdicts = {each.rule.id: each.verdict.label for each in certificate.rules}
        return cls(watch, verdicts)

    def numbers(self, rules: Collection[str]) -> tuple[str, str]:
        """How many requests some rules made, and the suite's own CPU time for each of them."""
        work = self.watch.of(rules)
        count = work.requests.total()
        return f"{count:,}", f"{work.asking / max(count, 1) * 1e3:.2f}"

    def shown(self, rules: Collection[str]) -> str:
        """How many of some rules came to which verdict."""
        counted = Counter(self.verdicts[rule] for rule in rules)
        return ", ".join(f"{number:,} {verdict}" for verdict, number in counted.most_common())


def registry_table(*, small: bool) -> Table:
    """The rules that a registry makes a difference to that others use, too."""
    count = 1500 if small else 10_000
    chosen = "repositories.list or tags.delete" if small else LASTING
    Judged.beside(0, chosen)  # so that schemas are compiled and cases made
    alone, among = (Judged.beside(others, chosen) for others in (0, count))
    rules = alone.watch.works.keys() | among.watch.works.keys()
    more = {rule: _more(rule, alone, among) for rule in rules}
    differ = [rule for rule in rules if more[rule] or alone.verdicts[rule] != among.verdicts[rule]]
    asked = sorted(set().union(*more.values()))
    shown = Table(
        "rule",
        *(Column(name, justify="right") for name in NUMBERS),
        "verdict",
        title=f"Beside {count:,} repositories of others",
        caption=f"Asked more or less often: {', '.join(asked) or 'nothing'}",
    )
    for rule in sorted(differ, key=lambda rule: (-more[rule].total(), rule)):
        verdicts = dict.fromkeys((alone.verdicts[rule], among.verdicts[rule]))
        shown.add_row(rule, *_beside(alone, among, [rule]), ", among others ".join(verdicts))
    rest = rules - set(differ)
    shown.add_row(f"the other {len(rest):,}", *_beside(alone, among, rest), among.shown(rest))
    shown.add_row(f"all {len(rules):,}", *_beside(alone, among, rules), among.shown(rules))
    return shown


def _more(rule: str, alone: Judged, among: Judged) -> Counter[str]:
    """The requests, by operation, that a rule makes in one registry and not in the other."""
    a, b = alone.watch.works[rule].requests, among.watch.works[rule].requests
    return (a - b) + (b - a)


def _beside(alone: Judged, among: Judged, rules: Collection[str]) -> tuple[str, ...]:
    (a, a_seconds), (b, b_seconds) = alone.numbers(rules), among.numbers(rules)
    return a, b, a_seconds, b_seconds
