"""Certificates side by side."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from samples import FINISHED, HOSTILE, PROVENANCE, certificates, check, rule

from conformance.file_schemas import require_valid
from conformance.report import Certificate, judge
from conformance.report.html import products_page
from conformance.report.matrix_screen import print_matrix
from conformance.report.plain_text import visible
from conformance.report.product_matrix import Cell, side_by_side
from conformance.suite.verdicts import Level, Verdict

PASS, FAIL = Verdict.PASS, Verdict.FAIL
A = rule("tags.a", operations=["PutImage"])
B = rule("images.b", operations=["ListImages"])
HINT = rule("images.hint", Level.SHOULD)
INFO = rule("images.info", Level.INFO)


def of(version: str, a: Verdict, b: Verdict | None = None) -> Certificate:
    """A version of moto with these verdicts on A and B; a recommendation is kept."""
    facts = replace(PROVENANCE, target=replace(PROVENANCE.target, version=version))
    checks = [check(A, PASS, parameter="x"), check(A, a, parameter="y"), check(HINT, PASS)]
    checks += [check(INFO, PASS)] + ([] if b is None else [check(B, b)])
    rules = [A, HINT, INFO] + ([] if b is None else [B])
    return judge(facts, rules, checks, FINISHED)


def test_profiles_operations_and_differing_rules_are_rows() -> None:
    """Each product is a column; numbers count what passes of what applies."""
    found = side_by_side([of("1", PASS, PASS), of("2", FAIL)])
    assert [each.version for each in found.products] == ["1", "2"]
    assert [(row.name, row.cells) for row in found.profiles] == [
        ("images", (Cell("certified", 1, 1), Cell("not judged", 0, 0))),
        ("tags", (Cell("certified", 1, 1), Cell("not certified", 0, 1))),
    ]
    assert [(row.name, row.cells) for row in found.operations] == [
        ("ListImages", (Cell("pass", 1, 1), None)),
        ("PutImage", (Cell("pass", 2, 2), Cell("fail", 1, 2))),
    ]
    assert [(row.name, row.title, row.differs) for row in found.rules] == [
        ("ecr.images.b", B.title, True),
        ("ecr.tags.a", A.title, True),
    ]
    assert found.alike == 1


def test_products_that_are_alike_differ_in_no_rule() -> None:
    """Where there is no difference, that is what is said."""
    found = side_by_side([of("1", FAIL), of("2", FAIL)])
    assert (found.rules, found.alike) == ((), 2)
    printed = io.StringIO()
    print_matrix(found, Console(file=printed, width=100))
    assert "The products differ in no rule.\nThey are alike in 2 rules.\n" in printed.getvalue()


def test_the_screen_has_a_column_for_each_product() -> None:
    """The table names products and shows verdicts with numbers, without colour codes in a pipe."""
    printed = io.StringIO()
    print_matrix(
        side_by_side([of("1", PASS, PASS), of("2", FAIL)]), Console(file=printed, width=100)
    )
    lines = [re.split(r"\s{2,}", line.strip()) for line in printed.getvalue().splitlines()]
    assert ["profile", "moto 1", "moto 2"] in lines
    assert ["tags", "certified 1/1", "not certified 0/1"] in lines
    assert ["ListImages", "pass 1/1", "-"] in lines
    assert "The products differ in 2 rules:" in printed.getvalue()
    assert "\x1b" not in printed.getvalue()


class Page(HTMLParser):
    """What a page is made of: its tags with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_needs_nothing_else() -> None:
    """The page has no script and no address of anything outside of it."""
    page = Page(products_page(side_by_side([of("1", PASS, PASS), of("2", FAIL)])))
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed"}
    links = [
        value for _, each in page.tags for name, value in each.items() if name in ("href", "src")
    ]
    assert links == ["#main", "#products", "#profiles", "#operations", "#rules"]
    assert set(links) <= {f"#{each['id']}" for _, each in page.tags if each.get("id")}
    (policy,) = (each for tag, each in page.tags if each.get("http-equiv"))
    assert "default-src 'none'" in str(policy["content"])
    assert "script-src 'none'" in str(policy["content"])


def test_the_tables_of_the_page_can_be_read_aloud() -> None:
    """Every table has a caption, every heading its scope, and verdicts are words."""
    page = Page(products_page(side_by_side([of("1", PASS, PASS), of("2", FAIL)])))
    names = [tag for tag, _ in page.tags]
    assert names.count("table") == names.count("caption") == 4
    assert all(each.get("scope") for tag, each in page.tags if tag == "th")
    assert ("html", {"lang": "en"}) in page.tags
    assert "not certified 0/1" in page.text


@settings(deadline=None, max_examples=30)
@given(st.lists(certificates, min_size=1, max_size=3))
def test_any_certificates_can_be_set_side_by_side(made: list[Certificate]) -> None:
    """Every row has a cell for each product; the JSON keeps its schema, and the page is UTF-8."""
    found = side_by_side(made)
    rows = (*found.profiles, *found.operations, *found.rules)
    assert {len(row.cells) for row in rows} <= {len(made)}
    assert all(row.differs for row in found.rules)
    require_valid(json.loads(json.dumps(found.to_json())), "matrix", "matrix")
    products_page(found).encode()


def test_what_a_target_says_of_itself_is_escaped() -> None:
    """A version made of markup and control characters is text on the page."""
    page = products_page(side_by_side([of(HOSTILE, PASS)]))
    page.encode()
    assert visible(HOSTILE) in Page(page).text
    assert "<b>" not in page
    assert "\x1b" not in page
