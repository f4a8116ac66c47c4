"""What is behind the folds of a page, packed.

There is a pack ``rows`` of the sections that are folded from the start, by verdict, and one for
each service and profile, so that opening a rule unpacks little. In those, ``rule <id>`` is what the
page has not of a rule, ``aws``, ``curl`` and ``boto3 <check>`` are scripts, ``<number>`` is an
exchange, and ``wire <check>`` the numbers of a check's exchanges, many of which checks share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from conformance.once import Once
from conformance.report.html.packing import packed
from conformance.report.html.page import render_macro
from conformance.report.html.sections import Row, Section
from conformance.report.html.wire import shown
from conformance.report.offence import Offence, offences
from conformance.report.plain_text import visible
from conformance.report.reproduction import reproduce
from conformance.suite.checks import Check
from conformance.suite.verdicts import Verdict
from conformance.transport.exchange import Exchange

__all__ = ["packs"]

_TEMPLATE = "fragments.html.jinja"
_IN_FULL = (Verdict.FAIL, Verdict.ERROR, Verdict.WARN)
"""The verdicts of checks whose exchanges and scripts are kept."""

_SCRIPTS = {"aws": "AWS CLI", "curl": "curl", "boto3": "boto3"}


def packs(found: Iterable[Section], kept: int) -> dict[str, str]:
    """The packs of some sections by name, with exchanges and scripts of ``kept`` checks a rule."""
    sections, by_profile = list(found), defaultdict[str, list[Row]](list)
    for section in sections:
        for name, rows in section.profiles:
            by_profile[name] += rows
    details = {name: packed(_details(rows, kept)) for name, rows in by_profile.items()}
    return {"rows": packed(_folded(sections)), **details}


def _folded(sections: Iterable[Section]) -> Iterator[tuple[str, str]]:
    for section in sections:
        if not section.in_page:
            yield section.verdict.label, _fragment("profiles", section)


def _details(rows: Sequence[Row], kept: int) -> Iterator[tuple[str, str]]:
    # Names are as the page has them, where the script looks them up.
    for row in rows:
        yield f"rule {visible(row.judged.rule.id)}", _rest(row)
    checks = [check for row in rows for check in _unmet(row)[:kept]]
    wire = _Wire()
    for check in checks:
        yield from wire.add(check)
    yield from wire.checks.items()
    for name, label in _SCRIPTS.items():
        for check in checks:
            yield f"{name} {visible(check.id)}", _fragment("script", label, _script(check, name))


def _unmet(row: Row) -> list[Check]:
    return [check for check in row.judged.checks if check.verdict in _IN_FULL]


def _rest(row: Row) -> str:
    evidence = "" if row.in_page else _fragment("evidence", row)
    return evidence + _fragment("checks", row)


class _Wire:
    """The exchanges of checks as fragments, of which each has a number and is told once.

    ``checks`` has by name the numbers of each check's, in groups: what only led to the verdict,
    what decided it, and so on in turn.
    """

    def __init__(self) -> None:
        self.checks: dict[str, str] = {}
        self._numbers: dict[bytes, str] = {}
        self._new: list[tuple[str, str]] = []
        self._led = Once[Exchange, str](lambda exchange: self._number(exchange, None))

    def add(self, check: Check) -> list[tuple[str, str]]:
        """Take the exchanges of a check; gives those that are new, each after its number."""
        groups, found = [list[str]()], offences(check)
        for place, exchange in enumerate(check.exchanges):
            offence = found.get(place)
            if (offence is not None) != (len(groups) % 2 == 0):
                groups.append([])
            number = self._number(exchange, offence) if offence else self._led(exchange)
            groups[-1].append(number)
        self.checks[f"wire {visible(check.id)}"] = "|".join(" ".join(group) for group in groups)
        new, self._new = self._new, []
        return new

    def _number(self, exchange: Exchange, offence: Offence | None) -> str:
        fragment = _fragment("exchange", shown(exchange, offence))
        number = str(len(self._numbers))
        known = self._numbers.setdefault(sha256(fragment.encode()).digest(), number)
        if known == number:
            self._new.append((number, fragment))
        return known


def _script(check: Check, name: str) -> str | None:
    scripts = reproduce(check)
    return None if scripts is None else getattr(scripts, name)


def _fragment(macro: str, *values: object) -> str:
    return render_macro(_TEMPLATE, macro, *values)
