"""``report.html`` in a real browser, Debian's Chromium, from a file and without a network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from samples import EVIDENCE, FINISHED, PROVENANCE, check, exchange, rule
from test_html_page import hostile

from conformance.report import Certificate, judge
from conformance.report.html import report_page
from conformance.suite.verdicts import Level, Verdict


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. Where it is missing a developer's tests go on, and CI stops."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        missing = "chromium is missing, and with it tests of report.html: apt-get install chromium"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A profile of the browser for one test, without a network."""
    opened = browser.new_context(offline=True, permissions=["clipboard-read"])
    yield opened
    opened.close()


def opened(context: BrowserContext, folder: Path, made: Certificate, fragment: str = "") -> Page:
    """The page of a certificate; errors of its script fail the test."""
    file = folder / "report.html"
    file.write_text(report_page(made), encoding="utf-8")
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"the page's script failed: {error}"))
    page.on("console", lambda said: pytest.fail(f"the browser complains: {said.text}"))
    page.goto(f"{file.as_uri()}{fragment}")
    return page


def sample() -> Certificate:
    """Two failures, a recommendation and a pass in two profiles."""
    tags = rule("tags.a", operations=["BatchDeleteImage"])
    pages = rule("pagination.a", operations=["ListImages", "DescribeImages"])
    hint, kept = rule("tags.b", Level.SHOULD), rule("tags.c", operations=["ListImages"])
    deleted = (
        exchange("PutImage", {"imageTag": "v1"}, {}),
        exchange("BatchDeleteImage", {"imageIds": [{"imageTag": "v1"}]}, {"imageIds": []}),
    )
    checks = [
        check(tags, Verdict.FAIL, "imageIds is [], not [v1]", exchanges=deleted),
        *(
            check(
                pages,
                Verdict.FAIL,
                f"{name}: maxResults is 2, but a page has 5 items",
                name,
                exchanges=(exchange(name, {"maxResults": 2}, {"x": 1}),),
            )
            for name in ("ListImages", "DescribeImages")
        ),
        check(hint, Verdict.WARN, "a recommendation"),
        check(kept, Verdict.PASS),
    ]
    return judge(PROVENANCE, [tags, pages, hint, kept], checks, FINISHED)


def visible_rules(page: Page) -> list[str]:
    """The ids of the rules that are on the screen, folded or not."""
    found = page.locator(".rule").evaluate_all(
        "all => all.filter(each => each.checkVisibility()).map(each => each.id)"
    )
    return [str(each) for each in found]


def test_a_failure_in_a_minute(context: BrowserContext, tmp_path: Path) -> None:
    """A failure's line leads to the evidence, the exchange with its mark, and a script to paste."""
    page = opened(context, tmp_path, sample())
    expect(page.locator("h1")).to_have_text("moto 5.2.5 not conformant")
    assert visible_rules(page) == ["ecr.tags.a", "ecr.pagination.a"]
    failing = page.locator("[id='ecr.tags.a']")
    failing.locator("> summary").click()
    expect(failing.locator("blockquote")).to_have_text(EVIDENCE.quote)
    expect(failing.locator("figcaption a")).to_have_attribute("href", EVIDENCE.url)
    expect(failing.locator("mark")).to_have_text('"imageIds": []')
    expect(failing.locator(".pointers")).to_have_text("marked: /imageIds")
    expect(failing.get_by_text("POST http://127.0.0.1:5000/")).to_have_count(2)
    for name, start in (
        ("AWS CLI", "sh <<'END'"),
        ("curl", "sh <<'END'"),
        ("boto3", "import json"),
    ):
        button = failing.get_by_role("button", name=f"Copy the {name} script")
        button.click()
        expect(button).to_have_text("Copied")
        assert str(page.evaluate("navigator.clipboard.readText()")).startswith(start)


def test_a_check_of_several(context: BrowserContext, tmp_path: Path) -> None:
    """Each failing check of a rule has its own fold, filled when it is opened."""
    page = opened(context, tmp_path, sample(), "#ecr.pagination.a")
    folds = page.locator("[id='ecr.pagination.a'] details.check")
    expect(folds).to_have_count(2)
    expect(page.locator(".exchanges")).to_have_count(0)
    assert page.url.endswith("#ecr.pagination.a")
    folds.last.locator("> summary").click()
    expect(folds.last.locator("mark")).to_have_text('"maxResults": 2')
    expect(page.locator(".exchanges")).to_have_count(1)


def test_what_is_left_out_is_said(
    context: BrowserContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check whose exchanges found no room says where they are."""
    monkeypatch.setattr("conformance.report.html.certificate_page.LIMIT", 0)
    page = opened(context, tmp_path, sample(), "#ecr.tags.a")
    expect(
        page.get_by_text("exchanges and scripts of this check are in report.json")
    ).to_be_visible()


def test_filters_are_in_the_address(context: BrowserContext, tmp_path: Path) -> None:
    """What is chosen goes to the fragment, and a fragment chooses."""
    page = opened(context, tmp_path, sample())
    page.get_by_role("combobox", name="Operation").select_option("ListImages")
    assert visible_rules(page) == ["ecr.pagination.a", "ecr.tags.c"]
    page.get_by_role("combobox", name="Verdict").select_option("pass")
    assert visible_rules(page) == ["ecr.tags.c"]
    assert page.url.endswith("#verdict=pass&operation=ListImages")
    expect(page.locator("#count")).to_have_text("1 of 4 rules")
    again = opened(context, tmp_path, sample(), "#text=RECOMMEND%20tags.b&level=should")
    assert visible_rules(again) == ["ecr.tags.b"]
    expect(again.get_by_role("searchbox")).to_have_value("RECOMMEND tags.b")
    again.get_by_role("button", name="Clear").click()
    assert visible_rules(again) == ["ecr.tags.a", "ecr.pagination.a"]
    again.goto(f"{again.url.partition('#')[0]}#text=100%&verdict=unknown&other=x")
    expect(again.get_by_role("searchbox")).to_have_value("100%")
    again.get_by_role("searchbox").fill("no such words")
    expect(again.get_by_text("No rule fits the filter.")).to_be_visible()


def test_links_of_tables_filter(context: BrowserContext, tmp_path: Path) -> None:
    """A profile's name and a cell of the matrix lead to their rules."""
    page = opened(context, tmp_path, sample())
    page.locator("table.profiles").get_by_role("link", name="pagination").click()
    assert visible_rules(page) == ["ecr.pagination.a"]
    page.get_by_text("Operations by profile").click()
    page.locator("td.fail a").first.click()
    assert visible_rules(page) == ["ecr.tags.a"]


def test_by_keyboard(context: BrowserContext, tmp_path: Path) -> None:
    """A slash goes to the search; folds open with the keyboard; what is on the page has names."""
    page = opened(context, tmp_path, sample())
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("/")
    page.keyboard.type("pagination")
    assert visible_rules(page) == ["ecr.pagination.a"]
    page.locator("[id='ecr.pagination.a'] > summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[id='ecr.pagination.a'] details.check")).to_have_count(2)
    for role in ("banner", "main", "contentinfo", "search"):
        expect(page.get_by_role(role)).to_have_count(1)  # type: ignore[arg-type]
    unnamed = page.locator("button, input, select").evaluate_all(
        "all => all.filter(e => !e.ariaLabel && !e.labels?.[0]?.textContent.trim()"
        " && !e.textContent.trim()).length"
    )
    assert unnamed == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(context: BrowserContext, tmp_path: Path, scheme: str) -> None:
    """Every colour of text is told apart from its background: WCAG's 4.5 to 1."""
    page = opened(context, tmp_path, sample())
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    ratios = page.evaluate(
        """() => {
          const style = getComputedStyle(document.documentElement);
          const light = name => {
            const probe = document.body.appendChild(document.createElement("p"));
            probe.className = "probe";
            const colour = style.getPropertyValue(name).trim().slice(1);
            const full = colour.length === 3 ? [...colour].map(c => c + c).join("") : colour;
            probe.remove();
            const parts = full.match(/../g).map(part => parseInt(part, 16) / 255)
              .map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
            return .2126 * parts[0] + .7152 * parts[1] + .0722 * parts[2];
          };
          const ratio = (a, b) => (Math.max(light(a), light(b)) + .05)
            / (Math.min(light(a), light(b)) + .05);
          const fore = ["fore", "dim", "link", "fail", "error", "warn", "untestable",
            "unsupported", "pass"];
          const pairs = fore.flatMap(name => [["--" + name, "--back"], ["--" + name, "--panel"]]);
          pairs.push(["--mark-fore", "--mark"], ["--fail", "--fail-back"]);
          return Object.fromEntries(pairs.map(pair => [pair.join(" on "), ratio(...pair)]));
        }"""
    )
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_screen_is_too_narrow(context: BrowserContext, tmp_path: Path, width: int) -> None:
    """Nothing sticks out at the side, on a phone neither."""
    page = opened(context, tmp_path, sample(), "#ecr.tags.a")
    page.set_viewport_size({"width": width, "height": 800})
    expect(page.locator(".exchanges mark")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_paper(context: BrowserContext, tmp_path: Path) -> None:
    """In print the failures are there, and what can only be clicked is not."""
    page = opened(context, tmp_path, sample())
    page.emulate_media(media="print")
    expect(page.get_by_text("imageIds is [], not [v1]").last).to_be_visible()
    expect(page.locator("#filter")).to_be_hidden()
    expect(page.get_by_role("button").first).to_be_hidden()


def test_attacks_stay_text(context: BrowserContext, tmp_path: Path) -> None:
    """Attacks in every text run nothing and load nothing, with all folds open."""
    page = context.new_page()
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    page.on("request", lambda asked: asked.url.startswith("file:") or pytest.fail(asked.url))
    file = tmp_path / "report.html"
    file.write_text(report_page(hostile()), encoding="utf-8")
    page.goto(file.as_uri())
    for _ in range(4):  # folds in folds
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        page.wait_for_timeout(200)
    expect(page.locator(".exchanges pre").first).to_be_visible()
    assert page.locator("img, iframe, object").count() == 0
    assert page.locator("a:not([href^='#'])").count() == 0
    page.get_by_role("button", name="Copy the boto3 script").first.click()


def test_an_old_browser_says_what_it_cannot(context: BrowserContext, tmp_path: Path) -> None:
    """Where nothing can be unpacked, failures are there, and each fold says why it is empty."""
    context.add_init_script("delete window.DecompressionStream")
    page = opened(context, tmp_path, sample(), "#ecr.tags.a")
    assert visible_rules(page) == ["ecr.tags.a", "ecr.pagination.a"]
    excuse = page.locator("[id='ecr.tags.a']").get_by_text("This browser cannot unpack it")
    expect(excuse).to_be_visible()
    page.get_by_text("Passes").click()
    expect(page.get_by_text("report.json has it.").last).to_be_visible()


def test_without_scripts_failures_can_be_read(browser: Browser, tmp_path: Path) -> None:
    """Where scripts are off, verdicts, failures, evidence and messages are there."""
    without = browser.new_context(java_script_enabled=False)
    page = without.new_page()
    file = tmp_path / "report.html"
    file.write_text(report_page(sample()), encoding="utf-8")
    page.goto(file.as_uri())
    page.locator("[id='ecr.tags.a'] > summary").click()
    expect(page.get_by_text(EVIDENCE.quote).first).to_be_visible()
    without.close()
