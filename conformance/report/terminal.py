"""The summary on the terminal: what is certified, what fails first, and what to type next.

It fits a screen: rules are told in a row each, and a service of which nothing is implemented too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from conformance.report.brief import contract_text, product_name
from conformance.report.certificate import Certificate
from conformance.report.conclusion import Conclusion
from conformance.report.duration import duration
from conformance.report.findings import (
    accepted,
    not_met,
    profiles_to_tell,
    rules_with,
    stale_waivers,
)
from conformance.report.judged_profile import JudgedProfile, ProfileVerdict
from conformance.report.summary import Summary, summarise
from conformance.report.terminal_details import details
from conformance.report.terminal_text import many, one_row, plain, remark
from conformance.suite.verdicts import Verdict

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

__all__ = ["print_conclusion", "print_summary"]

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
    Conclusion.CONFORMANT.value: "bold green",
    Conclusion.WITH_WAIVERS.value: "bold yellow",
    Conclusion.STALE_WAIVERS.value: "bold red",
    Conclusion.NOT_CONFORMANT.value: "bold red",
    Conclusion.INCONCLUSIVE.value: "bold magenta",
    Conclusion.NOTHING_RAN.value: "bold",
}


def print_summary(
    certificate: Certificate,
    console: Console,
    *,
    files: Sequence[Path] = (),
    leftovers: Sequence[str] = (),
    verbose: bool = False,
) -> None:
    """Print the summary, without colours where the console is not a terminal.

    ``files`` are the report files; ``leftovers`` say what is still on the target after the run.
    ``verbose`` tells all that fails, instead of what does first of all.
    """
    summary = summarise(certificate, files, leftovers)
    for block in _blocks(certificate, summary, verbose=verbose):
        console.print(block, highlight=False)
    for line in _next(certificate, summary):
        # Commands and paths are copied, so they are never wrapped.
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def print_conclusion(certificate: Certificate, console: Console) -> None:
    """Print the verdict alone, in one row."""
    console.print(_conclusion(summarise(certificate)), highlight=False)


def _blocks(
    certificate: Certificate, summary: Summary, *, verbose: bool
) -> Iterator[RenderableType]:
    yield from _heading(certificate)
    yield ""
    yield from _profiles(certificate)
    yield ""
    yield _conclusion(summary)
    if not certificate.provenance.selection.everything:
        yield plain("Only a part of the rules was chosen.", "dim", indent=2)
    yield from details(certificate) if verbose else _failures(certificate, summary)
    yield from remark("Stale waivers", stale_waivers(certificate))
    yield from remark("Waived", accepted(certificate))
    yield from remark("Left on the target", summary.leftovers)


def _heading(certificate: Certificate) -> Iterator[RenderableType]:
    facts, target = certificate.provenance, certificate.provenance.target
    took = duration(facts.started, certificate.finished)
    when = f", recorded {target.recorded}" if target.recorded else ""
    yield plain(f"{product_name(target)} at {target.endpoint} in {target.region}{when}", "bold")
    yield plain(f"contract: {contract_text(facts.contract)} · seed {facts.seed} · {took}")


def _profiles(certificate: Certificate) -> Iterator[RenderableType]:
    """A table of the profiles; services of which nothing is implemented in a row each."""
    told, missing = profiles_to_tell(certificate)
    if told:
        yield _table(told)
    for service, count in missing.items():
        yield one_row((f"{service}: all {count} profiles are unsupported", "cyan"))


def _table(profiles: Sequence[JudgedProfile]) -> Table:
    from rich.table import Table

    columns = [name for name in _COLUMNS if any(profile.counts[name] for profile in profiles)]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("profile", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    for name in columns:
        table.add_column(name, justify="right", no_wrap=True)
    for profile in profiles:
        table.add_row(*_row(profile, columns))
    return table


def _row(profile: JudgedProfile, columns: Sequence[str]) -> list[str]:
    verdict, counts = profile.verdict, profile.counts
    numbers = [str(counts[column] or "·") for column in columns]
    name = f"{profile.service} {profile.profile}"
    return [name, f"[{_STYLES[verdict]}]{verdict.value}[/]", *numbers]


def _conclusion(summary: Summary) -> RenderableType:
    share = f"{summary.certified} of {many(len(summary.profiles), 'profile')} certified"
    broken = f", {many(summary.failing, 'required rule')} broken" if summary.failing else ""
    return one_row(
        (summary.verdict.capitalize(), _CONCLUSIONS[summary.verdict]), (f": {share}{broken}.", "")
    )


def _failures(certificate: Certificate, summary: Summary) -> Iterator[RenderableType]:
    """The most important failures and errors in a row each, and how many more there are."""
    for found in summary.failures:
        yield one_row(("  ✕ ", "red"), (found.rule, "bold"), (f"  {found.message}", "red"))
    more = {
        "failing": summary.failing - len(summary.failures),
        "not judged because of an error": len(rules_with(certificate, Verdict.ERROR)),
        "recommended and not met": len(not_met(certificate)),
    }
    told = [f"{count} {what}" for what, count in more.items() if count]
    if told:
        yield plain(f"More: {', '.join(told)}; --verbose lists them.", "dim", indent=2)


def _next(certificate: Certificate, summary: Summary) -> Iterator[str]:
    lines = list(_report_lines(summary.files))
    for number, command in enumerate(summary.next):
        lines.append(f"{'        ' if number else 'Next:   '}{command}")
    start = certificate.provenance.target.command
    if summary.failing and start:
        lines.append(f"To run a script of the report, first: {start}")
    yield from ["", *lines] if lines else []


def _report_lines(files: Sequence[str]) -> Iterator[str]:
    """The page by its full name, since it is opened; the other files by theirs alone."""
    page = next((name for name in files if name.endswith(".html")), None)
    others = [os.path.basename(name) for name in files if name != page]  # noqa: PTH119 - a text
    if page is not None:
        yield f"Report: {page}"
    if others:
        yield f"        {'beside it: ' if page else ''}{', '.join(others)}"
