"""What is behind the folds of a page, packed.

There is a pack ``rows`` of the sections that are folded from the start, by verdict, and one for
each service and profile, so that opening a rule unpacks little. In those, ``rule <id>`` is what the
page has not of a rule, ``aws``, ``curl`` and ``boto3 <check>`` are scripts, ``<number>`` is an
exchange, and ``wire <check>`` the numbers of a check's exchanges, many of which checks share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from conformance.report.html.packing import packed
from conformance.report.html.page import render_macro
from conformance.report.html.sections import Row, Section
from conformance.report.html.wire import shown_exchanges
from conformance.report.plain_text import visible
from conformance.report.reproduction import reproduce
from conformance.suite.checks import Check
from conformance.suite.verdicts import Verdict

__all__ = ["packs"]

_TEMPLATE = "fragments.html.jinja"
_IN_FULL = (Verdict.FAIL, Verdict.ERROR, Verdict.WARN)
"""The verdicts of checks whose exchanges and scripts are kept."""

_SCRIPTS = {"aws": "AWS CLI", "curl": "curl", "boto3": "boto3"}


def packs(found: Iterable[Section], kept: int) -> dict[str, str]:
    """The packs of some sections by name, with exchanges and scripts of ``kept`` checks a rule."""
    folded, by_profile = dict[str, str](), defaultdict[str, list[Row]](list)
    for section in found:
        if not section.in_page:
            folded[section.verdict.label] = _fragment("profiles", section)
        for name, rows in section.profiles:
            by_profile[name] += rows
    details = {name: packed(dict(_details(rows, kept))) for name, rows in by_profile.items()}
    return {"rows": packed(folded), **details}


def _details(rows: Sequence[Row], kept: int) -> Iterator[tuple[str, str]]:
    # Names are as the page has them, where the script looks them up.
    for row in rows:
        yield f"rule {visible(row.judged.rule.id)}", _rest(row)
    checks = [check for row in rows for check in _unmet(row)[:kept]]
    numbers: dict[str, int] = {}
    wires = {f"wire {visible(check.id)}": _wire(check, numbers) for check in checks}
    yield from ((str(number), fragment) for fragment, number in numbers.items())
    yield from wires.items()
    for name, label in _SCRIPTS.items():
        for check in checks:
            yield f"{name} {visible(check.id)}", _fragment("script", label, _script(check, name))


def _unmet(row: Row) -> list[Check]:
    return [check for check in row.judged.checks if check.verdict in _IN_FULL]


def _rest(row: Row) -> str:
    evidence = "" if row.in_page else _fragment("evidence", row)
    return evidence + _fragment("checks", row)


def _wire(check: Check, numbers: dict[str, int]) -> str:
    """The numbers of a check's exchanges; adds to ``numbers`` those that are new.

    They are in groups: what only led to the verdict, what decided it, and so on in turn.
    """
    groups: list[list[str]] = [[]]
    for exchange in shown_exchanges(check):
        if exchange.decided != (len(groups) % 2 == 0):
            groups.append([])
        number = numbers.setdefault(_fragment("exchange", exchange), len(numbers))
        groups[-1].append(str(number))
    return "|".join(" ".join(group) for group in groups)


def _script(check: Check, name: str) -> str | None:
    scripts = reproduce(check)
    return None if scripts is None else getattr(scripts, name)


def _fragment(macro: str, *values: object) -> str:
    return render_macro(_TEMPLATE, macro, *values)
