"""``report.md``: the certificate as a comment on a pull request or the summary of a job.

GitHub takes 65,536 characters in a comment, and 1 MiB in a job's summary
(https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands); the document
keeps within the former, and says what it leaves out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from conformance.report.brief import product_name
from conformance.report.certificate import Certificate
from conformance.report.commands import run_command
from conformance.report.duration import duration
from conformance.report.findings import (
    not_implemented,
    not_met,
    profiles_to_tell,
    rules_with,
    stale_waivers,
    why_untestable,
)
from conformance.report.importance import by_importance
from conformance.report.judged_profile import ProfileVerdict
from conformance.report.judged_rule import JudgedRule
from conformance.report.markdown_text import code, link, text
from conformance.report.summary import Finding, Summary, summarise
from conformance.report.waivers import JudgedWaiver
from conformance.suite.verdicts import Verdict

__all__ = ["COMMENT_LIMIT", "markdown"]

COMMENT_LIMIT = 65_536
_ROOM = COMMENT_LIMIT - 4_096
"""Characters the document may have before what follows is left out; the end always fits."""

_TOP = 10
_MESSAGE = 300
_COLUMNS = ("pass", "fail", "warn", "unsupported", "untestable", "error")
_SIGNS = {
    ProfileVerdict.CERTIFIED: "✅",
    ProfileVerdict.NOT_CERTIFIED: "❌",
    ProfileVerdict.INCONCLUSIVE: "❓",
    ProfileVerdict.PARTIAL: "🟡",
    ProfileVerdict.UNSUPPORTED: "⚪",
    ProfileVerdict.NOT_JUDGED: "⚪",
}


def markdown(certificate: Certificate) -> str:
    """The document: verdicts, what fails most, everything else folded."""
    summary = summarise(certificate, shown=_TOP)
    blocks = [*_head(certificate, summary), *_table(certificate), *_top(summary)]
    written = "\n".join(blocks)
    for folded in _folded(certificate):
        written += _fitting(folded, _ROOM - len(written))
    return f"{written}\n{_end(certificate)}"


def _head(certificate: Certificate, summary: Summary) -> Iterator[str]:
    facts = certificate.provenance
    name = product_name(summary)
    many = f"{summary.certified} of {len(summary.profiles)} profiles certified"
    yield f"## {code(name, _MESSAGE)} and Amazon ECR: {summary.verdict}"
    yield ""
    yield f"**{many}.** {_failing(summary.failing)}"
    if not facts.selection.everything:
        yield "Only a part of the rules was chosen."
    yield ""
    apis = ", ".join(f"{service} {version}" for service, version in facts.contract.apis)
    yield (
        f"Judged at {code(facts.target.endpoint, _MESSAGE)} by contract {text(apis)} (botocore "
        f"{text(facts.contract.botocore)}), {facts.tool.name} {text(facts.tool.version)}, "
        f"seed {facts.seed}, in {duration(facts.started, certificate.finished)}."
    )
    yield ""


def _failing(count: int) -> str:
    return f"{count} required rule{' is' if count == 1 else 's are'} broken."


def _table(certificate: Certificate) -> Iterator[str]:
    told, missing = profiles_to_tell(certificate)
    columns = [name for name in _COLUMNS if any(each.counts[name] for each in told)]
    if told:
        yield f"| profile | verdict | {' | '.join(columns)} |"
        yield f"|---|---|{'---:|' * len(columns)}"
    for each in told:
        numbers = (str(each.counts[column] or "") for column in columns)
        name = f"{each.service} {each.profile}"
        yield f"| {name} | {_SIGNS[each.verdict]} {each.verdict.value} | {' | '.join(numbers)} |"
    yield ""
    for service, count in missing.items():
        yield f"{service}: all {count} profiles are unsupported.\n"


def _top(summary: Summary) -> Iterator[str]:
    if summary.failures:
        yield "### What fails first of all"
        yield ""
        yield from (_finding(each) for each in summary.failures)
        yield ""


def _finding(found: Finding) -> str:
    share = f" ({found.unmet} of {found.checks} checks)" if found.checks > 1 else ""
    message = code(found.message, _MESSAGE)
    return f"- **{text(found.title)}**{share} {code(found.rule)}" + (
        f"<br>{message}" if message else ""
    )


def _folded(certificate: Certificate) -> Iterator[tuple[str, list[str]]]:
    """What stands behind a fold: its title, and its lines. What may not fit comes last."""
    lists = (
        ("Stale waivers", [f"- {text(line)}" for line in stale_waivers(certificate)]),
        ("Waived", [_waived(each) for each in certificate.judged_waivers if each.checks]),
        ("Recommendations not met", [_requirement(each) for each in not_met(certificate)]),
        ("Not implemented", [f"- {text(line)}" for line in not_implemented(certificate)]),
        ("Untestable", [f"- {code(line)}" for line in why_untestable(certificate)]),
    )
    yield from ((f"{title} ({len(lines)})", lines) for title, lines in lists if lines)
    yield from _rules_with(certificate, Verdict.ERROR, "Not judged, because of an error")
    yield from _rules_with(certificate, Verdict.FAIL, "All that fails")


def _waived(judged: JudgedWaiver) -> str:
    waiver, count = judged.waiver, len(judged.checks)
    many = f" ({count} checks)" if count > 1 else ""
    reason = f"{text(waiver.reason)}, until {waiver.expires}, {link('issue', waiver.issue)}"
    return f"- {code(waiver.id)}{many}: {reason}"


def _rules_with(
    certificate: Certificate, verdict: Verdict, title: str
) -> Iterator[tuple[str, list[str]]]:
    found = by_importance(rules_with(certificate, verdict))
    lines = [
        line
        for name, rules in groupby(found, lambda each: f"{each.rule.service} {each.rule.profile}")
        for line in ["", f"**{name}**", "", *(_told(each, verdict) for each in rules)]
    ]
    if found:
        yield f"{title} ({len(found)} rules)", lines


def _told(judged: JudgedRule, verdict: Verdict) -> str:
    source = judged.rule.evidence[0]
    where = link(f"{source.kind.value}: {text(source.where)}", source.url)
    return f"{_finding(Finding.of(judged, verdict))} — {where}"


def _requirement(judged: JudgedRule) -> str:
    return f"- {text(judged.rule.title)} {code(judged.rule.id)}"


def _fitting(folded: tuple[str, list[str]], room: int) -> str:
    """A folded part with as many of its lines as there is room for; none where there is no room."""
    title, lines = folded
    shown: list[str] = []
    frame = f"\n<details><summary>{title}</summary>\n\n"
    room -= len(frame) + 200
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        shown.append(line)
    left_out = sum(line.startswith("- ") for line in lines[len(shown) :])
    if left_out:
        shown += ["", f"{left_out} more do not fit here; `report.html` has them."]
    return frame + "\n".join(shown) + "\n\n</details>\n"


def _end(certificate: Certificate) -> str:
    """How to repeat it."""
    facts = certificate.provenance
    failing = by_importance(rules_with(certificate, Verdict.FAIL))
    lines = ["To repeat this run: " + code(run_command(facts), 1000)]
    if failing:
        lines.append(
            "One rule alone: the same with " + code(f"-k {failing[0].rule.id}") + ". Each failure "
            "with its evidence, what went over the wire and scripts that repeat it is in "
            "`report.html`."
        )
    return "\n\n".join(lines) + "\n"
