"""How the suite grows: with its rules, with the failures it tells, with what is in a registry.

    python tests/benchmarks/growth.py              all three; some minutes
    python tests/benchmarks/growth.py reports      one of rules, reports and registry

- rules: CPU time a rule, where an eighth, a fourth, half and all of a profile's are judged. It is
  to be the same: collecting them is not in it.
- reports: CPU time a check of writing the files of a report in which all fail, of more and more
  rules. It is to be the same.
- registry: the requests of rules, and the suite's own CPU time for each, where the registry holds
  10,000 repositories of others, beside where it holds none. Nothing but DescribeRepositories may be
  asked more often, and no verdict may be another. What the registry takes to answer is not the
  suite's, so it is not in it.

What is judged is the reference, in this process.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from botocore.awsrequest import AWSPreparedRequest
from rich.console import Console
from rich.table import Table
from shared_registry import registry_table
from watched import judged

from conformance.reference import ReferenceTransport
from conformance.report import write_report
from conformance.report.judged_rule import JudgedRule
from conformance.report.reproduction import reproduce
from conformance.suite.shard import Shard
from conformance.transport.exchange import Response

SMALL = "tags.delete-last-tag"


class Refusing:
    """A transport to a target on which nothing works."""

    def __call__(self, _: AWSPreparedRequest, /) -> Response:
        """Refuse."""
        return Response(400, (), b'{"__type": "InvalidParameterException", "message": "no"}')

    def close(self) -> None:
        """Nothing is open."""


def rules_table(*, small: bool) -> Table:
    """CPU time a rule, of more and more rules."""
    shown = _table("Rules of the profile validation", "rules", "CPU s", "ms a rule")
    chosen = "list-images" if small else ""
    with judged(ReferenceTransport(), chosen, profile="validation"):
        pass  # so that schemas are compiled and cases made
    for count in (8, 4, 2, 1):
        found = judged(ReferenceTransport(), chosen, Shard(1, count), "validation")
        with found as (watch, certificate):
            work = watch.of(watch.works)
            rules, seconds = len(certificate.rules), work.asking + work.answering
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
