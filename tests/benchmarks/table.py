"""How fast this project is beside its peers: one line for each kind of work.

    python tests/benchmarks/table.py                     all of them; half an hour
    python tests/benchmarks/table.py client judging      some of them
    python tests/benchmarks/table.py --small             see whether they work, no more

Ours and its peer do the same work in turns, several times; the medians are compared, because a
machine's weather changes and its own speed is nobody's business. Where others use the machine
meanwhile, what is measured in CPU time holds, and what is measured by the wall does not. The peers
come from PyPI, into environments of their own (``.peers``) where they do not go with ours.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping

import client_calls
import drift
import generation
import judged_page
import replaying
import sending
import serving
import startup
import whole_suite
from comparison import Row, table
from rich.console import Console

WORKS: Mapping[str, Callable[..., Iterator[Row]]] = {
    "sending": sending.rows,
    "generation": generation.rows,
    "client": client_calls.rows,
    "judging": judged_page.rows,
    "replaying": replaying.rows,
    "drift": drift.rows,
    "serving": serving.rows,
    "suite": whole_suite.suite,
    "jobs": whole_suite.jobs,
    "start-up": startup.rows,
    "memory": whole_suite.memory,
}


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("work", nargs="*", choices=[[], *WORKS], help=f"of {', '.join(WORKS)}")
    parser.add_argument("--small", action="store_true", help="only see whether it works")
    parser.add_argument("--no-peer", action="store_true", help="without environments for peers")
    options = parser.parse_args()
    size = {"small": options.small, "peers": not options.no_peer}
    rows = [row for work in options.work or WORKS for row in WORKS[work](**size)]
    Console(width=200).print(table(rows))


if __name__ == "__main__":
    main()
