"""How the suite grows: with its rules, with the failures it tells, with what is in a registry.

    python tests/benchmarks/growth.py              all three; some minutes
    python tests/benchmarks/growth.py reports      one of rules, reports and registry

- rules: CPU time a rule, where an eighth, a fourth, half and all of a profile's are judged. It is
  to be the same: collecting them is not in it.
- reports: CPU time a check of writing the files of a report in which all fail, of more and more
  rules. It is to be the same.
- registry: the requests of rules where the registry holds repositories of others, beside where it
  is empty. Only rules about listings may need more. Requests are counted, because a registry that
  takes longer for an answer is not the suite's.

What is judged is the reference, in this process.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path

import pytest
from botocore.awsrequest import AWSPreparedRequest
from rich.console import Console
from rich.table import Table

from conformance.certify import run_suite
from conformance.reference import ReferenceTransport
from conformance.reference.protocol import DEFAULT_ACCOUNT
from conformance.reference.state import Registry, RegistryKey, Repository
from conformance.report import Certificate, write_report
from conformance.report.judged_rule import JudgedRule
from conformance.report.judging import Judging
from conformance.report.reproduction import reproduce
from conformance.suite.assignment import ASSIGNMENT, LOG
from conformance.suite.opening import surveyed
from conformance.suite.run import Run
from conformance.suite.shard import Shard
from conformance.targets import Connection, Target, in_process
from conformance.transport.exchange import Response

ENDPOINT, REGION = "http://growth.invalid", "us-east-1"
SMALL = "tags.delete-last-tag"
LASTING = "not any-program"
"""What is judged of a registry: the programs are as many whatever is in it."""


@dataclass
class Watch:
    """A pytest plugin: the requests of each rule, and the CPU seconds of all after collection."""

    requests: Counter[str] = field(default_factory=Counter)
    began: float = 0.0
    seconds: float = 0.0

    def pytest_collection_finish(self) -> None:
        """Begin to count."""
        self.began = time.process_time()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        """Count what a scenario asked."""
        rule = item.stash[ASSIGNMENT].rule.id
        self.requests[rule] += len(item.stash[LOG].exchanges) if LOG in item.stash else 0
        self.seconds = time.process_time() - self.began


class Refusing:
    """A transport to a target on which nothing works."""

    def __call__(self, _: AWSPreparedRequest, /) -> Response:
        """Refuse."""
        return Response(400, (), b'{"__type": "InvalidParameterException", "message": "no"}')

    def close(self) -> None:
        """Nothing is open."""


@contextmanager
def judged(
    transport: Connection, chosen: str, shard: Shard | None = None, profile: str = ""
) -> Iterator[tuple[Watch, Certificate]]:
    """What a run took that judges a transport, and what it came to."""
    watch, target = Watch(), Target("growth", ENDPOINT, "growth", None, REGION)
    profiles = (profile,) if profile else ()
    with in_process(ENDPOINT, transport):
        run = surveyed(Run(target, 1, profiles=profiles, shard=shard))
        with Judging(run, None) as judging:
            with redirect_stdout(StringIO()):
                run_suite(judging, watch, expression=chosen)
            if judging.certificate is None:
                raise RuntimeError(judging.breakdown)
            yield watch, judging.certificate


def rules_table(*, small: bool) -> Table:
    """CPU time a rule, of more and more rules."""
    shown = _table("Rules of the profile validation", "rules", "CPU s", "ms a rule")
    chosen = "list-images" if small else ""
    with judged(ReferenceTransport(), chosen, profile="validation"):
        pass  # so that schemas are compiled and cases made
    for count in (8, 4, 2, 1):
        found = judged(ReferenceTransport(), chosen, Shard(1, count), "validation")
        with found as (watch, certificate):
            rules, seconds = len(certificate.rules), watch.seconds
        shown.add_row(str(rules), f"{seconds:.2f}", f"{seconds / max(rules, 1) * 1e3:.1f}")
    return shown


def reports_table(*, small: bool) -> Table:
    """CPU time a check of writing a report, of more and more rules."""
    shown = _table("Reports of failures", "checks", "MB", "CPU s", "ms a check")
    with judged(Refusing(), SMALL if small else "tags or layers") as (_, certificate):
        pass
    with tempfile.TemporaryDirectory() as folder:
        write_report(certificate, Path(folder))  # so that templates are compiled
    for times in (1, 2, 4):
        reproduce.cache_clear()
        grown = replace(certificate, rules=tuple(_again(certificate.rules, times)))
        checks = sum(len(rule.checks) for rule in grown.rules)
        with tempfile.TemporaryDirectory() as folder:
            began = time.process_time()
            files = write_report(grown, Path(folder))
            seconds = time.process_time() - began
            size = sum(path.stat().st_size for path in files) / 1e6
        numbers = (f"{size:.1f}", f"{seconds:.2f}", f"{seconds / checks * 1e3:.1f}")
        shown.add_row(str(checks), *numbers)
    return shown


def _again(rules: Iterable[JudgedRule], times: int) -> Iterator[JudgedRule]:
    """Rules so many times over, each time with other messages, so that nothing is known already."""
    for turn in range(times):
        for rule in rules:
            checks = (replace(each, message=f"{each.message} {turn}") for each in rule.checks)
            yield replace(rule, checks=tuple(checks))


def of_others(count: int) -> Mapping[RegistryKey, Registry]:
    """Both registries of the account, with so many repositories that the suite did not make."""
    names = [f"others/{number:05}" for number in range(count)]
    filled = Registry({name: Repository(name, 1.7e9) for name in names})
    keys = (("ecr", REGION), ("ecr-public", ""))
    return {RegistryKey(service, DEFAULT_ACCOUNT, region): filled for service, region in keys}


def registry_table(*, small: bool) -> Table:
    """The rules that ask more of a registry that others use, too."""
    count = 1500 if small else 10_000
    chosen = "repositories.list or tags.delete" if small else LASTING
    asked = []
    for world in (of_others(0), of_others(count)):
        with judged(ReferenceTransport(world=world), chosen) as (watch, _):
            asked.append(watch.requests)
    alone, among = asked
    shown = _table(f"Requests beside {count:,} repositories of others", "rule", "alone", "among")
    for rule in sorted(among, key=lambda rule: alone[rule] - among[rule]):
        if among[rule] > alone[rule]:
            shown.add_row(rule, str(alone[rule]), str(among[rule]))
    same = sum(1 for rule in among if among[rule] == alone[rule])
    shown.add_row(f"all {len(among):,} rules, {same:,} of them alike", *_totals(alone, among))
    return shown


def _totals(*counted: Counter[str]) -> tuple[str, ...]:
    return tuple(f"{sum(each.values()):,}" for each in counted)


def _table(title: str, *columns: str) -> Table:
    shown = Table(title=title)
    for column in columns:
        shown.add_column(column, justify="left" if column == "rule" else "right")
    return shown


TABLES = {"rules": rules_table, "reports": reports_table, "registry": registry_table}


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("of", nargs="*", help=f"of {', '.join(TABLES)}")
    parser.add_argument("--small", action="store_true", help="only see whether it works")
    options = parser.parse_args()
    if unknown := set(options.of) - set(TABLES):
        parser.error(f"there is no growth of {' or '.join(sorted(unknown))}")
    for name in options.of or TABLES:
        Console(width=120).print(TABLES[name](small=options.small))


if __name__ == "__main__":
    main()
