"""The summary on the terminal: what is certified, what fails and why, and what to type next."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.report.certificate import Certificate
from conformance.report.conclusion import Conclusion
from conformance.report.findings import (
    accepted,
    not_implemented,
    not_met,
    rules_with,
    stale_waivers,
    why_untestable,
)
from conformance.report.judged_profile import JudgedProfile, ProfileVerdict
from conformance.report.judged_rule import JudgedRule
from conformance.report.plain_text import one_line
from conformance.suite.verdicts import Verdict

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

__all__ = ["print_summary"]

_STYLES = {
    ProfileVerdict.CERTIFIED: "green",
    ProfileVerdict.PARTIAL: "yellow",
    ProfileVerdict.UNSUPPORTED: "cyan",
    ProfileVerdict.NOT_JUDGED: "dim",
    ProfileVerdict.INCONCLUSIVE: "magenta",
    ProfileVerdict.NOT_CERTIFIED: "red",
}
_COLUMNS = ("pass", "fail", "warn", "unsupported", "untestable", "error")
_CONCLUSIONS = {
    Conclusion.CONFORMANT: "[bold green]Conformant[/]",
    Conclusion.WITH_WAIVERS: "[bold yellow]Conformant with waivers[/]",
    Conclusion.STALE_WAIVERS: "[bold red]Stale waivers[/]",
    Conclusion.NOT_CONFORMANT: "[bold red]Not conformant[/]",
    Conclusion.INCONCLUSIVE: "[bold magenta]Inconclusive[/]",
    Conclusion.NOTHING_RAN: "[bold]Nothing ran[/]",
}


def print_summary(
    certificate: Certificate,
    console: Console,
    *,
    files: Sequence[Path] = (),
    leftovers: Sequence[str] = (),
) -> None:
    """Print the summary, without colours where the console is not a terminal.

    ``files`` are the report files; ``leftovers`` say what is still on the target after the run.
    """
    for block in _blocks(certificate, leftovers):
        console.print(block, highlight=False)
    for line in _next(certificate, files):
        # Commands and paths are copied, so they are never wrapped.
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def _blocks(certificate: Certificate, leftovers: Sequence[str]) -> Iterator[RenderableType]:
    yield from _heading(certificate)
    yield ""
    yield _table(certificate)
    yield ""
    yield _conclusion(certificate)
    yield from _complaints(certificate, Verdict.FAIL)
    yield from _complaints(certificate, Verdict.ERROR)
    yield from _remarks(certificate, leftovers)


def _heading(certificate: Certificate) -> Iterator[RenderableType]:
    facts, target = certificate.provenance, certificate.provenance.target
    product = f"{target.product} {target.version or '(version unknown)'}"
    apis = ", ".join(f"{service} {version}" for service, version in facts.contract.apis)
    seconds = (_time(certificate.finished) - _time(facts.started)).total_seconds()
    yield _plain(f"{product} at {target.endpoint} in {target.region}", "bold")
    contract = f"botocore {facts.contract.botocore} ({apis})"
    yield _plain(f"contract: {contract} · seed {facts.seed} · {seconds:.1f} s")


def _time(text: str) -> datetime:
    # Python 3.10 does not know the "Z".
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _plain(text: str, style: str = "", indent: int = 0) -> RenderableType:
    """A text that is not markup; lines it wraps to keep the indent."""
    from rich.padding import Padding
    from rich.text import Text

    return Padding(Text(one_line(text), style=style), (0, 0, 0, indent), expand=False)


def _table(certificate: Certificate) -> Table:
    from rich.table import Table

    profiles = certificate.profiles
    columns = [name for name in _COLUMNS if any(profile.counts[name] for profile in profiles)]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("profile", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    for name in columns:
        table.add_column(name, justify="right", no_wrap=True)
    for service, group in groupby(profiles, lambda profile: profile.service):
        table.add_row(f"[bold]{service}[/]")
        for profile in group:
            table.add_row(*_row(profile, columns))
    return table


def _row(profile: JudgedProfile, columns: Sequence[str]) -> list[str]:
    verdict, counts = profile.verdict, profile.counts
    numbers = [str(counts[column] or "·") for column in columns]
    return [f"  {profile.profile}", f"[{_STYLES[verdict]}]{verdict.value}[/]", *numbers]


def _conclusion(certificate: Certificate) -> str:
    profiles = certificate.profiles
    certified = sum(profile.verdict is ProfileVerdict.CERTIFIED for profile in profiles)
    word = _CONCLUSIONS[certificate.conclusion]
    return f"{word}: {certified} of {_many(len(profiles), 'profile')} certified."


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _complaints(certificate: Certificate, verdict: Verdict) -> Iterator[RenderableType]:
    """The rules that fail or ended in an error, by profile: what each requires and what came."""
    rules = rules_with(certificate, verdict)
    if rules:
        does = "fails" if len(rules) == 1 else "fail"
        erred = "could not be judged, because of an error of the suite or the connection"
        yield ""
        yield _plain(
            f"{_many(len(rules), 'rule')} {does if verdict is Verdict.FAIL else erred}:", "bold red"
        )
    for name, group in groupby(rules, lambda each: f"{each.rule.service} {each.rule.profile}"):
        yield ""
        yield _plain(name, "bold")
        for judged in group:
            yield from _complaint(judged, verdict)


def _complaint(judged: JudgedRule, verdict: Verdict) -> Iterator[RenderableType]:
    first = judged.first(verdict)
    count = sum(check.verdict is verdict for check in judged.checks)
    share = f" ({count} of {len(judged.checks)} checks)" if len(judged.checks) > 1 else ""
    yield _plain(f"{judged.rule.id}{share}", indent=2)
    yield _plain(judged.rule.title, indent=6)
    if first is not None and first.message:
        yield _plain(first.message, "red", indent=6)


def _remarks(certificate: Certificate, leftovers: Sequence[str]) -> Iterator[RenderableType]:
    remarks: list[tuple[str, Sequence[str]]] = [
        ("Stale waivers", stale_waivers(certificate)),
        ("Waived", accepted(certificate)),
        ("Recommendations not met", [judged.rule.id for judged in not_met(certificate)]),
        ("Not implemented", not_implemented(certificate)),
        ("Untestable", why_untestable(certificate)),
        ("Left on the target", leftovers),
    ]
    for title, items in remarks:
        if items:
            yield ""
            yield _plain(f"{title}:")
            yield from (_plain(item, indent=2) for item in items)


def _next(certificate: Certificate, files: Sequence[Path]) -> Iterator[str]:
    lines = [f"Report: {file}" for file in files]
    failing = rules_with(certificate, Verdict.FAIL)
    if failing:
        rule = failing[0].rule.id
        target = shlex.quote(certificate.provenance.target.name)
        lines.append(f"Next:   ecr-conformance explain {rule}")
        lines.append(f"        ecr-conformance certify {target} -k {rule}")
        command = certificate.provenance.target.command
        if command:
            lines.append(f"To run a script of the report, first: {command}")
    yield from ["", *lines] if lines else []
