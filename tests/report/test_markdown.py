"""``report.md``: what GitHub shows of it, and that nothing a target says becomes markup."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from samples import FINISHED, PROVENANCE, certificate, certificates, check, rule, texts

from conformance.report import Certificate, judge
from conformance.report.markdown import COMMENT_LIMIT, markdown
from conformance.report.markdown_text import code, link, text
from conformance.report.plain_text import one_line
from conformance.suite.verdicts import Level, Verdict

OURS = {"<br>", "</details>", "<!-- -->"}
marks = st.text("`\\*_<>[]()|#@&!~ \nax:/", max_size=20) | texts


def tokens(document: str) -> list[Token]:
    """Every token, the inline ones too."""
    found = MarkdownIt("commonmark", {"html": True}).enable("table").parse(document)
    return [inner for token in found for inner in (token, *(token.children or []))]


def spans(document: str) -> list[str]:
    """The texts of the code spans."""
    return [token.content for token in tokens(document) if token.type == "code_inline"]


@settings(deadline=None)
@given(marks)
def test_a_code_span_holds_the_text(plain: str) -> None:
    """A code span shows any text on one line, backticks and all."""
    shown = one_line(plain)
    assert spans(f"a {code(plain)} b") == ([shown] if shown.strip() else [])


@settings(deadline=None)
@given(marks)
def test_prose_is_prose(plain: str) -> None:
    """Escaped prose reads as it was, without any markup."""
    found = [token for token in tokens(f"a {text(plain)} b") if token.nesting == 0]
    assert {token.type for token in found} <= {"inline", "text", "text_special", "html_inline"}
    inner = [token for token in found if token.type != "inline"]
    assert {token.content for token in inner if token.type == "html_inline"} <= {"<!-- -->"}
    read = "".join(token.content for token in inner if token.type != "html_inline")
    assert read.split() == ["a", *one_line(plain).split(), "b"]


def test_only_web_addresses_are_links() -> None:
    """An address of another scheme, or with markup in it, is no link."""
    assert link("a", "https://example.com/(x)") == "[a](<https://example.com/%28x%29>)"
    for url in ("javascript:alert(1)", "https://e.com/ x", "", "//e.com"):
        assert link("a", url) == "a"


@settings(deadline=None)
@given(certificates)
def test_no_markup_but_ours(made: Certificate) -> None:
    """Whatever a target says, the document has no other HTML than its own folds."""
    for token in tokens(markdown(made)):
        if token.type in ("html_inline", "html_block"):
            left = token.content.strip()
            assert left in OURS or left.startswith("<details><summary>"), left


def test_it_tells_what_fails() -> None:
    """The verdict table comes first, then the failures with their messages, then what to type."""
    of, hint = rule("tags.a"), rule("tags.b", Level.SHOULD)
    checks = [
        check(of, Verdict.FAIL, "expected <b>, got `x`", "one"),
        check(of, Verdict.PASS, parameter="two"),
        check(hint, Verdict.WARN, "no"),
    ]
    shown = markdown(judge(PROVENANCE, [of, hint], checks, FINISHED))
    assert "| ecr tags | ❌ not certified | 1 | 1 |" in shown
    assert "(1 of 2 checks) `ecr.tags.a`<br>`` expected <b>, got `x` ``" in shown
    assert "Recommendations not met (1)" in shown
    assert "`ecr-conformance certify moto --service ecr --seed 7`" in shown
    assert shown.index("not certified") < shown.index("expected <b>") < shown.index("To repeat")


def test_a_service_of_nothing_takes_a_line() -> None:
    """A service of which nothing is implemented is told in a line, not in a row a profile."""
    public = [
        (rule(f"{name}.a", service="ecr-public"), Verdict.UNSUPPORTED)
        for name in ("tags", "images")
    ]
    shown = markdown(certificate((rule("tags.a"), Verdict.PASS), *public))
    assert "| ecr tags |" in shown
    assert "| ecr-public" not in shown
    assert "ecr-public: all 2 profiles are unsupported." in shown


def test_a_comment_takes_it() -> None:
    """However much fails, the document fits a comment and counts what it leaves out."""
    rules = [rule(f"tags.rule-{number}") for number in range(3000)]
    checks = [check(each, Verdict.FAIL, "<&>" * 200) for each in rules]
    shown = markdown(judge(PROVENANCE, rules, checks, FINISHED))
    assert len(shown) < COMMENT_LIMIT
    told = shown.partition("<summary>All that fails (3000 rules)")[2]
    left_out = 3000 - told.count("- **")
    assert f"{left_out} more do not fit here; `report.html` has them." in told


def test_a_clean_run_has_nothing_to_list() -> None:
    """Where all passes there is the table alone."""
    shown = markdown(certificate((rule("tags.a"), Verdict.PASS)))
    assert "**1 of 1 profiles certified.** 0 required rules are broken." in shown
    assert "<details>" not in shown
