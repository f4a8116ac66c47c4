"""The summary on the terminal."""

from __future__ import annotations

import io
from pathlib import Path

from hypothesis import given, settings
from rich.console import Console
from samples import FINISHED, HOSTILE, PROVENANCE, certificates, check, rule

from conformance.report import Certificate, judge
from conformance.report.terminal import print_conclusion, print_summary
from conformance.suite.rules import PROFILES
from conformance.suite.verdicts import Level, Verdict

FILES = [Path("out") / name for name in ("results.jsonl", "report.json", "report.html")]


def console(width: int = 100, *, terminal: bool = False) -> Console:
    """A console that keeps what is printed."""
    return Console(file=io.StringIO(), width=width, force_terminal=terminal)


def printed(on: Console) -> str:
    """What was printed, without white space at the ends of lines."""
    assert isinstance(on.file, io.StringIO)
    return "\n".join(line.rstrip() for line in on.file.getvalue().splitlines())


def summary(made: Certificate, *, verbose: bool = False, width: int = 100) -> str:
    """The summary of a certificate."""
    on = console(width)
    print_summary(made, on, files=FILES, verbose=verbose)
    return printed(on)


def test_the_whole_screen() -> None:
    """What is certified, what fails, where the files are and what to type, in this order."""
    tags, hint, public = (
        rule("tags.a"),
        rule("tags.b", Level.SHOULD),
        [rule(f"{name}.a", service="ecr-public") for name in ("tags", "images")],
    )
    checks = [
        check(tags, Verdict.FAIL, "the repository holds {}, not {one}"),
        check(hint, Verdict.WARN, "no"),
        *(check(each, Verdict.UNSUPPORTED, "no") for each in public),
    ]
    made = judge(PROVENANCE, [tags, hint, *public], checks, FINISHED)
    assert (
        summary(made)
        == """\
moto 5.2.5 at http://127.0.0.1:5000 in us-east-1
contract: botocore 1.44.5 (ecr 2015-09-21, ecr-public 2020-10-30) · seed 7 · 12.3 s

profile   verdict        fail  warn
ecr tags  not certified     1     1
ecr-public: all 2 profiles are unsupported

Not conformant: 0 of 3 profiles certified, 1 required rule broken.
  Only a part of the rules was chosen.
  ✕ ecr.tags.a  the repository holds {}, not {one}
  More: 1 recommended and not met; --verbose lists them.

Report: out/report.html
        beside it: results.jsonl, report.json
Next:   ecr-conformance explain ecr.tags.a
        ecr-conformance certify moto -k ecr.tags.a --seed 7"""
    )


def everything_fails() -> Certificate:
    """Three rules with long messages fail in every profile."""
    rules = [rule(f"{profile}.rule-{n}") for profile in PROFILES for n in range(3)]
    checks = [check(each, Verdict.FAIL, "no " * 100) for each in rules]
    return judge(PROVENANCE, rules, checks, FINISHED)


def test_it_fits_a_screen() -> None:
    """However much fails, there are five rows of failures, none longer than the screen."""
    shown = summary(everything_fails(), width=80).splitlines()
    assert len(shown) <= 36
    assert sum("✕" in line for line in shown) == 5
    assert "  More: 43 failing; --verbose lists them." in shown


def test_verbose_tells_all() -> None:
    """With --verbose every rule that fails is there, with its requirement and its message."""
    shown = summary(everything_fails(), verbose=True)
    assert shown.count("The target keeps") == 3 * len(PROFILES)
    assert "✕" not in shown


def test_what_is_left_on_the_target_is_told() -> None:
    """What could not be cleaned up is on the screen, however short it is."""
    on = console()
    print_summary(everything_fails(), on, leftovers=["ecr: repository ecrc-1"])
    assert "Left on the target:\n  ecr: repository ecrc-1" in printed(on)


def test_quiet_tells_the_verdict() -> None:
    """With --quiet there is one row."""
    on = console()
    print_conclusion(everything_fails(), on)
    assert printed(on) == "Not conformant: 0 of 16 profiles certified, 48 required rules broken."


def test_colours_only_on_a_terminal() -> None:
    """A terminal gets colours, a pipe none."""
    on = console(terminal=True)
    print_summary(everything_fails(), on)
    assert "\x1b[" in printed(on)
    assert "\x1b" not in summary(everything_fails())


@settings(deadline=None)
@given(certificates)
def test_nothing_a_target_says_moves_the_cursor(made: Certificate) -> None:
    """Whatever a target says, no control character of it reaches the terminal."""
    for verbose in (False, True):
        assert all(c.isprintable() or c == "\n" for c in summary(made, verbose=verbose))


def test_markup_in_a_message_is_text() -> None:
    """What looks like markup for the terminal is shown as it is."""
    of = rule("tags.a")
    made = judge(PROVENANCE, [of], [check(of, Verdict.FAIL, f"[red]x[/] {HOSTILE}")], FINISHED)
    assert "[red]x[/] <b>&\\x00\\x1b[31m\\r\\n" in summary(made)
