"""How many valid requests a second are made, by this project and by its peers, side by side.

    python tests/benchmarks/generation.py                        every operation; some minutes
    python tests/benchmarks/generation.py --operations ListImages CreateRepository
    python tests/benchmarks/generation.py --seconds 2            longer, so steadier

Five generators make requests of each operation, in a process each and one after the other:

- ours: ``conformance.contract.generators.from_shape``;
- naive: Hypothesis's own strategies, patterns by ``from_regex`` and their bounds by filters;
- hypothesis-jsonschema: ``from_schema`` of the operation's wire schema. It runs in an environment
  of its own, made at first in ``tests/benchmarks/.peers``, because it needs an older Hypothesis;
- schemathesis: the bodies that its fuzzing phase would send, from that schema in OpenAPI, also in
  an environment of its own;
- floor: as many draws as ours needed, of numbers that are put into a list: what Hypothesis itself
  takes for them. It is measured on the older Hypothesis as well, because that one is slower.

Each draws for a while in a test without assertions. What counts is the CPU seconds of that, and the
requests that the contract judges valid. "Over all" is how many a second there are when each
operation gets as many; operations without any parameters are left out, because nothing is drawn.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from comparison import Row, faster
from environments import python_of
from rich.console import Console
from rich.table import Table

from conformance.contract import SERVICES, load_contract, wire_schema
from conformance.contract.generators import broken_constraints

HERE = Path(__file__).parent
PEER = "hypothesis-jsonschema"
OLDER_FLOOR = "floor, older Hypothesis"
NEEDS = {
    PEER: ("hypothesis-jsonschema==0.23.1", "hypothesis<=6.170.0"),
    "schemathesis": ("schemathesis==4.32.5",),
}


@dataclass
class Operation:
    """An operation and its measured rates: valid requests a CPU second, by generator."""

    service: str
    name: str
    shape: str
    draws: int = 0
    rates: dict[str, float] = field(default_factory=dict)
    valid: dict[str, float] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def case(self) -> dict[str, Any]:
        """What a generator gets to know."""
        contract = load_contract(self.service)
        schema = wire_schema(contract, self.shape, direction="input")
        return {
            "service": self.service,
            "shape": self.shape,
            "draws": self.draws,
            "schema": schema,
        }

    def take(self, generator: str, result: dict[str, Any]) -> None:
        """Keep what was measured of a generator."""
        if "error" in result:
            self.errors[generator] = result["error"]
            return
        values = result["values"]
        contract = load_contract(self.service)
        valid = len(values)
        if generator not in ("floor", OLDER_FLOOR):
            valid = sum(not broken_constraints(contract, self.shape, each) for each in values)
        self.valid[generator] = valid / len(values)
        self.rates[generator] = valid / result["seconds"]
        if generator == "ours":
            self.draws = round(result["draws"])


def operations(names: Iterable[str]) -> Iterator[Operation]:
    """The operations with parameters, or those of them that are named."""
    for service in SERVICES:
        contract = load_contract(service)
        for operation in contract.operations.values():
            if contract.shapes[operation.input].members and (not names or operation.name in names):
                yield Operation(service, operation.name, operation.input)


def measure(generator: str, python: str, cases: list[Operation], budget: float) -> str:
    """Let a generator draw in a process of its own; give the version of Hypothesis it ran on."""
    task = {
        "generator": "floor" if generator == OLDER_FLOOR else generator,
        "budget": budget,
        "cases": [operation.case() for operation in cases],
    }
    worker = subprocess.run(
        [python, str(HERE / "worker.py")],
        input=json.dumps(task),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )
    measured = json.loads(worker.stdout)
    for operation, result in zip(cases, measured["results"], strict=True):
        operation.take(generator, result)
    return str(measured["hypothesis"])


def over_all(cases: list[Operation], generator: str) -> float:
    """Requests a second when each operation gets as many, of the operations it can make any of."""
    rates = [rate for each in cases if (rate := each.rates.get(generator))]
    return len(rates) / sum(1 / rate for rate in rates) if rates else 0.0


def ratios(cases: list[Operation], generator: str) -> list[float]:
    """By how much ours is faster, operation by operation."""
    return [
        each.rates["ours"] / each.rates[generator] for each in cases if each.rates.get(generator)
    ]


def summary(cases: list[Operation], versions: dict[str, str]) -> Table:
    """One line a generator."""
    table = Table(title=f"Valid requests of {len(cases)} operations, per CPU second")
    for column in ("generator", "Hypothesis", "over all", "valid", "operations"):
        table.add_column(column, justify="left" if column == "generator" else "right")
    for column in ("ours is faster, over all", "median", "least", "most"):
        table.add_column(column, justify="right")
    for generator, version in versions.items():
        both = [each for each in cases if each.rates.get(generator)]
        found = ratios(cases, generator) or [0.0]
        shares = [each.valid[generator] for each in cases if generator in each.valid] or [0.0]
        rate = over_all(cases, generator)
        faster = over_all(both, "ours") / rate if rate else 0.0
        compared = (faster, statistics.median(found), min(found), max(found))
        table.add_row(
            generator,
            version,
            f"{rate:.1f}",
            f"{statistics.mean(shares):.1%}",
            str(len(both)),
            *(f"{number:.2f}" for number in compared),
        )
    return table


def details(cases: list[Operation], generators: Iterable[str]) -> Table:
    """One line an operation."""
    table = Table(title="By operation")
    for column in ("operation", "draws", *generators):
        table.add_column(column, justify="left" if column == "operation" else "right")
    for each in cases:
        rates = (
            f"{each.rates[generator]:.1f}" if generator in each.rates else "fails"
            for generator in generators
        )
        table.add_row(f"{each.service} {each.name}", str(each.draws), *rates)
    return table


def rows(*, small: bool, peers: bool) -> Iterator[Row]:
    """The rates over all operations that a peer can make requests of at all."""
    cases = list(operations(["DeleteRepository"] if small else []))
    budget = 0.01 if small else 0.5
    measure("ours", sys.executable, cases, budget)
    for peer, wanted in ((PEER, 20), ("schemathesis", 50)) if peers else ():
        measure(peer, python_of(peer, *NEEDS[peer]), cases, budget)
        both = [each for each in cases if each.rates.get(peer)]
        found = {"ours": over_all(both, "ours"), "theirs": over_all(both, peer)}
        work = f"valid inputs generated, {len(both)} operations"
        yield faster(work, peer, wanted, **found, unit="per CPU second")


def main() -> None:
    """Measure, and print both tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--operations", nargs="+", default=[], metavar="NAME")
    parser.add_argument("--seconds", type=float, default=0.5, help="CPU seconds for each")
    parser.add_argument("--no-peer", action="store_true", help="without peers from PyPI")
    options = parser.parse_args()
    cases = list(operations(options.operations))
    if not cases:
        parser.error(f"no operation with parameters is called {' or '.join(options.operations)}")
    pythons = {"ours": sys.executable, "naive": sys.executable, "floor": sys.executable}
    if not options.no_peer:
        pythons |= {peer: python_of(peer, *needs) for peer, needs in NEEDS.items()}
        pythons[OLDER_FLOOR] = pythons[PEER]
    versions = {
        generator: measure(generator, python, cases, options.seconds)
        for generator, python in pythons.items()
    }
    console = Console(width=160)
    console.print(details(cases, versions))
    for each in cases:
        for generator, error in each.errors.items():
            console.print(f"{generator} fails for {each.service} {each.name}: {error}")
    console.print(summary(cases, versions))


if __name__ == "__main__":
    main()
