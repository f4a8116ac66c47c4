"""``report.html`` as text: what is in it, and what cannot be."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from samples import (
    EVIDENCE,
    FINISHED,
    HOSTILE,
    PROVENANCE,
    certificate,
    certificates,
    check,
    exchange,
    rule,
)

from conformance.report import Certificate, judge
from conformance.report.html import report_page
from conformance.report.html.matrix import matrices
from conformance.report.html.packing import unpacked
from conformance.report.html.page import web_address
from conformance.report.plain_text import one_line
from conformance.suite.verdicts import Level, Verdict

ATTACK = "</script></style><img src=x onerror=alert(1)>\"'`{{7*7}}<!--" + HOSTILE
PACK = re.compile(r'data-pack="[^"]*">([^<]*)<')


class Page(HTMLParser):
    """A page's elements and attributes, those in its packs included."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.words = ""
        self.feed(page)
        for pack in PACK.findall(page):
            for fragment in unpacked(pack).values():
                self.feed(fragment)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words += data


def hostile() -> Certificate:
    """A certificate in which every text is an attack, as a forged ``report.json`` can have it."""
    evidence = replace(EVIDENCE, where=ATTACK, quote=ATTACK, url="javascript:alert(1)//" + ATTACK)
    rules = [
        replace(
            rule(f"tags.{name}{ATTACK}", level),
            title=ATTACK,
            evidence=(evidence,),
            operations=(ATTACK,),
            scenario=ATTACK,
        )
        for name in "abc"
        for level in (Level.MUST,)
    ]
    body = {"repositories": [{ATTACK: ATTACK}], "__type": ATTACK}
    sent = (
        exchange("PutImage", {ATTACK: ATTACK}, body, status=400),
        exchange(ATTACK, ATTACK.encode("utf-8", "replace"), b"\x00\xff" + b"</pre>"),
    )
    checks = [
        check(of, verdict, ATTACK, ATTACK, exchanges=sent)
        for of, verdict in zip(rules, (Verdict.FAIL, Verdict.UNTESTABLE, Verdict.WARN), strict=True)
    ]
    target = replace(
        PROVENANCE.target, name=ATTACK, product=ATTACK, version=ATTACK, endpoint=ATTACK,
        region=ATTACK, command=ATTACK,
    )  # fmt: skip
    return judge(replace(PROVENANCE, target=target), rules, checks, FINISHED)


def test_nothing_a_target_says_is_markup() -> None:
    """Attacks in every text, in packed fragments too, make no element, handler or address."""
    found = Page(report_page(hostile()))
    assert set(found.elements).isdisjoint({"img", "iframe", "object", "base", "link", "embed"})
    assert found.elements.count("script") == 1 + 2  # the page's own, and the packs
    assert not [name for name, _ in found.attributes if name.startswith("on")]
    addresses = {value for name, value in found.attributes if name in ("href", "src")}
    assert all(value.startswith("#") for value in addresses), addresses
    assert one_line(ATTACK) in found.words


@settings(deadline=None)
@given(certificates)
def test_any_certificate_has_a_page(made: Certificate) -> None:
    """Every rule is on the page, which can be encoded and holds no character HTML forbids."""
    page = report_page(made)
    assert page.encode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f]", page)
    ids = [value for name, value in Page(page).attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {judged.rule.id for judged in made.rules} <= set(ids)


def test_the_page_needs_nothing_else() -> None:
    """Nothing is loaded: no source, no style sheet, and the policy forbids any."""
    page = report_page(certificate((rule("tags.a"), Verdict.FAIL)))
    attributes = Page(page).attributes
    policy = next(value for _, value in attributes if value.startswith("default-src"))
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    names = {name for name, _ in attributes}
    assert names.isdisjoint({"src", "srcset", "action", "style"})
    assert not re.search(r"@import|url\(", page)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.com/a", "https://example.com/a"),
        ("http://example.com", "http://example.com"),
        ("javascript:alert(1)", None),
        (" https://example.com", None),
        ("data:text/html,x", None),
        ("", None),
    ],
)
def test_only_addresses_of_the_web_are_links(url: str, expected: str | None) -> None:
    """An address that a browser could run is no link."""
    assert web_address(url) == expected


def test_templates_are_loaded_when_a_page_is_made() -> None:
    """The command and the plugin start without the template engine."""
    code = (
        "import sys, conformance.cli, conformance.pytest_plugin, conformance.report.judging;"
        "sys.exit(any(name in sys.modules for name in ('jinja2', 'markupsafe')))"
    )
    done = subprocess.run([sys.executable, "-c", code], timeout=60, check=False)
    assert done.returncode == 0


def test_failures_are_in_full_and_passes_folded() -> None:
    """The page itself has requirement, evidence and message of a failure; of a pass the number."""
    broken, kept = rule("tags.a"), rule("tags.b")
    checks = [
        check(broken, Verdict.FAIL, "expected a, got b", exchanges=(exchange("PutImage"),)),
        check(kept, Verdict.PASS),
    ]
    page = report_page(judge(PROVENANCE, [broken, kept], checks, FINISHED))
    for words in ("expected a, got b", broken.title, EVIDENCE.quote, EVIDENCE.url, "Passes"):
        assert words in page
    assert kept.title not in page
    rows, fragments = map(unpacked, PACK.findall(page))
    assert kept.title in rows["pass"]
    assert EVIDENCE.quote in fragments["rule ecr.tags.b"]
    assert "decided the check" in fragments["0"]
    assert {"aws ecr.tags.a", "curl ecr.tags.a", "boto3 ecr.tags.a"} <= set(fragments)
    assert fragments["wire ecr.tags.a"] == "|0"


def test_a_page_that_is_too_large_keeps_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no room for the exchanges of all checks, every rule keeps those of some."""
    rules = [rule(f"tags.{name}") for name in "ab"]
    checks = [
        check(
            of,
            Verdict.FAIL,
            "no",
            f"{number:02}",
            exchanges=(exchange("PutImage", {"imageManifest": noise(f"{of.id} {number}")}),),
        )
        for of in rules
        for number in range(30)
    ]
    made = judge(PROVENANCE, rules, checks, FINISHED)
    whole = report_page(made)
    assert kept(whole) == 60
    monkeypatch.setattr("conformance.report.html.certificate_page.LIMIT", len(whole) - 1)
    assert kept(report_page(made)) == 6
    monkeypatch.setattr("conformance.report.html.certificate_page.LIMIT", 0)
    assert kept(report_page(made)) == 0


def noise(seed: str) -> str:
    """A text that cannot be made much smaller."""
    return hashlib.shake_256(seed.encode()).hexdigest(300)


def kept(page: str) -> int:
    """The number of checks whose exchanges a page has."""
    names = [name for pack in PACK.findall(page) for name in unpacked(pack)]
    return sum(name.startswith("wire ") for name in names)


def test_the_matrix() -> None:
    """A cell is the worst of the MUST and SHOULD checks of an operation in a profile."""
    tags, shapes = rule("tags.a"), rule("shapes.a", Level.SHOULD)
    info = rule("images.a", Level.INFO)
    checks = [
        check(tags, Verdict.PASS, parameter="a", operations=("PutImage",)),
        check(tags, Verdict.FAIL, parameter="b", operations=("PutImage", "ListImages")),
        check(shapes, Verdict.WARN, operations=("PutImage",)),
        check(info, Verdict.PASS, operations=("PutImage",)),
    ]
    (found,) = matrices(judge(PROVENANCE, [tags, shapes, info], checks, FINISHED))
    assert found.profiles == ("shapes", "tags")
    (_, listing), (name, (shape, tag)) = found.rows
    assert name == "PutImage"
    assert listing[0] is None
    assert shape is not None
    assert shape.verdict is Verdict.WARN
    assert tag is not None
    assert tag.counts == ((Verdict.FAIL, 1), (Verdict.PASS, 1))
    assert not found.unsupported
